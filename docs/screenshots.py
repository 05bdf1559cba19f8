"""Makes the pictures of docs/curating.md anew, with the Python of .venv after `python3 dev.py test`.

A database of its own, a server of its own, the example of docs/examples; both are gone when it ends.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "docs" / "examples" / "cycling.yaml"
PASSWORD = secrets.token_urlsafe(12)
WINDOW = {"width": 1100, "height": 760}

sys.path.insert(0, str(ROOT))
from dev import find_chromium  # noqa: E402 - only now can it be found


def newer_edition(folder):
    """The example as an analyst might have changed it."""
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace("Build a track along Mill Road", "Build a track along Mill Road and the canal")
    text = text.replace(
        "    summary: A track of two metres", "    weight: 2\n    summary: A track of two metres"
    )
    head, _gone, rest = text.partition("- model: recommendations.tension")
    path = folder / "cycling.yaml"
    path.write_text(head + rest[rest.index("- model: recommendations.scenario") :], encoding="utf-8")
    return path


def manage(*arguments, **more):
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | more, stdout=subprocess.DEVNULL)


def wait_for(address):
    for _attempt in range(100):
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"Nothing answers at {address}.")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def take_pictures(page, home, folder):
    page.goto(f"{home}/admin/login/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    page.goto(f"{home}/admin/recommendations/uploadededition/add/")
    page.locator("input[type=file]").set_input_files(newer_edition(folder))
    page.get_by_role("button", name="Upload").click()
    page.screenshot(path=IMAGES / "curating-plan.png")

    page.get_by_role("button", name="Apply").click()
    page.goto(f"{home}/admin/recommendations/measure/?q=A1.1")
    page.get_by_role("link", name="A1.1", exact=True).click()
    page.screenshot(path=IMAGES / "curating-measure.png", full_page=True)

    page.get_by_role("link", name="History").click()
    page.screenshot(path=IMAGES / "curating-history.png")


def main():
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"DEBUG": "true", "DATABASE_URL": f"sqlite:///{folder / 'pictures.sqlite3'}"}
        manage("migrate", "-v0")
        manage("apply_fixtures", str(EXAMPLE), "-v0")
        account = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        manage("createsuperuser", "--no-input", "--username=curator", "--email=", **account)
        home = f"http://127.0.0.1:{free_port()}"
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", home.removeprefix("http://")],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"{home}/accounts/login/")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
                take_pictures(browser.new_page(viewport=WINDOW), home, folder)
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=10)


if __name__ == "__main__":
    main()
