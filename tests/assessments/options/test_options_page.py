"""The list of a report's strategy options, and the page of one."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_argument,
    make_entry,
    make_measure,
    make_option,
    make_report,
    make_scenario,
    make_source,
    make_tree,
    make_user,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


def at(report, **asked):
    return reverse("assessments:options", args=[report.slug], query=asked)


def listed(client, report, **asked):
    rows = client.get(at(report, **asked)).context["table"].rows
    return [row.record.option.code for row in rows]


def test_a_report_without_options_says_who_adds_them(client):
    report = make_report("bare")

    page = client.get(at(report)).text

    assert "This report has no strategy options yet." in page
    assert "<table" not in page
    assert "No option fits these filters." in client.get(at(report, q="zebra")).text


class TestTheList:
    @pytest.fixture
    def report(self):
        """Two options of documents, and one of each kind by ana; another report has its own."""
        report, ana = make_report("plan"), make_user("analyst", "ana")
        make_option(report, "baseline", position=1, is_baseline=True, name="The present course")
        make_option(report, "turn", position=2, summary="A turn to the West.", source=make_source(title="P"))
        for status in ("draft", "shared", "published"):
            make_option(report, status, author=ana, status=status, name=status)
        make_option(make_report("another"), "elsewhere")
        return report

    def test_everybody_sees_what_is_published_documents_first(self, client, report):
        assert listed(client, report) == ["baseline", "turn", "published"]

    def test_analysts_also_see_what_is_shared_and_authors_their_drafts(self, sign_in, report):
        assert listed(sign_in("analyst"), report) == ["baseline", "turn", "published", "shared"]
        ana = report.options.get(code="draft").author
        assert listed(sign_in(ana), report) == ["baseline", "turn", "draft", "published", "shared"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"whose": "documents"}, ["baseline", "turn"]),
            ({"whose": "people"}, ["published", "shared"]),
            ({"whose": "mine"}, []),
            ({"q": "west"}, ["turn"]),
            ({"q": "BASE"}, ["baseline"]),
        ],
    )
    def test_filters_leave_what_they_say(self, analyst, report, asked, expected):
        assert listed(analyst, report, **asked) == expected

    def test_a_later_version_stands_in_the_place_of_the_earlier(self, client, report):
        first = report.options.get(code="published")
        make_option(report, "second", author=first.author, parent=first, version=2, name="published")

        assert listed(client, report) == ["baseline", "turn", "second"]
        assert listed(client, report, versions="all") == ["baseline", "turn", "published", "second"]

    def test_own_options_are_marked(self, client, sign_in, report):
        def own(visitor):
            rows = visitor.get(at(report)).context["table"].rows
            return {row.record.option.code for row in rows if row.record.is_own}

        assert own(client) == set()
        assert own(sign_in(report.options.get(code="draft").author)) == {"draft", "shared", "published"}

    def test_it_is_downloaded_with_numbers(self, client, report):
        option = report.options.get(code="turn")
        for number, emphasis in enumerate(["core", "pursued", "pursued", "deferred"]):
            option.picks.create(measure=make_measure(report, f"M{number}"), emphasis=emphasis)
        make_argument(option, side="against")

        row = downloaded(client.get(at(report, _export="csv", q="turn")))[0]

        counts = ("Core", "Pursued", "Deferred", "Not pursued", "Arguments for", "Arguments against")
        assert [row[name] for name in counts] == ["1", "2", "1", "0", "0", "1"]
        assert (row["Code"], row["Taken from"], row["Status"]) == ("turn", "P", "published")

    @pytest.mark.parametrize("size", [2, 30])
    def test_it_takes_the_same_queries_at_any_size(self, client, django_assert_num_queries, size):
        report = make_report()
        measures = make_tree(report, size)
        for _number in range(size):
            option = make_option(report, picks=dict.fromkeys(measures, "core"), source=make_source())
            make_argument(option)

        with django_assert_num_queries(4):
            client.get(at(report))


class TestThePage:
    @pytest.fixture
    def option(self):
        """O1 pursues the branch B, whose part M2 it defers; M1 is implemented, M3 under way."""
        report = make_report("plan", source=make_source("paper", title="The Paper"))
        branch = make_measure(report, "B")
        parts = [make_measure(report, f"M{number}", parent=branch) for number in (1, 2, 3)]
        make_entry(parts[0], "implemented")
        make_entry(parts[2], "under_way")
        return make_option(
            report,
            name="Turn",
            summary="In short.",
            narrative="In full.",
            scenario=make_scenario(report, name="Thaw"),
            from_year=2025,
            until_year=2030,
            source=report.source,
            lines="3-5",
            picks={branch: "core", parts[1]: "deferred"},
        )

    def test_it_says_what_the_option_is(self, client, option):
        text = client.get(option.get_absolute_url()).text

        for words in ("Turn", "In short.", "In full.", "Thaw", "2025 to 2030", "The Paper", "lines 3-5"):
            assert words in text

    def test_picks_stand_by_emphasis_the_strongest_first(self, client, option):
        page = client.get(option.get_absolute_url()).context["page"]

        assert [(group.emphasis, [pick.row.code for pick in group.picks]) for group in page.groups] == [
            ("core", ["B"]),
            ("deferred", ["M2"]),
        ]

    def test_the_measures_behind_it_are_the_leaves_it_pursues(self, client, option):
        behind = client.get(option.get_absolute_url()).context["page"].behind

        assert (behind.leaves, behind.implemented, behind.begun) == (2, 1, 1)
        assert behind.gates == {"done": 1, "open": 1}

    def test_arguments_stand_side_by_side_with_who_holds_them(self, client, option):
        make_argument(option, statement="It pays.", held_by="Traders")
        make_argument(option, side="against", statement="It is dear.", source=option.source, lines="9")

        text = client.get(option.get_absolute_url()).text

        for words in ("It pays.", "Traders", "It is dear.", "line 9"):
            assert words in text

    def test_what_it_picks_is_downloaded(self, client, option):
        rows = downloaded(client.get(f"{option.get_absolute_url()}?_export=csv"))

        assert [(row["Emphasis"], row["Code"], row["State"]) for row in rows] == [
            ("core", "B", "Not assessed"),
            ("deferred", "M2", "Not assessed"),
        ]

    def test_a_branch_without_progress_is_downloaded_with_0_and_a_leaf_with_nothing(self, client, option):
        for code in ("M1", "M2", "M3"):
            make_entry(option.report.measures.get(code=code), "not_started")

        rows = downloaded(client.get(f"{option.get_absolute_url()}?_export=csv"))

        assert [(row["Code"], row["Mean progress, %"]) for row in rows] == [("B", "0.0"), ("M2", "")]

    def test_a_draft_of_somebody_else_looks_like_nothing(self, analyst, client, option):
        draft = make_option(option.report, "some", author=make_user("analyst"), status="draft")
        nothing = reverse("assessments:option", args=["plan", "none"])

        for visitor in (analyst, client):
            refused, missing = visitor.get(draft.get_absolute_url()), visitor.get(nothing)
            assert (refused.status_code, len(refused.content)) == (404, len(missing.content))

    def test_an_option_is_found_in_its_own_report_only(self, client, option):
        make_report("another")

        assert client.get(reverse("assessments:option", args=["another", option.code])).status_code == 404

    @pytest.mark.parametrize("size", [2, 30])
    def test_it_takes_the_same_queries_at_any_size(self, client, django_assert_num_queries, size):
        report = make_report()
        option = make_option(report, picks=dict.fromkeys(make_tree(report, size), "core"))
        for _number in range(size):
            make_argument(option, source=make_source())

        with django_assert_num_queries(14):
            client.get(option.get_absolute_url())


class TestTheMeasuresPage:
    def test_it_names_the_options_by_the_nearest_pick(self, client):
        branch = make_measure(make_report(), "B")
        leaf = make_measure(branch.report, "M1", parent=branch)
        make_option(branch.report, "above", picks={branch: "core"})
        make_option(branch.report, "both", picks={branch: "core", leaf: "deferred"})
        make_option(branch.report, "silent")
        make_option(branch.report, "hidden", picks={leaf: "core"}, status="draft")

        uses = client.get(leaf.get_absolute_url()).context["uses"]

        assert [(use.option.code, use.pick.emphasis, use.through and use.through.code) for use in uses] == [
            ("above", "core", "B"),
            ("both", "deferred", None),
        ]
