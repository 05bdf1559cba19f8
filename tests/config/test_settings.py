from pathlib import Path

import pytest

from config.env import allowed_hosts, database, sqlite_options
from tests.config.running import PRODUCTION, manage

NONSENSE = [
    ({"DEBUG": "yes"}, "DEBUG must be true or false, not 'yes'."),
    ({"SECRET_KEY": ""}, "SECRET_KEY must be set to at least 50 random characters."),
    ({"SECRET_KEY": "short"}, "SECRET_KEY must be set to at least 50 random characters."),
    ({"SECRET_KEY": "x" * 60}, "SECRET_KEY must be set to at least 50 random characters."),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the site, for example ALLOWED_HOSTS=waymark.example."),
    ({"ALLOWED_HOSTS": "a.example,*"}, "ALLOWED_HOSTS must name the site; '*' would answer to any name."),
    ({"ALLOWED_HOSTS": "https://a.example"}, "bare host names, not 'https://a.example'."),
    (
        {"DATABASE_URL": "mysql://a@b/c"},
        "DATABASE_URL must begin with postgres:// or sqlite:///, not mysql://.",
    ),
    ({"DATABASE_URL": "waymark.sqlite3"}, "not with no scheme at all."),
    ({"DATABASE_URL": "postgres://app@localhost"}, "DATABASE_URL must end with the name of the database."),
    ({"DATABASE_URL": "postgres://app@localhost:port/app"}, "DATABASE_URL cannot be read"),
    ({"TIME_ZONE": "Atlantis/Capital"}, "not 'Atlantis/Capital'."),
    ({"TIME_ZONE": "../UTC"}, "not '../UTC'."),
    ({"PROXY_COUNT": "-1"}, "PROXY_COUNT must be a whole number from 0 to 10, not '-1'."),
    ({"STATIC_COLLECTED": "1"}, "STATIC_COLLECTED must be true or false, not '1'."),
    ({"SSL_REDIRECT": "maybe"}, "SSL_REDIRECT must be true or false, not 'maybe'."),
    ({"CSRF_TRUSTED_ORIGINS": "a.example"}, "CSRF_TRUSTED_ORIGINS takes addresses with https://"),
]


@pytest.mark.parametrize(("environment", "sentence"), NONSENSE)
def test_nonsense_is_refused_with_one_sentence(environment, sentence):
    code, printed = manage("check", **{**PRODUCTION, **environment})

    assert code == 1
    assert printed.startswith("Waymark cannot start. ")
    assert sentence in printed
    assert "\n" not in printed


def test_production_settings_leave_the_deployment_check_nothing_to_say():
    code, printed = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (code, printed) == (0, "System check identified no issues (1 silenced).")


def test_a_fresh_clone_needs_debug_alone():
    assert manage("check", DEBUG="true") == (0, "System check identified no issues (0 silenced).")


def test_debug_answers_to_this_machine_only():
    assert allowed_hosts(debug=True) == ["localhost", "127.0.0.1", "[::1]"]


def test_an_environment_without_database_url_uses_one_file(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    found = database(Path("a folder #1") / "waymark.sqlite3")

    assert found["ENGINE"] == "django.db.backends.sqlite3"
    assert found["NAME"] == Path("a folder #1") / "waymark.sqlite3"
    assert found["OPTIONS"] == sqlite_options()


def test_database_url_may_name_a_file(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/waymark/data.sqlite3")

    found = database(Path("unused"))

    assert (found["NAME"], found["OPTIONS"]) == ("/srv/waymark/data.sqlite3", sqlite_options())


def test_postgresql_connections_come_from_a_pool(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://app:secret@db.example:5433/waymark?sslmode=require")

    found = database(Path("unused"))

    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["HOST"], found["PORT"], found["NAME"]) == (
        "app",
        "db.example",
        5433,
        "waymark",
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] == 8
    assert found["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 40, 1), "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"),
        ((3, 51, 2), "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"),
        ((3, 51, 3), "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"),
    ],
)
def test_the_journal_follows_the_sqlite_release(version, expected):
    assert sqlite_options(version)["init_command"] == expected
