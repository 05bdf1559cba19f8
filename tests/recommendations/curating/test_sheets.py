"""Sheets: exported, edited as a curator would, and brought back."""

from datetime import date, datetime
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from assessments.models import Evidence, EvidenceTie
from recommendations.curating.editions import Refused, apply_edition, edition_of_files, plan_of
from recommendations.curating.plan import Kind
from recommendations.curating.sheet_columns import Unfit, guarded, unguarded
from recommendations.curating.sheets import sheet_file
from recommendations.curating.telling import lines
from recommendations.exports import looks_live
from recommendations.models import Measure, Reading, Source
from tests.content import fixture_files
from tests.factories import (
    make_actor,
    make_entry,
    make_evidence,
    make_facing,
    make_indicator,
    make_measure,
    make_reading,
    make_report,
    make_source,
    make_tie,
    make_user,
)

pytestmark = pytest.mark.django_db

SHEETS = ("measures", "readings", "evidence")
NASTY = (
    "-5 %",
    "'-5 %",
    "''=1+1",
    "=HYPERLINK(1)",
    "\u200b@here",
    "<r>raw</r>",
    "'<r>raw</r>",
    "two\nlines\r\nand\rthree",
    "_x0041_",
    "a\tb \x07 bell",
    "’ “ ” 𝄞 =",
    "12",
    "TRUE",
)


@pytest.fixture
def report():
    """A report with rows of every kind, among them what a spreadsheet would spoil."""
    report, other = make_report("open"), make_report("other")
    source = make_source("paper", line_count=50)
    top = make_measure(report, "S1", kind="section", modality="", position=3, weight=0, needs=1)
    for number, text in enumerate(NASTY, start=1):
        make_measure(report, f"M{number}", title=text, summary=text, lines="3-4", parent=top)
    first = make_measure(
        report,
        "X.1",
        parent=None,
        actors=[make_actor(report, "b"), make_actor(report, "a")],
        facings=[make_facing(report)],
        see_also=[top],
        horizon="short",
        retired=True,
    )
    indicator = make_indicator(report, "I-1")
    make_reading(indicator, "1994-03-31", "-12.3456", source=source, lines="12", as_of_precision="month")
    make_reading(indicator, "1897-03-31", "123456789012.3456", is_projection=True, qualifier="over")
    make_reading(make_indicator(other), "2020-01-01", 1)
    evidence = make_evidence("ev-1", source=source, source_name="", lines="5", is_claim=True)
    entry = make_entry(first, key="entry-1")
    make_tie(evidence, entry=entry)
    make_tie(evidence, first, stance="contradicts")
    make_tie(evidence, top, stance="contradicts")
    make_tie(evidence, make_measure(other, "O1"), stance="context")
    make_tie(make_evidence("ev-of-another"), make_measure(other, "O2"))
    make_tie(make_evidence("ev-of-a-person", recorded_by=make_user("analyst")), first)
    return report


def plan(content, name="sheet.xlsx"):
    return plan_of(edition_of_files([(name, content)]))


def edited(content, change):
    """The file after a curator has changed something with another program."""
    book = load_workbook(BytesIO(content))
    change(book.worksheets[0])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def at(sheet, title, **which):
    """The cell of a column, in the row with a value in another column."""
    ((key, value),) = which.items()
    columns = {cell.value: cell.column for cell in sheet[1]}
    (row,) = (row for row in range(2, sheet.max_row + 1) if sheet.cell(row, columns[key]).value == value)
    return sheet.cell(row, columns[title])


def added(sheet, **values):
    """A new row."""
    sheet.append([values.get(cell.value) for cell in sheet[1]])


def changes(plan):
    return [(change.kind, change.key, dict(change.after)) for change in plan.changes]


def problems(content, name="sheet.xlsx"):
    with pytest.raises(Refused) as refused:
        plan(content, name)
    return refused.value.problems


# The way out and back


@pytest.mark.parametrize("name", SHEETS)
def test_an_export_brought_back_changes_nothing(report, name):
    content = sheet_file("open", name)

    found = plan(content)

    assert changes(found) == []
    assert sum(found.unchanged.values()) > 0


@pytest.mark.parametrize("name", SHEETS)
def test_an_export_saved_by_another_program_changes_nothing(report, name):
    content = edited(sheet_file("open", name), lambda sheet: None)

    assert changes(plan(content)) == []


def test_what_people_recorded_and_other_reports_stay_out(report):
    content = sheet_file("open", "evidence")

    assert plan(content).unchanged == {"assessments.evidence": 1, "assessments.evidencetie": 4}
    assert plan(sheet_file("open", "readings")).unchanged == {"recommendations.reading": 2}


@pytest.mark.parametrize("name", SHEETS)
def test_the_content_of_waymark_comes_back_as_it_was(name):
    call_command("apply_fixtures", *map(str, fixture_files("belarus")), verbosity=0)

    found = plan(sheet_file("belarus", name))

    assert changes(found) == []
    assert found.unchanged.total() > 100


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
@example("_x0041_x0041_")
@example("\uffff")
def test_no_guarded_text_is_live_and_all_of_it_comes_back(text):
    try:
        written = guarded(text)
    except Unfit:
        return

    assert not looks_live(written)
    assert unguarded(written) == text


@pytest.mark.parametrize("text", ["x" * 32_767, "_x0041_x0041_", "\uffff"])
def test_text_that_no_cell_can_hold_is_told_and_not_cut(report, text):
    Measure.objects.filter(code="M1").update(summary=text)

    with pytest.raises(Refused) as refused:
        sheet_file("open", "measures")

    (problem,) = refused.value.problems
    assert problem.startswith("open/M1, summary: ")
    assert problem.endswith(" Export a fixture instead.")


def test_no_cell_of_an_export_is_live(report):
    book = load_workbook(BytesIO(sheet_file("open", "measures")))

    texts = [cell.value for row in book["measures"].rows for cell in row if isinstance(cell.value, str)]
    assert [text for text in texts if looks_live(text)] == []
    assert [cell.data_type for row in book["measures"].rows for cell in row if cell.data_type == "f"] == []


def test_the_legend_explains_every_column(report):
    book = load_workbook(BytesIO(sheet_file("open", "measures")))

    header = [cell.value for cell in book["measures"][1]]
    assert header == [
        "report", "code", "parent", "position", "kind", "title", "summary", "modality", "horizon", "weight",
        "needs", "lines", "retired", "actors", "facings", "see_also",
    ]  # fmt: skip
    legend = {row[0]: row[1:] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    assert list(legend) == header
    assert legend["horizon"] == (
        "horizon",
        None,
        "Only where the report gives or clearly implies one.",
        "immediate: immediate\nshort: short term\nmedium: medium term\n"
        "medium_long: medium and long term\nlong: long term",
    )
    assert [name for name, row in legend.items() if row[1]] == ["report", "code", "title"]


def test_the_codes_that_a_sheet_may_name_stand_beside_it(report):
    Measure.objects.filter(code="M1").update(title="=1+1")
    Measure.objects.filter(code="M2").update(title="\uffff")

    readings, evidence = (
        [*load_workbook(BytesIO(sheet_file("open", name)))["codes"].iter_rows(values_only=True)]
        for name in ("readings", "evidence")
    )

    assert readings == [
        ("Kind", "Code", "What it stands for"),
        ("indicator", "I-1", str(report.indicators.get())),
        ("source", "paper", Source.objects.get().title),
    ]
    assert evidence[1] == readings[-1]
    assert [row[1] for row in evidence[2:]] == [*(f"M{n}" for n in range(1, 1 + len(NASTY))), "S1", "X.1"]
    assert [row[2] for row in evidence[2:4]] == ["'=1+1", None]


# Edits


def test_one_edited_cell_is_one_change(report):
    def change(sheet):
        at(sheet, "title", code="X.1").value = "Open the embassy"

    content = edited(sheet_file("open", "measures"), change)

    assert changes(plan(content)) == [(Kind.CHANGED, ("open", "X.1"), {"title": "Open the embassy"})]


def test_an_emptied_cell_is_the_default(report):
    def change(sheet):
        at(sheet, "weight", code="S1").value = None
        at(sheet, "actors", code="X.1").value = "a"

    content = edited(sheet_file("open", "measures"), change)

    assert changes(plan(content)) == [
        (Kind.CHANGED, ("open", "X.1"), {"actors": (("open", "a"),)}),
        (Kind.CHANGED, ("open", "S1"), {"weight": 1}),
    ]


def test_a_reading_is_added_with_a_day_and_numbers_as_a_spreadsheet_holds_them(report):
    def change(sheet):
        added(
            sheet,
            report="open",
            indicator="I-1",
            as_of=date(2024, 5, 6),
            value=56.7,
            lines=12,
            source="paper",
        )

    apply_edition(edition_of_files([("r.xlsx", edited(sheet_file("open", "readings"), change))]))

    reading = Reading.objects.get(as_of="2024-05-06")
    assert (str(reading.value), reading.lines, reading.source.slug) == ("56.7000", "12", "paper")


def test_new_evidence_comes_with_its_ties_and_is_there_when_it_comes_again(report):
    def change(sheet):
        added(
            sheet, report="open", key="ev-2", statement="It was so.", dated_on="2020-02-03", source="paper",
            supports="S1, X.1@entry-1", context="other/O1",
        )  # fmt: skip

    edition = edition_of_files([("e.xlsx", edited(sheet_file("open", "evidence"), change))])
    apply_edition(edition, expected=plan_of(edition).digest())

    ties = EvidenceTie.objects.filter(evidence__key="ev-2").order_by("measure__code")
    assert list(ties.values_list("measure__report__slug", "measure__code", "entry__key", "stance")) == [
        ("other", "O1", None, "context"),
        ("open", "S1", None, "supports"),
        ("open", "X.1", "entry-1", "supports"),
    ]
    again = edition_of_files([("e.xlsx", edited(sheet_file("open", "evidence"), lambda sheet: None))])
    assert changes(plan_of(again)) == []


def test_new_evidence_keeps_the_moment_at_which_it_was_first_loaded(report):
    def change(sheet):
        added(
            sheet,
            report="open",
            key="ev-2",
            statement="So.",
            dated_on="2020-02-03",
            source="paper",
            context="S1",
        )

    content = edited(sheet_file("open", "evidence"), change)
    apply_edition(edition_of_files([("e.xlsx", content)]))
    Evidence.objects.filter(key="ev-2").update(recorded_at="2026-01-01T00:00:00Z")

    assert changes(plan(content)) == []


def test_edited_evidence_is_refused(report):
    def change(sheet):
        at(sheet, "statement", key="ev-1").value = "It was otherwise."

    (problem,) = problems(edited(sheet_file("open", "evidence"), change))

    assert problem.startswith(
        "sheet.xlsx, evidence, row 2, ev-1: It is on record with another value of: statement."
    )


def test_the_plan_tells_a_new_row_with_its_values(report):
    def change(sheet):
        added(
            sheet,
            report="open",
            indicator="I-1",
            as_of=date(2024, 5, 6),
            value=56.7,
            source="paper",
            lines="12",
            qualifier="up to",
        )

    found = plan(edited(sheet_file("open", "readings"), change))

    assert [*lines(found)] == [
        "added  reading open/I-1/2024-05-06: qualifier: up to · value: 56.7 · lines: 12 · source: paper"
    ]


@pytest.mark.parametrize(
    ("title", "typed", "stored"),
    [
        ("as_of", " 2024-05-06 ", "2024-05-06"),
        ("value", " 1.5 ", "1.5000"),
        ("qualifier", "Up to ", "up_to"),
        ("as_of_precision", "Year", "year"),
        ("is_projection", "True ", "True"),
        ("indicator", " I-1\N{NO-BREAK SPACE}", "open/I-1"),
        ("note", " So it was. ", "So it was."),
    ],
)
def test_what_is_meant_is_understood(report, title, typed, stored):
    def change(sheet):
        added(
            sheet,
            **{"report": "open", "indicator": "I-1", "as_of": date(2024, 5, 6), "value": 1, title: typed},
        )

    (change,) = plan(edited(sheet_file("open", "readings"), change)).changes

    value = change.after[title]
    assert (str(value) if not isinstance(value, tuple) else "/".join(value)) == stored


def test_names_of_columns_may_be_written_large_and_empty_rows_left(report):
    def change(sheet):
        for cell in sheet[1]:
            cell.value = f"{cell.value.upper()} "
        sheet.insert_rows(3)
        sheet.append([" ", None, "  "])

    assert changes(plan(edited(sheet_file("open", "measures"), change))) == []


# Problems


@pytest.mark.parametrize(
    ("title", "typed", "sentence"),
    [
        ("as_of", "31.12.2019", "“31.12.2019” is no day; write one such as 2024-03-31, without a time."),
        (
            "as_of",
            datetime(2019, 12, 31, 10, 30),
            "“2019-12-31 10:30:00” is no day; write one such as 2024-03-31, without a time.",
        ),
        ("as_of", 2019, "“2019” is no day; write one such as 2024-03-31, without a time."),
        ("value", "1,5", "“1,5” is no number; write one such as 12 or 12.5."),
        ("lines", date(2026, 3, 4), "“2026-03-04” is no text; format the cell as text and write it again."),
        ("qualifier", "more than", "“more than” is none of: about, almost, over, under, up_to."),
    ],
)
def test_what_cannot_be_meant_is_quoted(report, title, typed, sentence):
    def change(sheet):
        added(
            sheet,
            **{"report": "open", "indicator": "I-1", "as_of": date(2024, 5, 6), "value": 1, title: typed},
        )

    (problem,) = problems(edited(sheet_file("open", "readings"), change))

    assert problem.partition("): ")[2] == sentence


def test_a_percentage_is_not_taken_for_its_hundredth(report):
    def change(sheet):
        cell = sheet.cell(2, 6)
        cell.value, cell.number_format = 0.15, "0.0%"

    assert problems(edited(sheet_file("open", "readings"), change)) == [
        "sheet.xlsx, readings, F2 (value): “15 %” is kept as a hundredth of that; format the cell as a "
        "number and write it again."
    ]


def test_every_problem_is_told_with_its_cell(report):
    def change(sheet):
        at(sheet, "report", code="X.1").value = None
        at(sheet, "lines", code="M1").value = 3.5
        at(sheet, "weight", code="M2").value = "many"
        at(sheet, "weight", code="M3").value = 1.5
        at(sheet, "retired", code="M4").value = "perhaps"
        at(sheet, "summary", code="M5").value = "=1+1"
        at(sheet, "parent", code="M6").value = "a/b/c"
        at(sheet, "title", code="M7").value = None
        at(sheet, "code", code="M8").value = None
        sheet.cell(3, 20).value = "aside"

    found = problems(edited(sheet_file("open", "measures"), change))

    assert [problem.removeprefix("sheet.xlsx, measures, ") for problem in found] == [
        "A2 (report): Give the report; codes are looked up in it.",
        "T3: The column has no name; name it or empty it.",
        "L4 (lines): “3.5” is no text; format the cell as text and write it again.",
        "J5 (weight): “many” is no number; write one such as 12 or 12.5.",
        "J6 (weight): “1.5” is no whole number; write one such as 12.",
        "M7 (retired): “perhaps” is neither TRUE nor FALSE.",
        "G8 (summary): It holds a formula; write the value.",
        "C9 (parent): “a/b/c” names nothing; write a code, or report/code for another report.",
        "F10 (title): It is empty; give a value.",
        "B11 (code): It is empty; give a value.",
    ]


def test_columns_that_are_unknown_missing_or_twice_there_are_named(report):
    def change(sheet):
        titles = {cell.value: cell for cell in sheet[1]}
        titles["summary"].value = "my notes"
        titles["weight"].value = "title"

    assert problems(edited(sheet_file("open", "measures"), change)) == [
        "sheet.xlsx, measures: The column “my notes” is none of the export; delete it, or keep it on another "
        "sheet.",
        "sheet.xlsx, measures: The column “summary” is missing; left out, all its values would be lost.",
        "sheet.xlsx, measures: The column “weight” is missing; left out, all its values would be lost.",
        "sheet.xlsx, measures: The column “title” stands there twice; keep one.",
    ]


def test_a_row_above_the_names_is_told_in_one_sentence(report):
    def change(sheet):
        sheet.insert_rows(1)
        sheet["A1"].value = "Readings of the report"

    assert problems(edited(sheet_file("open", "readings"), change)) == [
        "sheet.xlsx, readings: The first row names no column of the export; delete what stands above their "
        "names."
    ]


def test_a_row_given_twice_is_told_with_both_places(report):
    def change(sheet):
        for _twice in range(2):
            added(sheet, report="open", indicator="I-1", as_of="2024-05-06", value=1)

    assert problems(edited(sheet_file("open", "readings"), change)) == [
        "sheet.xlsx, readings, row 5, open/I-1/2024-05-06: The same code stands at sheet.xlsx, readings, "
        "row 4; keep one of them."
    ]


def test_what_the_fields_refuse_is_told_with_the_row(report):
    def change(sheet):
        at(sheet, "needs", code="M1").value = -1
        at(sheet, "actors", code="M2").value = "nobody"

    assert problems(edited(sheet_file("open", "measures"), change)) == [
        "sheet.xlsx, measures, row 4, open/M1: needs: Ensure this value is greater than or equal to 0.",
        "sheet.xlsx, measures, row 5, open/M2: The field “actors” names the unknown code open/nobody.",
    ]


# For people


def test_the_command_writes_what_applying_takes(report, tmp_path):
    file = tmp_path / "measures.xlsx"
    call_command("export_sheet", "open", "measures", to=file, stdout=StringIO())

    said = StringIO()
    call_command("diff_fixtures", str(file), stdout=said)

    assert said.getvalue() == "Nothing to do.\n"


@pytest.mark.parametrize(
    ("slug", "name", "sentence"),
    [
        ("nothing", "m.xlsx", "There is no report nothing."),
        ("open", "m.csv", "Give the file a name that ends in .xlsx."),
    ],
)
def test_the_command_says_what_it_cannot_do(report, tmp_path, slug, name, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("export_sheet", slug, "measures", to=tmp_path / name)


def test_a_curator_downloads_a_sheet_and_uploads_it(client, report):
    client.force_login(make_user("curator"))
    page = client.get(reverse("admin:recommendations_report_change", args=[report.pk])).content.decode()
    address = reverse("admin:recommendations_report_sheet", args=[report.pk, "evidence"])

    answer = client.get(address)
    file = SimpleUploadedFile("evidence.xlsx", answer.content)
    shown = client.post(
        reverse("admin:recommendations_uploadededition_add"), {"fixtures": [file]}, follow=True
    )

    assert address in page
    assert answer.headers["Content-Disposition"] == 'attachment; filename="open-evidence.xlsx"'
    assert "Nothing to do" in shown.content.decode()


def test_a_sheet_that_cannot_be_written_says_why_on_the_page_of_the_report(client, report):
    client.force_login(make_user("curator"))
    Measure.objects.filter(code="M1").update(summary="\uffff")

    page = client.get(
        reverse("admin:recommendations_report_sheet", args=[report.pk, "measures"]), follow=True
    )

    assert [str(message) for message in page.context["messages"]] == [
        "open/M1, summary: The text has characters that a cell cannot hold. Export a fixture instead."
    ]


@pytest.mark.parametrize(
    ("role", "name", "status"), [("analyst", "measures", 403), ("curator", "users", 404)]
)
def test_sheets_are_for_curators_and_of_three_kinds(client, report, role, name, status):
    client.force_login(make_user(role, is_staff=True))

    answer = client.get(reverse("admin:recommendations_report_sheet", args=[report.pk, name]))

    assert answer.status_code == status
