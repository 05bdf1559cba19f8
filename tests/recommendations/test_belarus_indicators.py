"""The numbers of the five documents as indicators: none is lost; each has a unit, lines and a measure."""

from collections import Counter
from decimal import Decimal

import pytest

from recommendations.lines import line_ranges
from tests.content import fixture_files, rows_of

# Every indicator; those with more than one reading stand below.
CODES = set(
    """
    armed-forces arms-customers arms-exports arms-exports-growth arms-production-growth
    arms-seller-place arms-ties-others arms-ties-russia attaches-briefed belt-road-leaders
    border-troops china-land-transit china-trade-imbalance chinese-loan-projects chinese-loans
    chinese-vehicles civil-society-index consulates consulates-general covered-from-egypt
    covered-from-emirates covered-from-vietnam diplomatic-relations doing-business-place embassies
    embassies-opened-europe energy-dependence-place energy-from-russia energy-industry
    energy-services europe-exports exports-under-sanctions fear-of-war fighters-ordered gas-price
    gas-price-compensated gas-price-gap gdp-accommodation gdp-agriculture gdp-construction
    gdp-education gdp-finance gdp-government gdp-growth gdp-health gdp-industry gdp-information
    gdp-leisure gdp-other-services gdp-product-taxes gdp-production gdp-professional gdp-real-estate
    gdp-support gdp-trade gdp-transport great-stone-residents helicopters-received
    hostile-neighbours initiative-blocks internal-troops it-park-exports light-oil-products
    masquerade-funding masquerade-users military-spending minsk-conference-ministers
    minsk-conferences minsk-talks-meetings missions missions-opened-far-arc neutral-choice
    nuclear-loan-rate nuclear-loan-rate-elsewhere observer-days-belarus observer-days-russia
    observers-invited oecd-risk-group output-exported parliament-gap partners-below-russia
    peacekeepers-proposed permanent-missions petrochemicals-exports petrochemicals-growth
    petrochemicals-industry poland-projects police polish-visas political-prisoners rail-investment
    rail-investment-borrowed reserve russia-export-share russia-exports russia-trade-share
    russian-regions-met sanctions-lifted-firms sanctions-lifted-people states-represented
    troops-for-war ukraine-partner-place ukraine-sympathy ukraine-trade-growth visa-free-days
    wargaming-users wargaming-value
    """.split()
)
SEVERAL_READINGS = {
    "arms-customers": 2,
    "civil-society-index": 2,
    "europe-exports": 2,
    "gas-price-gap": 2,
    "minsk-conferences": 2,
    "neutral-choice": 2,
    "political-prisoners": 2,
    "russia-export-share": 2,
}
PROJECTIONS = {"gas-price-compensated", "light-oil-products", "russia-trade-share"}
BASELINES = {"arms-customers", "europe-exports", "gas-price-gap", "neutral-choice", "russia-export-share"}
MENDED = {"gdp-production": "39", "gdp-product-taxes": "12.7", "gdp-transport": "5.1"}
BRANCHES = {"gdp-agriculture", "gdp-industry", "gdp-construction"}


@pytest.fixture(scope="module")
def content():
    """The fields of all records by model, as they stand in the files."""
    return rows_of(fixture_files("belarus"))


@pytest.fixture(scope="module")
def indicators(content):
    return {fields["code"]: fields for fields in content["recommendations.indicator"]}


@pytest.fixture(scope="module")
def readings(content):
    return content["recommendations.reading"]


def code_of(reading):
    return reading["indicator"][1]


def total(readings, belongs):
    return sum(Decimal(str(each["value"])) for each in readings if belongs(code_of(each)))


def test_every_indicator_is_there_once_with_its_readings(content, readings):
    assert Counter(fields["code"] for fields in content["recommendations.indicator"]) == Counter(CODES)
    assert Counter(map(code_of, readings)) == {code: 1 for code in CODES} | SEVERAL_READINGS


def test_every_indicator_has_a_unit_and_informs_a_measure_of_the_report(content, indicators):
    measures = {fields["code"] for fields in content["recommendations.measure"]}
    for code, fields in indicators.items():
        assert fields["name"] and fields["unit"].strip(), code
        informed = [measure for report, measure in fields["measures"] if report == "belarus"]
        assert informed and len(informed) == len(fields["measures"]), code
        assert set(informed) <= measures, code


def test_every_reading_names_lines_that_its_source_has(content, readings):
    lengths = {fields["slug"]: fields["line_count"] for fields in content["recommendations.source"]}
    for reading in readings:
        assert line_ranges(reading["lines"]), code_of(reading)
        for _first, last in line_ranges(reading["lines"]):
            assert last <= lengths[reading["source"][0]], code_of(reading)


def test_all_five_documents_give_numbers(content, readings):
    documents = {fields["slug"] for fields in content["recommendations.source"]}
    assert {reading["source"][0] for reading in readings} == documents


def test_nothing_is_read_after_its_document(content, readings):
    published = {fields["slug"]: fields["published_on"] for fields in content["recommendations.source"]}
    for reading in readings:
        assert reading["as_of"] <= published[reading["source"][0]], code_of(reading)


def test_what_has_not_come_about_is_a_projection_and_says_so(readings):
    projected = [reading for reading in readings if reading.get("is_projection")]

    assert sorted(map(code_of, projected)) == sorted(PROJECTIONS)
    assert all(reading["note"] for reading in projected)


def test_a_baseline_is_also_a_reading(indicators, readings):
    found = {
        (code_of(each), each["as_of"], each.get("as_of_precision", "day"), str(each["value"]))
        for each in readings
    }
    baselines = {
        (code, fields["baseline_on"], fields["baseline_precision"], str(fields["baseline"]))
        for code, fields in indicators.items()
        if "baseline" in fields
    }

    assert {code for code, *_rest in baselines} == BASELINES
    assert baselines <= found


def test_the_only_target_is_the_one_that_the_text_gives(indicators):
    targets = {code: fields["target"] for code, fields in indicators.items() if "target" in fields}

    assert targets == {"doing-business-place": 30}


def test_the_shares_of_gdp_add_up(readings):
    parts = total(
        readings, lambda code: code.startswith("gdp-") and code not in ("gdp-growth", "gdp-production")
    )

    assert parts == 100
    assert total(readings, BRANCHES.__contains__) == total(readings, "gdp-production".__eq__) == 39


def test_missions_by_kind_add_up(readings):
    kinds = {"embassies", "permanent-missions", "consulates-general", "consulates"}

    assert total(readings, kinds.__contains__) == total(readings, "missions".__eq__) == 70


def test_ties_of_the_defence_industry_add_up(readings):
    assert total(readings, {"arms-ties-russia", "arms-ties-others"}.__contains__) == 100


def test_what_the_scan_garbled_is_mended_and_noted(readings):
    noted = {code_of(each): each for each in readings if "The scan reads" in each.get("note", "")}

    assert {code: str(each["value"]) for code, each in noted.items()} == MENDED


def test_a_day_that_is_not_known_is_the_last_of_its_month_or_year(readings):
    for reading in readings:
        day, precision = reading["as_of"], reading.get("as_of_precision", "day")
        following = day.fromordinal(day.toordinal() + 1)
        assert precision == "day" or following.day == 1, code_of(reading)
        assert precision != "year" or following.month == 1, code_of(reading)
