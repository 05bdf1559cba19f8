"""What tests read from pages: their messages, and the tables that they let download."""

import csv
from io import StringIO


def said(response):
    """The messages that await the visitor."""
    return [str(message) for message in response.wsgi_request._messages]


def downloaded(response):
    """The rows of a table downloaded as CSV, by their headers."""
    return list(csv.DictReader(StringIO(response.getvalue().decode("utf-8-sig"))))
