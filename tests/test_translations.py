"""Every word that a person sees passes through gettext, so that other languages can follow."""

import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(
    str(path.relative_to(HOME))
    for path in (HOME / "templates").rglob("*.*")
    if path.suffix in (".html", ".svg")
)
NOT_WORDS = {"CSV", "XLSX", "ODS", "JSON", "DOCX", "ODT", "SVG", "SHA"}  # formats have one name everywhere
SPOKEN = ("aria-label", "alt", "placeholder", "title")


def bare(template):
    """What of a template is neither translated nor computed nor markup."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", " ", template, flags=re.S)
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", " ", text, flags=re.S)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    return re.sub(r'aria-sort="[^"]*"', " ", text)  # its values are the same in every language


def words(text):
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NOT_WORDS]


def untranslated(template):
    text = bare(template)
    spoken = re.findall(rf'\b(?:{"|".join(SPOKEN)})="([^"]*)"', text)
    return words(re.sub(r"&\w+;|<[^>]*>", " ", text)) + [word for value in spoken for word in words(value)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_word_that_cannot_be_translated(name):
    template = (HOME / name).read_text(encoding="utf-8")

    assert untranslated(template) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Sign in</p>", ["Sign", "in"]),
        ('<nav aria-label="Pages"></nav>', ["Pages"]),
        ('<p>{% translate "Sign in" %} · {{ name }} 12</p>', []),
        ("{% blocktranslate %}Sign in{% endblocktranslate %}", []),
    ],
)
def test_the_check_finds_what_it_should(template, found):
    assert untranslated(template) == found
