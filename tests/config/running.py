"""Start manage.py as an operator would: in its own process, with nothing but the given environment."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "a-key-of-the-tests-0123456789-0123456789-0123456789-0123456789",
    "ALLOWED_HOSTS": "waymark.example",
}
WARNINGS = ["-W", "error", "-W", "ignore:The FORMS_URLFIELD_ASSUME_HTTPS transitional setting"]
# What Python itself needs, on Windows too.
KEPT = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "HOME") if name in os.environ}


def started(*arguments, **environment):
    """Start a command and do not wait for it; what it says stands in its `stdout` and `stderr`."""
    return subprocess.Popen(  # noqa: S603  fixed program, arguments of the tests
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**KEPT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def manage(*arguments, **environment):
    """Run a command; answers with its exit code and everything it printed."""
    done = subprocess.run(  # noqa: S603  fixed program, arguments of the tests
        [sys.executable, *WARNINGS, "manage.py", *arguments],
        cwd=ROOT,
        env={**KEPT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout.strip()
