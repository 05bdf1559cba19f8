"""Links to the glossary, wherever a text names one of its terms."""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.filter
def link_terms(text, report):
    """A text with a link where it first names each term of the report's glossary; all else is escaped."""
    return _linked(report.glossary.pieces(text))


@register.filter
def definition(term):
    """What a term means, with links to the other terms that this names."""
    return _linked(term.report.glossary.pieces(term.definition, without={term}))


def _linked(pieces):
    return format_html_join("", "{}", ((_link(piece) if piece.term else piece.text,) for piece in pieces))


def _link(piece):
    return format_html(
        '<a class="term" href="{}" title="{}">{}</a>',
        piece.term.get_absolute_url(),
        piece.term.definition,
        piece.text,
    )
