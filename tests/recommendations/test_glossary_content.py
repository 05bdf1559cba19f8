"""The glossaries that come with the demo: every term occurs in its report, is told shortly, and once."""

import re
from collections import Counter

import pytest

from recommendations.curating.content_rules import OWN_WORDS
from recommendations.glossary import Finder
from recommendations.lines import line_ranges
from tests.recommendations.curated import REPORTS, Curated

# Institutions that the texts of the report on Belarus name and readers may not know.
INSTITUTIONS = {
    "all-belarusian-assembly", "belarus-digest", "belshina", "belt-and-road", "bolashak", "brics", "bsu",
    "central-european-initiative", "cis", "contact-group", "csto", "eaeu", "eastern-partnership", "ebrd",
    "euronest", "great-stone", "high-tech-park", "imf", "mgimo", "minsk-dialogue", "nato", "oecd", "oic",
    "osce", "ostrogorski-centre", "osw", "sco", "stratfor", "union-state", "valdai-club", "viasna",
    "world-bank", "wto",
}  # fmt: skip
SIZES = {"belarus": 78, "neutrality": 9, "cornered": 4}
UNUSED = {"EAEU"}  # a short form that no text has yet, though everybody uses it


@pytest.fixture(params=REPORTS)
def curated(request):
    return Curated(request.param)


def names_of(term):
    return [term["name"], *term.get("other_names", "").splitlines()]


def test_the_institutions_are_there():
    kinds = {fields["code"]: fields.get("kind") for fields in Curated("belarus").of("term")}

    assert {code for code, kind in kinds.items() if kind == "institution"} == INSTITUTIONS
    assert {slug: len(Curated(slug).of("term")) for slug in REPORTS} == SIZES


def texts_of(curated):
    return [
        fields[name]
        for model, rows in curated.rows.items()
        if model != "recommendations.term"
        for fields in rows
        for name in (*OWN_WORDS, "held_by")
        if isinstance(fields.get(name), str)
    ]


def occurring(names, texts):
    finders = {name: Finder([(name, name)]) for name in names}
    return {
        name
        for name, finder in finders.items()
        if any(piece.term for text in texts for piece in finder.pieces(text))
    }


def test_every_term_occurs_in_the_texts_of_its_report(curated):
    texts = texts_of(curated)

    assert [term["code"] for term in curated.of("term") if not occurring(names_of(term), texts)] == []


def test_other_names_are_those_of_the_texts():
    reports = [Curated(slug) for slug in REPORTS]
    texts = [text for curated in reports for text in texts_of(curated)]
    others = {name for curated in reports for term in curated.of("term") for name in names_of(term)[1:]}

    assert others - occurring(others, texts) == UNUSED


def test_no_name_belongs_to_two_terms(curated):
    names = Counter(name for term in curated.of("term") for name in names_of(term))

    assert [name for name, count in names.items() if count > 1] == []


def test_definitions_are_one_or_two_sentences(curated):
    for term in curated.of("term"):
        definition = term["definition"]
        assert len(definition) <= 200, (term["code"], len(definition))
        assert 1 <= len(re.findall(r"[.](?=\s|$)", definition)) <= 2, term["code"]
        assert definition.endswith("."), term["code"]


def test_what_is_told_of_a_term_rests_on_lines(curated):
    for term in curated.of("term"):
        assert ("source" in term) == ("lines" in term), term["code"]
        if "source" in term:
            count = curated.sources[term["source"][0]]["line_count"]
            assert line_ranges(term["lines"]), term["code"]
            assert all(last <= count for _first, last in line_ranges(term["lines"])), term["code"]


def test_one_term_means_the_same_in_every_report():
    told = {}
    for slug in REPORTS:
        for term in Curated(slug).of("term"):
            told.setdefault(term["code"], set()).add((term["name"], term["definition"], term.get("lines")))

    assert {code: said for code, said in told.items() if len(said) > 1} == {}
