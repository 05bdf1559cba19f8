import pytest

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana", password=PASSWORD, is_staff=True)


def sign_in(client, password, address="198.51.100.7", **headers):
    login = {"username": "ana", "password": password}
    return client.post("/admin/login/", login, REMOTE_ADDR=address, headers=headers).status_code


def test_the_sixth_guess_is_not_even_looked_at(client, ana):
    assert [sign_in(client, "wrong") for _guess in range(5)] == [200, 200, 200, 200, 429]
    assert sign_in(client, PASSWORD) == 429


def test_a_stranger_elsewhere_cannot_lock_the_owner_out(client, ana):
    for _guess in range(6):
        sign_in(client, "wrong")

    assert sign_in(client, PASSWORD, address="203.0.113.9") == 302


def test_the_refusal_is_a_sentence(client, ana):
    for _guess in range(5):
        sign_in(client, "wrong")

    response = client.post(
        "/admin/login/", {"username": "ana", "password": "wrong"}, REMOTE_ADDR="198.51.100.7"
    )

    assert "Please wait an hour" in response.text


def test_a_made_up_forwarded_address_is_not_believed(client, ana):
    guesses = [sign_in(client, "wrong", **{"x-forwarded-for": f"192.0.2.{guess}"}) for guess in range(5)]

    assert guesses[-1] == 429


def test_behind_one_proxy_the_address_it_saw_counts(client, ana, settings):
    settings.PROXY_COUNT = 1
    for guess in range(5):
        sign_in(client, "wrong", address="10.0.0.1", **{"x-forwarded-for": f"192.0.2.{guess}, 198.51.100.7"})

    assert sign_in(client, PASSWORD, address="10.0.0.1", **{"x-forwarded-for": "198.51.100.7"}) == 429
    assert sign_in(client, PASSWORD, address="10.0.0.1", **{"x-forwarded-for": "203.0.113.9"}) == 302


def test_real_passwords_are_hashed_slowly():
    from config import settings

    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.ScryptPasswordHasher"
