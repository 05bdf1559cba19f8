"""Field types that several models of a report share."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from recommendations.lines import line_ranges

code_validator = RegexValidator(
    r"\A[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\Z",
    _("A code is made of letters, digits, dots, hyphens and underscores, such as T1.2.1."),
)


def validate_lines(value):
    """Refuse what is no list of line numbers and ranges."""
    try:
        line_ranges(value)
    except ValueError as error:
        raise ValidationError(
            _("Write line numbers and ranges like 812-818, 842; “%(value)s” is not one."),
            params={"value": value},
        ) from error


def _with(validator, validators):
    """The validators with one more; a migration hands in those that a field already had."""
    return [*validators] if validator in validators else [*validators, validator]


class CodeField(models.CharField):
    """A stable name for a row, unique within its report; never made from its title."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("verbose_name", _("code"))
        kwargs["validators"] = _with(code_validator, kwargs.get("validators", ()))
        super().__init__(*args, **kwargs)


class LinesField(models.CharField):
    """Line numbers in the source a row rests on."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("verbose_name", _("lines"))
        kwargs.setdefault("help_text", _("Lines of the source, such as 812-818, 842."))
        kwargs["validators"] = _with(validate_lines, kwargs.get("validators", ()))
        super().__init__(*args, **kwargs)


class LinkField(models.URLField):
    """A link to the web; other schemes could run a script or reach into a machine."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"], message=_("Give a full link that begins with http:// or https://.")
        )
    ]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("verbose_name", _("link"))
        super().__init__(*args, **kwargs)


def link_is_http(model_name):
    """The constraint that keeps other schemes out of a model's `url`, whichever way they come."""
    return models.CheckConstraint(
        condition=Q(url="") | Q(url__startswith="http://") | Q(url__startswith="https://"),
        name=f"{model_name}_link_is_http",
        violation_error_message=_("A link begins with http:// or https://."),
    )


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def known_date(day, precision):
    """A date with no more digits than are known; empty without one."""
    if day is None:
        return ""
    return date_format(day, {DatePrecision.YEAR: "Y", DatePrecision.MONTH: "F Y"}.get(precision, "j F Y"))


def amount(number):
    """A decimal number with its thousands set apart and no idle zeros; "—" without one."""
    if number is None:
        return "—"
    return number_format(f"{Decimal(number).normalize():f}", force_grouping=True)


def web_link(url):
    """A link that is safe to follow, or nothing: what is stored may have come by any way."""
    return url if url.startswith(("http://", "https://")) else ""
