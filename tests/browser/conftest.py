"""Pages in a real browser. Each is watched: one console error or one foreign request fails its test."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from dev import find_chromium

HERE = Path(__file__).parent
PATIENCE = 30_000  # milliseconds: it ends what hangs, and judges nobody's speed
# Playwright keeps an event loop in the test's thread; the queries made there are plain ones all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


def pytest_ignore_collect(collection_path, config):
    """Without Playwright these files cannot even be imported."""
    if config.no_browser_because and collection_path.name.startswith("test_"):
        return True
    return None


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Watch:
    """Listens to one page and remembers what must not happen."""

    def __init__(self, page, home):
        self.home = urlsplit(home).netloc
        self.troubles = []
        self.visited = set()
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"Script error: {error}"))
        page.on("request", self.on_request)

    def on_console(self, message):
        # A test may visit a page that is not there; the browser then complains about the page itself.
        address = message.location["url"]
        missing = message.text.startswith("Failed to load resource")
        # Chromium asks for this where a page names no icon, as in the admin.
        expected = missing and (address in self.visited or urlsplit(address).path == "/favicon.ico")
        if message.type in {"error", "warning"} and not expected:
            self.troubles.append(f"Console {message.type}: {message.text} ({address})")

    def on_request(self, request):
        if request.is_navigation_request():
            self.visited.add(request.url)
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.home:
            self.troubles.append(f"Request to another host: {request.url}")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser, live_server):
    """Open a watched page of a new visitor; options are those of a Playwright context."""
    contexts, watches = [], []

    def open_page(**options):
        options = {"base_url": live_server.url, "locale": "en-GB", "reduced_motion": "reduce", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        page = context.new_page()
        contexts.append(context)
        watches.append(Watch(page, live_server.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [trouble for watch in watches for trouble in watch.troubles] == []


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def no_js_page(new_page):
    """A visitor whose browser runs no script."""
    return new_page(java_script_enabled=False)


@pytest.fixture
def sign_in(live_server):
    """Make a page's visitor somebody: sign_in(page, user)."""

    def sign_in_as(page, user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return sign_in_as
