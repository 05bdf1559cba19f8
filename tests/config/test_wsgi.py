"""The application as a web server calls it."""

from wsgiref.util import setup_testing_defaults

import pytest

from config.wsgi import application

pytestmark = pytest.mark.django_db


def status_of(content_type, query=""):
    environ = {"CONTENT_TYPE": content_type, "QUERY_STRING": query, "PATH_INFO": "/about/method/"}
    setup_testing_defaults(environ)
    statuses = []
    b"".join(application(environ, lambda status, headers, *_rest: statuses.append(status)))
    return statuses


@pytest.mark.parametrize(
    "charset",
    ["utf-8", '"UTF-8"', "undefined", "rot13", "unicode_escape", '"utf-16"', "", "utf-8-sig", "idna"],
)
def test_a_request_in_any_encoding_is_answered(charset):
    assert status_of(f"text/plain; charset={charset}; x=1", "q=%5Cud800&r=%C3%A9") == ["200 OK"]


def test_a_request_that_names_no_encoding_is_answered():
    assert status_of("") == ["200 OK"]
