"""Visit a production server on this machine: python3 .ci/smoke.py http://localhost:8000"""

import re
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urljoin

HOME = sys.argv[1] + "/"


def visit(url, data=None):
    """Status, headers and body of an answer, errors included."""
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, data), timeout=20)  # noqa: S310  loopback only
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


def wait_until_it_answers():
    for _try in range(100):
        try:
            return visit(HOME)
        except urllib.error.URLError:
            time.sleep(0.2)
    sys.exit("The server does not answer.")


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: expected {wanted!r}, found {found!r}.")
    print(f"{what}: {found}")


def main():
    status, headers, body = wait_until_it_answers()
    expect("Home page", status, 200)
    expect("Its policy", headers["Content-Security-Policy"].split(";")[0], "default-src 'none'")

    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', body.decode())
    expect("It has a stylesheet", any(name.endswith(".css") for name in files), True)
    for name in files:
        status, headers, _body = visit(urljoin(HOME, name))
        expect(name, (status, "immutable" in headers["Cache-Control"]), (200, True))

    expect("A page that is not there", visit(urljoin(HOME, "nowhere/"))[0], 404)
    expect(
        "Ten megabytes of note", visit(urljoin(HOME, "accounts/login/"), b"a=" + b"x" * 10_000_000)[0], 413
    )


main()
