"""A copy of the database without anything of participants of workshops."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from assessments.workshops.closing import TABLES


class Command(BaseCommand):
    help = "Write a backup that leaves out whoever takes part in a workshop. The site may run meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file, **options):
        if file.exists():
            raise CommandError(_("%(file)s is there already; name another file.") % {"file": file})
        if connection.vendor == "postgresql":
            dump_postgresql(file)
        else:
            copy_sqlite(file)
        self.stdout.write(_("Written to %(file)s.") % {"file": file})


def copy_sqlite(file):
    """In memory first: what is left out is never written, not even for a moment."""
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.connection.backup(copy)
        with copy:
            for table in TABLES:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own tables
        copy.execute("VACUUM INTO ?", [str(file)])


def dump_postgresql(file):
    program = shutil.which("pg_dump")
    if not program:
        raise CommandError(_("pg_dump was not found; install the client programs of PostgreSQL."))
    of = connection.settings_dict
    named = {"--host": of["HOST"], "--port": of["PORT"], "--username": of["USER"], "--dbname": of["NAME"]}
    given = [f"{name}={value}" for name, value in named.items() if value]
    left_out = [f"--exclude-table-data={table}" for table in TABLES]
    environment = os.environ | ({"PGPASSWORD": of["PASSWORD"]} if of["PASSWORD"] else {})
    done = subprocess.run(  # noqa: S603  a fixed program
        [program, "--format=custom", "--no-password", f"--file={file}", *given, *left_out],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(done.stderr.strip())
