"""What does this word mean? From a measure to the glossary by keyboard; on paper no trace of links."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_measure, make_report, make_term


@pytest.fixture
def measure(live_server):
    report = make_report(title="A report")
    make_term(
        report,
        "wto",
        name="World Trade Organization",
        other_names="WTO",
        kind="institution",
        definition="Rules of trade.",
    )
    make_term(report, name="Accession", definition="Entry.")
    return make_measure(report, title="Join", summary="The WTO would help; the WTO has rules.")


def test_a_term_leads_to_its_definition_by_keyboard(page, measure):
    page.goto(measure.get_absolute_url())
    terms = page.get_by_role("main").get_by_role("link", name="WTO")
    expect(terms).to_have_count(1)
    expect(terms).to_have_attribute("title", "Rules of trade.")

    terms.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")
    expect(page.locator(":target")).to_contain_text("World Trade Organization institution")
    expect(page.locator(":target")).to_be_in_viewport()
    expect(
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Glossary")
    ).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Join")


def test_on_paper_a_term_is_a_word_like_any_other(page, measure):
    page.goto(measure.get_absolute_url())
    term = page.get_by_role("link", name="WTO")

    def look(part):
        return term.evaluate(f"term => getComputedStyle(term).{part}")

    assert look("textDecorationLine") == "underline"
    page.emulate_media(media="print")
    assert look("textDecorationLine") == "none"
    assert look("color") == page.locator(".summary").evaluate("text => getComputedStyle(text).color")
