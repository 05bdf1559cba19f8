"""A curator's errand: edit measures and readings in a spreadsheet, look, apply, take the content along."""

from difflib import ndiff

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from assessments.models import ProgressEntry
from tests.browser.steps import follow
from tests.factories import make_entry, make_indicator, make_measure, make_reading, make_report, make_user


@pytest.fixture
def report(live_server):
    """A report with a measure that was assessed and an indicator that was read once."""
    report = make_report("plan", title="A plan")
    make_entry(make_measure(report, "M1", title="Open the border"), "announced", note="So it was said.")
    make_reading(make_indicator(report, "trade"), "2021-12-31", 4)
    return report


def downloaded(page, name, folder):
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def edited(path, change):
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def rename(sheet):
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["title"]).value = "Open the border for all "


def read_anew(sheet):
    values = {"report": "plan", "indicator": "trade ", "as_of": "2022-12-31", "value": 5.5}
    sheet.append([values.get(cell.value) for cell in sheet[1]])


def test_a_reading_is_added_and_an_assessed_measure_renamed(page, report, sign_in, tmp_path):
    sign_in(page, make_user("curator"))
    page.goto("/")
    follow(page.get_by_role("link", name="Curate"))
    follow(page.get_by_role("link", name="download a spreadsheet"))
    before = downloaded(page, "the whole as a fixture", tmp_path).read_text(encoding="utf-8")
    files = [
        edited(downloaded(page, "measures", tmp_path), rename),
        edited(downloaded(page, "readings", tmp_path), read_anew),
    ]

    page.get_by_label("Files").set_input_files(files)
    follow(page.get_by_role("button", name="Upload and show the plan"))
    expect(page.get_by_role("row", name="Open the border for all")).to_be_visible()
    expect(page.get_by_role("row", name="plan/trade/2022-12-31")).to_contain_text("value: 5.5")
    follow(page.get_by_role("button", name="Apply this plan"))
    expect(page.get_by_text("Applied: 1 measure changed; 1 reading added")).to_be_visible()
    after = downloaded(page, "the whole as a fixture", tmp_path).read_text(encoding="utf-8")

    differing = [line for line in ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]
    assert [line for line in differing if line[2:].strip()] == [
        "-     title: Open the border",
        "+     title: Open the border for all",
        "+ - model: recommendations.reading",
        "+   fields:",
        "+     indicator: [plan, trade]",
        "+     as_of: 2022-12-31",
        "+     value: 5.5",
    ]
    entry = ProgressEntry.objects.get()
    assert (entry.measure.title, entry.note) == ("Open the border for all", "So it was said.")
