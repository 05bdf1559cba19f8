"""Backup and restore (R6): everything comes back but participants, who are never copied (P8)."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessments.models import Participant, Round, Score, Workshop
from assessments.workshops.closing import TABLES
from tests.assessments.workshops.closings import REASON, held_workshop
from tests.factories import make_entry

pytestmark = pytest.mark.django_db(transaction=True)

LEFT = ["assessments_workshop", "assessments_round", "assessments_progressentry", "recommendations_measure"]


@pytest.fixture
def room():
    make_entry()
    return held_workshop()


def rows_here():
    with connection.cursor() as cursor:
        return {table: rows(cursor, table) for table in LEFT}


def rows(cursor, table):
    cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  names of our own tables
    return [tuple(map(str, row)) for row in cursor.fetchall()]


@pytest.mark.only_on("sqlite")
def test_a_copy_of_sqlite_holds_everything_but_participants(room, tmp_path):
    file = tmp_path / "backup.sqlite3"
    call_command("backup", str(file), verbosity=0)

    data = file.read_bytes()
    with closing(sqlite3.connect(file)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {table: len(rows(copy.cursor(), table)) for table in LEFT} == {
            table: len(found) for table, found in rows_here().items()
        }
        assert [rows(copy.cursor(), table) for table in TABLES] == [[], [], [], []]
    digest = Participant.objects.first().digest
    assert REASON.encode() not in data and digest.encode() not in data
    # The scan sees both where they are.
    live = Path(connection.settings_dict["NAME"]).read_bytes()
    assert REASON.encode() in live and digest.encode() in live


@pytest.mark.only_on("postgresql")
def test_a_dump_of_postgresql_restores_everything_but_participants(room, tmp_path):
    file = tmp_path / "backup.dump"
    call_command("backup", str(file), verbosity=0)
    before = rows_here()
    Round.objects.all().delete()
    Workshop.objects.update(title="Overwritten by mistake")

    of = connection.settings_dict
    where = [f"--host={of['HOST']}", f"--port={of['PORT']}", f"--username={of['USER']}"]
    program = shutil.which("pg_restore")
    connection.close_pool()
    command = [program, "--clean", "--if-exists", "--no-password", *where, f"--dbname={of['NAME']}", file]
    subprocess.run(command, check=True, capture_output=True, timeout=100)  # noqa: S603

    assert rows_here() == before
    assert not Participant.objects.exists() and not Score.objects.exists()


@pytest.mark.only_on("sqlite")
def test_a_copy_takes_the_place_of_the_file(room, tmp_path, settings):
    file = tmp_path / "backup.sqlite3"
    before = rows_here()
    call_command("backup", str(file), verbosity=0)
    Round.objects.all().delete()
    Workshop.objects.update(title="Overwritten by mistake")

    connection.close()
    shutil.copyfile(file, connection.settings_dict["NAME"])

    assert rows_here() == before
    assert not Participant.objects.exists() and not Score.objects.exists()


def test_a_backup_never_overwrites_a_file(tmp_path):
    file = tmp_path / "backup"
    file.write_text("Last week's", encoding="utf-8")

    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(file))

    assert file.read_text("utf-8") == "Last week's"
