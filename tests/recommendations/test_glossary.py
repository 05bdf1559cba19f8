"""Terms in texts: whole words, the longest first, each once, and not a letter of the text lost."""

import re

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from recommendations.glossary import Finder
from recommendations.models import Report, Term
from tests.factories import make_measure, make_report, make_source, make_term
from tests.pages import downloaded

NAMES = {
    "WTO": "wto", "World Trade Organization": "wto", "EU": "eu", "EU Council": "council",
    "neutrality": "neutrality", "Union State": "union", "honorary consul": "consul",
    "honorary consuls": "consul", "Helsinki-2": "helsinki", "C++ (club)": "club", "Café": "cafe",
    "ёлка": "tree",
}  # fmt: skip
FINDER = Finder(NAMES.items())


def found(text, finder=FINDER, **asked):
    return [(piece.text, piece.term) for piece in finder.pieces(text, **asked) if piece.term]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("Nothing of the kind.", []),
        ("WTO", [("WTO", "wto")]),
        # whole words only
        ("WTOs, xWTO, WTO2, WTO_", []),
        ("the EU's, (EU); “EU”", [("EU", "eu")]),
        ("pro-EU", [("EU", "eu")]),
        ("Cafés, Cafe\u0301", []),
        ("Cafe\u0301 Café", [("Café", "cafe")]),
        ("subneutrality neutralityless", []),
        # the longest at each place
        ("the EU Council met", [("EU Council", "council")]),
        ("the EU Councillors met", [("EU", "eu")]),
        ("honorary consuls", [("honorary consuls", "consul")]),
        # each once, and what a longer name covers is not looked at again
        ("WTO and World Trade Organization", [("WTO", "wto")]),
        ("EU Council, EU Council, EU", [("EU Council", "council"), ("EU", "eu")]),
        # small letters in any case, capitals as they are
        ("Neutrality", [("Neutrality", "neutrality")]),
        ("NEUTRALITY", [("NEUTRALITY", "neutrality")]),
        ("Wto, wto, the eu", []),
        ("a union state", []),
        ("ЁЛКА", [("ЁЛКА", "tree")]),
        # a space is any white space, and none is no space
        ("Union\n  State", [("Union\n  State", "union")]),
        ("Union\u00a0State", [("Union\u00a0State", "union")]),
        ("UnionState Union-State", []),
        # no character means more than itself
        ("Helsinki-2", [("Helsinki-2", "helsinki")]),
        ("Helsinki-22 Helsinki.2", []),
        ("C++ (club)", [("C++ (club)", "club")]),
        ("CC (club)", []),
    ],
)
def test_names_are_found(text, terms):
    assert found(text) == terms


def test_a_glossary_without_terms_finds_nothing():
    assert found("All of it.", Finder([])) == []
    assert found("All of it.", Finder([(" ", "space")])) == []


def test_a_name_that_two_terms_claim_is_the_first_ones():
    assert found("The court", Finder([("court", "old"), ("court", "new")])) == [("court", "old")]


def test_a_term_can_be_left_out():
    assert found("The EU Council of the EU", without={"council"}) == [("EU", "eu")]


WORDS = st.lists(st.sampled_from(["a", "A", "b", "ab", "Ab", "c", "é", "-", " ", "  ", "\n"]), max_size=14)
A_TEXT = WORDS.map("".join)
A_NAME = st.sampled_from(["a", "A", "b", "ab", "Ab", "a b", "A b", "a-b", "b c", "a b c", "é", "c-"])


def looked_up(names, text):
    """The same by brute force: at every place the longest name that stands there as whole words."""
    place, seen, hits = 0, set(), []
    inside = re.compile(r"\w\w")
    while place < len(text):
        best = 0
        for name, term in names:
            pattern = re.compile(r"\s+".join(map(re.escape, name.split())), re.I if name.islower() else 0)
            match = pattern.match(text, place)
            if not match:
                continue
            # Two letters, one of them outside: it begins or ends inside another word.
            if inside.fullmatch(text, max(0, place - 1), place + 1) or inside.fullmatch(
                text, match.end() - 1, match.end() + 1
            ):
                continue
            if len(name) > best:
                best, hit = len(name), (match.start(), match.end(), term)
        if best:
            if hit[2] not in seen:
                seen.add(hit[2])
                hits.append((text[hit[0] : hit[1]], hit[2]))
            place = hit[1]
        else:
            place += 1
    return hits


@given(st.lists(A_NAME, unique=True, max_size=6), A_TEXT)
def test_it_finds_what_brute_force_finds(names, text):
    named = [(name, name.lower()) for name in names]

    assert found(text, Finder(named)) == looked_up(named, text)


@given(st.lists(st.text(min_size=1, max_size=8), max_size=5), st.text(max_size=200))
def test_the_pieces_make_up_the_text_and_each_term_comes_once(names, text):
    pieces = Finder((name, name) for name in names).pieces(text)

    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    terms = [piece.term for piece in pieces if piece.term]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("text", ["Union" + " " * 200_000, "Union " * 30_000, "a " * 20_000, "W" * 200_000])
def test_a_very_long_text_does_not_take_long(text):
    names = [(f"Union {number}", number) for number in range(300)] + [("a " * 40 + "b", "long")]

    assert len(Finder([*NAMES.items(), *names]).pieces(text)) <= 3


# As links


LINKED = Template("{% load glossary %}{{ text|link_terms:report }}")


def linked(report, text):
    return LINKED.render(Context({"report": report, "text": text}))


def without_tags(text):
    return re.sub(r"<[^>]*>", "", text)


@pytest.mark.django_db
def test_a_term_is_a_link_to_its_place_in_the_glossary():
    report = make_report("plan")
    make_term(report, "wto", name="WTO", definition='It sets <rules> & "terms".')

    assert linked(report, "Join the WTO, the WTO.") == (
        'Join the <a class="term" href="/reports/plan/glossary/#term-wto" '
        'title="It sets &lt;rules&gt; &amp; &quot;terms&quot;.">WTO</a>, the WTO.'
    )


@pytest.mark.django_db
def test_other_names_count_and_other_reports_do_not():
    report = make_report()
    make_term(report, name="Collective Security Treaty Organization", other_names="CSTO\n\n Tashkent pact ")
    make_term(name="NATO")

    assert linked(report, "NATO, Tashkent pact, CSTO").count("<a ") == 1
    assert linked(report, "NATO, CSTO").count("<a ") == 1


def a_report(*names):
    """A report with a term for each name, none of it stored."""
    report = Report(slug="plan")
    terms = [Term(pk=number, report=report, code=f"W{number}") for number in range(1, len(names) + 1)]
    report.glossary = Finder(zip(names, terms, strict=True))
    return report


@given(st.lists(st.sampled_from(["a", "b", "<b>", "&", "amp", "a'b", "é"])).map(" ".join))
def test_without_its_tags_a_linked_text_is_the_escaped_text(text):
    result = linked(a_report("a", "amp", "<b>", "a'b", "&", "é"), text)

    assert without_tags(result) == escape(text)
    assert re.sub(r'<a class="term" href="[^"<>]+" title="">([^<>]*)</a>', r"\1", result) == escape(text)


def test_text_that_claims_to_be_safe_is_escaped_all_the_same():
    assert linked(a_report("a"), mark_safe("<b> a")) == linked(a_report("a"), "<b> a")
    assert linked(a_report("a"), mark_safe("<b>")) == "&lt;b&gt;"


# On the pages


def at(report):
    return reverse("recommendations:glossary", args=[report.slug])


@pytest.mark.django_db
def test_the_glossary_lists_terms_by_letter(client):
    report = make_report("plan", title="The plan")
    source = make_source("paper", title="The paper")
    for name in ("neutrality", "WTO", "NATO", "école"):
        make_term(report, name=name)
    make_term(
        report, "x", name="nota bene", source=source, lines="3-4", other_names="N.B.", kind="institution"
    )
    make_term(make_report(), name="Another")

    page = client.get(at(report))

    assert [(letter, [str(term) for term in terms]) for letter, terms in page.context["letters"]] == [
        ("N", ["NATO", "neutrality", "nota bene"]),
        ("W", ["WTO"]),
        ("É", ["école"]),
    ]
    for words in (
        'id="term-x"',
        "Also: N.B.",
        'href="/sources/paper/">The paper</a>, lines 3-4',
        "institution",
    ):
        assert words in page.text


@pytest.mark.django_db
def test_definitions_lead_to_other_terms_but_not_to_themselves(client):
    report = make_report("plan")
    make_term(report, "wto", name="WTO", definition="The WTO grew out of GATT.")
    make_term(report, "gatt", name="GATT", definition="Where the WTO began.")

    text = client.get(at(report)).text

    assert text.count('href="/reports/plan/glossary/#term-wto"') == 1
    assert text.count('href="/reports/plan/glossary/#term-gatt"') == 1


@pytest.mark.django_db
def test_an_empty_glossary_says_who_fills_it(client):
    assert (
        "No terms yet. A curator adds them in the admin or with a fixture."
        in client.get(at(make_report())).text
    )


@pytest.mark.django_db
def test_the_glossary_can_be_downloaded(client):
    report = make_report()
    make_term(report, "b", name="Beta", other_names="B\nbe", definition="=2+2", source=make_source(title="P"))
    make_term(report, "a", name="alpha", lines="7")

    rows = downloaded(client.get(at(report), {"_export": "csv"}))

    assert [tuple(row.values()) for row in rows] == [
        ("a", "alpha", "", "term", "Definition of a", "", "7"),
        ("b", "Beta", "B; be", "term", "'=2+2", "P", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("row_count", [2, 30])
def test_the_glossary_takes_the_same_queries_at_any_size(client, django_assert_num_queries, row_count):
    report = make_report()
    for number in range(row_count):
        make_term(report, source=make_source(), definition=f"Unlike Term W{number}.")

    with django_assert_num_queries(2):
        client.get(at(report))


@pytest.mark.django_db
@pytest.mark.parametrize("row_count", [2, 30])
def test_terms_cost_the_outline_of_a_report_one_query(client, django_assert_max_num_queries, row_count):
    report = make_report(summary="All about Term W1.")
    for _each in range(row_count):
        make_term(report)
        make_measure(report, summary="Term W1 and Term W2.")

    with django_assert_max_num_queries(99) as queries:
        text = client.get(reverse("recommendations:outline", args=[report.slug])).text

    assert sum("recommendations_term" in query["sql"] for query in queries.captured_queries) == 1
    assert text.count('class="term"') == 1 + 2 * row_count


@pytest.mark.django_db
@pytest.mark.parametrize("row_count", [0, 2, 30])
def test_terms_cost_the_page_of_a_measure_one_query(client, django_assert_max_num_queries, row_count):
    report = make_report()
    measure = make_measure(report, title="Join Term W1", summary="Once in Term W1 and Term W2.")
    for _term in range(row_count):
        make_term(report)

    with django_assert_max_num_queries(99) as queries:
        text = client.get(measure.get_absolute_url()).text

    assert sum("recommendations_term" in query["sql"] for query in queries.captured_queries) == 1
    assert text.count('class="term"') == (3 if row_count else 0)
