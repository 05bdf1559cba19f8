"""Drafting an option: what is stored, once, and what happens when it cannot be."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import StrategyOption
from recommendations.models import Measure
from tests.assessments.options.drafting_forms import drafted, edit_address, new_address
from tests.factories import (
    make_argument,
    make_measure,
    make_option,
    make_report,
    make_scenario,
    make_source,
    make_tree,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """B with its parts M1 and M2, and C beside it."""
    report = make_report("plan")
    branch = make_measure(report, "B", kind="recommendation")
    for code in ("M1", "M2"):
        make_measure(report, code, parent=branch)
    make_measure(report, "C")
    return report


@pytest.fixture
def draft(report, ana):
    """A draft of ana's that pursues B and defers M1."""
    measures = {measure.code: measure for measure in report.measures.all()}
    return make_option(
        report,
        "a-draft",
        author=ana,
        status="draft",
        name="A draft",
        picks={measures["B"]: "core", measures["M1"]: "deferred"},
    )


def picks_of(option):
    return dict(option.picks.values_list("measure__code", "emphasis"))


def errors_of(response):
    """Every sentence that a form says, by its field."""
    forms = response.context["forms"]
    found = {name: list(errors) for name, errors in forms.fields.errors.items()}
    if forms.tree.errors:
        found["tree"] = forms.tree.errors
    for number, errors in enumerate(forms.arguments.errors):
        found |= {f"arguments-{number}-{name}": list(each) for name, each in errors.items()}
    return found


class TestANewOption:
    def test_everything_written_is_stored(self, author, ana, report):
        scenario = make_scenario(report)

        response = author.post(
            new_address(report),
            drafted(
                {"statement": "It pays.", "held_by": "Traders"},
                {"side": "against", "statement": "It is dear."},
                picks={"B": "core", "M1": "", "M2": "not_pursued", "C": "deferred"},
                summary="Short.",
                narrative="Long.",
                scenario=scenario.pk,
                from_year="2025",
                until_year="2030",
                **{"serves-B": "on"},
            ),
        )

        option = StrategyOption.objects.get()
        assert response.headers["Location"] == option.get_absolute_url()
        assert (option.author, option.status, option.version, option.published_at) == (ana, "draft", 1, None)
        assert (option.name, option.summary, option.narrative) == ("A way out", "Short.", "Long.")
        assert (option.scenario, option.from_year, option.until_year) == (scenario, 2025, 2030)
        assert picks_of(option) == {"B": "core", "M2": "not_pursued", "C": "deferred"}
        assert [measure.code for measure in option.serves.all()] == ["B"]
        assert list(option.arguments.values_list("code", "side", "statement", "held_by")) == [
            ("f1", "for", "It pays.", "Traders"),
            ("a1", "against", "It is dear.", ""),
        ]

    def test_a_name_is_enough(self, author, report):
        author.post(new_address(report), drafted())

        option = StrategyOption.objects.get()
        assert option.code.startswith("a-way-out-")
        assert len(option.code) == len("a-way-out-") + 5
        option.full_clean()

    @pytest.mark.parametrize("name", ["Перадача ўлады", "—", "x" * 200, "-_-", "Ł" * 200])
    def test_every_name_makes_a_code(self, author, report, name):
        author.post(new_address(report), drafted(name=name))

        option = StrategyOption.objects.get()
        assert option.name == name
        option.full_clean()

    def test_a_form_sent_twice_makes_one_option(self, author, report):
        form = drafted({"statement": "It pays."}, picks={"B": "core"})

        first = author.post(new_address(report), form)
        second = author.post(new_address(report), form)

        assert first.headers["Location"] == second.headers["Location"]
        assert StrategyOption.objects.get().picks.count() == 1

    def test_a_form_sent_again_with_other_words_edits_what_it_made(self, author, report):
        form = drafted()
        author.post(new_address(report), form)

        author.post(new_address(report), form | {"name": "Another name"})

        assert StrategyOption.objects.get().name == "Another name"

    def test_sent_again_after_an_edit_it_shows_both(self, author, report):
        form = drafted()
        author.post(new_address(report), form)
        option = StrategyOption.objects.get()
        author.post(edit_address(option), drafted(name="Edited", seen="0"))

        response = author.post(new_address(report), form | {"name": "Old words"})

        assert [each[1:] for each in response.context["differing"]] == [("Edited", "Old words")]
        assert StrategyOption.objects.get().name == "Edited"

    def test_the_same_key_of_another_person_makes_another_option(self, author, analyst, report):
        form = drafted()

        author.post(new_address(report), form)
        analyst.post(new_address(report), form | {"name": "Something else"})

        assert StrategyOption.objects.count() == 2


class TestEditing:
    def test_what_is_not_shown_stays_and_what_is_set_back_goes(self, author, draft):
        author.post(edit_address(draft), drafted(name="Mended", picks={"B": "", "C": "pursued"}))

        draft.refresh_from_db()
        assert (draft.name, draft.edits) == ("Mended", 1)
        assert picks_of(draft) == {"M1": "deferred", "C": "pursued"}

    def test_what_it_no_longer_serves_goes_where_it_was_shown(self, author, draft):
        draft.serves.set(draft.report.measures.filter(code__in=["B", "C"]))

        author.post(edit_address(draft), drafted(picks={"B": ""}))

        assert [measure.code for measure in draft.serves.all()] == ["C"]

    def test_an_argument_in_new_words_keeps_its_source(self, author, draft):
        make_argument(draft, "f1", source=make_source("paper"), lines="3")

        author.post(edit_address(draft), drafted({"code": "f1", "statement": "In new words."}))

        argument = draft.arguments.get()
        assert (argument.statement, argument.source.slug, argument.lines) == ("In new words.", "paper", "3")

    def test_an_emptied_argument_goes(self, author, draft):
        make_argument(draft, "f1")

        author.post(edit_address(draft), drafted({"code": "f1", "statement": ""}))

        assert not draft.arguments.exists()

    def test_the_form_shows_what_is_stored_and_what_the_rest_follows(self, author, draft):
        tree = author.get(edit_address(draft)).context["forms"].tree

        def told(nodes):
            return [(node.row.code, node.chosen, str(node.follows), told(node.parts)) for node in nodes]

        assert told(tree.nodes) == [
            (
                "B",
                "core",
                "left open",
                [("M1", "deferred", "as B: core", []), ("M2", "", "as B: core", [])],
            ),
            ("C", "", "left open", []),
        ]

    def test_a_stale_form_is_told_and_shows_both_and_loses_nothing(self, author, draft):
        author.post(edit_address(draft), drafted(name="First", picks={"B": "pursued"}))

        response = author.post(
            edit_address(draft), drafted(name="Second", picks={"B": "", "M1": "deferred"}, seen="0")
        )

        assert [tuple(each) for each in response.context["differing"]] == [
            ("Name", "First", "Second"),
            ("B", "pursued", "left open"),
        ]
        assert "Nothing is stored yet" in response.text
        assert 'value="Second"' in response.text
        draft.refresh_from_db()
        assert draft.name == "First"

        author.post(edit_address(draft), drafted(name="Second", picks={"B": ""}, seen="1"))
        draft.refresh_from_db()
        assert (draft.name, picks_of(draft)) == ("Second", {"M1": "deferred"})
        assert response.context["forms"].fields["seen"].value() == 1

    def test_sent_twice_it_is_stored_once(self, author, draft):
        form = drafted({"statement": "It pays."}, picks={"B": "pursued"})

        for _time in range(2):
            assert author.post(edit_address(draft), form).status_code == 302

        draft.refresh_from_db()
        assert draft.edits == 1

    def test_what_was_published_meanwhile_stays(self, author, draft):
        StrategyOption.objects.update(status="published", published_at="2026-01-01T00:00Z", edits=1)

        response = author.post(edit_address(draft), drafted(name="Late", seen="1"))

        assert "It was published meanwhile and stays as it is." in response.text
        assert 'value="Late"' in response.text
        draft.refresh_from_db()
        assert draft.name == "A draft"

    @pytest.mark.only_on("postgresql")
    def test_two_forms_of_one_person_take_turns(self, author, report):
        with CaptureQueriesContext(connection) as queries:
            author.post(new_address(report), drafted())

        (locked,) = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
        assert "auth_user" in locked

    def test_going_on_to_a_branch_saves_first(self, author, draft):
        response = author.post(edit_address(draft), drafted(name="Kept", open="B"))

        assert response.headers["Location"] == f"{edit_address(draft)}?branch=B#tree"
        draft.refresh_from_db()
        assert draft.name == "Kept"

    def test_a_branch_is_shown_by_itself(self, author, draft):
        (node,) = author.get(edit_address(draft, branch="M1")).context["forms"].tree.nodes

        assert (node.row.code, node.follows) == ("M1", "as B: core")

    def test_somebody_elses_draft_is_as_if_it_were_not_there(self, analyst, draft):
        nothing = reverse("assessments:edit-option", args=["plan", "a-dream"])

        refused, missing = analyst.get(edit_address(draft)), analyst.get(nothing)

        assert (refused.status_code, len(refused.content)) == (404, len(missing.content))
        assert analyst.post(edit_address(draft), drafted()).status_code == 404

    def test_what_was_published_once_is_not_edited(self, author, draft):
        StrategyOption.objects.update(status="shared", published_at="2026-01-01T00:00Z")

        response = author.get(edit_address(draft))

        assert response.status_code == 403
        assert "Revise it" in response.text


NOT_A_YEAR = "Write a year from 1900 to 2200, such as 2030."

# What is wrong with a form, the field that says so, and the sentence.
WRONG = {
    "no name": ({"name": " "}, "name", "Give the option a name; all else can wait."),
    "long name": ({"name": "x" * 201}, "name", "This has 201 characters; shorten it to 200."),
    "huge narrative": (
        {"narrative": "x" * 100_000},
        "narrative",
        "This has 100000 characters; shorten it to 20000.",
    ),
    "NUL": ({"summary": "a\0b"}, "summary", "Null characters are not allowed."),
    "strange scenario": (
        {"scenario": "99999999999999999999999"},
        "scenario",
        "This is no scenario of the report; choose one from the list.",
    ),
    "scenario of NUL": ({"scenario": "\0"}, "scenario", "Null characters are not allowed."),
    "year of words": ({"from_year": "soon"}, "from_year", NOT_A_YEAR),
    "year too early": (
        {"from_year": "1899"},
        "from_year",
        NOT_A_YEAR,
    ),
    "year too late": (
        {"until_year": "9" * 30},
        "until_year",
        NOT_A_YEAR,
    ),
    "years turned round": (
        {"from_year": "2030", "until_year": "2029"},
        "until_year",
        "The last year comes before the first; change one of them.",
    ),
    "no key": ({"key": "x"}, "__all__", "The form did not arrive whole. Please check it and send it again."),
    "no edits seen": (
        {"seen": "NaN"},
        "__all__",
        "The form did not arrive whole. Please check it and send it again.",
    ),
    "strange measure": (
        {"pick-X9": "core"},
        "tree",
        "There is no measure “X9” to pick in this report; nothing of it is kept.",
    ),
    "serves a strange measure": (
        {"serves-X9": "on"},
        "tree",
        "There is no measure “X9” to pick in this report; nothing of it is kept.",
    ),
    "strange emphasis": (
        {"pick-M1": "most"},
        "tree",
        "M1: “most” is no emphasis; choose one from the list.",
    ),
}


def test_a_form_says_who_sees_what_is_saved(author, ana, report):
    option = make_option(report, author=ana, status="draft")
    assert "A draft is seen by nobody but you until you share it." in author.get(edit_address(option)).text

    StrategyOption.objects.update(status="shared")

    page = author.get(edit_address(option)).text
    assert "It is shared with analysts: what you save, they see at once." in page
    assert "nobody but you" not in page


class TestNonsense:
    @pytest.mark.parametrize(("fields", "place", "sentence"), WRONG.values(), ids=WRONG)
    def test_a_sentence_says_where_and_nothing_is_stored_or_lost(
        self, author, report, fields, place, sentence
    ):
        form = drafted({"statement": "Kept argument."}, narrative="Kept words.", picks={"M1": "core"})

        response = author.post(new_address(report), form | fields)

        assert response.status_code == 200
        assert errors_of(response)[place] == [sentence]
        assert "Kept argument." in response.text
        assert ("Kept words." in response.text) == ("narrative" not in fields)
        assert not StrategyOption.objects.exists()

    def test_a_wrong_emphasis_is_told_at_its_own_field(self, author, report):
        response = author.post(new_address(report), drafted(picks={"M1": "most"}))

        assert 'id="pick-M1" aria-invalid="true" aria-describedby="wrong-M1"' in response.text
        assert response.text.count('aria-invalid="true"') == 1

    def test_what_is_wrong_is_told_at_the_top_by_the_names_of_the_fields(self, author, report):
        form = drafted({"statement": "", "held_by": "Traders"}, name="", until_year="1")

        response = author.post(new_address(report), form)

        (notice,) = re.findall(r'<div class="notice notice-error".*?</div>', response.text, re.DOTALL)
        assert re.findall(r'<a href="#(.*?)">(.*?)</a>: (.*?)</p>', notice) == [
            ("id_name", "Name", "Give the option a name; all else can wait."),
            ("id_until_year", "Until the year", NOT_A_YEAR),
            (
                "id_arguments-0-statement",
                "Argument 1: What it says",
                "Say what the argument is, or empty the other field too.",
            ),
        ]
        for place in ("id_name", "id_until_year", "id_arguments-0-statement"):
            assert f'id="{place}"' in response.text

    def test_a_scenario_or_measure_of_another_report_is_refused(self, author, report):
        other = make_report("other")
        scenario, _measure = make_scenario(other), make_measure(other, "FOREIGN")

        response = author.post(new_address(report), drafted(scenario=scenario.pk, picks={"FOREIGN": "core"}))

        assert set(errors_of(response)) == {"scenario", "tree"}

    def test_a_retired_measure_is_picked_no_more(self, author, report):
        make_measure(report, "OLD", retired=True)

        response = author.post(new_address(report), drafted(picks={"OLD": "core"}))

        assert set(errors_of(response)) == {"tree"}

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ({"statement": "", "held_by": "Somebody"}, "statement"),
            ({"statement": "x" * 2_001}, "statement"),
            ({"side": "both"}, "side"),
            ({"held_by": "x" * 201}, "held_by"),
            ({"code": "x" * 41}, "code"),
            ({"statement": "\0"}, "statement"),
        ],
    )
    def test_an_argument_says_what_it_lacks(self, author, report, words, name):
        response = author.post(new_address(report), drafted(words))

        assert set(errors_of(response)) == {f"arguments-0-{name}"}
        assert not StrategyOption.objects.exists()

    @pytest.mark.parametrize("total", ["", "x", "31", "1000000", "1e3"])
    def test_a_forged_count_of_arguments_is_refused(self, author, report, total):
        response = author.post(new_address(report), drafted() | {"arguments-TOTAL_FORMS": total})

        assert response.status_code == 200
        assert not StrategyOption.objects.exists()

    def test_a_thousand_senseless_picks_are_told_of_in_a_few_sentences(self, author, report):
        response = author.post(
            new_address(report), drafted(picks={f"X{number}": "core" for number in range(900)})
        )

        assert response.text.count("to pick in this report") == 5

    def test_text_comes_back_as_typed_and_is_no_html(self, author, report):
        response = author.post(
            new_address(report), drafted(name="", narrative="<script>alert(1)</script>\u202e")
        )

        assert "&lt;script&gt;alert(1)&lt;/script&gt;\u202e" in response.text


def make_flat(report, size):
    """Measures that all stand on top."""
    Measure.objects.bulk_create(
        Measure(report=report, code=f"M{number}", title=f"Title {number}", modality="should", position=number)
        for number in range(1, size + 1)
    )


class TestALargeReport:
    def test_a_form_shows_no_more_than_it_can_hold(self, author):
        report = make_report()
        make_tree(report, 1_000)

        tree = author.get(new_address(report)).context["forms"].tree

        def flat(nodes):
            return [each for node in nodes for each in (node, *flat(node.parts))]

        shown = flat(tree.nodes)
        assert len(shown) == 1 + 5 + 25 + 125
        assert sum(node.hidden_count for node in shown if node.can_be_opened) == 1_000 - len(shown)

    @pytest.mark.parametrize(
        ("children", "branch", "sizes"), [(999, "M1", [299, 299, 299, 102]), (0, "", [300, 300, 300, 100])]
    )
    def test_more_measures_in_one_place_than_a_form_holds_come_in_stretches(
        self, author, ana, children, branch, sizes
    ):
        report = make_report()
        if children:
            make_tree(report, 1_000, children=children)
        else:
            make_flat(report, 1_000)
        option = make_option(report, author=ana, status="draft", picks={})
        asked, shown, found = {"branch": branch} if branch else {}, [], []
        page = author.get(edit_address(option, **asked))
        while True:
            tree = page.context["forms"].tree
            parts = tree.nodes[0].parts if branch else tree.nodes
            found.append(len(parts))
            shown += [part.row.code for part in parts]
            if not tree.stretch.after:
                break
            edits = StrategyOption.objects.get().edits
            sent = drafted(seen=str(edits), picks={shown[-1]: "core"}, start=tree.stretch.after)
            page = author.post(edit_address(option, **asked), sent, follow=True)
            asked["start"] = tree.stretch.after

        assert found == sizes
        assert sorted(shown) == sorted(row.code for row in tree.rows if row.code != branch)
        assert f"Measures {1_001 - bool(branch) - sizes[-1]} to {1_000 - bool(branch)} of" in page.text
        assert option.picks.count() == 3

    def test_from_a_stretch_one_gets_back_to_the_one_before(self, author, ana):
        report = make_report()
        make_flat(report, 650)
        option = make_option(report, author=ana, status="draft", picks={})
        codes = [row.code for row in author.get(edit_address(option)).context["forms"].tree.stretch.siblings]

        starts = [
            author.get(edit_address(option, start=codes[place])).context["forms"].tree.stretch.before
            for place in (0, 100, 300, 600)
        ]

        assert starts == ["", codes[0], codes[0], codes[300]]

    def test_staying_keeps_the_stretch(self, author, ana):
        report = make_report()
        make_flat(report, 301)
        option = make_option(report, author=ana, status="draft", picks={})
        last = author.get(edit_address(option)).context["forms"].tree.stretch.after

        response = author.post(edit_address(option, start=last), drafted(stay="1"))

        assert response.headers["Location"] == edit_address(option, start=last)

    @pytest.mark.parametrize("size", [2, 200])
    def test_the_form_takes_the_same_queries_at_any_size(self, author, ana, django_assert_num_queries, size):
        report = make_report()
        option = make_option(
            report, author=ana, status="draft", picks=dict.fromkeys(make_tree(report, size), "core")
        )
        for _number in range(min(size, 20)):
            make_argument(option)

        with django_assert_num_queries(19):
            author.get(edit_address(option))
        picks = dict.fromkeys(report.measures.values_list("code", flat=True), "pursued")
        with django_assert_num_queries(21):
            author.post(edit_address(option), drafted(picks=picks))


def test_who_only_reads_drafts_nothing(sign_in, report):
    reader = sign_in("reader")

    assert reader.get(new_address(report)).status_code == 403
    assert reader.post(new_address(report), drafted()).status_code == 403
    assert not StrategyOption.objects.exists()
    assert "new-option" not in reader.get(reverse("assessments:options", args=["plan"])).text
