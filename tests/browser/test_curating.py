"""A curator's errand: state what a measure requires, see the sentence it makes, save it."""

import pytest
from playwright.sync_api import expect

from recommendations.models import Requirement
from tests.browser.steps import follow
from tests.factories import make_fact, make_measure, make_report, make_requirement, make_user


@pytest.fixture
def measure(live_server):
    report = make_report()
    make_fact(report, "peace", statement="The war is over")
    make_measure(report, "M1", title="Lift the sanctions")
    return make_measure(report, "M2", title="Open the border")


@pytest.fixture(params=["page", "no_js_page"], ids=["with script", "without script"])
def any_page(request):
    return request.getfixturevalue(request.param)


def open_desk(page, sign_in, measure):
    sign_in(page, make_user("curator"))
    page.goto(f"/admin/recommendations/measure/{measure.pk}/change/")


def see(page, request):
    """A script renews the preview by itself; without one a button does."""
    if "without script" in request.node.name:
        follow(page.get_by_role("button", name="Preview"))


def alternative(requirement, number):
    return requirement.get_by_role("row").nth(number)


def test_a_requirement_is_written_seen_as_a_sentence_and_saved(any_page, measure, sign_in, request):
    page = any_page
    open_desk(page, sign_in, measure)
    page.get_by_text("Add a requirement").click()
    requirement = page.get_by_role("group", name="New requirement")
    requirement.get_by_label("Code").first.fill("a")
    requirement.get_by_label("Reason").fill("Nobody trades at war.")
    alternative(requirement, 1).get_by_label("Code").fill("1")
    alternative(requirement, 1).get_by_label("Or fact").fill("peace")
    alternative(requirement, 2).get_by_label("Code").fill("2")
    alternative(requirement, 2).get_by_label("Measure").fill("M1")

    see(page, request)
    sentence = "Name either a measure with the state it must have reached, or a fact."
    expect(requirement.get_by_text(sentence)).to_be_visible()

    alternative(requirement, -1).get_by_label("In state").select_option("Adopted")
    see(page, request)
    sentence = "M2 needs: The war is over, or M1 Lift the sanctions (at least adopted)."
    expect(requirement.get_by_text(sentence)).to_be_visible()
    assert not Requirement.objects.exists()

    follow(page.get_by_role("button", name="Save and continue editing"))
    expect(page.get_by_role("group", name="M2/a")).to_contain_text(sentence)
    assert Requirement.objects.get().alternatives.count() == 2


def test_what_cannot_be_is_said_while_it_is_typed(any_page, measure, sign_in, request):
    page = any_page
    make_requirement(measure, "a", alternatives=[measure.report.facts.get()])
    open_desk(page, sign_in, measure)
    requirement = page.get_by_role("group", name="M2/a")
    expect(requirement).to_contain_text("M2 needs: The war is over.")

    requirement.get_by_label("At least").fill("3")
    see(page, request)

    expect(requirement).to_contain_text("It asks for more alternatives than it has, or for none.")
    expect(requirement).not_to_contain_text("M2 needs")
    expect(requirement.get_by_label("At least")).to_have_value("3")


def test_a_preview_that_does_not_come_is_said(page, measure, sign_in):
    make_requirement(measure, "a")
    open_desk(page, sign_in, measure)
    page.context.clear_cookies()

    page.get_by_role("group", name="M2/a").get_by_label("At least").fill("2")

    expect(page.get_by_text("No preview came; save to see whether it is sound.")).to_be_visible()
