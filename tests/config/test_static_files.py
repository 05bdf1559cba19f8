import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find, get_finders

from config.finders import BootstrapFinder


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("bootstrap/css/bootstrap.min.css", "d85327d9"),
        ("django_htmx/htmx-2.min.js", "71ea6718"),
    ],
)
def test_packaged_files_are_the_published_ones(name, digest):
    """Bootstrap 5.3.8 and htmx 2.0.10, as their projects publish them."""
    assert hashlib.sha256(Path(find(name)).read_bytes()).hexdigest().startswith(digest)


@pytest.mark.parametrize(
    "name",
    ["bootstrap/css/bootstrap.css", "bootstrap/../../pip/__init__.py", "bootstrap/", "css/bootstrap.min.css"],
)
def test_nothing_else_of_bootstrap_is_handed_out(name):
    assert BootstrapFinder().find(name) == []
    assert BootstrapFinder().find(name, find_all=True) == []


def test_collecting_takes_the_stylesheet_and_its_map():
    finder = next(finder for finder in get_finders() if isinstance(finder, BootstrapFinder))

    assert [name for name, _storage in finder.list([])] == [
        "css/bootstrap.min.css",
        "css/bootstrap.min.css.map",
    ]


def test_a_missing_stylesheet_is_noticed_before_a_page_is(tmp_path):
    finder = BootstrapFinder()
    finder.storage.base_location = tmp_path
    finder.storage.__dict__.pop("location", None)

    assert [error.id for error in finder.check()] == ["waymark.E002", "waymark.E002"]
