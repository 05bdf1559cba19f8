"""What a browser sends when somebody scores options or weighs criteria."""

from html.parser import HTMLParser

from django.urls import reverse

from assessments.models import DeskScore, SwingWeight


class Fields(HTMLParser):
    """What the fields of a page's POST form hold, by their names."""

    def __init__(self, page):
        super().__init__()
        self.values, self.within, self.area, self.select = {}, False, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.within = given.get("method") == "post" and "accounts" not in given["action"]
        elif not self.within:
            return
        elif tag == "textarea":
            self.area = given["name"]
            self.values[self.area] = ""
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and "selected" in given:
            self.values[self.select] = given["value"]
        elif tag == "input" and "name" in given and (given["type"] != "radio" or "checked" in given):
            self.values[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser leaves out the line break that the template puts before the text.
            self.values[self.area] = self.values[self.area].removeprefix("\n")
            self.area = None

    def handle_data(self, text):
        if self.area:
            self.values[self.area] += text


def fields_of(response):
    return {name: value for name, value in Fields(response.text).values.items() if "csrf" not in name}


def opened(client, address):
    """The form as it stands when somebody opens it."""
    return fields_of(client.get(address))


def option_address(option):
    return reverse("assessments:score-option", args=[option.report.slug, option.code])


def grid_address(report):
    return reverse("assessments:score-grid", args=[report.slug])


def scores():
    """Every score that is stored: whose, option, criterion, score and reason."""
    rows = DeskScore.objects.order_by("assessment__author__username", "option__code", "criterion__code")
    return list(
        rows.values_list("assessment__author__username", "option__code", "criterion__code", "score", "reason")
    )


def swings():
    rows = SwingWeight.objects.order_by("criterion__code")
    return dict(rows.values_list("criterion__code", "swing"))


def problems(response):
    """The sentences at each field that was refused, and those at none."""
    return {name: list(words) for name, words in response.context["form"].errors.items()}
