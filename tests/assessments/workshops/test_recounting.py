"""The long file of a closed workshop: the tables that were revealed come out of it, to the last digit."""

import csv
import io
import json
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.models import KeptBallot, Participant, Round, Workshop
from assessments.workshops.closing import close_workshop
from assessments.workshops.facilitating import last_seen, reveal_round
from assessments.workshops.long_file import COLUMNS, SCORE, LongRow, Unreadable, read
from assessments.workshops.recounting import changed_rows, file_name, frame_of, kept_rows, recount
from assessments.workshops.revealing import digest_of
from tests.assessments.workshops.answer_histories import CRITERIA, HIGH, LOW, OPTIONS, histories
from tests.factories import make_ballot, make_participant, make_round, make_workshop

pytestmark = pytest.mark.django_db


def held(made, facilitator=None, **fields):
    """A workshop in which a room has answered so; revealed round by round, and closed."""
    rules, rounds = made
    workshop = make_workshop(
        facilitator=facilitator,
        options=len(OPTIONS),
        criteria=len(CRITERIA),
        groups=rules.groups,
        **{"mode": "open", "weight_rule": rules.weigh, "lowest": LOW, "highest": HIGH, **fields},
    )
    for code, swing in rules.swings.items():
        workshop.criteria.filter(code=code).update(swing=swing)
    groups = {group.name: group for group in workshop.groups.all()}
    by, joined = workshop.facilitators.get(), {}
    for answers in rounds:
        for code in set(OPTIONS) - set(answers.options):
            workshop.options.filter(code=code, last_round=None).update(last_round=answers.number - 1)
        current = make_round(workshop, answers.number, state="closed")
        for person, group in answers.groups.items():
            if person not in joined:
                joined[person] = make_participant(workshop)
            joined[person].group = groups.get(group)  # people change groups
            joined[person].save()
            scores = {cell: given[person] for cell, given in answers.scores.items() if person in given}
            make_ballot(joined[person], current, scores, swings=answers.swings.get(person))
        reveal_round(workshop, by, last_seen(workshop))
    close_workshop(workshop, by, last_seen(workshop))
    return Workshop.objects.get(pk=workshop.pk)


def written(rows):
    """Rows as the bytes of a CSV."""
    file = io.StringIO()
    csv.writer(file).writerows([COLUMNS, *rows])
    return file.getvalue().encode()


def recounted(workshop, content):
    frame = frame_of(workshop)
    rows = read(content, frame, file_name(workshop))
    return rows, recount(workshop, rows, frame)


def told(results, cell):
    """What was told of a cell to everybody."""
    found = results["parts"][0]["cells"]
    return next(each for each in found if (each["option"], each["criterion"]) == cell)


@settings(deadline=None, max_examples=6)
@given(histories(most_people=16), st.integers())
def test_every_table_of_every_round_comes_out_the_same_and_a_changed_score_is_noticed(made, seed):
    workshop = held(made)
    assert not Participant.objects.filter(workshop=workshop).exists()
    kept = list(kept_rows(workshop, frame_of(workshop)))
    chance = random.Random(seed)  # noqa: S311  no secret
    shuffled = chance.sample(kept, len(kept))

    rows, recounts = recounted(workshop, written(shuffled))

    assert changed_rows(rows, kept) == 0
    assert [each.is_same for each in recounts] == [True] * workshop.rounds.count()
    assert [each.differences for each in recounts] == [[]] * workshop.rounds.count()
    for each in recounts:
        assert json.loads(json.dumps(each.results)) == each.round.results

    scored = [row for row in kept if row.answer == SCORE]
    if scored:
        row = chance.choice(scored)
        other = row._replace(score=LOW + HIGH - row.score)
        changed = [other if each == row else each for each in kept]
        rows, recounts = recounted(workshop, written(changed))
        assert changed_rows(rows, kept) == 1
        here = next(each for each in recounts if each.round.number == row.round)
        is_told = told(here.round.results, (row.option, row.criterion)).get("is_of_all")
        if is_told and not here.round.results["left_out"]:  # else it may be the score of somebody left out
            assert not here.is_same and here.differences


# By hand


def test_people_who_changed_groups_are_counted_again_where_they_belonged_in_each_round(ana):
    workshop = make_workshop(facilitator=ana, mode="open", groups=["Here", "There"])
    here, there = workshop.groups.all()
    people = [make_participant(workshop, here if person < 12 else there) for person in range(24)]
    for number in (1, 2):
        current = make_round(workshop, number, state="closed")
        for person, participant in enumerate(people):
            if number == 2 and person < 6:
                participant.group = there
                participant.save()
            scores = {("O1", "C1"): (person * number) % 7 + 1, ("O1", "C2"): (person + 3 * number) % 7 + 1}
            make_ballot(participant, current, scores)
        reveal_round(workshop, ana, last_seen(workshop))
    close_workshop(workshop, ana, last_seen(workshop))

    kept = list(kept_rows(workshop, frame_of(workshop)))
    _rows, recounts = recounted(workshop, written(kept))

    assert [each.is_same for each in recounts] == [True, True]
    sizes = [
        [part["cells"][0].get("people") for part in each.results["parts"][1:]]  # of Here and of There
        for each in recounts
    ]
    assert sizes == [[12, 12], [6, 18]]
    moved = {row.ballot for row in kept if (row.round, row.group) == (1, "Here")} & {
        row.ballot for row in kept if (row.round, row.group) == (2, "There")
    }
    assert len(moved) == 6


def tidy(ana, silent=1):
    """Ten people in one round; some of them handed in nothing but blanks."""
    made = make_workshop(facilitator=ana, mode="open", groups=["Here", "-There"])
    current = make_round(made, state="closed")
    here, there = made.groups.all()
    cells = [
        (option.code, criterion.code) for option in made.options.all() for criterion in made.criteria.all()
    ]
    for number in range(10):
        given = {cell: number % 7 + 1 for cell in cells} if number >= silent else {}
        make_ballot(make_participant(made, here if number < 5 else there), current, given)
    reveal_round(made, ana, last_seen(made))
    close_workshop(made, ana, last_seen(made))
    made.refresh_from_db()
    return made


def page(browser, workshop, what="close", **query):
    return browser.get(f"/workshops/{workshop.pk}/{what}/", query)


def bring_back(browser, workshop, content, name="ballots.csv"):
    return browser.post(f"/workshops/{workshop.pk}/recount/", {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_download_comes_back_and_says_the_same(desk, ana, format):
    workshop = tidy(ana)
    content = page(desk, workshop, _export=format).getvalue()

    text = bring_back(desk, workshop, content, f"ballots.{format}").text

    assert "The file has 40 rows. They say the same as the ballots kept." in text
    assert "Every table comes out as it was revealed." in text
    assert workshop.rounds.get().results_digest in text


def test_a_row_for_every_answer_blanks_and_weights_included(ana):
    workshop = make_workshop(facilitator=ana, mode="open", weight_rule="own", status="closed")
    make_round(workshop, state="revealed")
    make_round(workshop, state="revealed")
    scores = {"O1": {"C1": 3, "C2": None}, "O2": {"C1": 7}}
    rounds = {
        "1": {"group": "Here", "scores": scores, "swings": {"C1": 100}},
        "2": {"group": "There", "scores": {}, "swings": {}},
    }
    ballot = KeptBallot.objects.create(workshop=workshop, rounds=rounds)

    of, later = (str(ballot.key), "Here", 1), (str(ballot.key), "There", 2)
    assert list(kept_rows(workshop, frame_of(workshop))) == [
        LongRow(*of, "O1", "C1", "score", score=3),
        LongRow(*of, "O1", "C2", "no opinion"),
        LongRow(*of, "O2", "C1", "score", score=7),
        LongRow(*of, "O2", "C2", "blank"),
        LongRow(*of, "", "C1", "weight", swing=100),
        *(
            LongRow(*later, option, criterion, "blank")
            for option in ("O1", "O2")
            for criterion in ("C1", "C2")
        ),
    ]


def test_all_four_formats_have_the_same_rows(desk, ana):
    workshop = tidy(ana)
    kept = list(kept_rows(workshop, frame_of(workshop)))

    told = json.loads(page(desk, workshop, _export="json").getvalue())["rows"]

    assert [row["answer"] for row in told] == [row.answer for row in kept]
    assert [row["score"] for row in told] == [row.score for row in kept]
    assert list(told[0]) == list(COLUMNS)
    assert page(desk, workshop, _export="ods").getvalue()


def test_a_name_like_a_formula_is_harmless_in_the_file_and_found_again(desk, ana):
    workshop = tidy(ana)
    content = page(desk, workshop, _export="csv").getvalue()
    assert b",'-There," in content

    assert "They say the same as the ballots kept." in bring_back(desk, workshop, content).text


def test_whoever_changes_the_file_sees_what_would_differ_and_nothing_is_stored(desk, ana):
    workshop = tidy(ana)
    kept = list(kept_rows(workshop, frame_of(workshop)))
    before = list(KeptBallot.objects.values()), list(Round.objects.values())
    first = next(place for place, row in enumerate(kept) if row.score == 2)
    kept[first] = kept[first]._replace(score=7)

    text = " ".join(bring_back(desk, workshop, written(kept)).text.split())

    assert "In 1 row it differs from the ballots kept." in text
    assert "Every table comes out" not in text
    assert "values differ from what was revealed." in text
    assert "Option 1, Criterion 1, mean score" in text
    assert (list(KeptBallot.objects.values()), list(Round.objects.values())) == before


def test_tables_that_were_changed_after_the_reveal_are_noticed(desk, ana):
    workshop = tidy(ana)
    Round.objects.update(results_digest="0" * 64)
    content = page(desk, workshop, _export="csv").getvalue()
    assert "the tables kept here were changed after the reveal" in bring_back(desk, workshop, content).text


def test_another_version_that_computes_otherwise_is_told_from_a_changed_file(desk, ana):
    workshop = tidy(ana)
    held = workshop.rounds.get()
    held.results["parts"][0]["totals"]["O1"] += 1e-12  # as if the last digit had come out otherwise then
    held.results_digest = digest_of(held.results)
    held.save()

    text = bring_back(desk, workshop, page(desk, workshop, _export="csv").getvalue()).text

    assert "this version of Waymark computes otherwise" in text
    assert "1 value differs" in text
    assert "Option 1" in text and "≠" in text


def changed(rows, at, **values):
    return [row._replace(**values) if place == at else row for place, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: changed(rows, 1, score=8), "Line 3, score: Give a whole number from 1 to 7."),
        (lambda rows: changed(rows, 1, score="1.5"), "Line 3, score: Give a whole number"),
        (lambda rows: changed(rows, 1, score=""), "Line 3, score: Give a whole number"),
        (lambda rows: changed(rows, 1, answer="blank"), "Line 3, score: Leave it empty"),
        (lambda rows: changed(rows, 1, swing=5), "Line 3, swing: Leave it empty"),
        (lambda rows: changed(rows, 1, answer="maybe"), "Line 3, answer: It is one of score, no opinion,"),
        (lambda rows: changed(rows, 1, option="O9"), "Line 3, option: It is one of O1, O2."),
        (lambda rows: changed(rows, 1, criterion=""), "Line 3, criterion: It is one of C1, C2."),
        (lambda rows: changed(rows, 1, round=2), "Line 3, round: It is one of 1."),
        (lambda rows: changed(rows, 1, ballot=""), "Line 3, ballot: Give the key"),
        (lambda rows: changed(rows, 1, ballot="x" * 41), "Line 3, ballot: Give the key"),
        (lambda rows: changed(rows, 1, group="Nowhere"), "Line 3, group: It is one of Here, -There."),
        (lambda rows: changed(rows, 1, group=""), "Line 3, group: It is another group in line 2;"),
        (lambda rows: [*rows, rows[0]], "Line 42, ballot: Line 2 says the same already"),
        (lambda rows: rows[:-1], "Line 38, ballot: The ballot has no row for option O2 by criterion C2"),
        (lambda rows: [[*rows[0], "more"], *rows[1:]], "Line 2, column 9: There is no such column"),
        (lambda rows: [[*row, ""] for row in rows], "They say the same as the ballots kept."),
        (lambda rows: [[], *rows], "They say the same as the ballots kept."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_column(desk, ana, change, said):
    workshop = tidy(ana, silent=0)
    rows = list(kept_rows(workshop, frame_of(workshop)))

    text = bring_back(desk, workshop, written(change(rows))).text.replace("&#x27;", "'")

    assert said in text


def test_what_is_wrong_is_said_once(ana):
    workshop = tidy(ana)
    frame = frame_of(workshop)
    rows = changed(list(kept_rows(workshop, frame)), 1, option="O9")

    with pytest.raises(Unreadable) as refused:
        read(written(rows), frame, file_name(workshop))

    assert refused.value.problems == ("Line 3, option: It is one of O1, O2.",)


def test_files_that_are_none_of_ours_get_one_sentence(desk, ana):
    workshop = tidy(ana)
    for content, said in [
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "Line 1: The columns must be those of the download: ballot, group,"),
        (b"\xff\xfe\x00", "neither a CSV file in UTF-8 nor an XLSX file"),
        (b"\0", "The file holds a NUL character"),
        (b'"' + b"a" * 200_000 + b'"', "Line 1: This is no CSV"),
        (b"PK\x03\x04 nonsense", "damaged or incomplete"),
        (page(desk, workshop, _export="ods").getvalue(), "This is an OpenDocument file"),
        (page(desk, workshop, _export="json").getvalue(), "Line 1: The columns must be those"),
    ]:
        answer = bring_back(desk, workshop, content)
        assert answer.status_code == 200
        assert said in answer.text
    assert "Choose a file first." in desk.post(f"/workshops/{workshop.pk}/recount/").text


def test_semicolons_are_taken_as_well(desk, ana):
    workshop = tidy(ana)
    content = page(desk, workshop, _export="csv").getvalue().replace(b",", b";")
    assert "They say the same as the ballots kept." in bring_back(desk, workshop, content).text


def test_a_workshop_at_risk_has_no_long_file_and_says_why(desk, ana):
    workshop = make_workshop(facilitator=ana, mode="at-risk", status="closed")
    for what in ("close", "recount"):
        shown = page(desk, workshop, what, _export="csv")
        assert "all answers are destroyed and none is kept" in shown.text
        assert "Download" not in shown.text
    assert "none is kept" in bring_back(desk, workshop, b"x").text


def test_before_the_end_there_is_nothing_to_recount(desk, ana):
    workshop = make_workshop(facilitator=ana, mode="open")
    assert "once the workshop is closed" in page(desk, workshop, "recount").text


def test_somebody_elses_is_as_if_it_did_not_exist(sign_in, ana):
    workshop, other = tidy(ana), sign_in("facilitator")
    for what in ("close", "recount"):
        assert page(other, workshop, what, _export="csv").status_code == 404
    assert bring_back(other, workshop, b"x").status_code == 404


@pytest.mark.parametrize("people", [2, 30])
def test_pages_and_file_need_few_queries_whatever_the_size(desk, ana, people, django_assert_num_queries):
    workshop = make_workshop(facilitator=ana, mode="open", status="closed")
    for _each in range(people):
        KeptBallot.objects.create(workshop=workshop, rounds={})
    with django_assert_num_queries(7):
        page(desk, workshop)
    with django_assert_num_queries(10):
        page(desk, workshop, _export="csv").getvalue()
    with django_assert_num_queries(13):
        bring_back(desk, workshop, written([]))


# On the command line


def test_the_command_says_whether_every_table_comes_out_the_same(ana, tmp_path, capsys):
    workshop, file = tidy(ana), tmp_path / "ballots.csv"
    kept = list(kept_rows(workshop, frame_of(workshop)))
    file.write_bytes(written(kept))
    call_command("recount_workshop", workshop.pk, str(file))
    assert capsys.readouterr().out == "Round 1: every table comes out as it was revealed.\n"

    file.write_bytes(written([row._replace(score=row.score and 7) for row in kept]))
    with pytest.raises(CommandError, match="Not every table"):
        call_command("recount_workshop", workshop.pk, str(file))
    assert "values differ." in capsys.readouterr().out


def test_the_command_says_what_is_wrong(ana, tmp_path):
    workshop, file = tidy(ana), tmp_path / "ballots.csv"
    file.write_text("a,b\n")
    for number, name, said in [
        (workshop.pk, file, "Line 1: The columns must be those"),
        (workshop.pk, tmp_path / "none.csv", "The file cannot be read: No such file"),
        (workshop.pk + 9, file, "There is no workshop"),
        (make_workshop(mode="at-risk", status="closed").pk, file, "none is kept"),
    ]:
        with pytest.raises(CommandError, match=said):
            call_command("recount_workshop", number, str(name))
