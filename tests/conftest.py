"""What all tests share: tests for one database only, and an honest last line."""

import gc
import importlib.util
import os

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings

from dev import find_chromium

# No clock decides whether a test passes: a busy machine is no bug.
settings.register_profile("waymark", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("waymark")


# What a test asks for when it asks for a database.
DATABASES = {"db", "transactional_db", "live_server", "django_db_setup"}


def must_run_everything():
    """In CI nothing may be skipped: a test that did not run proves nothing."""
    return any(os.environ.get(name) for name in ("REQUIRE_BROWSER", "REQUIRE_POSTGRESQL"))


def why_no_browser():
    """Why browser tests cannot run here, as a sentence, or None."""
    try:
        chromium = find_chromium()
    except SystemExit as error:
        raise pytest.UsageError(error.code) from error
    if not chromium:
        return "No Chromium was found; install it, or set CHROMIUM to its path."
    if not importlib.util.find_spec("playwright"):
        return "Playwright is not installed; `python3 dev.py test` does that where Chromium is found."
    return None


def pytest_configure(config):
    config.no_browser_because = why_no_browser()
    if config.no_browser_because and os.environ.get("REQUIRE_BROWSER"):
        raise pytest.UsageError(f"REQUIRE_BROWSER is set. {config.no_browser_because}")
    if os.environ.get("REQUIRE_POSTGRESQL") and connection.vendor != "postgresql":
        raise pytest.UsageError("REQUIRE_POSTGRESQL is set, but DATABASE_URL names no PostgreSQL.")


def runs_elsewhere(item):
    """Tests meant for the other database; and, in CI's round on PostgreSQL, those that no database changes:

    they ask none, or judge how pages look, whose answers other tests read there.
    """
    if any(connection.vendor not in mark.args for mark in item.iter_markers("only_on")):
        return True
    asks_one = item.get_closest_marker("django_db") or DATABASES & {*getattr(item, "fixturenames", ())}
    is_the_same = not asks_one or bool(item.get_closest_marker("looks"))
    return bool(os.environ.get("REQUIRE_POSTGRESQL")) and is_the_same


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what runs elsewhere, without calling it skipped."""
    elsewhere = [item for item in items if runs_elsewhere(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def pytest_collection_finish(session):
    """Thousands of tests that stay until the end need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """For fixtures of a module: rows made once, in a transaction around its tests, which roll back to them.

    Not for a module with tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        reporter
        and must_run_everything()
        and reporter.stats.get("skipped")
        and exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    skipped = terminalreporter.stats.get("skipped", [])
    if connection.vendor != "postgresql":
        terminalreporter.write_line("PostgreSQL: not run (set DATABASE_URL).")
    for sentence in sorted({reason(report) for report in skipped}):
        terminalreporter.write_line(f"Skipped: {sentence}")
    if config.no_browser_because:
        terminalreporter.write_line(f"Browser tests: not run. {config.no_browser_because}")
    if skipped and must_run_everything():
        terminalreporter.write_line("This run fails: here everything has to run, and the above was skipped.")


def reason(report):
    """Why a test was skipped, in the words of whoever skipped it."""
    return (
        report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else report.nodeid
    )
