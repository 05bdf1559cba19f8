"""What a browser sends from the forms of facilitators."""

from html.parser import HTMLParser
from uuid import uuid4

from django.urls import reverse

from assessments.workshops.facilitating import last_seen


def rules_written(report, **fields):
    """A form with rules of a report that has O1, O2 and K1; what matters is written in the test."""
    return {
        "key": str(uuid4()),
        "seen": "0",
        "title": "Which way?",
        "options": ["O1", "O2"],
        "criteria": ["K1"],
        "swing/K1": "100",
        "scale": "1-7",
        "weight_rule": "fixed",
        "rounds_planned": "2",
        "feedback": "reasons",
        "mode": "at-risk",
        "people_expected": "20",
        "groups": "",
        "language": "en",
        "others": "",
        "smallest_group": "5",
        "agreed_from": "0.5",
        "polarised_below": "0",
        "stable_up_to": "0.15",
        **fields,
    }


def new_address(report):
    return f"{reverse('assessments:new-workshop')}?report={report.slug}"


def rules_address(workshop):
    return reverse("assessments:workshop-rules", args=[workshop.pk])


def step_address(workshop):
    return reverse("assessments:workshop-step", args=[workshop.pk])


def step(workshop, do, **fields):
    """A button of the console as it stands now."""
    return {"seen": last_seen(workshop), "do": do, **fields}


class Buttons(HTMLParser):
    """The main buttons and links of a page: those that look like the thing to do."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], False
        self.feed(html)

    def handle_starttag(self, _tag, attrs):
        self.inside = "btn-primary" in (dict(attrs).get("class") or "").split()
        if self.inside:
            self.found.append("")

    def handle_data(self, data):
        if self.inside:
            self.found[-1] += data

    def handle_endtag(self, _tag):
        self.inside = False


def main_buttons(page):
    return Buttons(page.text).found
