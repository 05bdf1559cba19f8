"""Lists as tables: sorted and paged by what an address asks for, or by the nearest thing that makes sense."""

import csv
from io import StringIO

import django_tables2 as tables
import pytest
from django.test import RequestFactory

from recommendations.tables import ListTable, whole_number


class Cities(ListTable):
    name = tables.Column()
    size = tables.Column()
    note = tables.Column(orderable=False)

    per_page = 3


ROWS = [
    {"name": name, "size": size, "note": ""}
    for name, size in [("Minsk", 3), ("Brest", 1), ("Homel", 2), ("Lida", 1)]
]


def table(query=""):
    return Cities(ROWS).configure(RequestFactory().get(f"/?{query}"))


def names(query):
    return [row.record["name"] for row in table(query).paginated_rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, 7), ("", 7), ("x", 7), ("-1", 7), ("1.5", 7), (" 2", 7), ("²", 7), ("٣", 7),
        ("+2", 7), ("1e2", 7),
        ("0", 1), ("1", 1), ("2", 2), ("99", 99), ("100", 99), ("999999999", 99),
        ("9999999999", 7), ("9" * 5_000, 7),
    ],
)  # fmt: skip
def test_a_number_from_an_address_stays_between_one_and_the_highest(text, expected):
    assert whole_number(text, default=7, highest=99) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Minsk", "Brest", "Homel"]),
        ("page=2", ["Lida"]),
        ("page=99", ["Lida"]),
        ("page=0", ["Minsk", "Brest", "Homel"]),
        ("page=-1", ["Minsk", "Brest", "Homel"]),
        ("per_page=1&page=3", ["Homel"]),
        ("per_page=-1", ["Minsk", "Brest", "Homel"]),
        ("per_page=500", ["Minsk", "Brest", "Homel", "Lida"]),
        ("sort=name", ["Brest", "Homel", "Lida"]),
        ("sort=-name", ["Minsk", "Lida", "Homel"]),
        ("sort=size", ["Brest", "Lida", "Homel"]),
        ("sort=size&sort=-name", ["Lida", "Brest", "Homel"]),
        ("sort=nothing", ["Minsk", "Brest", "Homel"]),
        ("sort=note", ["Minsk", "Brest", "Homel"]),
        ("sort=__class__&sort=-name", ["Minsk", "Lida", "Homel"]),
    ],
)
def test_rows_are_sorted_and_paged_as_asked(query, expected):
    assert names(query) == expected


def test_a_table_knows_whether_it_is_sorted():
    assert table("sort=name").is_sorted
    assert not table("sort=nothing").is_sorted
    assert not table("").is_sorted


def test_a_column_is_sorted_by_once_however_often_it_is_asked_for():
    assert list(table("&".join(["sort=name"] * 4_000)).order_by) == ["name"]


def test_an_empty_table_has_one_page():
    found = Cities([]).configure(RequestFactory().get("/?page=9"))

    assert (found.page.number, found.paginator.num_pages) == (1, 1)


def test_a_download_holds_all_pages_in_the_order_shown():
    content = (
        table("sort=-name&per_page=1&page=2").export("csv", name="cities").getvalue().decode("utf-8-sig")
    )

    assert [row[0] for row in csv.reader(StringIO(content))] == ["Name", "Minsk", "Lida", "Homel", "Brest"]
