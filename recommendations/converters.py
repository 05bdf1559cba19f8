"""What may stand in the addresses of pages."""

from django.urls import register_converter


class CodeConverter:
    """A code as it stands in an address."""

    regex = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(CodeConverter, "code")
