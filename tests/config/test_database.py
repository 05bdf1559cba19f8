import sqlite3

import pytest
from django.db import connection, transaction

from config.checks import journal_findings, sqlite_journal
from config.env import SAFE_WAL
from recommendations.models import Source
from tests.config.running import manage

pytestmark = pytest.mark.django_db(transaction=True)


def ask(pragma):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {pragma}").fetchone()[0]


@pytest.mark.only_on("sqlite")
def test_an_acknowledged_write_is_on_the_disk():
    full, extra = 2, 3

    found = (ask("journal_mode"), ask("synchronous"))

    assert found == (("wal", full) if sqlite3.sqlite_version_info >= SAFE_WAL else ("delete", extra))


@pytest.mark.only_on("sqlite")
def test_foreign_keys_are_enforced():
    assert ask("foreign_keys") == 1


@pytest.mark.only_on("sqlite")
def test_a_transaction_takes_the_write_lock_when_it_begins():
    stranger = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)

    with transaction.atomic(), pytest.raises(sqlite3.OperationalError, match="locked"):
        stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("BEGIN IMMEDIATE")  # free again
    stranger.close()


@pytest.mark.only_on("sqlite")
def test_writers_wait_for_each_other():
    assert connection.get_connection_params()["timeout"] == 20


def test_many_rows_go_into_one_query(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        Source.objects.bulk_create(
            Source(slug=f"source-{number}", title="A source") for number in range(1_000)
        )


@pytest.mark.only_on("postgresql")
def test_postgresql_really_is_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")


@pytest.mark.parametrize(
    ("mode", "version", "expected"),
    [
        ("wal", (3, 40, 1), ["waymark.E001"]),
        ("wal", (3, 51, 2), ["waymark.E001"]),
        ("wal", (3, 51, 3), ["waymark.I001"]),
        ("delete", (3, 40, 1), ["waymark.I001"]),
    ],
)
def test_wal_is_refused_on_a_release_that_can_corrupt_it(mode, version, expected):
    assert [finding.id for finding in journal_findings(mode, version)] == expected


@pytest.mark.only_on("sqlite")
def test_the_check_names_the_journal_in_use():
    release = ".".join(map(str, sqlite3.sqlite_version_info))

    assert [finding.msg for finding in sqlite_journal(databases=["default"])] == [
        f"SQLite {release} keeps its journal in {ask('journal_mode')} mode."
    ]


def test_checks_of_other_things_leave_the_database_alone():
    assert sqlite_journal(databases=None) == []


def test_migrating_says_which_journal_is_used(tmp_path):
    code, printed = manage(
        "migrate", DEBUG="true", DATABASE_URL=f"sqlite:///{(tmp_path / 'new.sqlite3').as_posix()}"
    )

    assert code == 0
    assert "waymark.I001" in printed


def test_nobody_forgot_a_migration():
    assert manage("makemigrations", "--check", "--dry-run", DEBUG="true") == (0, "No changes detected")
