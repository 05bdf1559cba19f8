"""The navigation: the rooms of a report in the order of their weight, and the pages of the room one is in."""

from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()
REPORT = "reports/<slug:report>/"  # how the addresses of a report begin


class Page(NamedTuple):
    """A page that the navigation leads to."""

    view: str
    label: "StrOrPromise"
    holds: tuple[str, ...] = ()  # how the addresses begin, within the report, of the pages behind it
    assumes: bool = False  # shows what the address assumes
    is_of_report: bool = True
    permission: str = ""  # whom it is shown to; empty: everybody

    def is_for(self, user):
        # A page of an error may know of no user.
        return not self.permission or (user is not None and user.has_perm(self.permission))

    def url(self, context):
        address = reverse(self.view, args=[context["report"].slug] if self.is_of_report else [])
        return f"{address}{context['now'].query}" if self.assumes and "now" in context else address

    def current(self, match):
        """Whether what was asked for is this page, or stands behind it: as `aria-current` says it."""
        if match is None:
            return ""
        behind = tuple(f"{REPORT if self.is_of_report else ''}{beginning}" for beginning in self.holds)
        return "page" if match.view_name == self.view else "true" if match.route.startswith(behind) else ""


class Room(NamedTuple):
    """Pages on one matter; the first is the way in."""

    label: "StrOrPromise"
    pages: tuple[Page, ...]

    def current(self, match):
        found = [page.current(match) for page in self.pages if page.current(match)]
        return "true" if found and len(self.pages) > 1 else "".join(found)


class Link(NamedTuple):
    """A page or a room as it is shown."""

    label: "StrOrPromise"
    url: str
    current: str


SITE = (
    Page("recommendations:source-list", _("Sources"), ("sources/",), is_of_report=False),
    Page("recommendations:method", _("Method"), is_of_report=False),
    Page(
        "assessments:workshops",
        _("Workshops"),
        ("workshops/",),
        is_of_report=False,
        permission="assessments.facilitate_workshop",
    ),
)
ROOMS = (
    Room(
        _("Checklist"),
        (Page("assessments:checklist", _("Checklist"), ("measures/",), assumes=True),),
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
            Page("assessments:options", _("Options"), ("options/", "new-option/", "results/")),
            Page("assessments:compare", _("Comparison"), ("compare/", "desk/by/")),
            Page("assessments:criteria", _("Criteria")),
            Page(
                "assessments:desk",
                _("Your desk assessment"),
                ("desk/options/", "desk/grid/", "desk/weights/", "desk/status/"),
                permission="assessments.add_deskassessment",
            ),
        ),
    ),
    Room(
        _("Evidence"),
        (
            Page("assessments:evidence", _("Evidence"), ("evidence/",)),
            Page("recommendations:indicator-list", _("Indicators"), ("indicators/",)),
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
    if not context.get("report"):
        return {"links": links(SITE, match, context)}
    rooms = [Link(room.label, room.pages[0].url(context), room.current(match)) for room in ROOMS]
    here = next((room for room in ROOMS if room.current(match) and len(room.pages) > 1), None)
    return {"links": rooms, "room": here, "pages": links(here.pages, match, context) if here else []}


def links(pages, match, context):
    shown = [page for page in pages if page.is_for(context.get("user"))]
    return [Link(page.label, page.url(context), page.current(match)) for page in shown]
