"""The form on a measure's page: what each field refuses, in which words, and that nothing typed is lost."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Evidence, EvidenceTie, ProgressEntry
from tests.assessments.progress.recording_forms import address, filled, piece
from tests.factories import make_evidence, make_measure, make_source, make_tie, make_user

pytestmark = pytest.mark.django_db

FULL_LINK = "Give a full link that begins with http:// or https://."
NO_NUL = "Null characters are not allowed."
YEAR_MONTH_DAY = "Write the date as year-month-day, such as 2024-12-31."


def nothing_stored():
    return not (ProgressEntry.objects.exists() or Evidence.objects.exists() or EvidenceTie.objects.exists())


def refused(analyst, *pieces, **fields):
    """Send a form that cannot be taken; answers with its errors and those of each piece of evidence."""
    response = analyst.post(address(make_measure()), filled(*pieces, **fields))

    assert response.status_code == 200
    assert nothing_stored()
    forms = response.context["forms"]
    shown = [
        {name: list(words) for name, words in form.errors.items()} for form in [forms.entry, *forms.evidence]
    ]
    for errors in shown:
        for words in errors.values():
            assert all(sentence[-1] in ".;" for sentence in words), words
    return shown


class Typed(HTMLParser):
    """What the fields of a page hold, by their names."""

    def __init__(self, page):
        super().__init__()
        self.values, self.name = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "textarea":
            self.name = given["name"]
            self.values[self.name] = ""
        elif tag == "input" and "name" in given:
            self.values[given["name"]] = given.get("value", "")

    def handle_data(self, text):
        if self.name:
            self.values[self.name] += text

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.values[self.name] = self.values[self.name].removeprefix("\n")  # browsers drop the first
            self.name = None


# State, confidence


def test_a_state_is_needed(analyst):
    assert refused(analyst, state="") == [{"state": ["Choose the state the measure was in."]}]


@pytest.mark.parametrize("state", ["begun", "IMPLEMENTED", "0", "__class__", "<b>x</b>", "NaN", "1e999"])
def test_an_unknown_state_is_named(analyst, state):
    assert refused(analyst, state=state) == [{"state": [f"“{state}” is no state; choose one from the list."]}]


def test_an_unknown_confidence_is_refused(analyst):
    [errors] = refused(analyst, confidence="certain")

    assert list(errors) == ["confidence"]


# Dates


@pytest.mark.parametrize(
    "text",
    ["yesterday", "0000-00-00", "2026-02-30", "31.12.2024", "2024-13-01", "20240101", "1", "NaN", "-1-01-01"],
)
def test_what_is_no_day_is_refused(analyst, text):
    assert refused(analyst, as_of=text) == [{"as_of": [YEAR_MONTH_DAY]}]


def test_tomorrow_has_not_happened(analyst):
    tomorrow = timezone.localdate() + timedelta(days=1)

    for day in (str(tomorrow), "9999-12-31"):
        assert refused(analyst, as_of=day) == [
            {"as_of": ["This day is still to come; choose today or an earlier one."]}
        ]


def test_the_future_begins_at_midnight_of_the_site(analyst, settings, monkeypatch):
    settings.TIME_ZONE = "Europe/Minsk"
    late = datetime(2024, 5, 1, 22, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)

    response = analyst.post(address(make_measure()), filled(as_of="2024-05-02"))

    assert response.status_code == 302


def test_before_1900_there_is_nothing_to_track(analyst):
    for day in ("1899-12-31", "0001-01-01"):
        assert refused(analyst, as_of=day) == [{"as_of": ["Choose a day from the year 1900 on."]}]


@pytest.mark.parametrize("day", ["1900-01-01", "2024-02-29"])
def test_any_day_that_was_is_taken(analyst, day):
    assert analyst.post(address(make_measure()), filled(as_of=day)).status_code == 302
    assert str(ProgressEntry.objects.get().as_of) == day


def test_arabic_digits_are_a_date_or_a_sentence(analyst):
    response = analyst.post(address(make_measure()), filled(as_of="٢٠٢٤-٠١-٠٢"))

    assert response.status_code == 200 or ProgressEntry.objects.get().as_of == date(2024, 1, 2)


# Note


def test_a_hundred_thousand_characters_come_back_as_typed(analyst):
    note = "\n" + 'Слова <b>&amp; "words"</b> …\n' * 3_571 + "The end."

    response = analyst.post(address(make_measure()), filled(piece(statement=note), note=note))

    assert len(note) > 100_000
    assert nothing_stored()
    typed = Typed(response.text).values
    assert typed["note"] == note
    assert typed["evidence-0-statement"] == note
    assert response.context["forms"].entry.errors["note"] == [
        f"The note has {len(note.strip())} characters; shorten it to 20000."
    ]


def test_the_longest_note_is_stored_whole(analyst):
    note = "ў" * 20_000

    analyst.post(address(make_measure()), filled(note=note))

    assert ProgressEntry.objects.get().note == note


@pytest.mark.parametrize("signed_in", [True, False])
def test_ten_megabytes_are_refused_kindly(analyst, signed_in):
    measure = make_measure()
    visitor = analyst if signed_in else Client()

    response = visitor.post(address(measure), filled(note="x" * 10_000_000))

    assert response.status_code == 413
    assert "too long" in response.text
    assert nothing_stored()


@pytest.mark.parametrize(
    "note",
    [
        "\u202eright to left\u202c",
        "zero\u200bwidth\u2060",
        "\ufeff",
        "🇺🇦 👩\u200d🔬",
        "e\u0301",
        "\ufdd0\U0010ffff",
        "a\r\nb\tc",
    ],
)
def test_odd_characters_are_stored_as_they_are(analyst, note):
    response = analyst.post(address(make_measure()), filled(note=note))

    assert response.status_code == 302
    assert ProgressEntry.objects.get().note == note.strip()
    assert analyst.get(response.headers["Location"]).status_code == 200


def test_user_text_is_never_html(analyst):
    script = "<script>alert(1)</script>"

    response = analyst.post(
        address(make_measure()),
        filled(piece(statement=script, source_name=script, url=""), note=script, state="under_way"),
        follow=True,
    )

    assert script not in response.text
    assert response.text.count("&lt;script&gt;alert(1)") >= 3


# NUL and half surrogate pairs


@pytest.mark.parametrize("field", ["state", "as_of", "note", "confidence"])
def test_nul_in_a_field_is_refused_there(analyst, field):
    [errors] = refused(analyst, **{field: "a\0b"})

    assert list(errors) == [field]


@pytest.mark.parametrize("field", ["key", "seen"])
def test_nul_in_a_hidden_field_is_said_where_it_can_be_seen(analyst, field):
    [errors] = refused(analyst, **{field: "a\0b"})

    assert errors["__all__"] == ["The form did not arrive whole. Please check it and send it again."]


@pytest.mark.parametrize(
    "field", ["statement", "url", "source", "source_name", "lines", "stance", "dated_on"]
)
def test_nul_in_evidence_is_refused_there(analyst, field):
    [_entry, errors] = refused(analyst, piece(**{field: "a\0b"}), state="under_way")

    assert field in errors


def test_half_a_surrogate_pair_does_no_harm(analyst):
    """Browsers send U+FFFD in its place; the raw bytes are no UTF-8 and become it here."""
    form = "&".join(f"{name}={value}" for name, value in filled().items()).encode()
    body = form.replace(b"note=Said", b"note=%ED%A0%80Said").replace(b" ", b"+")

    response = analyst.post(address(make_measure()), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 302
    assert ProgressEntry.objects.get().note == "\ufffd\ufffd\ufffdSaid so in parliament."


# The hidden key


@pytest.mark.parametrize("key", ["", "a/b", "../../admin", "1", "x" * 200, "entry-1", "<script>"])
def test_a_key_that_is_none_of_ours_is_replaced_and_nothing_stored(analyst, key):
    measure = make_measure()

    response = analyst.post(address(measure), filled(key=key))

    assert nothing_stored()
    assert "The form did not arrive whole." in response.text
    fresh = Typed(response.text).values["key"]
    assert analyst.post(address(measure), filled(key=fresh)).status_code == 302


def test_every_form_opened_has_a_key_of_its_own(analyst):
    page = make_measure().get_absolute_url()

    assert len({Typed(analyst.get(page).text).values["key"] for _visit in range(3)}) == 3


# Evidence


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://one.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://one.example/file",
        "vbscript:x",
        "mailto:somebody@one.example",
        "file:///etc/passwd",
        "http://",
        "https:///path",
        "http://[::1",
        "https://one.example/\nheader: x",
        "https://" + "a" * 600 + ".example",
        "not a link",
    ],
)
def test_only_links_of_the_web_are_taken(analyst, url):
    [_entry, errors] = refused(analyst, piece(url=url), state="under_way")

    assert list(errors) == ["url"]


def test_a_script_in_a_link_is_answered_with_what_to_write(analyst):
    [_entry, errors] = refused(analyst, piece(url="javascript:alert(1)"), state="under_way")

    assert errors == {"url": [FULL_LINK]}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("HTTPS://One.Example/A", "https://One.Example/A"),
        ("http://one.example", "http://one.example"),
        ("one.example/a", "https://one.example/a"),
    ],
)
def test_a_link_is_stored_with_its_scheme(analyst, typed, stored):
    analyst.post(address(make_measure()), filled(piece(url=typed)))

    assert Evidence.objects.get().url == stored


def test_a_link_that_came_another_way_is_not_made_one(analyst):
    """The database refuses it; a row that is there all the same still shows as text only."""
    tie = make_tie(make_evidence(source_name="A paper"))
    tie.evidence.url = "javascript:alert(1)"

    assert tie.evidence.safe_url == ""


MISSING = {
    "statement": "Say in your words what the source says.",
    "dated_on": "Give the date of the evidence.",
    "stance": "This field is required.",
}


@pytest.mark.parametrize("field", MISSING)
def test_a_piece_of_evidence_says_what_it_lacks(analyst, field):
    [_entry, errors] = refused(analyst, piece(**{field: ""}), state="under_way")

    assert errors == {field: [MISSING[field]]}


def test_evidence_comes_from_somewhere(analyst):
    [_entry, errors] = refused(analyst, piece(url="", source_name="  "))

    assert errors == {"__all__": ["Say where the evidence comes from: a source, a name or a link."]}


@pytest.mark.parametrize("lines", ["5-3", "abc", "1;2", "0", "١"])
def test_lines_are_numbers_and_ranges(analyst, lines):
    [_entry, errors] = refused(analyst, piece(lines=lines))

    assert errors == {"lines": [f"Write line numbers and ranges like 812-818, 842; “{lines}” is not one."]}


@pytest.mark.parametrize("source", ["999999", "-1", "9" * 30, "abc", "1e5", "NaN"])
def test_a_source_that_is_not_there_is_no_choice(analyst, source):
    [_entry, errors] = refused(analyst, piece(source=source))

    assert list(errors) == ["source"]


@pytest.mark.parametrize("day", ["9999-12-31", "2026-02-30", "0000-00-00", "soon"])
def test_evidence_is_dated_like_an_entry(analyst, day):
    [_entry, errors] = refused(analyst, piece(dated_on=day))

    assert list(errors) == ["dated_on"]


def test_an_unknown_stance_is_refused(analyst):
    [_entry, errors] = refused(analyst, piece(stance="proves"))

    assert list(errors) == ["stance"]


@pytest.mark.parametrize("known", [["999999"], ["9" * 30], ["-1"], ["abc"], ["1", "abc"], [""], ["NaN"]])
def test_known_evidence_that_is_not_there_is_refused(analyst, known):
    [errors] = refused(analyst, known_evidence=known)

    assert list(errors) == ["known_evidence"]


def test_known_evidence_ticked_twice_is_one_piece(analyst):
    known = make_tie()

    analyst.post(address(known.measure), filled(known_evidence=[known.evidence.pk] * 2))

    assert ProgressEntry.objects.get().ties.count() == 1


# Forms that no browser makes


@pytest.mark.parametrize("total", ["", "abc", "-", "1.5", "\0", "9" * 30, "1000", "11"])
def test_a_forged_count_of_pieces_stores_nothing_and_is_told(analyst, total):
    response = analyst.post(address(make_measure()), filled(**{"evidence-TOTAL_FORMS": total}))

    assert response.status_code == 200
    assert nothing_stored()
    assert len(response.context["forms"].evidence.forms) <= 10
    assert response.context["forms"].evidence.non_form_errors() or total == "-1"


def test_a_negative_count_of_pieces_is_none(analyst):
    response = analyst.post(
        address(make_measure()), filled(piece(), state="under_way", **{"evidence-TOTAL_FORMS": "-1"})
    )

    assert response.context["forms"].entry.errors.keys() == {"state"}
    assert nothing_stored()


def test_a_missing_count_of_pieces_is_told_and_can_be_mended(analyst):
    measure = make_measure()
    form = filled()
    del form["evidence-TOTAL_FORMS"], form["evidence-INITIAL_FORMS"]

    response = analyst.post(address(measure), form)

    assert response.status_code == 200
    assert nothing_stored()
    assert response.context["forms"].evidence.non_form_errors()


def test_pieces_claimed_to_be_stored_already_are_looked_at_all_the_same(analyst):
    [_entry, errors] = refused(
        analyst, piece(statement="", url="javascript:x"), **{"evidence-INITIAL_FORMS": "1"}
    )

    assert list(errors) == ["url", "statement"] or set(errors) == {"url", "statement"}


def test_eleven_pieces_are_one_too_many(analyst):
    response = analyst.post(address(make_measure()), filled(*[piece()] * 11, state="under_way"))

    assert response.status_code == 200
    assert nothing_stored()
    assert response.context["forms"].evidence.non_form_errors() == ["Please submit at most 10 forms."]


def test_unknown_fields_are_ignored_and_the_last_of_several_values_counts(analyst):
    other = make_user()
    form = filled(
        recorded_by=other.pk,
        recorded_at="2001-01-01",
        measure="1",
        id="7",
        supersedes="1",
        state=["implemented", "announced"],
    )

    analyst.post(address(make_measure()), form)

    entry = ProgressEntry.objects.get()
    assert entry.state == "announced"
    assert entry.recorded_by != other
    assert entry.supersedes is None
    assert entry.recorded_at.year > 2001


def test_an_empty_form_is_answered_with_what_it_lacks(analyst):
    response = analyst.post(address(make_measure()), {})

    assert response.status_code == 200
    assert {"key", "state", "as_of", "confidence"} <= response.context["forms"].entry.errors.keys()
    assert nothing_stored()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"state": ["announced"]}'),
        ("application/json", b"[" * 100_000),
        ("text/plain", b"state=announced"),
        ("multipart/form-data; boundary=limit", b'--limit\r\nContent-Disposition: form-data; name="no'),
        ("multipart/form-data", b"--limit"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--limit"),
    ],
)
def test_what_is_no_form_stores_nothing(analyst, content_type, body):
    response = analyst.generic("POST", address(make_measure()), body, content_type=content_type)

    assert response.status_code in {200, 400}
    assert nothing_stored()


def test_a_form_from_another_site_is_refused():
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(make_user("analyst"))

    response = visitor.post(address(make_measure()), filled())

    assert response.status_code == 403
    assert nothing_stored()


# Where the form is


def test_the_sources_are_asked_for_once_for_all_pieces(analyst, django_assert_num_queries):
    for _source in range(3):
        make_source()
    page = analyst.get(make_measure().get_absolute_url())

    choices = [
        [value for value, _title in form.fields["source"].choices] for form in page.context["forms"].evidence
    ]

    assert len(choices) == 4
    assert all(len(found) == 4 for found in choices)


def test_a_form_that_came_back_is_cited_by_the_measures_own_address(sign_in):
    measure = make_measure()

    response = sign_in(make_user("analyst")).post(address(measure), filled(state=""))

    assert measure.get_absolute_url() + "?as_of=" in response.context["citation"].url
