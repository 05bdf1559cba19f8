"""The navigation: the rooms of a report in the order of their weight, and the pages of the room one is in."""

from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()


class Page(NamedTuple):
    """A page that the navigation leads to."""

    view: str
    label: "StrOrPromise"
    holds: tuple[str, ...] = ()  # views of the pages behind it
    assumes: bool = False  # shows what the address assumes
    is_of_report: bool = True

    def url(self, context):
        address = reverse(self.view, args=[context["report"].slug] if self.is_of_report else [])
        return f"{address}{context['now'].query}" if self.assumes and "now" in context else address

    def current(self, view):
        """Whether a view is this page, or stands behind it; as assistive technology is told."""
        return "page" if view == self.view else "true" if view in self.holds else ""


class Room(NamedTuple):
    """Pages on one matter; the first is the way in."""

    label: "StrOrPromise"
    pages: tuple[Page, ...]

    def current(self, view):
        found = [page.current(view) for page in self.pages if page.current(view)]
        return "true" if found and len(self.pages) > 1 else "".join(found)


class Link(NamedTuple):
    """A page or a room as it is shown."""

    label: "StrOrPromise"
    url: str
    current: str


SITE = (
    Page("recommendations:source-list", _("Sources"), ("assessments:source",), is_of_report=False),
    Page("recommendations:method", _("Method"), is_of_report=False),
)
COMPARING = (
    "assessments:compare-brief",
    "assessments:compare-measures",
    "assessments:desk",
    "assessments:desk-assessment",
    "assessments:score-grid",
    "assessments:score-option",
    "assessments:share-desk",
    "assessments:weights",
)
ROOMS = (
    Room(
        _("Checklist"),
        (
            Page(
                "assessments:checklist",
                _("Checklist"),
                ("assessments:measure", "assessments:record-progress", "assessments:correct-progress"),
                assumes=True,
            ),
        ),
    ),
    Room(_("Next steps"), (Page("assessments:unlocks", _("Next steps"), assumes=True),)),
    Room(_("Map"), (Page("assessments:map", _("Map"), assumes=True),)),
    Room(_("Changes"), (Page("assessments:changes", _("Changes")),)),
    Room(
        _("Scenarios"),
        (
            Page("assessments:scenarios", _("Scenarios")),
            Page("assessments:what-if", _("What if"), assumes=True),
        ),
    ),
    Room(
        _("Options"),
        (
            Page(
                "assessments:options",
                _("Options"),
                ("assessments:option", "assessments:new-option", "assessments:edit-option"),
            ),
            Page("assessments:compare", _("Comparison"), COMPARING),
            Page("assessments:criteria", _("Criteria")),
        ),
    ),
    Room(
        _("Evidence"),
        (
            Page("assessments:evidence", _("Evidence"), ("assessments:contradictions",)),
            Page("recommendations:indicator-list", _("Indicators"), ("recommendations:indicator",)),
        ),
    ),
    Room(
        _("About"),
        (
            Page("recommendations:outline", _("Outline")),
            Page("recommendations:editions", _("Editions")),
            Page("recommendations:glossary", _("Glossary")),
            *SITE,
        ),
    ),
)


@register.inclusion_tag("_navigation.html", takes_context=True)
def navigation(context):
    """The rooms of the report that a page speaks of, or else the pages of the site."""
    match = getattr(context.get("request"), "resolver_match", None)
    view = match.view_name if match else ""
    if not context.get("report"):
        return {"links": links(SITE, view, context)}
    rooms = [Link(room.label, room.pages[0].url(context), room.current(view)) for room in ROOMS]
    here = next((room for room in ROOMS if room.current(view) and len(room.pages) > 1), None)
    return {"links": rooms, "room": here, "pages": links(here.pages, view, context) if here else []}


def links(pages, view, context):
    return [Link(page.label, page.url(context), page.current(view)) for page in pages]
