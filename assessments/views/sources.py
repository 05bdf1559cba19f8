"""The page of a source, with everything taken from it."""

from collections import Counter

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.forms.sources import TakenFilterForm
from assessments.progress.taken import PLURALS, Coverage, taken_from
from assessments.tables.sources import TakenTable
from recommendations.models import Source
from recommendations.pages import Citation, exported, is_fragment_for


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def source(request, slug):
    found = get_object_or_404(Source, slug=slug)
    taken = taken_from(found)
    filters = TakenFilterForm(request.GET, taken=taken)
    table = TakenTable(filters.apply_to(taken)).configure(request)

    if export := exported(request):
        return table.export(export, name=f"taken-from-{found.slug}")
    fragment = is_fragment_for(request, "taken-table")
    return render(
        request,
        "assessments/_taken_table.html" if fragment else "assessments/source.html",
        {
            "source": found,
            "filters": filters,
            "table": table,
            "count": row_count(len(table.rows), len(taken)),
            "kinds": kind_counts(taken),
            "coverage": Coverage.of(found, taken),
            "citation": Citation.of(request, found.title),
        },
    )


def row_count(shown, every):
    if shown == every:
        return ngettext("%(count)d row rests on it", "%(count)d rows rest on it", every) % {"count": every}
    return _("%(found)d of %(all)d rows fit:") % {"found": shown, "all": every}


def kind_counts(taken):
    """How much of each kind is taken, by kind and name, in the order of kinds."""
    counts = Counter(each.kind for each in taken)
    return [(kind, plural, counts[kind]) for kind, plural in PLURALS.items() if counts[kind]]
