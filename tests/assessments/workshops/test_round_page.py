"""The results of a round as facilitators see them: from what was kept, for them alone, in words and files."""

import json
import re

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Participant, Score, Workshop
from assessments.workshops.facilitating import close_round, last_seen, reveal_round
from tests.factories import (
    make_ballot,
    make_criterion,
    make_option,
    make_participant,
    make_report,
    make_round,
    make_user,
    make_workshop,
)
from tests.pages import without_token

pytestmark = pytest.mark.django_db


def reveal(workshop, ana, *rows, people=()):
    """A round in which people answer O1 by C1 and C2, then O2 by both; then all is shown."""
    current = make_round(workshop)
    cells = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]
    for number, row in enumerate(rows):
        person = people[number] if people else make_participant(workshop)
        make_ballot(person, current, dict(zip(cells, row, strict=True)))
    close_round(workshop, ana, last_seen(workshop))
    reveal_round(workshop, ana, last_seen(workshop))
    return current


def page_of(browser, workshop, number=1, query=""):
    return browser.get(f"/workshops/{workshop.pk}/rounds/{number}/{query}")


SPLIT = [(7, 4, 4, 4)] * 5 + [(1, 4, 4, 4)] * 5


def test_it_tells_who_leads_how_people_agree_and_where_camps_stand(browser, ana):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *SPLIT[:5], *[(1, 4, 4, 2)] * 5)

    text = " ".join(page_of(browser, workshop).text.split())
    # O1: C1 50, C2 50, total 50; O2: C1 50, C2 (50 + 16.7) / 2 = 33.3, total 41.7.
    assert "“Option 1” leads with 50.0 of 100, 8.3 points before “Option 2”." in text
    assert "“Option 1” does better than “Option 2” by some criteria and worse by none." in text
    assert "polarised" in text
    assert 'aria-label="1: 5, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 5"' in text
    assert "median 4.0, middle half 1.0 to 7.0" in text
    assert "10 people handed in." in text
    assert "Digest of these results" in text


def test_it_records_what_the_room_did_not_agree_on(browser, ana):
    workshop = make_workshop(facilitator=ana)
    people = [make_participant(workshop) for _each in range(10)]
    for _round in range(2):
        reveal(workshop, ana, *SPLIT[:5], *[(1, 4, 4, 2)] * 5, people=people)

    first, second = (" ".join(page_of(browser, workshop, number).text.split()) for number in (1, 2))
    for text in (first, second):
        assert "Of 4 cells people agree in 2, are spread in 1 and form two camps in 1." in text
        # Half of them have O1 at 75 and O2 at 50, the others O1 at 25 and O2 at 33.3.
        assert "<li>50 % of 10 people put another option first than “Option 1”: “Option 2” 50 %.</li>" in text
    camps = "<li>“Option 1” by “Criterion 1”: 5 people at 1; 5 people at 7."
    assert f"{camps}</li>" in first
    assert f"{camps} Stable and split since the round before.</li>" in second


def test_a_room_of_one_mind_has_nothing_to_record(browser, ana):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *[(7, 4, 4, 4)] * 10)

    text = page_of(browser, workshop).text
    assert "Nothing that is shown: nobody puts another option first, and no cell has two camps." in text


def test_a_split_of_too_few_people_is_named_without_its_camps(browser, ana):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *[(7, 4, 4, 4)] * 3, *[(1, 4, 4, 4)] * 3)

    text = page_of(browser, workshop).text
    assert "“Option 1” by “Criterion 1”: polarised, but too few people to tell of both camps." in text
    assert "put another option first" not in text


def test_which_changes_overturn_the_leader_is_told_in_words(browser, ana):
    workshop = make_workshop(facilitator=ana)
    # Values of O1: 66.7 and 50, of O2: 50 and 50; by one level, 16.7, they are level or change places.
    reveal(workshop, ana, *[(5, 4, 4, 4)] * 10)

    text = page_of(browser, workshop).text
    assert "“Option 1” one level lower by any one of “Criterion 1”, “Criterion 2”: then" in text
    assert "“Criterion 1” left out: then “Option 1”, “Option 2”" in text


def test_which_changes_overturn_the_leader_is_not_told_where_values_are_held_back(browser, ana):
    workshop = make_workshop(facilitator=ana, weight_rule="own")
    reveal_own_weights(workshop, ana, *[((50, 50), (5, 4, 4, 5))] * 4, *[((100, 0), (5, None, 4, None))] * 6)

    text = page_of(browser, workshop).text
    assert "Some mean values or weights are held back" in text
    assert "“Option 1” stays alone in front in" in text
    assert "one level" not in text and "left out: then" not in text


def test_groups_are_told_apart(browser, ana):
    workshop = make_workshop(facilitator=ana, groups=["Students", "Teachers"])
    students, teachers = workshop.groups.all()
    people = [make_participant(workshop, students if number < 5 else teachers) for number in range(10)]
    reveal(workshop, ana, *SPLIT, people=people)

    text = " ".join(page_of(browser, workshop).text.split())
    assert "<li>In front: “Option 1” among Students; “Option 2” among Teachers.</li>" in text
    assert "<li>Ranks differ most on “Option 1”: 1 among Students, 2 among Teachers.</li>" in text
    assert "<li>“Option 1” by “Criterion 1”: 7.0 among Students, 1.0 among Teachers.</li>" in text
    assert '<td data-label="Teachers" class="number">2 (25.0)' in text


def test_one_group_that_is_told_is_compared_with_nobody(browser, ana):
    workshop = make_workshop(facilitator=ana, groups=["Students", "Teachers"])
    students, teachers = workshop.groups.all()
    people = [make_participant(workshop, students if number < 6 else teachers) for number in range(10)]
    reveal(workshop, ana, *SPLIT, people=people)

    text = page_of(browser, workshop).text
    assert "Where groups differ most" not in text and "among Students" not in text


def test_numbers_are_rounded_and_not_cut_off(browser, ana):
    workshop = make_workshop(facilitator=ana)
    workshop.criteria.filter(code="C1").update(swing=1)
    workshop.criteria.filter(code="C2").update(swing=2)
    reveal(workshop, ana, *[(5, 5, 4, 4)] * 4, *[(6, 6, 4, 4)] * 8)

    text = page_of(browser, workshop).text
    assert '<b class="mean">5.7</b>' in text  # 68 / 12 = 5.67
    assert "Criterion 2, 66.7\u00a0%</th>" in text  # 2 / 3


def test_too_few_people_get_a_reason_and_no_number(browser, ana):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *SPLIT[:4])

    text = page_of(browser, workshop).text
    assert "No totals are shown: too few people." in text
    assert '<b class="mean">' not in text and 'class="strip"' not in text


def test_a_close_lead_is_no_clear_winner_and_equals_lead_together(browser, ana):
    close, equal = make_workshop(facilitator=ana), make_workshop(facilitator=ana)
    reveal(close, ana, *[(4, 4, 4, 4)] * 4, (4, 5, 4, 4))
    reveal(equal, ana, *[(4, 4, 4, 4)] * 5)

    assert "No clear winner: “Option 1” is ahead" in page_of(browser, close).text
    assert re.findall(r">(\d) \(close call\)<", page_of(browser, close).text) == ["1", "2"]
    text = page_of(browser, equal).text
    assert re.findall(r">(\d) \(close call\)<", text) == ["1", "1"]
    assert "“Option 1”, “Option 2” are level at 50.0 of 100." in text
    assert "No criterion tells these options apart." in text


def test_it_tells_at_which_weights_the_ranking_flips_and_what_is_better_than_the_baseline(browser, ana):
    workshop = make_workshop(facilitator=ana)
    # Values of O1: 100 and 0, of O2: 0 and 66.7; level where 100 t = 66.7 (1 − t).
    reveal(workshop, ana, *[(7, 1, 1, 5)] * 5)

    text = " ".join(page_of(browser, workshop).text.split())
    assert "Below 40.00 % “Option 2” leads." in text and "Above 60.00 % “Option 2” leads." in text
    assert '<td data-label="Better" class="">+33.3 Criterion 2</td>' in text
    assert '<td data-label="Worse" class="">−50.0 Criterion 1</td>' in text
    assert '<td data-label="Criterion 2, 50.0 %" class="number v3">66.7</td>' in text
    assert "held back" not in text and "weigh differently" not in text


def reveal_own_weights(workshop, ana, *people):
    """A round of people who weigh themselves; of each their swings and their scores as in `reveal`."""
    current = make_round(workshop)
    cells = [("O1", "C1"), ("O1", "C2"), ("O2", "C1"), ("O2", "C2")]
    for swings, row in people:
        scores = dict(zip(cells, row, strict=True))
        swings = dict(zip(("C1", "C2"), swings, strict=True))
        make_ballot(make_participant(workshop), current, scores, swings=swings)
    close_round(workshop, ana, last_seen(workshop))
    reveal_round(workshop, ana, last_seen(workshop))


def test_with_own_weights_flip_points_are_those_of_the_mean_and_say_so(browser, ana):
    workshop = make_workshop(facilitator=ana, weight_rule="own")
    reveal_own_weights(workshop, ana, *[((100, 50), (7, 1, 1, 5))] * 5, *[((50, 100), (7, 1, 1, 5))] * 5)

    text = page_of(browser, workshop).text
    assert "People weigh differently; weights and flip points are those of their mean. So are" in text
    assert "which need not add up to those of the totals." in text
    assert "Below 40.00 % “Option 2” leads." in text


def test_where_others_lead_at_mean_weights_no_flip_point_is_given(browser, ana):
    workshop = make_workshop(facilitator=ana, weight_rule="own")
    # Everybody has O1 in front by the criterion that counts; at mean weights it is 50 to 70.8.
    reveal_own_weights(workshop, ana, *[((100, 0), (7, 1, 1, 7))] * 5, *[((0, 100), (1, 7, 7, 6))] * 5)

    text = page_of(browser, workshop).text
    assert "“Option 1” leads with 100.0 of 100" in text
    assert "At mean weights another option would lead, so no flip points are given." in text
    assert " % “Option 2” leads." not in text


def test_from_values_with_holes_nothing_is_worked_out(browser, ana):
    workshop = make_workshop(facilitator=ana, weight_rule="own")
    reveal_own_weights(workshop, ana, *[((50, 50), (7, 1, 1, 5))] * 4, *[((100, 0), (7, None, 1, None))] * 2)

    text = page_of(browser, workshop).text
    assert "“Option 1” leads with" in text
    assert "Some mean values or weights are held back" in text
    for words in ("Better and worse than the baseline", " % “Option 2” leads.", "does better than"):
        assert words not in text


def test_the_second_round_says_what_changed(browser, ana):
    workshop = make_workshop(facilitator=ana)
    people = [make_participant(workshop) for _each in range(10)]
    reveal(workshop, ana, *SPLIT, people=people)
    reveal(workshop, ana, *[(7, 4, 4, 4)] * 10, people=people)

    assert "What changed since the round before" not in page_of(browser, workshop).text
    second = page_of(browser, workshop, 2).text
    assert "What changed since the round before" in second
    assert "moving" in second and "stable and agreed" in second
    assert "+3.0" in second
    # O1 by C1 from a mean of 50 to 100; everything else is 50.
    assert '<td data-label="Round 1" class="number">1 (50.0)' in second
    assert '<td data-label="Round 2" class="number">1 (75.0)' in second


def test_it_says_on_how_many_it_rests_where_few_came_late(browser, ana):
    workshop = make_workshop(facilitator=ana)
    people = [make_participant(workshop) for _each in range(12)]
    reveal(workshop, ana, *SPLIT, people=people)
    reveal(workshop, ana, *SPLIT, SPLIT[0], people=people)
    reveal(workshop, ana, *SPLIT, *SPLIT[:2], people=people)

    pages = [page_of(browser, workshop, number).text for number in (1, 2, 3)]
    assert "Rests on" not in pages[0]
    assert (
        "Rests on 10 of 11: 1 person was not counted in round 1, "
        "and the difference between the rounds would tell what this person answered." in pages[1]
    )
    assert (
        "Rests on 10 of 12: 2 people were not counted in round 2, "
        "and the difference between the rounds would tell what so few answered." in pages[2]
    )


def test_results_that_were_kept_before_anybody_was_left_out_are_shown(browser, ana):
    workshop = make_workshop(facilitator=ana)
    current = reveal(workshop, ana, *SPLIT)
    current.refresh_from_db()
    for name in ("counted", "left_out", "beside"):
        del current.results[name]
    current.save(update_fields=["results"])

    text = page_of(browser, workshop).text
    assert "10 people handed in." in text and "Rests on" not in text


def test_groups_stand_beside_everybody(browser, ana):
    workshop = make_workshop(facilitator=ana, groups=["Students", "Teachers"])
    students, teachers = workshop.groups.all()
    people = [make_participant(workshop, students if number < 5 else teachers) for number in range(10)]
    reveal(workshop, ana, *SPLIT, people=people)

    text = page_of(browser, workshop).text
    assert "<summary>Students</summary>" in text and "<summary>Teachers</summary>" in text


def test_beside_the_change_of_a_group_it_says_of_whom(browser, ana):
    workshop = make_workshop(facilitator=ana, groups=["Students", "Teachers"])
    students, teachers = workshop.groups.all()
    people = [make_participant(workshop, students if number < 5 else teachers) for number in range(10)]
    said = "Of those who belong to this group in this round, wherever they belonged in the round before."
    reveal(workshop, ana, *SPLIT, people=people)
    assert said not in page_of(browser, workshop).text
    reveal(workshop, ana, *SPLIT, people=people)

    assert page_of(browser, workshop, 2).text.count(said) == 2  # once for each group


def test_it_is_read_from_what_was_kept_not_from_ballots(browser, ana):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *SPLIT)
    before = without_token(page_of(browser, workshop))

    Participant.objects.all().delete()

    assert without_token(page_of(browser, workshop)) == before


def test_only_revealed_rounds_have_a_page_and_only_for_those_who_run_them(client, browser, ana):
    workshop = make_workshop(facilitator=ana)
    make_round(workshop)
    assert page_of(browser, workshop).status_code == 404
    workshop.rounds.update(state="closed")
    assert page_of(browser, workshop).status_code == 404
    reveal_round(workshop, ana, last_seen(workshop))
    assert page_of(browser, workshop).status_code == 200

    client.force_login(make_user("facilitator"))
    assert page_of(client, workshop).status_code == 404


def test_the_console_leads_there_once_a_round_is_revealed(browser, ana):
    workshop = make_workshop(facilitator=ana)
    assert "/rounds/1/" not in browser.get(workshop.get_absolute_url()).text
    reveal(workshop, ana, *SPLIT)
    assert f'href="/workshops/{workshop.pk}/rounds/1/"' in browser.get(workshop.get_absolute_url()).text


@pytest.mark.parametrize(
    ("of", "first"),
    [
        ("totals", {"Part of the room": "Everybody", "Option": "Option 1", "Rank": 1, "People": 10}),
        (
            "cells",
            {"Option": "Option 1", "Criterion": "Criterion 1", "Scores": 10, "Score 1": 5, "Score 2": 0},
        ),
        (
            "dissent",
            {
                "Part of the room": "Everybody",
                "About": "first place",
                "What people did not agree on": "50 % of 10 people put another option first than “Option 1”:"
                " “Option 2” 50 %.",
            },
        ),
        ("weights", {"Criterion": "Criterion 1", "Weight": 0.5, "Flips above, to": "Option 2"}),
        ("differences", {"Option": "Option 2", "Weighted difference from the baseline": -8.333333}),
        ("ranks", {"Option": "Option 1", "Rank 1": 0.5, "Rank 2": 0.5}),
        ("nonsense", {"Rank": 1}),
    ],
)
def test_every_table_can_be_downloaded(browser, ana, of, first):
    workshop = make_workshop(facilitator=ana)
    reveal(workshop, ana, *SPLIT[:5], *[(1, 4, 4, 2)] * 5)

    rows = json.loads(page_of(browser, workshop, query=f"?of={of}&_export=json").getvalue())["rows"]

    assert {name: rows[0][name] for name in first} == first
    assert all("fewer than 5 people" in row["Rules"] and "van der Eijk" in row["Rules"] for row in rows)
    for kind in ("csv", "xlsx", "ods"):
        assert page_of(browser, workshop, query=f"?of={of}&_export={kind}").getvalue()


@pytest.mark.parametrize("size", [2, 8])
def test_the_page_asks_the_same_number_of_questions(browser, ana, size, django_assert_num_queries):
    workshop = make_workshop(facilitator=ana, options=size, criteria=size, groups=["a", "b"][: size // 2])
    current = make_round(workshop)
    scores = {
        (f"O{option}", f"C{criterion}"): 4
        for option in range(1, size + 1)
        for criterion in range(1, size + 1)
    }
    for _each in range(5):
        make_ballot(make_participant(workshop), current, scores)
    close_round(workshop, ana, last_seen(workshop))
    reveal_round(workshop, ana, last_seen(workshop))

    with django_assert_num_queries(10):
        page_of(browser, workshop)


# The made-up room


def test_the_made_up_room_says_so_and_fills_every_table(browser, ana):
    report = make_report("plan", title="A plan")
    for number in range(2):
        make_option(report, is_baseline=number == 0)
        make_criterion(report)

    call_command("demo_workshop", report="plan", facilitator=ana.username, verbosity=0)

    made = Workshop.objects.get()
    assert made.is_rehearsal and made.title == "Made-up room on A plan"
    assert all("Synthetic" in group.name for group in made.groups.all())
    assert [round.state for round in made.rounds.all()] == ["revealed", "revealed"]
    assert set(Score.objects.exclude(reason="").values_list("reason", flat=True)) <= {"A made-up reason."}
    text = page_of(browser, made, 2).text
    for words in ("Synthetic optimists", "Kendall", "What changed since the round before", 'class="strip"'):
        assert words in text


@pytest.mark.parametrize("named", [{"report": "none"}, {"facilitator": "nobody"}])
def test_without_the_report_or_the_person_it_says_what_to_do(ana, named):
    make_report("belarus")
    with pytest.raises(CommandError, match="run demo first"):
        call_command("demo_workshop", **{"facilitator": ana.username, **named})


@pytest.mark.parametrize(("kept", "told"), [({"version": 7}, 7), ({}, 1)])
def test_it_names_the_version_of_the_rules_by_which_it_was_made(browser, ana, kept, told):
    workshop = make_workshop(facilitator=ana)
    round = reveal(workshop, ana, *SPLIT)
    round.refresh_from_db()
    assert round.results.pop("version") == 1
    round.results |= kept  # made by other definitions, or before the version was kept
    round.save()

    assert f"Rules of version {told}, locked" in page_of(browser, workshop).text
