"""Codes and secrets by which people join a workshop. Of a secret only a digest is stored.

The code of a workshop follows from its seed and the key of this installation, so that the facilitator can
see it again while neither the database nor the key alone tells it. What a participant holds is drawn at
random; it is in the cookie of the device, and typed in elsewhere it moves the participant there.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assessments.models import Participant, Workshop

COOKIE = "workshop"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0, O, 1, I and L, which look alike
CODE_LENGTH = 9  # 44 bits
SECRET_LENGTH = 16  # 79 bits
CODE_LASTS = timedelta(hours=24)


def letters_from(data, length):
    """So many letters out of bytes: twice as many bytes as letters leave no visible preference."""
    number = int.from_bytes(data, "big")
    found = []
    for _place in range(length):
        number, letter = divmod(number, len(LETTERS))
        found.append(LETTERS[letter])
    return "".join(found)


def tidied(text):
    """A code as people type it: in any case, with spaces and dashes."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def grouped(code, size):
    """A code as people can read it out: in groups."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def keyed_digest(text, purpose):
    """What is stored in place of a secret: useless without the key of this installation."""
    return salted_hmac(f"waymark.{purpose}", text, algorithm="sha256").hexdigest()


def code_of(workshop):
    """The code that the room types in; empty where there is none."""
    if not workshop.seed:
        return ""
    drawn = salted_hmac("waymark.join-code", workshop.seed, algorithm="sha256").digest()
    return letters_from(drawn, CODE_LENGTH)


def renew_code(workshop, until=None):
    """Give a workshop a code of its own; the caller saves it."""
    workshop.seed = secrets.token_hex(32)
    workshop.code_digest = keyed_digest(code_of(workshop), "join-code")
    workshop.code_until = until or timezone.now() + CODE_LASTS


def workshop_of(code):
    """The workshop that can be joined by a code now; None for a wrong, an expired and a closed one alike."""
    return Workshop.objects.filter(
        code_digest=keyed_digest(tidied(code), "join-code"),
        status=Workshop.Status.RUNNING,
        code_until__gt=timezone.now(),
    ).first()


def new_secret():
    """What a participant holds: for the cookie, and as the return code."""
    return letters_from(secrets.token_bytes(32), SECRET_LENGTH)


def is_secret(text):
    """Whether it could have been drawn here."""
    return len(text) == SECRET_LENGTH and set(text) <= set(LETTERS)


def holder_of(secret):
    """Who holds a secret; None where nobody does, or the workshop is over."""
    if not secret:
        return None
    return Participant.objects.holding(keyed_digest(tidied(secret), "participant"))


def join(workshop, secret, group=None):
    """Take somebody in. Sent twice with one secret, it is still one person; None if the doors are closed."""
    with transaction.atomic():
        found = Workshop.objects.select_for_update().get(pk=workshop.pk)
        if not found.is_running:
            return None
        participant, _is_new = Participant.objects.get_or_create(
            digest=keyed_digest(secret, "participant"), defaults={"workshop": found, "group": group}
        )
        return participant
