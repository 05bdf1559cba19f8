"""What changed between editions of a report: which changes belong to which, and in what words."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from recommendations.curating.plan import Change, Kind, Plan
from recommendations.models import Measure, Report, Revision
from tests.factories import make_measure, make_report
from tests.pages import downloaded

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true", "HX-Target": "editions-table"}
REPORT = "- {{model: recommendations.report, fields: {{slug: open, title: Open, edition: {0}}}}}\n"
MEASURE = (
    "- {{model: recommendations.measure, fields: {{report: [open], code: {0}, title: {1}, "
    "modality: should{2}}}}}\n"
)
SPLIT = (
    "- {{model: recommendations.succession, fields: {{predecessor: [open, {0}], successor: [open, {1}], "
    "kind: split, share: 0.5}}}}\n"
)


def at(report="open", **asked):
    return reverse("recommendations:editions", args=[report], query=asked)


def told(client, **asked):
    table = client.get(at(**asked)).context["table"]
    return [
        (row.step.name, row.kind, row.code, row.field, row.line.before, row.line.after)
        for row in (shown.record for shown in table.paginated_rows)
    ]


@pytest.fixture
def load(tmp_path):
    """Applies an edition: its number and the rest of the file."""

    def load(number, *rows):
        file = tmp_path / "report.yaml"
        file.write_text(REPORT.format(number) + "".join(rows), encoding="utf-8")
        call_command("apply_fixtures", str(file), verbosity=0)

    return load


def retitle(title, code="M1"):
    """An edit by hand, kept as the admin keeps it."""
    measure = Measure.objects.get(code=code)
    before, measure.title = measure.title, title
    measure.save()
    changed = Change(
        Kind.CHANGED, "recommendations.measure", ("open", code), {"title": before}, {"title": title},
        report="open",
    )  # fmt: skip
    Revision.objects.record(Plan([changed], [], {}))


def test_what_came_with_the_first_edition_is_no_change(client, load):
    load(1, MEASURE.format("M1", "First", ""), MEASURE.format("M2", "Second", ""))

    assert told(client) == []
    assert "Nothing has changed since the first edition was kept." in client.get(at()).text


def test_a_newer_edition_brings_all_its_changes(client, load):
    load(1, MEASURE.format("M1", "First", ""), MEASURE.format("M2", "Second", ""))
    load(
        2,
        MEASURE.format("M1", "First and last", ", weight: 3"),
        MEASURE.format("M3", "Third", ""),
        SPLIT.format("M2", "M3"),
    )

    assert sorted(told(client)) == [
        ("1 → 2", "added", "M2/M3", "", "", ""),
        ("1 → 2", "added", "M3", "", "", "Third"),
        ("1 → 2", "changed", "", "edition", "1", "2"),
        ("1 → 2", "retired: split", "M2", "retired", "no", "yes"),
        ("1 → 2", "reworded", "M1", "title", "First", "First and last"),
        ("1 → 2", "weighted anew", "M1", "weight", "1", "3"),
    ]


def test_each_change_belongs_to_the_edition_that_it_led_to(client, load):
    load(1, MEASURE.format("M1", "One", ""))
    retitle("By hand, before the second")
    load(2, MEASURE.format("M1", "Two", ""))
    load(3, MEASURE.format("M1", "Three", ""))
    retitle("By hand, since then")

    titles = [(step, after) for step, _kind, _code, field, _before, after in told(client) if field == "title"]

    assert titles == [
        ("since 3", "By hand, since then"),
        ("2 → 3", "Three"),
        ("1 → 2", "By hand, before the second"),
        ("1 → 2", "Two"),
    ]


def test_a_load_that_keeps_the_edition_belongs_to_what_came_since(client, load):
    load(1, MEASURE.format("M1", "One", ""))
    load(1, MEASURE.format("M1", "Mended", ""))

    assert told(client) == [("since 1", "reworded", "M1", "title", "One", "Mended")]


def test_an_edition_raised_by_hand_ends_a_step_too(client, load):
    load(1, MEASURE.format("M1", "One", ""))
    retitle("Two")
    Report.objects.update(edition=2)
    raised = Change(
        Kind.CHANGED, "recommendations.report", ("open",), {"edition": 1}, {"edition": 2}, report="open"
    )
    Revision.objects.record(Plan([raised], [], {}))
    retitle("Three")

    assert [(step, after) for step, *_rest, after in told(client)] == [
        ("since 2", "Three"),
        ("1 → 2", "Two"),
        ("1 → 2", "2"),
    ]


def test_a_report_whose_beginning_was_not_kept_tells_what_was(client):
    report = make_report("open", edition=4)
    make_measure(report, "M1", title="One")
    retitle("Two")

    assert told(client) == [("since 4", "changed", "M1", "title", "One", "Two")]


def test_what_people_judged_and_other_reports_are_left_out(client, load):
    load(1, MEASURE.format("M1", "One", ""))
    make_report("other")
    entry = ("assessments.progressentry", ("entry",), {}, {"state": "adopted"})
    elsewhere = ("recommendations.fact", ("other", "F1"), {}, {"statement": "So."})
    Revision.objects.record(
        Plan(
            [
                Change(Kind.ADDED, *entry, report="open"),
                Change(Kind.ADDED, *elsewhere, report="other"),
            ],
            [],
            {},
        )
    )

    assert told(client) == []


def test_changes_lead_to_the_measure_while_it_is_there(client, load):
    load(1, MEASURE.format("M1", "One", ""))
    load(2, MEASURE.format("M2", "Two", ""), SPLIT.format("M1", "M2"))

    rows = [row.record for row in client.get(at()).context["table"].rows]

    assert {row.code: row.url for row in rows} == {
        "": "",
        "M1": "/reports/open/measures/M1/",
        "M2": "/reports/open/measures/M2/",
        "M1/M2": "/reports/open/measures/M1/",
    }


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"edition": "2"}, ["M1", "M2", ""]),
        ({"edition": "since"}, ["M2"]),
        ({"what": "measure"}, ["M2", "M1", "M2"]),
        ({"q": "reborn"}, ["M2"]),
        ({"q": "m1"}, ["M1"]),
        ({"q": "first m1"}, ["M1"]),
        ({"q": "nothing"}, []),
        ({"edition": "7"}, ["M2", "M1", "M2", ""]),  # none such: said, and left out
    ],
)
def test_filters_leave_exactly_what_fits(client, load, asked, codes):
    load(1, MEASURE.format("M1", "One", ""))
    load(2, MEASURE.format("M1", "First", ""), MEASURE.format("M2", "Two", ""))
    retitle("Reborn", "M2")

    rows = downloaded(client.get(at(**asked, _export="csv")))

    assert sorted(code for _step, _kind, code, *_rest in told(client, **asked)) == sorted(codes)
    assert [row["Code"] for row in rows] == [code for _step, _kind, code, *_rest in told(client, **asked)]


def test_words_that_came_and_went_are_marked(client, load):
    load(1, MEASURE.format("M1", "Hold a talk", ""))
    load(2, MEASURE.format("M1", "Hold <b>two</b> talks", ""))

    text = client.get(at()).text

    assert "Hold <del>a talk</del>" in text
    assert "Hold <ins>&lt;b&gt;two&lt;/b&gt; talks</ins>" in text


def test_the_outline_leads_to_the_changes(client):
    report = make_report("open")

    assert f'href="{at()}"' in client.get(reverse("recommendations:outline", args=[report.slug])).text


def test_htmx_gets_the_table_with_what_fits(client, load):
    load(1, MEASURE.format("M1", "One", ""))
    load(2, MEASURE.format("M1", "Two", ""))

    response = client.get(at(edition="2"), headers=FRAGMENT)

    assert "<html" not in response.text
    assert 'id="found"' in response.text


@pytest.mark.parametrize("size", [2, 30])
def test_the_page_takes_the_same_queries_at_any_size(client, django_assert_num_queries, load, size):
    load(1, *(MEASURE.format(f"M{number}", "One", "") for number in range(size)))
    load(2, *(MEASURE.format(f"M{number}", "Two", "") for number in range(size)))
    load(3, *(MEASURE.format(f"M{number}", "Three", "") for number in range(size)))

    with django_assert_num_queries(5):
        client.get(at())
