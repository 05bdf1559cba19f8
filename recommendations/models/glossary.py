"""The glossary: institutions and terms that a report speaks of."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.fields import LinesField
from recommendations.models.keyed import InReport
from recommendations.models.reports import Source


class Term(InReport):
    """An institution or a term, explained in our own words."""

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("institution")
        TERM = "term", _("term")

    name = models.CharField(_("name"), max_length=200)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("Spellings and short forms that occur in the texts, one on each line."),
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.TERM)
    definition = models.TextField(_("definition"))
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="terms",
    )
    lines = LinesField()

    fixture_file = "glossary"

    class Meta(InReport.Meta):
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["report", "name", "code"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('recommendations:glossary', args=[self.report.slug])}#{self.anchor}"

    @property
    def anchor(self):
        """Where it stands on the page of the glossary."""
        return f"term-{self.code}"

    @property
    def names(self):
        """All it is called in the texts, its own name first."""
        return [self.name, *filter(None, map(str.strip, self.other_names.splitlines()))]
