"""What becomes of an option: cloned, revised, shared, published, withdrawn, deleted."""

from itertools import pairwise
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from assessments.models import DeskScore, StrategyOption
from tests.assessments.options.drafting_forms import edit_address
from tests.factories import (
    make_argument,
    make_criterion,
    make_desk_assessment,
    make_measure,
    make_option,
    make_report,
    make_scenario,
    make_source,
    make_user,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    report = make_report("plan")
    for code in ("M1", "M2", "M3"):
        make_measure(report, code)
    return report


def option_of(report, code="O1", *, picks=(("M1", "core"),), **fields):
    measures = {measure.code: measure for measure in report.measures.all()}
    return make_option(report, code, picks={measures[code]: emphasis for code, emphasis in picks}, **fields)


def ask(client, verb, option, **fields):
    return client.post(reverse(f"assessments:{verb}-option", args=[option.report.slug, option.code]), fields)


def said(client, verb, option, **fields):
    """What the page says after it."""
    address = reverse(f"assessments:{verb}-option", args=[option.report.slug, option.code])
    messages = client.post(address, fields, follow=True).context["messages"]
    return [str(message) for message in messages][-1]


def seen_by_everybody(option):
    return option in StrategyOption.objects.visible_to(AnonymousUser())


def picks_of(option):
    return dict(option.picks.values_list("measure__code", "emphasis"))


class TestCloning:
    @pytest.fixture
    def option(self, report):
        option = option_of(
            report,
            name="Turn",
            summary="Short.",
            narrative="Long.",
            scenario=make_scenario(report),
            from_year=2025,
            is_baseline=True,
            source=report.source,
        )
        make_argument(option, "f1", source=make_source(), lines="3")
        option.serves.set(report.measures.filter(code="M1"))
        return option

    def test_a_clone_says_the_same_and_is_a_draft_of_ones_own(self, author, ana, option):
        ask(author, "clone", option, key=str(uuid4()))

        clone = StrategyOption.objects.get(author=ana)
        assert (clone.name, clone.parent, clone.version) == ("Clone of Turn", option, 1)
        assert (clone.status, clone.published_at, clone.is_baseline) == ("draft", None, False)
        assert (clone.summary, clone.narrative, clone.scenario) == ("Short.", "Long.", option.scenario)
        assert picks_of(clone) == {"M1": "core"}
        assert [measure.code for measure in clone.serves.all()] == ["M1"]
        assert list(clone.arguments.values("code", "side", "statement", "source", "lines")) == list(
            option.arguments.values("code", "side", "statement", "source", "lines")
        )
        clone.full_clean()

    def test_it_leads_to_the_form(self, author, ana, option):
        response = ask(author, "clone", option, key=str(uuid4()))

        assert response.headers["Location"] == edit_address(StrategyOption.objects.get(author=ana))

    def test_a_form_sent_twice_makes_one_clone(self, author, ana, option):
        key = str(uuid4())

        first, second = (ask(author, "clone", option, key=key).headers["Location"] for _time in range(2))

        assert first == second
        assert StrategyOption.objects.filter(author=ana).count() == 1

    @pytest.mark.parametrize("key", ["", "x", "\0", "9" * 10_000])
    def test_a_senseless_key_clones_all_the_same(self, author, ana, option, key):
        assert ask(author, "clone", option, key=key).status_code == 302
        assert StrategyOption.objects.filter(author=ana).count() == 1

    def test_a_long_name_is_cut(self, author, ana, report):
        ask(author, "clone", option_of(report, "long", name="x" * 200))

        assert len(StrategyOption.objects.get(author=ana).name) == 200

    def test_what_cannot_be_seen_cannot_be_cloned(self, author, report):
        hidden = option_of(report, "hidden", author=make_user("analyst"), status="draft")

        assert ask(author, "clone", hidden).status_code == 404
        assert StrategyOption.objects.count() == 1


class TestComparedWithItsParent:
    def test_measures_are_told_before_and_after(self, client, report):
        parent = option_of(report, picks=[("M1", "core"), ("M2", "deferred")])
        clone = option_of(
            report, "O2", parent=parent, picks=[("M1", "deferred"), ("M2", "deferred"), ("M3", "pursued")]
        )

        page = client.get(clone.get_absolute_url()).context["page"]

        assert [(change.row.code, change.before, change.after) for change in page.compared.measures] == [
            ("M1", "core", "deferred"),
            ("M3", "left open", "pursued"),
        ]
        assert page.compared.in_words == "It makes more of M3. It makes less of M1."
        assert [each.name for each in page.compared.fields] == ["Name"]

    def test_what_differs_is_downloaded(self, client, report):
        parent = option_of(report, name="Before", picks=[("M1", "core")])
        clone = option_of(report, "O2", name="After", parent=parent, picks=[("M1", "deferred")])
        address = reverse("assessments:option", args=["plan", "O2"])

        rows = downloaded(client.get(address, {"_export": "csv", "of": "differences"}))

        assert [tuple(row.values()) for row in rows] == [
            ("M1", clone.picks.get().measure.title, "core", "deferred"),
            ("", "Name", "Before", "After"),
        ]
        assert "?_export=ods&amp;of=differences" in client.get(address).text

    @pytest.mark.parametrize(
        ("less", "more"),
        list(pairwise(["not_pursued", None, "deferred", "pursued", "core"])),  # None: left open
    )
    def test_from_the_least_emphasis_to_the_most(self, client, report, less, more):
        def picks(emphasis):
            return [("M1", emphasis)] if emphasis else []

        parent = option_of(report, picks=picks(less))
        clone = option_of(report, "O2", parent=parent, picks=picks(more))
        back = option_of(report, "O3", parent=clone, picks=picks(less))

        told = [client.get(each.get_absolute_url()).context["page"].compared for each in (clone, back)]

        assert [each.in_words for each in told] == ["It makes more of M1.", "It makes less of M1."]

    def test_what_comes_to_the_same_is_no_difference(self, client, report):
        branch = report.measures.get(code="M1")
        make_measure(report, "PART", parent=branch)
        parent = option_of(report)
        clone = option_of(
            report, "O2", name=parent.name, parent=parent, picks=[("M1", "core"), ("PART", "core")]
        )

        page = client.get(clone.get_absolute_url()).context["page"]

        assert (page.compared.measures, page.compared.fields) == ([], [])
        assert "It makes the same of every measure." in client.get(clone.get_absolute_url()).text

    def test_a_parent_that_cannot_be_seen_is_not_told_of(self, client, report):
        parent = option_of(report, author=make_user("analyst"), status="draft", name="Secret")
        clone = option_of(report, "O2", parent=parent)

        text = client.get(clone.get_absolute_url()).text

        assert "Secret" not in text
        assert "Cloned from" not in text


class TestPublishing:
    @pytest.fixture
    def draft(self, report, ana):
        return option_of(report, "draft", author=ana, status="draft")

    def test_from_draft_to_shared_to_published_and_back(self, author, draft):
        ask(author, "share", draft)
        draft.refresh_from_db()
        assert (draft.status, draft.is_frozen) == ("shared", False)

        ask(author, "publish", draft)
        draft.refresh_from_db()
        published_at = draft.published_at
        assert (draft.status, draft.is_frozen, seen_by_everybody(draft)) == ("published", True, True)

        ask(author, "withdraw", draft)
        draft.refresh_from_db()
        assert (draft.status, draft.is_frozen, seen_by_everybody(draft)) == ("shared", True, False)

        ask(author, "publish", draft)
        draft.refresh_from_db()
        assert (draft.status, draft.published_at) == ("published", published_at)

    @pytest.mark.parametrize(("verb", "status"), [("share", "published"), ("withdraw", "draft")])
    def test_what_makes_no_sense_changes_nothing(self, author, draft, verb, status):
        StrategyOption.objects.update(status=status)

        ask(author, verb, draft)

        draft.refresh_from_db()
        assert draft.status == status

    def test_what_picks_nothing_is_not_published(self, author, ana, report):
        empty = option_of(report, "empty", picks=(), author=ana, status="draft")

        assert said(author, "publish", empty) == (
            "An option that picks no measure says nothing yet; pick one before you publish it."
        )
        empty.refresh_from_db()
        assert (empty.status, empty.published_at) == ("draft", None)


class TestRevising:
    @pytest.fixture
    def first(self, report, ana):
        return option_of(report, "first", author=ana, name="Turn", published_at="2026-01-01T00:00Z")

    def revised(self, author, first):
        ask(author, "revise", first)
        return StrategyOption.objects.get(parent=first, published_at=None)

    def test_a_revision_is_the_next_version_and_takes_its_place_when_published(self, author, client, first):
        second = self.revised(author, first)
        assert (second.name, second.version, second.status) == ("Turn", 2, "draft")
        assert picks_of(second) == {"M1": "core"}
        assert list(StrategyOption.objects.visible_to(AnonymousUser()).latest_versions()) == [first]

        ask(author, "publish", second)

        assert list(StrategyOption.objects.visible_to(AnonymousUser()).latest_versions()) == [second]
        page = client.get(first.get_absolute_url())
        assert page.status_code == 200
        assert page.context["page"].later == second
        assert "A later version exists" in page.text

    def test_revising_again_goes_on_with_the_revision(self, author, first):
        assert self.revised(author, first) == self.revised(author, first)

    def test_a_draft_is_edited_instead(self, author, ana, report):
        draft = option_of(report, "draft", author=ana, status="draft")

        assert ask(author, "revise", draft).headers["Location"] == edit_address(draft)
        assert StrategyOption.objects.count() == 1

    def test_an_earlier_version_is_not_revised(self, author, first):
        ask(author, "publish", self.revised(author, first))

        assert said(author, "revise", first) == "There is a later version already; revise that one."

    def test_two_versions_in_one_place_are_refused_in_a_sentence(self, author, first):
        second = self.revised(author, first)
        ask(author, "publish", second)
        ask(author, "withdraw", second)
        other = self.revised(author, first)
        ask(author, "publish", other)

        assert said(author, "publish", second) == "Another version was published in its place meanwhile."
        second.refresh_from_db()
        assert second.status == "shared"


class TestDeleting:
    @pytest.fixture
    def draft(self, report, ana):
        option = option_of(report, "draft", author=ana, status="draft")
        make_argument(option)
        return option

    def score(self, option, author, **fields):
        scores = {(option, make_criterion(option.report)): 5}
        make_desk_assessment(option.report, author, scores=scores, **fields)

    def test_it_is_asked_first(self, author, draft):
        page = author.get(reverse("assessments:delete-option", args=["plan", "draft"]))

        assert "Delete it" in page.text
        assert StrategyOption.objects.get() == draft

    def test_a_draft_goes_with_its_parts_and_ones_own_scores(self, author, ana, draft):
        self.score(draft, ana)

        assert said(author, "delete", draft) == "“Option draft” is deleted."
        assert not StrategyOption.objects.exists()
        assert not DeskScore.objects.exists()

    @pytest.mark.parametrize("status", ["published", "shared"])
    def test_what_was_published_once_stays(self, author, draft, status):
        StrategyOption.objects.update(status=status, published_at="2026-01-01T00:00Z")

        assert said(author, "delete", draft) == (
            "What was published once is never deleted, so that citations keep their meaning."
        )
        assert StrategyOption.objects.exists()

    def test_what_others_scored_stays(self, author, draft):
        StrategyOption.objects.update(status="shared")
        self.score(draft, make_user("analyst"), status="draft")

        assert said(author, "delete", draft) == "Others scored this option at their desks, so it stays."
        assert DeskScore.objects.count() == 1

    def test_what_something_was_made_from_stays(self, author, draft):
        option_of(draft.report, "child", parent=draft)

        assert said(author, "delete", draft) == "Another option was made from this one, so it stays."

    def test_the_page_that_asks_says_so_too(self, author, draft):
        option_of(draft.report, "child", parent=draft)

        page = author.get(reverse("assessments:delete-option", args=["plan", "draft"]))

        assert "Another option was made from this one" in page.text
        assert "Delete it" not in page.text


@pytest.mark.parametrize("verb", ["revise", "share", "publish", "withdraw", "delete"])
class TestOthers:
    def test_a_draft_of_somebody_else_is_as_if_it_were_not_there(self, analyst, ana, report, verb):
        draft = option_of(report, "some", author=ana, status="draft")

        assert ask(analyst, verb, draft).status_code == 404
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_what_is_seen_is_changed_by_its_author_alone(self, analyst, ana, report, verb):
        for option in (option_of(report, "doc"), option_of(report, "hers", author=ana, status="shared")):
            status = option.status

            response = ask(analyst, verb, option)

            assert response.status_code == 403
            assert "Only its author does this." in response.text
            option.refresh_from_db()
            assert option.status == status


def test_the_page_offers_what_can_be_done(author, analyst, client, ana, report):
    def offered(visitor, option):
        text = visitor.get(option.get_absolute_url()).text
        verbs = ("edit", "clone", "revise", "share", "publish", "withdraw", "delete")
        return [verb for verb in verbs if f"/options/{option.code}/{verb}/" in text]

    document = option_of(report, "doc")
    draft = option_of(report, "draft", author=ana, status="draft")
    published = option_of(report, "published", author=ana, published_at="2026-01-01T00:00Z")

    assert offered(client, document) == []
    assert offered(analyst, document) == offered(author, document) == ["clone"]
    assert offered(author, draft) == ["edit", "clone", "share", "publish", "delete"]
    assert offered(author, published) == ["clone", "revise", "withdraw"]
    assert offered(analyst, published) == ["clone"]
