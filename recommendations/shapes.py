"""What a record can say: which fields, and what the value of each looks like before its meaning is asked for.

Whatever passes here has one meaning only and cannot make the checks that follow stumble.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from recommendations.models.keyed import Keyed

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?\Z")


def short(text, length=160):
    """A text as a sentence can bear it: neither too long, nor with what would break or bend the line."""
    kept = text if len(text) <= length else f"{text[: length - 1]}…"
    return kept if kept.isprintable() else "".join(sign if sign.isprintable() else "�" for sign in kept)


@cache
def spelt_out(model):
    """The fields that a record of a model can give, by name: no number, nothing that other records say."""
    return {field.name: field for field in model._meta.get_fields() if _is_spelt_out(field)}


def _is_spelt_out(field):
    if field.auto_created or not field.concrete:
        return False
    return not field.many_to_many or field.remote_field.through._meta.auto_created


def misfit(field, value):
    """Why a value cannot be one of a field, with a place for its name; None if it can."""
    if field.is_relation:
        return _misfit_of_keys(field, value) if issubclass(field.related_model, Keyed) else None
    if value is None:
        return None
    for kind, fits, sentence in SHAPES:
        if isinstance(field, kind):
            return None if fits(value) else sentence
    return None


def _misfit_of_keys(field, value):
    target = field.related_model
    if not field.many_to_many:
        return None if value is None or _is_key(value, target) else NO_KEY
    if not isinstance(value, list):
        return _("The field “%s” is a list of codes.")
    if not all(_is_key(key, target) for key in value):
        return NO_KEY
    return _("The field “%s” names a row twice.") if len({*map(tuple, value)}) < len(value) else None


def _is_key(value, model):
    is_text = isinstance(value, list) and all(isinstance(part, str) for part in value)
    return is_text and len(value) == len(model.key_fields)


def _is_text(value):
    return isinstance(value, str)


def _is_yes_or_no(value):
    return isinstance(value, bool)


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value):
    """A number as YAML reads it, or as text, which keeps its digits in the hands of every editor."""
    return NUMBER.match(value) if isinstance(value, str) else isinstance(value, Decimal) or _is_whole(value)


def _is_day(value):
    """A day as YAML reads it, or as text that can be written in one way only."""
    if not isinstance(value, str):
        return isinstance(value, date) and not isinstance(value, datetime)
    try:
        return bool(DAY.match(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _is_moment(value):
    """A time with its offset from UTC, so far from the ends of the calendar that every clock can show it."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        return False
    is_clear = isinstance(moment, datetime) and moment.tzinfo is not None
    return is_clear and date.min.year < moment.year < date.max.year


NO_KEY = _("The field “%s” names a row by the list of its codes.")
SHAPES = [
    (models.CharField | models.TextField, _is_text, _("The field “%s” is text; put its value in quotes.")),
    (models.BooleanField, _is_yes_or_no, _("The field “%s” is true or false, without quotes.")),
    (models.IntegerField, _is_whole, _("The field “%s” is a whole number, without quotes.")),
    (models.DecimalField, _is_number, _("The field “%s” is a number such as 12.5.")),
    (models.DateTimeField, _is_moment, _("The field “%s” is a moment; write it as 2024-03-01T12:00:00Z.")),
    (models.DateField, _is_day, _("The field “%s” is a day; write it as 2024-03-01.")),
]
