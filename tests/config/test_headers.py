import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.config.urls")]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ANSWERS = [
    ("/test/fine/", 200),
    ("/static/bootstrap/css/bootstrap.min.css", 200),
    ("/test/fine", 301),
    ("/test/forbidden/", 403),
    ("/test/nowhere/", 404),
    ("/test/broken/", 500),
    ("/test/fine/?q=%00", 400),
]


@pytest.fixture
def calm_client():
    """A client that receives the error page, as a browser would, instead of the exception."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_carries_the_protective_headers(calm_client, path, status):
    response = calm_client.get(path)
    response.close()  # a static file is open until then

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_a_form_without_its_token_gets_them_too():
    response = Client(enforce_csrf_checks=True).post("/test/fine/")

    assert response.status_code == 403
    assert response.headers["Content-Security-Policy"] == POLICY


def test_the_admin_alone_may_set_style_attributes(calm_client):
    assert calm_client.get("/admin/login/").headers["Content-Security-Policy"] == (
        f"{POLICY}; style-src-attr 'unsafe-inline'"
    )
    assert calm_client.get("/administration/").headers["Content-Security-Policy"] == POLICY


def test_what_a_signed_in_person_sees_is_stored_nowhere(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ana"))

    assert client.get("/test/fine/").headers["Cache-Control"] == "no-store"
    assert client.get("/test/nowhere/").headers["Cache-Control"] == "no-store"


def test_signing_out_is_stored_nowhere(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ana"))

    assert client.post("/accounts/logout/").headers["Cache-Control"] == "no-store"


def test_public_answers_cost_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/test/fine/")


def test_public_answers_are_asked_for_again_and_kept_by_no_shared_cache(client):
    assert client.get("/test/fine/").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/test/nowhere/").headers["Cache-Control"] == "private, no-cache"


def test_who_has_an_answer_already_gets_its_headers_only(client):
    known = client.get("/test/fine/").headers["ETag"]

    again = client.get("/test/fine/", headers={"If-None-Match": known})

    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.headers.get(name) for name in HEADERS} == HEADERS


def test_cookies_end_with_the_browser(client, django_user_model):
    django_user_model.objects.create_user("ana", password="a long enough password", is_staff=True)

    client.post("/admin/login/", {"username": "ana", "password": "a long enough password"})

    assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == {
        "csrftoken": "",
        "sessionid": "",
    }
    assert all(cookie["httponly"] for cookie in client.cookies.values())
    assert client.session.get_expiry_age() == 12 * 60 * 60
