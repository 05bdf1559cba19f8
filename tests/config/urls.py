"""The site's addresses, and two pages that only the tests need."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as site


def fine(request):
    return HttpResponse(f"You are {request.user.get_username() or 'nobody'}.")


def forbidden(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("This page is broken on purpose.")


urlpatterns = [
    path("test/fine/", fine),
    path("test/forbidden/", forbidden),
    path("test/broken/", broken),
    *site,
]
