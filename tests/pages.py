"""What tests read from pages: their messages, and the tables that they let download."""

import csv
import re
from io import StringIO


def said(response):
    """The messages that await the visitor."""
    return [str(message) for message in response.wsgi_request._messages]


def downloaded(response):
    """The rows of a table downloaded as CSV, by their headers."""
    return list(csv.DictReader(StringIO(response.getvalue().decode("utf-8-sig"))))


def loose_ends(page):
    """Ids by which a page says where something is described, although nothing in it has them."""
    described = " ".join(re.findall(r'aria-describedby="(.*?)"', page.text)).split()
    return set(described) - set(re.findall(r'\bid="(.*?)"', page.text))


def without_token(page):
    """A page but for what protects its forms, which is new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text)
