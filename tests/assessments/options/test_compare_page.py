"""The page that compares strategy options by their scores, and tries weights out."""

import json
import re

import pytest
from django.urls import reverse

from tests.factories import (
    make_argument,
    make_criterion,
    make_desk_assessment,
    make_option,
    make_report,
    make_user,
)
from tests.pages import downloaded

pytestmark = pytest.mark.django_db


def at(report, **asked):
    return reverse("assessments:compare", args=[report.slug], query=asked)


def ranking(response):
    """Rank, code and total of the ranked options, then the codes of the others."""
    rows = response.context["comparison"].rows
    return [(row.place.rank, row.option.code, row.total) for row in rows if row.place] + [
        row.option.code for row in rows if not row.place
    ]


def scored(report, scores, swings, **fields):
    """A desk assessment; scores by option code in the order of the criteria."""
    options = {option.code: option for option in report.options.all()}
    criteria = list(report.criteria.all())
    return make_desk_assessment(
        report,
        scores={
            (options[code], criterion): score
            for code, row in scores.items()
            for criterion, score in zip(criteria, row, strict=False)
        },
        swings=dict(zip(criteria, swings, strict=True)),
        **fields,
    )


@pytest.fixture
def report():
    """Options BASE, OPEN and SAFE by criteria gain and calm."""
    report = make_report("plan")
    for position, (code, name) in enumerate([("BASE", "As now"), ("OPEN", "Open up"), ("SAFE", "Play safe")]):
        make_option(report, code, name=name, position=position, is_baseline=code == "BASE")
    for position, code in enumerate(["gain", "calm"]):
        make_criterion(report, code, name=code.title(), position=position)
    return report


@pytest.fixture
def judged(report):
    """Weights 60 : 40. OPEN: 0.6 × 90 + 0.4 × 30 = 66; SAFE: 0.6 × 40 + 0.4 × 90 = 60; BASE: 26."""
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4, 9]}, [60, 40])
    return report


def test_options_are_ranked_by_their_weighted_total(client, judged):
    response = client.get(at(judged))

    assert ranking(response) == [(1, "OPEN", "66.0"), (2, "SAFE", "60.0"), (3, "BASE", "26.0")]
    assert [row.difference_text for row in response.context["comparison"].rows] == ["+40.0", "+34.0", ""]
    assert "“Open up” leads with 66.0 of 100, 6.0 points before “Play safe”." in response.text


def test_a_lead_of_less_than_five_points_is_no_clear_winner(client, report):
    scored(report, {"OPEN": [5, 5], "SAFE": [5, 4], "BASE": [0, 0]}, [50, 50])
    scored(report, {"OPEN": [5, 5], "SAFE": [5, 5], "BASE": [0, 0]}, [50, 50])

    page = client.get(at(report))
    marked = re.findall(r'data-label="Rank">(\d)(?:<span class="why">(.+?)</span>)?', page.text)
    in_file = [(row["Code"], row["Close call"]) for row in downloaded(client.get(at(report, _export="csv")))]

    assert marked == [("1", "close call"), ("2", "close call"), ("3", "")]
    assert in_file == [("OPEN", "true"), ("SAFE", "true"), ("BASE", "false")]

    assert (
        "No clear winner: “Open up” is ahead with 50.0 of 100, only 2.5 points before “Play safe”."
        in page.text
    )


def test_the_ranking_flips_exactly_where_the_page_says(client, judged):
    page = client.get(at(judged))
    (gain, calm) = page.context["comparison"].weighed

    # 90 t + 30 (1 - t) = 40 t + 90 (1 - t) at t = 60/110 = 54.545… %
    assert [flip.sentence for flip in gain.sentences] == ["Below 54.54 % “Play safe” leads."]
    assert [flip.sentence for flip in calm.sentences] == ["Above 45.46 % “Play safe” leads."]
    for flip in (*gain.sentences, *calm.sentences):
        assert ranking(client.get(at(judged) + flip.url))[0][:2] == (1, "SAFE")
    for asked in ({"weight-gain": "54.55"}, {"weight-calm": "45.45"}):
        assert ranking(client.get(at(judged, **asked)))[0][:2] == (1, "OPEN")


def test_weights_that_were_all_0_share_evenly_what_is_left(client, report):
    make_criterion(report, "fair", position=2)
    scored(report, {"OPEN": [9, 3, 5], "SAFE": [4, 9, 5]}, [100, 0, 0])

    page = client.get(at(report, option=["OPEN", "SAFE"], **{"weight-gain": "60"}))

    assert [one.text for one in page.context["comparison"].weighed] == ["60.0 %", "20.0 %", "20.0 %"]


def test_weights_that_are_printed_together_add_up(client, report):
    """Thirds, and the same in the head of the table as beside the criteria."""
    make_criterion(report, "fair", position=2)
    scored(report, {"OPEN": [9, 3, 5], "SAFE": [4, 9, 5]}, [50, 50, 50])

    page = client.get(at(report, option=["OPEN", "SAFE"]))

    assert [one.text for one in page.context["comparison"].weighed] == ["33.4 %", "33.3 %", "33.3 %"]
    assert page.text.count("33.4 %") == 2


def test_a_leader_who_is_met_at_the_very_end_is_level_there(client, report):
    scored(report, {"OPEN": [10, 5], "SAFE": [0, 5]}, [50, 50])

    page = client.get(at(report, option=["OPEN", "SAFE"]))

    gain, calm = page.context["comparison"].weighed
    assert [flip.sentence for flip in gain.sentences] == ["At 0.00 % “Open up” is level with “Play safe”."]
    assert [flip.sentence for flip in calm.sentences] == [
        "At 100.00 %, all there is, “Open up” is level with “Play safe”."
    ]
    for flip in (*gain.sentences, *calm.sentences):
        places = ranking(client.get(at(report) + flip.url))
        assert [(rank, code) for rank, code, _total in places] == [(1, "OPEN"), (1, "SAFE")]


def test_the_very_end_is_known_whatever_the_last_digits_of_a_number_say(client, report):
    """Both are best by gain, so their lines meet at 100 %; as computed it is 0.9999999999999997."""
    make_criterion(report, "pride", position=2)
    scored(report, {"OPEN": [10, 4, 6], "SAFE": [10, 3, 2]}, [80, 100, 50])

    page = client.get(at(report, option=["OPEN", "SAFE"]))

    gain = page.context["comparison"].weighed[0]
    assert gain.flips.above.weight != 1
    assert [flip.sentence for flip in gain.sentences] == [
        "At 100.00 %, all there is, “Open up” is level with “Play safe”."
    ]


def test_of_several_that_overtake_at_once_none_is_said_to_lead(client, report):
    """90 t + 30 (1 - t) = 40 t + 90 (1 - t) at t = 60/110, for both."""
    scored(report, {"OPEN": [9, 3], "SAFE": [4, 9], "BASE": [4, 9]}, [60, 40])

    (gain, calm) = client.get(at(report)).context["comparison"].weighed

    assert [flip.sentence for one in (gain, calm) for flip in one.sentences] == [
        "Below 54.54 % “As now”, “Play safe” are ahead of “Open up”.",
        "Above 45.46 % “As now”, “Play safe” are ahead of “Open up”.",
    ]


def test_flip_points_at_weights_tried_out_keep_these(client, report):
    third = make_criterion(report, "pride", name="Pride", position=2)
    scored(report, {"OPEN": [9, 3, 2], "SAFE": [4, 9, 4]}, [50, 30, 20])
    tried = client.get(at(report, option=["OPEN", "SAFE"], **{f"weight-{third.code}": "50"}))
    flips = [flip for one in tried.context["comparison"].weighed for flip in one.sentences]

    assert ranking(tried)[0][:2] == (1, "SAFE")
    assert flips
    for flip in flips:
        assert ranking(client.get(at(report) + flip.url))[0][:2] == (1, "OPEN"), flip.sentence


def test_the_ranking_flips_where_the_page_says_although_somebody_gave_no_weights(client, report):
    scored(report, {"OPEN": [9, 3], "SAFE": [4, 9]}, [60, 40])
    scored(report, {"OPEN": [0, 0], "SAFE": [9, 9]}, [0, 0])
    asked = at(report, option=["OPEN", "SAFE"])
    gain = client.get(asked).context["comparison"].weighed[0]

    assert [flip.sentence for flip in gain.sentences] == ["Below 54.54 % “Play safe” leads."]
    leaders = [
        ranking(client.get(f"{asked}&weight-gain={weight}"))[0][1] for weight in ("54.56", "54.55", "54.54")
    ]
    assert leaders == ["OPEN", "OPEN", "SAFE"]


def test_where_scores_are_lacking_no_flip_point_is_given_and_it_is_said(client, report):
    scored(report, {"OPEN": [9, 3], "SAFE": [4, 5]}, [60, 40])
    scored(report, {"OPEN": [6], "SAFE": [5]}, [100, 0])

    response = client.get(at(report, option=["OPEN", "SAFE"]))
    assert [one.sentences for one in response.context["comparison"].weighed] == [[], []]
    assert "No flip point is given where scores are lacking" in response.text

    brief = client.get(reverse("assessments:compare-brief", args=[report.slug]), {"option": ["OPEN", "SAFE"]})
    assert "The scorers weigh differently" in brief.text
    assert "No flip point is given where scores are lacking" in brief.text


def test_with_one_criterion_there_is_nothing_to_flip_and_nothing_lacking(client, report):
    report.criteria.get(code="calm").delete()
    scored(report, {"OPEN": [9], "SAFE": [4]}, [60])

    response = client.get(at(report, option=["OPEN", "SAFE"]))
    assert "There is only one criterion; it has all the weight." in response.text
    assert "scores are lacking" not in response.text


def test_weights_are_tried_out_and_nothing_is_written(client, judged, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as queries:
        response = client.get(at(judged, **{"weight-gain": "20"}))

    assert ranking(response) == [(1, "SAFE", "80.0"), (2, "OPEN", "42.0"), (3, "BASE", "22.0")]
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert "At the weights tried out:" in response.text
    assert ranking(client.get(at(judged)))[0][1] == "OPEN"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"weight-gain": "-1"}, "Gain: A weight is 0 % or more."),
        ({"weight-gain": "101"}, "Gain: A weight is 100 % or less."),
        ({"weight-gain": "NaN"}, "Gain: Write a number from 0 to 100, such as 12.5."),
        ({"weight-gain": "much"}, "Gain: Write a number from 0 to 100, such as 12.5."),
        ({"weight-gain": "1e999"}, "Gain: Write a number from 0 to 100, such as 12.5."),
        (
            {"weight-gain": "0", "weight-calm": "0"},
            "Gain: All weights are 0; give at least one more than that.",
        ),
    ],
)
def test_weights_that_make_no_sense_are_named_and_those_given_stay(client, judged, asked, sentence):
    response = client.get(at(judged, **asked))

    assert response.status_code == 200
    assert sentence in response.text
    assert all(f'value="{value}"' in response.text for value in asked.values())
    assert 'aria-invalid="true" aria-describedby="id_weight-gain_error"' in response.text
    assert f'id="id_weight-gain_error">{sentence}</p>' in response.text
    assert ranking(response)[0] == (1, "OPEN", "66.0")
    # Beside the ranking, to which the form leads.
    (_above, beside) = response.text.split('id="ranking"')
    assert "These weights were not tried out" in beside
    assert sentence.partition(": ")[2] in beside.partition("<table")[0]


def test_more_than_all_is_said_unless_every_weight_is_given(client, judged):
    make_criterion(judged, "pride", name="Pride", position=2)

    response = client.get(at(judged, **{"weight-gain": "80", "weight-calm": "40"}))
    assert "Gain: Together the weights are 120 %; lower this one, or fill in all of them." in response.text

    response = client.get(at(judged, **{"weight-gain": "80", "weight-calm": "40", "weight-pride": "0"}))
    assert ranking(response)[0] == (1, "OPEN", "70.0")  # (80 × 90 + 40 × 30) / 120


def test_a_sum_that_is_hardly_too_much_is_not_rounded_away(client, judged):
    make_criterion(judged, "pride", name="Pride", position=2)

    response = client.get(at(judged, **{"weight-gain": "100", "weight-calm": "0.0001"}))
    assert "Gain: Together the weights are 100.0001 %; lower this one" in response.text


def test_the_smallest_weights_that_there_are_can_be_tried_out(client, judged):
    response = client.get(at(judged, **{"weight-gain": "5e-324", "weight-calm": "5e-324"}))

    assert ranking(response)[0] == (1, "SAFE", "65.0")


def test_a_weight_of_a_criterion_that_is_not_there_is_told(client, judged):
    response = client.get(at(judged, **{"weight-gain": "20", "weight-pomp": "30"}))

    assert "“pomp”: this report has no such criterion to weigh." in response.text
    assert "These weights were not tried out" in response.text
    assert ranking(response)[0] == (1, "OPEN", "66.0")


def test_a_comma_is_a_decimal_point_too(client, judged):
    assert ranking(client.get(at(judged, **{"weight-gain": "54,55"})))[0][1] == "OPEN"


def test_an_option_that_nobody_completed_is_listed_and_not_ranked(client, report):
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4]}, [60, 40])

    response = client.get(at(report))

    assert ranking(response) == [(1, "OPEN", "66.0"), (2, "BASE", "26.0"), "SAFE"]
    assert "incomplete" in response.text


def test_who_may_score_is_led_from_an_incomplete_option_to_the_desk(client, report, ana):
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4]}, [60, 40])
    told = "Not ranked, as nobody has scored it by every criterion that counts: “Play safe”."
    address = at(report, option=["BASE", "OPEN", "SAFE"])

    reader = client.get(address).text
    client.force_login(ana)
    analyst = client.get(address).text

    assert told in reader and "Score at your desk" not in reader
    desk = reverse("assessments:desk", args=[report.slug])
    assert f'<a href="{desk}?option=BASE&amp;option=OPEN&amp;option=SAFE">Score at your desk</a>' in analyst
    assert told in client.get(reverse("assessments:compare-brief", args=[report.slug])).text
    assert told not in client.get(at(report, option=["BASE", "OPEN"])).text


def test_no_opinion_is_an_answer_and_no_number(client, report):
    scored(report, {"BASE": [3, 2], "OPEN": [9, None]}, [60, 40])
    scored(report, {"BASE": [5, 4], "OPEN": [7, 5]}, [60, 40])

    response = client.get(at(report, option=["BASE", "OPEN"]))

    cell = response.context["comparison"].rows[0].cells[1]
    assert (cell.text, cell.note) == ("50.0", "1 score, 1 no opinion")
    assert response.context["comparison"].rows[0].cells[0].note == ""
    assert ranking(response) == [(1, "OPEN", "62.0"), (2, "BASE", "46.0")]
    assert "counted in the cells, not in totals and ranks" in response.text


def test_scorers_lead_to_their_desk_assessments(client, judged):
    judged.slug = "plan-0"  # the address of an author is filled in where reversing puts a 0
    judged.save()

    page = client.get(at(judged))

    (scorer,) = judged.desk_assessments.all()
    line = f'<a href="{scorer.get_absolute_url()}">{scorer.author_name}</a>: 3 of 3 options completed</li>'
    assert line in page.text


def test_it_is_said_on_how_many_scorers_the_ranking_rests(client, report):
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4, 9]}, [60, 40])
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3]}, [60, 40])
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3]}, [60, 40])

    page = client.get(at(report))

    assert "rest on 1 of 3 scorers: those who completed every ranked option." in page.text
    assert "rest on" not in client.get(at(report, option=["BASE", "NONE"])).text.partition("</h1>")[0]


def test_cells_say_how_many_scored_where_it_is_not_as_in_most(client, report):
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4, 9]}, [60, 40])
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3], "SAFE": [4, 9]}, [60, 40])
    scored(report, {"SAFE": [4]}, [60, 40])

    page = client.get(at(report))

    assert "2 scores in each cell, unless it says otherwise." in page.text
    assert {
        (row.option.code, shown.criterion.code): shown.note
        for row in page.context["comparison"].rows
        for shown in row.cells
        if shown.note
    } == {("SAFE", "gain"): "3 scores"}


def test_everything_scored_alike_ties(client, report):
    scored(report, {"BASE": [5, 5], "OPEN": [5, 5], "SAFE": [5, 5]}, [60, 40])

    response = client.get(at(report))

    assert [row[0] for row in ranking(response)] == [1, 1, 1]
    assert "“As now”, “Open up”, “Play safe” are level at 50.0 of 100." in response.text
    assert "No criterion tells these options apart." in response.text


def test_scores_without_weights_can_be_weighed_here(client, report):
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3]}, [0, 0])

    response = client.get(at(report, option=["BASE", "OPEN"]))
    assert ranking(response) == ["BASE", "OPEN"]
    assert "nobody has said how much each criterion weighs" in response.text

    tried = client.get(at(report, option=["BASE", "OPEN"], **{"weight-gain": "50"}))
    assert ranking(tried) == [(1, "OPEN", "60.0"), (2, "BASE", "25.0")]


def test_a_criterion_that_lacks_an_end_is_named_and_takes_no_share_of_weights_tried_out(client, report):
    scored(report, {"BASE": [3, 2], "OPEN": [9, 3]}, [0, 0])
    make_criterion(report, "pride", name="Pride", position=2, worst="")

    tried = client.get(at(report, option=["BASE", "OPEN"], **{"weight-gain": "50"}))
    assert ranking(tried) == [(1, "OPEN", "60.0"), (2, "BASE", "25.0")]
    assert "Incomplete: the worst end lacks a text, so nothing can be scored by it." in tried.text


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("reader", "Analysts score them at their desks; what they publish is shown here."),
        ("analyst", "Score them at your desk"),
    ],
)
def test_where_nobody_scored_the_next_step_is_told(client, report, role, sentence):
    client.force_login(make_user(role))

    page = client.get(at(report)).text
    assert "Nobody has scored these options yet." in page
    assert sentence in page


def test_without_options_it_says_who_drafts_them_and_shows_nothing_empty(client, author):
    report = make_report("bare")

    page = client.get(at(report)).text

    assert "This report has no strategy options yet." in page
    assert not re.findall("<h2|<table", page)
    assert "Draft an option" not in page
    assert 'href="/reports/bare/new-option/">Draft an option</a>' in author.get(at(report)).text


def test_weights_tried_out_lead_to_what_comes_of_them(client, judged):
    page = client.get(at(judged, **{"weight-gain": "90"})).text

    assert f'action="{reverse("assessments:compare", args=[judged.slug])}#ranking"' in page
    (_above, beside) = page.split('id="ranking"')
    assert "At the weights tried out:" in beside.partition("<h2")[0]
    places = re.findall('<nav class="jump".*?</nav>', beside, re.DOTALL)[0]
    assert re.findall('href="#(.*?)"', places) == re.findall('<h2 id="(.*?)"', beside)


def test_without_criteria_it_says_who_adds_them(client):
    report = make_report("bare")
    make_option(report), make_option(report)

    assert "This report has no criteria yet." in client.get(at(report)).text


class TestWhatIsCompared:
    def test_two_to_twelve_are_chosen_in_the_address(self, client, judged):
        assert ranking(client.get(at(judged, option=["SAFE", "BASE"]))) == [
            (1, "SAFE", "60.0"),
            (2, "BASE", "26.0"),
        ]

    def test_a_draft_of_somebody_else_is_as_if_it_were_not_there(self, client, judged):
        make_option(judged, "SECRET", name="Secret plan", author=make_user("analyst"), status="draft")
        client.force_login(make_user("curator"))

        hidden = client.get(at(judged, option=["SAFE", "BASE", "SECRET"]))
        absent = client.get(at(judged, option=["SAFE", "BASE", "NOWHERE"]))

        assert "Options: these are not here and are left out: SECRET." in hidden.text
        assert "Secret plan" not in hidden.text
        assert ranking(hidden) == ranking(absent)

    def test_scores_that_somebody_keeps_to_themselves_do_not_count(self, client, judged):
        scored(judged, {"BASE": [10, 10], "OPEN": [0, 0], "SAFE": [0, 0]}, [1, 1], status="draft")

        assert ranking(client.get(at(judged)))[0] == (1, "OPEN", "66.0")

    def test_an_option_of_another_report_is_not_here(self, client, judged):
        make_option(make_report("other"), "FOREIGN")

        page = client.get(at(judged, option=["SAFE", "BASE", "FOREIGN"])).text
        assert "Options: these are not here and are left out: FOREIGN." in page

    def test_a_thousand_are_refused_in_a_sentence(self, client, judged):
        response = client.get(at(judged, option=[f"X{number}" for number in range(1000)]))

        assert response.status_code == 200
        told = "Options: these are not here and are left out: X0, X1, X2, X3, X4 and 995 more."
        assert told in response.text

    def test_more_than_twelve_are_too_many_to_read(self, client, judged):
        for number in range(13):
            make_option(judged, f"N{number:02}")

        response = client.get(at(judged, option=[option.code for option in judged.options.all()]))
        assert "16 are too many to read side by side; the first 12 are compared." in response.text
        assert len(response.context["comparison"].rows) == 12

    def test_one_is_not_enough(self, client, judged):
        response = client.get(at(judged, option="SAFE"))

        assert "Options: choose at least two to compare." in response.text
        assert ranking(response) == [(1, "SAFE", "60.0")]
        assert response.context["comparison"].verdict == ""

    def test_any_of_them_can_be_the_baseline(self, client, judged):
        response = client.get(at(judged, baseline="SAFE"))

        assert [row.difference_text for row in response.context["comparison"].rows] == ["+6.0", "", "−34.0"]

    def test_without_a_baseline_there_are_no_differences(self, client, judged):
        response = client.get(at(judged, baseline=""))

        assert "From baseline" not in response.text

    def test_two_of_one_name_are_told_apart_on_the_page_and_in_files(self, client, report):
        for code in ("PLAN", "PLAN2"):
            make_option(report, code, name="The plan")
        scored(report, {"PLAN": [9, 3], "PLAN2": [4, 9]}, [90, 10])

        asked = {"option": ["PLAN", "PLAN2"]}
        response = client.get(at(report, **asked))
        assert response.context["comparison"].verdict == (
            "“The plan (PLAN)” leads with 84.0 of 100, 39.0 points before “The plan (PLAN2)”."
        )
        cells = downloaded(client.get(at(report, **asked, of="cells", _export="csv")))
        assert {row["Option"] for row in cells} == {"The plan (PLAN)", "The plan (PLAN2)"}
        offered = {name for _code, name in response.context["choice"].fields["option"].choices}
        assert offered == {"As now", "Open up", "Play safe", "The plan (PLAN)", "The plan (PLAN2)"}
        assert "(BASE)" not in client.get(at(report)).text

    def test_a_published_version_takes_the_place_of_the_one_before(self, client, report):
        old = make_option(report, "MINE-1", name="Mine", author=make_user("analyst"))
        new = make_option(report, "MINE-2", name="Mine", author=old.author, parent=old, version=2)

        offered = client.get(at(report)).context["choice"].offered
        assert new in offered
        assert old not in offered
        assert old in client.get(at(report, option=["MINE-1", "BASE"])).context["choice"].chosen


def test_what_speaks_for_and_against_stands_side_by_side(client, judged):
    option = judged.options.get(code="SAFE")
    make_argument(option, "f1", "for", statement="It is calm.")
    make_argument(option, "a1", "against", statement="It is poor.")

    sides = {side.option.code: side for side in client.get(at(judged)).context["comparison"].sides}

    safe = sides["SAFE"]
    assert [(criterion.code, text) for criterion, text, _value in safe.better] == [
        ("calm", "+28.0"),
        ("gain", "+6.0"),
    ]
    assert safe.worse == []
    assert [one.code for one in safe.arguments_for] == ["f1"]
    assert [one.code for one in safe.arguments_against] == ["a1"]
    assert (sides["BASE"].better, sides["BASE"].worse) == ([], [])


def test_how_often_each_comes_in_where(client, judged):
    scored(judged, {"BASE": [3, 2], "OPEN": [4, 4], "SAFE": [9, 9]}, [50, 50])

    ranks = client.get(at(judged)).context["comparison"].ranks
    assert {option.code: [whole for whole, _exact in shares] for option, shares in ranks} == {
        "SAFE": [50, 50, 0],
        "OPEN": [50, 50, 0],
        "BASE": [0, 0, 100],
    }


def test_dominance_is_told_in_words(client, judged):
    page = client.get(at(judged)).text

    assert "“Open up” does better than “As now” by every criterion that counts." in page


@pytest.mark.parametrize(
    ("of", "first"),
    [
        ("ranking", {"Rank": "1", "Code": "OPEN", "Total, of 100": "66.0", "Gain": "90.0", "Calm": "30.0"}),
        ("cells", {"Option": "Open up", "Criterion": "Gain", "Scores": "1", "Mean value": "90.0"}),
        (
            "weights",
            {"Code": "gain", "Weight": "0.6", "Flips below": "0.545455", "Flips below, to": "Play safe"},
        ),
        (
            "differences",
            {"Option": "Open up", "Criterion": "Gain", "Weighted difference from the baseline": "36.0"},
        ),
    ],
)
def test_every_table_is_downloaded_with_exact_numbers(client, judged, of, first):
    response = client.get(at(judged, of=of, _export="csv"))

    (row, *_rest) = downloaded(response)
    assert {name: row[name] for name in first} == first


@pytest.mark.parametrize("of", ["ranking", "cells", "weights", "ranks", "differences"])
@pytest.mark.parametrize("file_format", ["xlsx", "ods", "json"])
def test_every_table_comes_in_every_format(client, judged, of, file_format):
    scored(judged, {"BASE": [3, 2], "OPEN": [4, 4], "SAFE": [9, 9]}, [50, 50])

    response = client.get(at(judged, of=of, _export=file_format))
    assert response.status_code == 200
    content = b"".join(response)
    if file_format == "json":
        assert json.loads(content)


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, count):
    report = make_report("plan")
    for number in range(count):
        make_argument(make_option(report, is_baseline=not number))
        make_criterion(report)
    codes = [option.code for option in report.options.all()]
    for _person in range(count):
        scored(report, {code: [5] * count for code in codes}, [50] * count)

    with django_assert_num_queries(8):
        client.get(at(report))
