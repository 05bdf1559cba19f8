"""Slowing down whoever guesses codes, without storing an address.

Failures are counted under a digest whose key lives in the cache alone and dies with it. The bound is wide: a
whole room may stand behind one address, and codes are far too long to be guessed at this pace.
"""

import hmac
import secrets

from django.core.cache import cache

from config.proxies import client_address

MOST_FAILURES = 100
WINDOW = 10 * 60  # seconds


def _counter(request):
    key = cache.get_or_set("throttle-key", lambda: secrets.token_bytes(32), timeout=None)
    return "failures-" + hmac.new(key, client_address(request).encode(), "sha256").hexdigest()


def is_throttled(request):
    """Whether so many codes from there were wrong of late that no other is looked at."""
    return cache.get(_counter(request), 0) >= MOST_FAILURES


def count_failure(request):
    """Note a wrong code."""
    counter = _counter(request)
    if not cache.add(counter, 1, WINDOW):
        cache.incr(counter)
