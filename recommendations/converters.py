"""What may stand in the addresses of pages."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class CodeConverter:
    """A code as it stands in an address."""

    regex = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class NumberConverter(IntConverter):
    """A number of a row that every database can take."""

    regex = "[0-9]{1,9}"


register_converter(CodeConverter, "code")
register_converter(NumberConverter, "number")
