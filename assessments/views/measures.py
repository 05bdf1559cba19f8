"""The page of a measure, and recording progress on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.assumptions import speaks_of_assumptions, under_assumptions
from assessments.forms.progress import CorrectionForm, EvidenceForms, ProgressForm, RecordingForms
from assessments.models import ProgressEntry
from assessments.progress.histories import entries_of
from assessments.progress.measure_page import MeasurePage
from assessments.progress.recording import AlreadyRecorded, Overtaken, latest_recorded, record
from assessments.progress.situations import fact_names
from assessments.views.asked import on_day
from recommendations.models import Measure
from recommendations.pages import Citation, exported

RECORD = "assessments.add_progressentry"


def find_measure(report, code):
    return get_object_or_404(Measure.objects.select_related("report__source"), report__slug=report, code=code)


@require_safe
def measure(request, report, code):
    found = find_measure(report, code)
    forms = None
    # What is assumed and what is recorded never stand on one page.
    if request.user.has_perm(RECORD) and found.takes_progress and not speaks_of_assumptions(request.GET):
        forms = empty_forms(found)
    return measure_page(request, found, forms)


def measure_page(request, found, forms, **extra):
    """The page with the form as it is: empty, or with what somebody wrote and why it was not taken."""
    now, dates = on_day(request, found.report)
    facts = fact_names(found.report)
    now, assumptions = (now, None) if forms else under_assumptions(dates, now, facts)
    page = MeasurePage(found, now, facts)
    if export := exported(request):
        return page.history_table().export(export, name=f"{found.report.slug}-{found.code}-{now.as_of}")
    context = page.context() | {
        "forms": forms,
        "dates": dates,
        "assumptions": assumptions,
        "uses": page.uses(request.user),
        "citation": Citation.of(request, found.title, found.get_absolute_url(), as_of=now.as_of),
    }
    context["moments_table"].configure(request)
    return render(request, "assessments/measure.html", context | extra)


def empty_forms(found):
    latest = latest_recorded(found)
    return RecordingForms(
        ProgressForm(measure=found, latest=latest, initial={"confidence": ProgressEntry.Confidence.MEDIUM}),
        EvidenceForms(prefix="evidence"),
    )


@login_required
@permission_required(RECORD, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def record_progress(request, report, code):
    found = find_measure(report, code)
    if not found.takes_progress:
        raise PermissionDenied(
            _("This measure was retired; nothing new is recorded on it.")
            if found.retired
            else _("A restraint has evidence, but no state of progress.")
        )
    if request.method != "POST":
        return redirect(f"{found.get_absolute_url()}#record-progress")
    forms = RecordingForms(
        ProgressForm(request.POST, measure=found), EvidenceForms(request.POST, prefix="evidence")
    )
    return save_or_show(request, found, forms, measure_page)


def save_or_show(request, found, forms, show, supersedes=None):
    """Store what is valid and say so; else show it again, with nothing lost."""
    if not forms.is_valid():
        return show(request, found, forms)
    entry = forms.entry.save(commit=False)
    entry.measure, entry.key, entry.recorded_by = found, forms.entry.cleaned_data["key"], request.user
    entry.supersedes = supersedes
    try:
        record(entry, forms.evidence.pieces(), forms.entry.known_pieces(), forms.entry.cleaned_data["seen"])
    except AlreadyRecorded as earlier:
        messages.info(request, _("This was recorded already; it counts once."))
        return redirect(earlier.entry.get_absolute_url())
    except Overtaken as meanwhile:
        forms.entry.renew(seen=meanwhile.latest.key if meanwhile.latest else "")
        return show(request, found, forms, overtaken_by=meanwhile.latest, mine=entry)
    messages.success(request, recorded_message(entry))
    return redirect(entry.get_absolute_url())


def recorded_message(entry):
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Recorded."),
        reverse("assessments:changes", args=[entry.measure.report.slug]),
        _("See what it changes between two dates"),
    )


@login_required
@permission_required(RECORD, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_progress(request, report, code, key):
    found = find_measure(report, code)
    entry = get_object_or_404(entries_of(found), key=key)
    if hasattr(entry, "superseded_by") and request.method != "POST":
        messages.info(request, _("This entry was superseded already; correct the one in its place."))
        return redirect(entry.superseded_by.get_absolute_url())

    def show(request, found, forms, **extra):
        context = {"measure": found, "report": found.report, "entry": entry, "forms": forms, **extra}
        return render(request, "assessments/correct_progress.html", context)

    if request.method != "POST":
        latest = latest_recorded(found)
        return show(
            request,
            found,
            RecordingForms(
                CorrectionForm(measure=found, latest=latest, initial=correction_of(entry)),
                EvidenceForms(prefix="evidence"),
            ),
        )
    forms = RecordingForms(
        CorrectionForm(request.POST, measure=found), EvidenceForms(request.POST, prefix="evidence")
    )
    return save_or_show(request, found, forms, show, supersedes=last_correction(entry))


def last_correction(entry):
    """What stands in the place of an entry today: itself, or the correction of its correction."""
    while hasattr(entry, "superseded_by"):
        entry = entry.superseded_by
    return entry


def correction_of(entry):
    """What a correction starts from: the entry as it is, evidence included."""
    return {
        "state": entry.state,
        "as_of": entry.as_of,
        "note": entry.note,
        "confidence": entry.confidence,
        "known_evidence": [tie.evidence_id for tie in entry.ties.all()],
    }
