"""Start the site as operators do, with gunicorn, on the database of the tests."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.config.running import KEPT, ROOT
from tests.recommendations.curating.test_side_by_side import (
    SOMEBODY,
    address_of_database,
    wait_until_nobody_is_left,
)

PATIENCE = 60  # seconds
NEEDS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="The server is watched as Linux allows.")
GUNICORN = ["-m", "gunicorn", "--preload", "--threads", "4", "--no-control-socket"]


class Server:
    """Gunicorn with one process that answers, which its master replaces when it dies."""

    def __init__(self, application="config.wsgi:application", log=subprocess.DEVNULL, options=()):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.master = subprocess.Popen(  # noqa: S603  fixed program, arguments of the tests
            [sys.executable, *GUNICORN, "--bind", f"127.0.0.1:{self.port}", *options, application],
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env={
                **KEPT,
                "DEBUG": "true",
                "DATABASE_URL": address_of_database(),
                "PGAPPNAME": SOMEBODY,
            },
        )

    def worker(self):
        """The process that answers now; None between two."""
        with open(f"/proc/{self.master.pid}/task/{self.master.pid}/children", encoding="ascii") as file:
            found = file.read().split()
        return int(found[0]) if found else None

    def kill(self):
        """Kill -9 the process that answers."""
        killed = self.worker()
        os.kill(killed, signal.SIGKILL)
        return killed

    def wait_for_the_next(self, killed):
        """Until another process answers."""
        until = time.monotonic() + PATIENCE
        while self.worker() in {killed, None}:
            assert time.monotonic() < until, "No other process took over."
            time.sleep(0.01)

    def end(self):
        """Stop it as an operator would, and wait until it has let go of the database."""
        self.master.terminate()
        self.master.wait(PATIENCE)
        wait_until_nobody_is_left()
