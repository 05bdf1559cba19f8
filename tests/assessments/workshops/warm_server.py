"""The site after a first visit, so that a process that takes over from a killed one answers at once."""

from config.wsgi import application  # isort: skip  first: it sets Django up

from django.db import connections
from django.test import Client

__all__ = ["application"]

Client(SERVER_NAME="localhost").get("/workshop/")
connections.close_all()  # a process that is forked must not share them
