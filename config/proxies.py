"""Whose address a request comes from, when reverse proxies stand in front."""

from django.conf import settings


def client_address(request):
    """The address that the outermost proxy of ours saw; anything before it can be made up."""
    if settings.PROXY_COUNT:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(seen) >= settings.PROXY_COUNT:
            return seen[-settings.PROXY_COUNT].strip()
    return request.META.get("REMOTE_ADDR", "")
