"""Checks that Django runs before it touches the database."""

import sqlite3

from django.core.checks import Error, Info, Tags, register
from django.db import connections

from config.env import SAFE_WAL


def journal_findings(mode, version):
    """What to say about this journal mode on this SQLite version."""
    release = ".".join(map(str, version))
    if mode == "wal" and version < SAFE_WAL:
        return [
            Error(
                f"SQLite {release} can corrupt a database in WAL mode.",
                hint="Use the rollback journal, SQLite 3.51.3 or newer, or PostgreSQL.",
                id="waymark.E001",
            )
        ]
    return [Info(f"SQLite {release} keeps its journal in {mode} mode.", id="waymark.I001")]


@register(Tags.database)
def sqlite_journal(databases=None, **kwargs):
    """Say which journal protects the file, and refuse one that can lose it."""
    findings = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            findings += journal_findings(mode, sqlite3.sqlite_version_info)
    return findings
