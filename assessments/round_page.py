"""The results of a round as pages show them; read from what was kept at the reveal, never from ballots."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.agreement import Agreement, Histogram
from assessments.comparison import CLOSE_CALL, Scale, ranks
from assessments.disclosure import Verdict
from assessments.flip_points import front
from assessments.models import Round
from assessments.option_comparison import decimal, points, share
from assessments.rollup import largest_remainder
from assessments.rounds import Verdict as Stability

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
        return [
            ngettext(
                "%(people)d person from %(lowest)d to %(highest)d",
                "%(people)d people from %(lowest)d to %(highest)d",
                camp.people,
            )
            % camp._asdict()
            for camp in self.histogram.camps
        ]


class ShownOption(NamedTuple):
    """An option with its place; the place is None where it is not told or not complete."""

    code: str
    name: str
    is_baseline: bool
    place: object
    total: str
    difference: str
    width: float
    cells: list


class ShownChange(NamedTuple):
    """What became of a cell since the round before."""

    option: str
    criterion: str
    people: int
    mean: str
    changed: str
    verdict: str


@dataclass(frozen=True)
class ShownPart:
    """The whole room, or one of its groups."""

    told: dict
    page: "RoundPage"

    @property
    def name(self):
        return self.told["name"] or _("Everybody")

    @property
    def is_everybody(self):
        return not self.told["name"]

    @property
    def people(self):
        """How many people the totals rest on; None where they are not told."""
        return self.told.get("people")

    @property
    def why(self):
        """Why there are no totals; empty where there are."""
        return in_words(self.told["why"]) if "why" in self.told else ""

    @cached_property
    def totals(self):
        return self.told.get("totals", {})

    @cached_property
    def rows(self):
        """Every option, the best first; those without a total last."""
        places = {place.option: place for place in ranks(self.totals)}
        baseline = next((option.code for option in self.page.options if option.is_baseline), None)
        found = []
        for option in self.page.options:
            total = self.totals.get(option.code)
            has_both = total is not None and baseline in self.totals and baseline != option.code
            found.append(
                ShownOption(
                    code=option.code,
                    name=option.name,
                    is_baseline=option.is_baseline,
                    place=places.get(option.code),
                    total=points(total),
                    difference=points(total - self.totals[baseline], signed=True) if has_both else "",
                    width=round(total or 0, 1),
                    cells=[self.cell(option, criterion) for criterion in self.page.criteria],
                )
            )
        return sorted(found, key=lambda row: row.place.rank if row.place else len(found) + 1)

    @cached_property
    def _cells(self):
        return {(told["option"], told["criterion"]): told for told in self.told["cells"]}

    def cell_at(self, option, criterion):
        """The cell of two codes; None where that round did not ask for it."""
        options = {each.code: each for each in self.page.options}
        criteria = {each.code: each for each in self.page.criteria}
        if option not in options or criterion not in criteria:
            return None
        return self.cell(options[option], criteria[criterion])

    def cell(self, option, criterion):
        told = self._cells[option.code, criterion.code]
        histogram = Histogram(self.page.scale, tuple(told["counts"])) if "counts" in told else None
        return ShownCell(option.name, criterion.name, told, self.people, histogram)

    @property
    def cells(self):
        return [cell for row in self.rows for cell in row.cells]

    @property
    def splits(self):
        """Cells in which two camps stand apart."""
        return [cell for cell in self.cells if cell.camps]

    @property
    def weights(self):
        """Every criterion with its share in words; empty where they are not told."""
        told = self.told.get("weights", {})
        return [(criterion, share(told[criterion.code], 0)) for criterion in self.page.criteria if told]

    @property
    def verdict(self):
        """Who is in front, and how clearly, in a sentence."""
        if len(self.totals) < 2:
            return ""
        first = front(self.totals)
        if len(first) > 1:
            return _("Nobody is alone in front: %s have the same total.") % self.page.names(first)
        place, second, *_others = ranks(self.totals)
        said = {"leader": self.page.name(place.option), "lead": points(place.total - second.total)}
        if place.total - second.total < CLOSE_CALL:
            return _("“%(leader)s” is in front by %(lead)s of 100 points: no clear winner.") % said
        return _("“%(leader)s” leads by %(lead)s of 100 points.") % said

    @property
    def orders(self):
        """How alike people rank and how firm the lead is, in sentences."""
        told, found = self.told.get("orders"), []
        if not told:
            return found
        if told["concordance"] is None:
            found.append(_("Kendall's W, how alike people rank the options, is not defined here."))
        else:
            found.append(
                _("Kendall's W is %(w)s: 0 is no common order, 1 the same order for everybody.")
                % {"w": decimal(told["concordance"], 2)}
            )
        if firm := told["robustness"]:
            found.append(
                ngettext(
                    "The leader stays alone in front in %(upheld)d of %(checks)d small change.",
                    "The leader stays alone in front in %(upheld)d of %(checks)d small changes.",
                    firm["checks"],
                )
                % firm
            )
        return found

    @property
    def acceptability(self):
        """Every ranked option with the share of people who have it at each rank, in per cent that add up."""
        told = self.told.get("orders", {}).get("acceptability", {})
        return [
            (self.page.name(code), largest_remainder([round(1e6 * each) for each in shares]))
            for code, shares in told.items()
        ]

    @property
    def changes(self):
        words = {
            Stability.STABLE_AGREED: _("stable and agreed"),
            Stability.STABLE_SPREAD: _("stable and spread"),
            Stability.STABLE_SPLIT: _("stable and split"),
            Stability.MOVING: _("moving"),
            Stability.TOO_FEW: _("too few people"),
        }
        return [
            ShownChange(
                self.page.name(told["option"]),
                self.page.criterion_name(told["criterion"]),
                told["people"],
                signed(told["mean"]),
                share(told["changed"], 0) if told.get("changed") is not None else "—",
                words[told["verdict"]],
            )
            for told in self.told.get("changes", [])
            if "mean" in told
        ]


def signed(value):
    rounded = round(value, 1) + 0.0
    return f"{'−' if rounded < 0 else '+' if rounded else ''}{decimal(abs(rounded), 1)}"


@dataclass(frozen=True)
class RoundPage:
    """A revealed round."""

    round: Round

    @property
    def workshop(self):
        return self.round.workshop

    @property
    def scale(self):
        return Scale(self.workshop.lowest, self.workshop.highest)

    def _standing(self, rows):
        return [row for row in rows.order_by("position", "pk") if row.stands_in(self.round.number)]

    @cached_property
    def options(self):
        return self._standing(self.workshop.options)

    @cached_property
    def criteria(self):
        return self._standing(self.workshop.criteria)

    @property
    def submitted(self):
        return self.round.results["submitted"]

    @cached_property
    def parts(self):
        return [ShownPart(told, self) for told in self.round.results["parts"]]

    @property
    def everybody(self):
        return self.parts[0]

    @property
    def groups(self):
        return self.parts[1:]

    def name(self, code):
        return next((option.name for option in self.options if option.code == code), code)

    def names(self, codes):
        return ", ".join(f"“{self.name(code)}”" for code in codes)

    def criterion_name(self, code):
        return next((criterion.name for criterion in self.criteria if criterion.code == code), code)
