"""A server as it must not be: it says that an answer is stored, and stores it half a second later."""

from threading import Timer

from config.wsgi import application  # isort: skip  first: it sets Django up

from assessments.ballots import store
from assessments.views import participants

__all__ = ["application"]


def store_later(*args, **kwargs):
    Timer(0.5, store, args, kwargs).start()


participants.store = store_later
