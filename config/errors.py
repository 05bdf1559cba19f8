"""Requests that cannot be read get a page that says so, in debug mode too."""

import re

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("What you sent is too long. Please shorten it, or split it, and send it again.")
TOO_OFTEN = _("Too many failed attempts to sign in. Please wait an hour, then try again.")
UNREADABLE = _("What you sent could not be read. Please go back and try again.")
TOO_LARGE_A_NUMBER = re.compile(
    r"\d{19}"
)  # digits: no row has as many, and the admin asks for it all the same
LONGEST_LISTENED_TO = 32 * 1024 * 1024  # bytes


def error_page(status, reason):
    """The site's page for this status. Rendered without the request, which may be the trouble."""
    try:
        template = loader.select_template([f"{status}.html", "400.html"])
    except TemplateDoesNotExist:
        return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(template.render({"status": status, "reason": reason}), status=status)


def locked_out(request, original_response=None, credentials=None):
    """Answer to somebody who guessed too many passwords."""
    return error_page(429, TOO_OFTEN)


def hear_out(request):
    """Take in the rest, within reason: many a client reads the answer only after sending everything."""
    left = LONGEST_LISTENED_TO
    try:
        while left > 0 and (chunk := request.read(64 * 1024)):
            left -= len(chunk)
    except UnreadablePostError:
        pass  # gone already


class UnreadableRequestsMiddleware:
    """Read the address and the form once, early, where trouble can still become a sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            query = [text for name, values in request.GET.lists() for text in (name, *values)]
            request.POST  # noqa: B018  reading is what may fail
        except RequestDataTooBig:
            hear_out(request)
            return error_page(413, TOO_LONG)
        except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
            return error_page(400, UNREADABLE)
        # PostgreSQL refuses NUL in any text. Form bodies are left to their forms, which name the field.
        if any("\0" in text for text in (request.path_info, *query)):
            return error_page(400, UNREADABLE)
        return self.get_response(request)

    def process_exception(self, request, exception):
        """An address that asks for a number too large for the database."""
        is_too_large = isinstance(exception, OverflowError | DataError)
        if is_too_large and TOO_LARGE_A_NUMBER.search(request.get_full_path()):
            return error_page(400, UNREADABLE)
        return None
