"""A server as it must not be: it says that an answer is stored, and stores it half a second later."""

from tests.assessments.warm_server import application  # isort: skip  first: it sets Django up

from threading import Timer

from assessments.ballots import store
from assessments.views import participants

__all__ = ["application"]


def store_later(*args, **kwargs):
    Timer(0.5, store, args, kwargs).start()


participants.store = store_later
