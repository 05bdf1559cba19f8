"""The two commands of the README, as far as they can be tried without installing anything."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.config.running import KEPT, ROOT


def run_dev(*arguments, **environment):
    done = subprocess.run(  # noqa: S603  fixed program, arguments of the tests
        [sys.executable, "dev.py", *arguments],
        cwd=ROOT,
        env={**KEPT, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stderr.strip()


def test_a_port_in_use_is_a_sentence_not_a_traceback():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        code, printed = run_dev("run", "--port", str(port))

    assert code == 1
    assert printed == (
        f"Port {port} is in use. Stop what runs there, or take another: python3 dev.py run --port 8000"
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "٨٠٠٠"])
def test_a_port_that_is_none_is_a_sentence(port):
    code, printed = run_dev("run", f"--port={port}")

    assert code == 2
    assert f"a port is a number from 1 to 65535, not {port!r}" in printed


def test_a_chromium_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    with pytest.raises(SystemExit, match="CHROMIUM names /nowhere/chromium, which is not a file."):
        dev.find_chromium()


def test_trouble_does_not_print_the_address_of_a_package_index(capsys):
    code = "import sys; print('Looking in https://user:secret@index.example/simple'); sys.exit(1)"

    with pytest.raises(SystemExit, match=r"Looking in \(address\)\nIt did not work\."):
        dev.run_quietly([sys.executable, "-c", code], "It did not work.")


@pytest.fixture
def empty_environment(monkeypatch, tmp_path):
    """A .venv whose packages nobody installs; the list tells which locks pip was asked for."""
    asked = []
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(dev, "make_environment", lambda: (tmp_path / "python").touch() or [])
    monkeypatch.setattr(dev, "run_quietly", lambda command, trouble: asked.append(Path(command[-1]).name))
    return asked


def test_a_second_start_installs_nothing(empty_environment):
    for _start in range(2):
        dev.install("run")
        dev.install("test")

    assert empty_environment == ["run.txt", "test.txt"]


def test_packages_of_older_locks_are_installed_anew(empty_environment, tmp_path):
    dev.install("run")
    (tmp_path / "installed-run").write_text("other locks")
    (tmp_path / "installed-ci").write_text("other locks")

    dev.install("run")

    assert empty_environment == ["run.txt", "run.txt"]
    assert not (tmp_path / "installed-ci").exists()
