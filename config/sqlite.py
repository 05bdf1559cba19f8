"""What this release of Django does not yet ask of SQLite."""

import sqlite3

from django.db.backends.signals import connection_created
from django.dispatch import receiver


@receiver(connection_created)
def allow_many_values(connection, **_signal):
    """As many values in one query as SQLite takes, so that thousands of rows need no more queries than ten.

    Django 5.2 goes by the 999 of 2020; Django 6.0 asks as we do here (its ticket 36143).
    """
    if connection.vendor == "sqlite":
        most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = most
