"""What pages show of one option by one criterion: the cell of a round, its value, and what became of it."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.agreement import Agreement, Histogram
from assessments.disclosure import Verdict
from assessments.options.comparison_in_words import Valued, decimal, share

STRIP_HEIGHT = 24  # of the tallest bar of a spread strip, in its own units


def in_words(verdict):
    """Why something is not told."""
    return {
        Verdict.FEW: _("too few people"),
        Verdict.REST: _("too few others"),
        Verdict.COMBINED: _("would tell about too few, beside what is shown"),
        Verdict.UNDECIDED: _("could not be checked"),
    }[Verdict(verdict)]


class Bar(NamedTuple):
    """How many people gave a score, as a bar of a strip."""

    x: int
    y: float
    height: float


@dataclass(frozen=True)
class ShownCell:
    """What the room said of one option by one criterion."""

    option: str
    criterion: str
    told: dict
    people: int | None  # who count for the totals
    histogram: Histogram | None

    @property
    def is_told(self):
        return "mean" in self.told

    @property
    def mean(self):
        return decimal(self.told["mean"], 1) if self.is_told else "—"

    @property
    def word(self):
        """How far people agree; without an answer, why nothing is told."""
        if not self.is_told:
            return in_words(self.told["why"])
        words = {
            Agreement.AGREED: _("agreed"),
            Agreement.SPREAD: _("spread"),
            Agreement.POLARISED: _("polarised"),
        }
        return words.get(self.told["word"], "")

    @property
    def kind(self):
        """For its look: agreed, spread or polarised."""
        return self.told.get("word") or ""

    @property
    def counted(self):
        """How many people it rests on, where they are not those of the totals."""
        if not self.is_told or self.told["people"] == self.people:
            return ""
        return ngettext("%(count)d score", "%(count)d scores", self.told["people"]) % {
            "count": self.told["people"]
        }

    @property
    def bars(self):
        """The spread strip; empty where the histogram is not told."""
        if not self.histogram:
            return []
        tallest = max(self.histogram.counts) or 1
        heights = [STRIP_HEIGHT * count / tallest for count in self.histogram.counts]
        return [Bar(10 * place, STRIP_HEIGHT - height, height) for place, height in enumerate(heights)]

    @property
    def strip_width(self):
        return 10 * len(self.bars) - 2

    @property
    def spread(self):
        """The strip in words."""
        if not self.histogram:
            return ""
        return ", ".join(
            _("%(score)d: %(count)d") % {"score": score, "count": count}
            for score, count in enumerate(self.histogram.counts, self.histogram.scale.low)
        )

    @property
    def middle(self):
        """The median and the middle half, in words; empty where they are not told."""
        if not self.histogram or self.histogram.quartiles is None:
            return ""
        low, high = self.histogram.quartiles
        return _("median %(median)s, middle half %(low)s to %(high)s") % {
            "median": decimal(self.histogram.median, 1),
            "low": decimal(low, 1),
            "high": decimal(high, 1),
        }

    @property
    def camps(self):
        """Both camps of a split; empty where there is none, or where it is not told."""
        if not self.histogram or self.kind != Agreement.POLARISED or not self.histogram.camps:
            return []
        return [_camp(camp) for camp in self.histogram.camps]


def _camp(camp):
    """How many people gave which scores."""
    if camp.lowest == camp.highest:
        words = ngettext("%(people)d person at %(lowest)d", "%(people)d people at %(lowest)d", camp.people)
    else:
        words = ngettext(
            "%(people)d person from %(lowest)d to %(highest)d",
            "%(people)d people from %(lowest)d to %(highest)d",
            camp.people,
        )
    return words % camp._asdict()


@dataclass(frozen=True)
class ShownValue(Valued):
    """The mean value of an option by a criterion, of those on whom the totals rest; None if held back."""

    criterion: object
    mean: float | None


class ShownChange(NamedTuple):
    """What became of a cell since the round before."""

    option: str
    criterion: str
    people: int
    mean: str
    share_changed: float | None  # of these people; None where that is not told
    kind: str
    verdict: str

    @property
    def counted(self):
        """On how many people it rests, and which share of them changed their score if that is told."""
        people = ngettext("%(count)d person", "%(count)d people", self.people) % {"count": self.people}
        if self.share_changed is None:
            return people
        return _("%(people)s, %(share)s changed") % {"people": people, "share": share(self.share_changed, 0)}
