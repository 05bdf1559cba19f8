"""The settings of the tests: the project's own, with nothing to guess and nothing slow."""

import os
from pathlib import Path

os.environ["DEBUG"] = "true"  # the same on every machine; Django's test runner turns it off again

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a good hasher is slow on purpose
WHITENOISE_AUTOREFRESH = True  # do not list every static file anew for each test client

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in real life: in memory all threads would share one connection, and no lock would be real.
    folder = Path(os.environ.get("TEST_DATABASES", VAR_DIR))  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": folder / f"test-{os.getpid()}.sqlite3"}  # noqa: F405
