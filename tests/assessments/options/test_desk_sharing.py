"""Who sees a desk assessment, what they see of it, and how its author lets them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from assessments.models import DeskAssessment
from assessments.options.desk import judgements
from tests.factories import make_criterion, make_desk_assessment, make_option, make_report, make_user
from tests.pages import downloaded, said

pytestmark = pytest.mark.django_db

STATUS = "/reports/plan/desk/status/"


@pytest.fixture
def ana():
    return make_user("analyst", "ana", first_name="Ana", last_name="Lyst")


@pytest.fixture
def report():
    report = make_report("plan")
    make_option(report, "O1", position=1)
    make_criterion(report, "K1", position=1)
    return report


@pytest.fixture
def assessment(ana, report):
    option, criterion = report.options.get(), report.criteria.get()
    made = make_desk_assessment(
        report, ana, scores={(option, criterion): 7}, swings={criterion: 80}, status="draft"
    )
    made.scores.update(reason="=Because")
    return made


def who_sees(sign_in, assessment):
    visitors = {"anonymous": Client(), "author": sign_in(assessment.author)}
    visitors |= {role: sign_in(role) for role in ("reader", "analyst", "curator", "superuser")}
    address = assessment.get_absolute_url()
    return {name for name, visitor in visitors.items() if visitor.get(address).status_code == 200}


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        ("draft", {"author"}),
        ("shared", {"author", "analyst", "curator", "superuser"}),
        ("published", {"author", "analyst", "curator", "superuser", "reader", "anonymous"}),
    ],
)
def test_it_is_seen_by_whom_its_author_lets_see_it(sign_in, ana, assessment, status, readers):
    response = sign_in(ana).post(STATUS, {"status": status})

    assert response.headers["Location"] == "/reports/plan/desk/"
    assert DeskAssessment.objects.get().status == status
    assert said(response) == [DeskAssessment.objects.get().readers]
    assert who_sees(sign_in, assessment) == readers


def test_what_was_published_can_go_back_to_draft(sign_in, ana, assessment):
    for status in ("published", "draft"):
        sign_in(ana).post(STATUS, {"status": status})

    assert who_sees(sign_in, assessment) == {"author"}


def test_the_page_says_beforehand_who_will_see_it_with_which_name(sign_in, ana, assessment):
    page = sign_in(ana).get("/reports/plan/desk/").text

    assert "Only you see it." in page
    assert "Everybody on the internet will see scores, reasons and weights with the name “Ana Lyst”" in page
    assert "Analysts and curators of this site will see scores" in page
    assert "Back to draft" not in page


@pytest.mark.parametrize("sent", [{}, {"status": "secret"}, {"status": ""}, {"status": "draft\0"}])
def test_no_such_status_is_refused_with_a_sentence(sign_in, ana, assessment, sent):
    response = sign_in(ana).post(STATUS, sent)

    assert said(response) == ["Who sees it: choose draft, shared with analysts or published."]
    assert DeskAssessment.objects.get().status == "draft"


def test_nothing_cannot_be_published(sign_in, ana, report):
    client = sign_in(ana)
    nothing = "Nothing is scored yet, so there is nothing to show; score something first."
    assert said(client.post(STATUS, {"status": "published"})) == [nothing]
    make_desk_assessment(report, ana, status="draft")
    assert said(client.post(STATUS, {"status": "published"}))[-1] == nothing

    assert DeskAssessment.objects.get().status == "draft"


def test_nobody_changes_who_sees_the_assessment_of_another(sign_in, assessment):
    sign_in("analyst").post(STATUS, {"status": "published"})

    assert DeskAssessment.objects.get().status == "draft"


def test_scores_of_an_option_are_seen_by_whom_the_option_is_seen(sign_in, ana, report, assessment):
    draft = make_option(report, "draft", author=ana, status="draft", position=2)
    DeskAssessment.objects.update(status="published")
    assessment.scores.create(option=draft, criterion=report.criteria.get(), score=3)

    assert [score.option.code for score in judgements(assessment, ana)] == ["O1", "draft"]
    assert [score.option.code for score in judgements(assessment, AnonymousUser())] == ["O1"]
    page = Client().get(assessment.get_absolute_url())
    assert "Option draft" not in page.text
    assert "Ana Lyst" in page.text


def test_the_comparison_leads_to_whose_scores_it_rests_on(client, report, assessment):
    make_option(report, "O2", position=2)
    DeskAssessment.objects.update(status="published")

    page = client.get("/reports/plan/compare/?option=O1&option=O2").text

    assert f'<a href="{assessment.get_absolute_url()}">Ana Lyst</a>' in page


def test_no_opinion_is_sorted_below_the_worst_score(sign_in, ana, report, assessment):
    option = report.options.get()
    for number, score in ((2, 0), (3, None)):
        assessment.scores.create(option=option, criterion=make_criterion(report, f"K{number}"), score=score)

    def sorted_by(column):
        rows = sign_in(ana).get(assessment.get_absolute_url(), {"sort": column}).context["table"].rows
        return [row.record.score for row in rows]

    assert sorted_by("score") == [None, 0, 7]
    assert sorted_by("-score") == [7, 0, None]


def test_scores_and_weights_can_be_downloaded(sign_in, ana, report, assessment):
    second = make_criterion(report, "K2", position=2)
    assessment.scores.create(option=report.options.get(), criterion=second)
    client, address = sign_in(ana), assessment.get_absolute_url()

    assert [list(row.values()) for row in downloaded(client.get(f"{address}?_export=csv"))] == [
        ["O1", "Option O1", "K1", "Criterion K1", "7", "false", "'=Because"],
        ["O1", "Option O1", "K2", "Criterion K2", "", "true", ""],
    ]
    assert downloaded(client.get(f"{address}?_export=csv&of=weights")) == [
        {
            "Criterion code": "K1",
            "Criterion": "Criterion K1",
            "Worst end, 0": "Worst of K1",
            "Best end, 10": "Best of K1",
            "Swing": "80",
            "Share in per cent": "100",
        }
    ]
    for file_format in ("xlsx", "ods", "json"):
        assert b"".join(client.get(f"{address}?_export={file_format}"))


@pytest.mark.parametrize(
    ("sort", "scores"), [("", [7, None, 2]), ("?sort=score", [None, 2, 7]), ("?sort=-score", [7, 2, None])]
)
def test_scores_stand_in_the_order_of_the_report_or_as_asked(sign_in, ana, report, assessment, sort, scores):
    for number, score in ((2, None), (3, 2)):
        criterion = make_criterion(report, position=number)
        assessment.scores.create(option=report.options.get(), criterion=criterion, score=score)

    table = sign_in(ana).get(f"{assessment.get_absolute_url()}{sort}").context["table"]

    assert [row.record.score for row in table.rows] == scores


@pytest.mark.parametrize("author", ["0", "999", "9" * 30, "-1", "ana", "1e3"])
def test_nobodys_assessment_is_not_there(client, assessment, author):
    assert client.get(f"/reports/plan/desk/by/{author}/").status_code == 404


@pytest.mark.parametrize("size", [2, 10])
def test_the_number_of_queries_does_not_grow(client, ana, django_assert_num_queries, size):
    report = make_report("plan")
    options = [make_option(report, position=number) for number in range(size)]
    criteria = [make_criterion(report, position=number) for number in range(size)]
    made = make_desk_assessment(
        report,
        ana,
        scores={(o, c): 5 for o in options for c in criteria},
        swings=dict.fromkeys(criteria, 50),
    )

    with django_assert_num_queries(4):
        client.get(made.get_absolute_url())
