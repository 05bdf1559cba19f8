"""A comparison of options in words: who leads, how firm that is, where it flips, what is better and worse.

The same for analysts at their desks and for a room: `OptionComparison` and `ShownPart` say what is compared.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import comparison as scoring
from assessments.flip_points import DIGITS, FlipPoints, rounded_down, rounded_up
from assessments.rollup import largest_remainder
from assessments.standing import CLOSE_CALL, Place

HEATS = 5  # shades of a value


def decimal(value, digits, separator=None):
    """A number below 1,000 as it is printed, rounded; looking up the separator takes longer than that."""
    return f"{value:.{digits}f}".replace(".", separator or get_format("DECIMAL_SEPARATOR"))


def points(value, *, signed=False, separator=None):
    """A value or a difference of values, 0 to 100, as it is printed; "—" without one."""
    if value is None:
        return "—"
    rounded = round(value, 1) + 0.0  # no minus before a zero
    text = decimal(abs(rounded), 1, separator)
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return f"{sign}{text}"


def points_of(values):
    """The same of many values."""
    separator = get_format("DECIMAL_SEPARATOR")
    return [points(value, separator=separator) for value in values]


def share(weight, digits=1):
    """A weight, 0 to 1, as a percentage."""
    return _("%(share)s %%") % {"share": decimal(100 * weight, digits)}


class Valued:
    """Something with a mean value, 0 to 100, or None."""

    note = ""  # on what it rests, where that needs saying

    @property
    def text(self):
        return points(self.mean)

    @property
    def width(self):
        """How far a bar of 100 reaches, as a drawing has it."""
        return f"{self.mean or 0:.1f}"

    @property
    def heat(self):
        """The name of its shade; empty without a value."""
        return "" if self.mean is None else f"v{min(HEATS - 1, int(self.mean * HEATS / 100))}"


@dataclass(frozen=True)
class ShownOption:
    """One row of the comparison."""

    option: object
    cells: list
    place: Place | None
    difference: float | None
    is_baseline: bool
    is_close_call: bool  # whether it and others are so near the front that nobody is a clear winner
    complete: int | None  # how many people completed it; None where that is not told

    @property
    def label(self):
        """Its name, and whether it is the baseline, where there is no room for a line of its own."""
        return _("%s (baseline)") % self.option.name if self.is_baseline else self.option.name

    @property
    def total(self):
        return points(self.place.total if self.place else None)

    @property
    def difference_text(self):
        return "" if self.difference is None else points(self.difference, signed=True)

    @property
    def width(self):
        return f"{self.place.total:.1f}"


@dataclass(frozen=True)
class ShownWeight:
    """A criterion with its weight, and how far that can go before another option leads."""

    criterion: object
    weight: float
    tenths: int  # of a per cent; those of all criteria add up to 100 %
    field: object  # where another weight is tried out, or None
    flips: FlipPoints | None
    sentences: list

    @property
    def text(self):
        return share(self.tenths / 1000)


@dataclass(frozen=True)
class Flip:
    """A flip point in words, and the address that tries it out, if there is one."""

    sentence: str
    url: str


class ComparisonInWords:
    """What follows from a standing, in sentences and rows.

    Attributes:
        options, criteria: what is compared and by what, by the keys of the standing.
        base: the key of the option that the others are measured against, or None.
        shown: the standing.
        firmness: what becomes of its leader under small changes (Robustness), or None.
        acceptability: per option the share of people for every rank; empty where that says nothing.
    """

    # Rows

    @property
    def rows(self):
        """The ranked options, the best first, then the others in their order."""
        return list(self.by_key.values())

    @cached_property
    def by_key(self):
        """The same by the keys of the options."""
        places = {place.option: place for place in self.shown.ranking}
        ordered = [*places, *(key for key in self.options if key not in places)]
        base = places.get(self.base)
        close_calls = self.shown.close_calls()
        return {
            key: ShownOption(
                option=self.options[key],
                cells=self.cells_of(key),
                place=places.get(key),
                difference=places[key].total - base.total
                if base and key in places and key != self.base
                else None,
                is_baseline=key == self.base,
                is_close_call=key in close_calls,
                complete=self.complete(key),
            )
            for key in ordered
        }

    def cells_of(self, key):
        """What an option is worth by each criterion."""
        raise NotImplementedError

    def complete(self, key):
        """How many people completed an option; None where that is not told."""
        return None

    def name_of(self, key):
        return self.options[key].name

    # In words

    @property
    def verdict(self):
        """Who leads, and by how much, in a sentence; empty without a ranking."""
        ranking = self.shown.ranking
        if len(ranking) < 2:
            return ""
        first, second = ranking[0], ranking[1]
        if self.shown.leader is None:
            tied = [self.name_of(place.option) for place in ranking if place.rank == 1]
            return _("%(options)s are level at %(total)s of 100.") % {
                "options": listed(tied),
                "total": points(first.total),
            }
        said = {
            "leader": self.name_of(first.option),
            "second": self.name_of(second.option),
            "total": points(first.total),
            "lead": points(self.shown.lead),
            "threshold": f"{CLOSE_CALL:g}",
        }
        if self.shown.close_calls():
            return (
                _(
                    "No clear winner: “%(leader)s” is ahead with %(total)s of 100, only %(lead)s points"
                    " before “%(second)s”. A lead of less than %(threshold)s points settles nothing."
                )
                % said
            )
        return _("“%(leader)s” leads with %(total)s of 100, %(lead)s points before “%(second)s”.") % said

    @property
    def no_flips(self):
        """Why no flip point is given although an option leads, in a sentence; empty where some may be."""
        if self.shown.leader is None or self.shown.leads_at_means:
            return ""
        return _("At mean weights another option would lead, so no flip points are given.")

    @property
    def robustness(self):
        """How often the leader stays alone in front, in a sentence; empty where nobody leads."""
        found = self.firmness
        if found is None:
            return ""
        said = {"leader": self.name_of(self.shown.leader), "upheld": found.upheld, "checks": found.checks}
        return (
            ngettext(
                "“%(leader)s” stays alone in front in %(upheld)d of %(checks)d small change.",
                "“%(leader)s” stays alone in front in %(upheld)d of %(checks)d small changes.",
                found.checks,
            )
            % said
        )

    @property
    def overturned_count(self):
        return len(self.firmness.overturned) if self.firmness else 0

    @property
    def overturned(self):
        """The checks in which the leader does not stay alone in front, in words; those alike together."""
        alike = {}
        for check in self.firmness.overturned if self.firmness else ():
            is_of_cell = check.kind in (scoring.LEVEL_UP, scoring.LEVEL_DOWN)
            option = check.subject[0] if is_of_cell else None
            alike.setdefault((check.kind, option, check.leaders), []).append(check)
        return [
            _("%(change)s: then %(leaders)s")
            % {
                "change": self._change(kind, checks),
                "leaders": listed([self.name_of(key) for key in leaders]),
            }
            for (kind, _option, leaders), checks in alike.items()
        ]

    def _change(self, kind, checks):
        """What was changed in some checks of a kind, in words."""
        if kind == scoring.EQUAL_WEIGHTS:
            return _("equal weights")
        if kind == scoring.GROUP_WEIGHTS:
            return _("the weights of %s for everybody") % any_of([check.subject[0] for check in checks])
        if kind == scoring.WITHOUT_PERSON:
            return self.without_people(checks)
        criteria = any_of([self.criteria[check.subject[-1]].name for check in checks])
        if kind == scoring.WITHOUT_CRITERION:
            return _("%s left out") % criteria
        option = self.name_of(checks[0].subject[0])
        if kind == scoring.LEVEL_UP:
            words = _("“%(option)s” one level higher by %(criteria)s")
        else:
            words = _("“%(option)s” one level lower by %(criteria)s")
        return words % {"option": option, "criteria": criteria}

    def without_people(self, checks):
        """Who was left out in some checks, in words."""
        raise NotImplementedError

    @property
    def dominances(self):
        """Which options others make pointless, in sentences."""
        found = {}
        for one in self.shown.dominances:
            found.setdefault((one.better, one.is_strict), []).append(self.name_of(one.worse))
        return [
            (
                _("“%(better)s” does better than %(worse)s by every criterion that counts.")
                if is_strict
                else _("“%(better)s” does better than %(worse)s by some criteria and worse by none.")
            )
            % {"better": self.name_of(better), "worse": listed(worse)}
            for (better, is_strict), worse in found.items()
        ]

    @property
    def discriminates(self):
        """Whether any criterion tells the ranked options apart."""
        return bool(self.shown.discriminating)

    # Weights

    @cached_property
    def weighed(self):
        """The criteria with their weights and flip points; empty where weights are not told."""
        weights = self.shown.mean_weights
        if not weights:
            return []
        flips = {one.criterion: one for one in self.shown.flip_points}
        tenths = largest_remainder([weights[key] for key in self.criteria], 1000)
        return [
            ShownWeight(
                criterion,
                weights[key],
                tenth,
                self.field_for(criterion),
                flips.get(key),
                self._flips_in_words(flips[key]) if key in flips else [],
            )
            for (key, criterion), tenth in zip(self.criteria.items(), tenths, strict=True)
        ]

    def _flips_in_words(self, flips):
        found = []
        if flips.below:
            found.append(self._flip(flips, flips.below, rounded_down(flips.below.weight), below=True))
        if flips.above:
            found.append(self._flip(flips, flips.above, rounded_up(flips.above.weight), below=False))
        return found

    def _flip(self, flips, crossing, weight, *, below):
        """In words, with the weight rounded away from today's, so that it does flip there."""
        said = {
            "leader": self.name_of(self.shown.leader),
            "others": listed([self.name_of(pk) for pk in crossing.options]),
            "weight": share(weight, 2),
        }
        at_the_end = round(crossing.weight, DIGITS) in (0, 1)
        if at_the_end:
            sentence = (
                _("At %(weight)s “%(leader)s” is level with %(others)s.")
                if below
                else _("At %(weight)s, all there is, “%(leader)s” is level with %(others)s.")
            )
        elif len(crossing.options) > 1:
            # Of several that draw level at once, it is not said which is first beyond.
            sentence = (
                _("Below %(weight)s %(others)s are ahead of “%(leader)s”.")
                if below
                else _("Above %(weight)s %(others)s are ahead of “%(leader)s”.")
            )
        else:
            sentence = (
                _("Below %(weight)s %(others)s leads.") if below else _("Above %(weight)s %(others)s leads.")
            )
        return Flip(sentence % said, self.address_with(flips.criterion, weight))

    def field_for(self, criterion):
        """Where another weight is tried out, if it can be."""

    def address_with(self, criterion, weight):
        """Where that weight is tried out, if it can be."""

    # Ranks, differences

    @cached_property
    def ranks(self):
        """Per ranked option its share of judges at every rank, in per cent that add up, and exactly."""
        if not self.acceptability:
            return []
        ranked = [(place.option, self.acceptability[place.option]) for place in self.shown.ranking]
        return [
            (self.options[option], list(zip(largest_remainder(exact), exact, strict=True)))
            for option, exact in ranked
        ]

    @property
    def rank_names(self):
        return [_("Rank %d") % rank for rank in range(1, len(self.ranks) + 1)]

    @property
    def rank_rows(self):
        """Per ranked option, for every rank its name and the share of judges, as printed and as a number."""
        names, words = self.rank_names, _("%d %%")
        for option, shares in self.ranks:
            wholes = [whole for whole, _exact in shares]
            yield option, [(name, words % whole, whole) for name, whole in zip(names, wholes, strict=True)]

    def differences(self, key):
        """What an option does better and worse than the baseline by criterion, the largest first."""
        if self.base is None or key == self.base:
            return [], []
        found = self.shown.contributions(key, self.base)
        told = sorted(found.items(), key=lambda item: -abs(item[1]))
        shown = [(self.criteria[each], points(value, signed=True), value) for each, value in told]
        return (
            [one for one in shown if round(one[2], 9) > 0],
            [one for one in shown if round(one[2], 9) < 0],
        )


def any_of(names):
    """One name, or any one of several."""
    return listed(names) if len(names) == 1 else _("any one of %s") % listed(names)


def listed(names):
    """Names in quotation marks, in one phrase."""
    quoted = _("“%s”")
    return _(", ").join(quoted % name for name in names)
