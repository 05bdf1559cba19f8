"""Who visits the pages of assessments."""

import pytest
from django.test import Client

from tests.factories import make_user


@pytest.fixture
def sign_in():
    """Open a browser for somebody: `sign_in("analyst")`, or for a user that is there already."""

    def sign_in_as(who):
        visitor = Client()
        visitor.force_login(make_user(who) if isinstance(who, str) else who)
        return visitor

    return sign_in_as


@pytest.fixture
def analyst(sign_in):
    return sign_in("analyst")


@pytest.fixture
def ana():
    """An analyst who drafts and scores in these tests; `author` is her browser."""
    return make_user("analyst", "ana")


@pytest.fixture
def author(sign_in, ana):
    return sign_in(ana)
