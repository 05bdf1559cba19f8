#!/usr/bin/env python3
"""Run Waymark or its tests from a fresh clone; needs nothing but Python.

python3 dev.py run [--port 8000]     install, prepare the database, load the demo report, serve
python3 dev.py test [pytest options] install the test packages too, and run the tests
python3 dev.py install LOCK          only install requirements/LOCK.txt (used by CI)
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Waymark needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import argparse
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent
VENV = HOME / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# Inside an activated environment, the Python that it was made from: that one has pip.
OUTER_PYTHON = getattr(sys, "_base_executable", sys.executable)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)


def say(sentence):
    print(sentence, flush=True)


def find_chromium():
    """The browser that the browser tests drive: $CHROMIUM, or one found here, or None."""
    given = os.environ.get("CHROMIUM")
    if given and not Path(given).is_file():
        sys.exit(f"CHROMIUM names {given}, which is not a file.")
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return given or next(filter(None, found), None) or next(filter(os.path.exists, CHROMIUM_PLACES), None)


def run_quietly(command, trouble):
    """Run a command whose output matters only when it fails."""
    done = subprocess.run(command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        # A package index may have a private address: it stays out of logs.
        sys.exit(re.sub(r"\w+://\S+", "(address)", done.stdout) + trouble)


def make_environment():
    """Make .venv and return the pip command that installs into it."""
    same_python = f"{sys.version}\n{os.path.realpath(OUTER_PYTHON)}"
    made_by = VENV / "made-by"
    fresh = PYTHON.exists() and made_by.exists() and made_by.read_text() == same_python
    has_pip = subprocess.run([OUTER_PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    if not fresh:
        say("Making the environment in .venv.")
        # Debian ships pip and ensurepip apart: with an outer pip, the environment needs none of its own.
        options = ["--clear", "--without-pip"] if has_pip else ["--clear"]
        run_quietly([OUTER_PYTHON, "-m", "venv", *options, str(VENV)], "The environment could not be made.")
        made_by.write_text(same_python)
    if has_pip:
        return [OUTER_PYTHON, "-m", "pip", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip"]


def install(lock_name):
    """Install the packages of a lock, unless exactly these are there already."""
    locks = sorted((HOME / "requirements").glob("*.txt"))
    wanted = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest() + sys.version
    stamp = VENV / f"installed-{lock_name}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    pip = make_environment()
    say(f"Installing the packages of requirements/{lock_name}.txt.")
    run_quietly(
        [*pip, "install", "-qq", "--disable-pip-version-check", "--no-input", "--require-hashes",
         "--only-binary=:all:", "-r", str(HOME / "requirements" / f"{lock_name}.txt")],
        "The packages could not be installed. Is this machine online?",
    )  # fmt: skip
    # Stamps of other versions of the locks no longer tell the truth.
    for other in VENV.glob("installed-*"):
        if other.read_text() != wanted:
            other.unlink()
    stamp.write_text(wanted)


def install_for_database():
    """Add the PostgreSQL driver when DATABASE_URL asks for it."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        install("postgresql")


def is_taken(port):
    """Whether something on this machine already answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def manage(*arguments):
    """Run a management command and show what it says."""
    done = subprocess.run([str(PYTHON), "manage.py", *arguments], cwd=HOME)
    if done.returncode:
        sys.exit(f"`manage.py {arguments[0]}` failed; the lines above say why.")


def serve(port):
    """Serve until Ctrl+C, and say the address once it answers."""
    # No reloading: one process, so that stopping this stops everything.
    command = [str(PYTHON), "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(0))
    server = subprocess.Popen(command, cwd=HOME, stdout=subprocess.DEVNULL)
    try:
        while server.poll() is None and not is_taken(port):
            time.sleep(0.1)
        if server.poll() is None:
            say(f"Waymark is at http://127.0.0.1:{port}/ (stop it with Ctrl+C).")
        if server.wait():
            sys.exit("The server stopped; the lines above say why.")
    except KeyboardInterrupt:
        say("\nStopped. Everything is kept in var/.")
    finally:
        server.terminate()
        server.wait()


def run(arguments):
    if is_taken(arguments.port):
        other = 8001 if arguments.port == 8000 else 8000
        sys.exit(
            f"Port {arguments.port} is in use. Stop what runs there, or take another: "
            f"python3 dev.py run --port {other}"
        )
    os.environ["DEBUG"] = "true"
    install("run")
    install_for_database()
    say("Preparing the database.")
    run_quietly([str(PYTHON), "manage.py", "migrate", "--no-input"], "The database could not be prepared.")
    say("Loading the demo report.")
    manage("demo")
    serve(arguments.port)


def test(pytest_arguments):
    install("test")
    install_for_database()
    if find_chromium():
        install("browser")
    say("Running the tests.")
    sys.exit(subprocess.run([str(PYTHON), "-m", "pytest", *pytest_arguments], cwd=HOME).returncode)


def port_number(text):
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def main():
    if sys.argv[1:2] == ["test"]:
        return test(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="dev.py", description="Run Waymark or its tests.")
    commands = parser.add_subparsers(required=True, metavar="run | test | install")
    serving = commands.add_parser("run", help="install, prepare the database, load the demo report, serve")
    serving.add_argument("--port", type=port_number, default=8000)
    serving.set_defaults(action=run)
    commands.add_parser("test", help="run the tests; options go to pytest")  # handled above
    installing = commands.add_parser("install", help="only install the packages of a lock")
    installing.add_argument("lock", choices=sorted(lock.stem for lock in HOME.glob("requirements/*.txt")))
    installing.set_defaults(action=lambda arguments: install(arguments.lock))
    arguments = parser.parse_args()
    return arguments.action(arguments)


if __name__ == "__main__":
    main()
