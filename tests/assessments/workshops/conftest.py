"""Who runs the workshops of these tests."""

import pytest

from tests.factories import make_user


@pytest.fixture
def ana():
    """A facilitator; `browser` is hers."""
    return make_user("facilitator", "ana", first_name="Ana", last_name="Example")


@pytest.fixture
def browser(sign_in, ana):
    return sign_in(ana)
