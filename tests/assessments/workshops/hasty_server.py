"""A server as it must not be: it says that an answer is stored, and stores it half a second later."""

from tests.assessments.workshops.warm_server import application  # isort: skip  first: it sets Django up

from threading import Timer

from assessments.views import participants
from assessments.workshops.ballots import store

__all__ = ["application"]


def store_later(*args, **kwargs):
    Timer(0.5, store, args, kwargs).start()


participants.store = store_later
