"""A long file that comes back: which tables come out of it, beside those that were revealed."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assessments.forms.recount import RecountForm
from assessments.querysets import FACILITATES_WORKSHOPS
from assessments.views.workshops import find_workshop
from assessments.workshops.recounting import changed_rows, file_name, frame_of, kept_rows, recount, why_not


@login_required
@permission_required(FACILITATES_WORKSHOPS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def recount_workshop(request, number):
    found = find_workshop(request, number)
    if why := why_not(found):
        return render(request, "workshops/recount.html", {"workshop": found, "why": why})
    frame = frame_of(found)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RecountForm(*data, frame=frame, sheet=file_name(found))
    context = {"workshop": found, "form": form}
    if form.is_bound and form.is_valid():
        changed = changed_rows(kept_rows(found, frame), form.rows)
        recounts = recount(found, form.rows, frame)
        context |= {
            "recounts": recounts,
            "changed": changed,
            "count": len(form.rows),
            "is_computed_otherwise": not changed and any(each.differences for each in recounts),
        }
    return render(request, "workshops/recount.html", context)
