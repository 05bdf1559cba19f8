from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.config.urls")]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TRUNCATED = b'--limit\r\nContent-Disposition: form-data; name="note"\r\n\r\nhalf a no'


@pytest.fixture(params=[False, True], ids=["production", "debug"])
def either_mode(request, settings):
    settings.DEBUG = request.param


@pytest.mark.usefixtures("either_mode")
@pytest.mark.parametrize("content_type", ["multipart", "application/x-www-form-urlencoded"])
def test_ten_megabytes_of_note_get_a_sentence(client, content_type):
    note = "x" * 10_000_000

    if content_type == "multipart":
        response = client.post("/test/fine/", {"note": note})
    else:
        response = client.post("/test/fine/", f"note={note}", content_type=content_type)

    assert response.status_code == 413
    assert "too long" in response.text
    assert len(response.content) < 50_000


def test_ten_megabytes_are_heard_out_before_the_answer(live_server):
    """A client that reads only after sending everything would otherwise find the line cut."""
    server = urlsplit(live_server.url)
    connection = HTTPConnection(server.hostname, server.port, timeout=30)

    connection.request("POST", "/test/fine/", b"note=" + b"x" * 10_000_000, FORM)

    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.usefixtures("either_mode")
def test_a_hundred_thousand_characters_arrive(client):
    assert client.post("/test/fine/", {"note": "ў" * 100_000}).status_code == 200


UNREADABLE = {
    "too many fields": {"data": "a=1&" * 6000, "content_type": "application/x-www-form-urlencoded"},
    "no boundary": {"data": TRUNCATED, "content_type": "multipart/form-data"},
    "bad length": {
        "data": TRUNCATED,
        "content_type": "multipart/form-data; boundary=limit",
        "CONTENT_LENGTH": "-5",
    },
}


@pytest.mark.usefixtures("either_mode")
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_form_that_cannot_be_read_gets_a_sentence(client, name):
    response = client.post("/test/fine/", **UNREADABLE[name])

    assert response.status_code == 400
    assert "could not be read" in response.text


@pytest.mark.usefixtures("either_mode")
def test_a_truncated_form_is_no_server_error(client):
    response = client.post("/test/fine/", TRUNCATED, content_type="multipart/form-data; boundary=limit")

    assert response.status_code in {200, 400}


@pytest.mark.usefixtures("either_mode")
@pytest.mark.parametrize(
    "address",
    [
        "/test/fine/?q=a%00b",
        "/test/fine/?q=1&q=%00",
        "/test/fine/?%00=1",
        "/test/f%00ine/",
        "/test/fine/?" + "a=1&" * 6000,
    ],
)
def test_an_address_that_no_database_can_take_gets_a_sentence(client, address):
    response = client.get(address)

    assert response.status_code == 400
    assert "could not be read" in response.text


@pytest.mark.parametrize(
    "address", ["/test/fine/?q=%ED%A0%80", "/test/fine/?q=%FF", "/test/fine/?q=%E2%80%AE"]
)
def test_odd_characters_are_let_through(client, address):
    assert client.get(address).status_code == 200


def test_a_host_name_that_is_not_ours_is_refused(client):
    assert client.get("/test/fine/", headers={"host": "elsewhere.example"}).status_code == 400
