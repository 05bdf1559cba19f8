"""What becomes of an option: cloned, revised, shared, published, withdrawn, deleted. Each is one POST."""

from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models.progress import new_key
from assessments.options import versions as option_versions
from assessments.options.versions import Refused
from assessments.querysets import DRAFTS_OPTIONS
from assessments.views.options import find_option


def by_who_drafts(view):
    """For analysts; what is refused leads back to the option and says why."""

    @wraps(view)
    def answer(request, report, code):
        try:
            return view(request, report, code)
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
            return redirect("assessments:option", report, code)

    return login_required(permission_required(DRAFTS_OPTIONS, raise_exception=True)(answer))


def find_own(request, report, code):
    """An option that the visitor drafted, whatever has become of it."""
    found = find_option(request, report, code)
    if found.author != request.user:
        raise PermissionDenied(
            _("Only its author does this. You can clone the option, and go on from there.")
        )
    return found


@by_who_drafts
@require_POST
def clone_option(request, report, code):
    found = find_option(request, report, code)
    copy = option_versions.clone(found, request.user, key_of(request))
    messages.success(request, _("This is your clone. Nobody else sees it until you share it."))
    return redirect(edit_address(copy))


def key_of(request):
    """The key of the form that was sent; a form without one is like no other."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return new_key()


def edit_address(option):
    return reverse("assessments:edit-option", args=[option.report.slug, option.code])


@by_who_drafts
@require_POST
def revise_option(request, report, code):
    found = find_own(request, report, code)
    if not found.is_frozen:
        return redirect(edit_address(found))
    draft = option_versions.revise(found)
    messages.success(request, _("This is the next version. It takes the place of the other once published."))
    return redirect(edit_address(draft))


@by_who_drafts
@require_POST
def share_option(request, report, code):
    found = find_own(request, report, code)
    option_versions.share(found)
    messages.success(request, _("Analysts see it now."))
    return redirect(found.get_absolute_url())


@by_who_drafts
@require_POST
def publish_option(request, report, code):
    found = find_own(request, report, code)
    option_versions.publish(found)
    messages.success(request, _("Everybody sees it now, and it stays as it is. To change it, revise it."))
    return redirect(found.get_absolute_url())


@by_who_drafts
@require_POST
def withdraw_option(request, report, code):
    found = find_own(request, report, code)
    option_versions.withdraw(found)
    messages.success(request, _("Only analysts see it now."))
    return redirect(found.get_absolute_url())


@by_who_drafts
@require_http_methods(["GET", "HEAD", "POST"])
def delete_option(request, report, code):
    found = find_own(request, report, code)
    if request.method != "POST":
        reason = option_versions.why_not_deleted(found)
        context = {"report": found.report, "option": found, "reason": reason}
        return render(request, "assessments/delete_option.html", context)
    option_versions.delete(found)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
    return redirect("assessments:options", found.report.slug)
