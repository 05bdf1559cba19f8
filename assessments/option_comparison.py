"""Options side by side, as a page shows them: who scored, what comes of it, and how far it can be trusted."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from urllib.parse import urlencode

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import comparison as scoring
from assessments.comparison import CLOSE_CALL, Comparison, Scale
from assessments.flip_points import FlipPoints, rounded_down, rounded_up, without
from assessments.models import Argument, Criterion, DeskAssessment, DeskScore, SwingWeight
from assessments.models.desk import HIGHEST, LOWEST
from assessments.rollup import largest_remainder

HEATS = 5  # shades of a value


def decimal(value, digits):
    """A number as it is printed, rounded: Django alone would cut off the digits that follow."""
    return number_format(round(value, digits), digits)


def points(value, *, signed=False):
    """A value or a difference of values, 0 to 100, as it is printed; "—" without one."""
    if value is None:
        return "—"
    rounded = round(value, 1) + 0.0  # no minus before a zero
    text = decimal(abs(rounded), 1)
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return f"{sign}{text}"


def share(weight, digits=1):
    """A weight, 0 to 1, as a percentage."""
    return _("%(share)s %%") % {"share": decimal(100 * weight, digits)}


@dataclass(frozen=True)
class ShownCell:
    """What one option scores by one criterion."""

    criterion: Criterion
    cell: scoring.Cell
    scorers: int

    @property
    def text(self):
        return points(self.cell.mean)

    @property
    def width(self):
        """How far a bar of 100 reaches."""
        return round(self.cell.mean, 1) if self.cell.mean is not None else 0

    @property
    def heat(self):
        return None if self.cell.mean is None else min(HEATS - 1, int(self.cell.mean * HEATS / 100))

    @property
    def note(self):
        """How many answers there are and how many had no opinion; empty where everybody gave a score."""
        if self.cell.answers == self.scorers:
            return ""
        counts = ngettext("%(count)d score", "%(count)d scores", self.cell.answers) % {
            "count": self.cell.answers
        }
        if not self.cell.no_opinion:
            return counts
        silent = ngettext("%(count)d no opinion", "%(count)d no opinion", self.cell.no_opinion) % {
            "count": self.cell.no_opinion
        }
        return f"{counts}, {silent}"


@dataclass(frozen=True)
class ShownOption:
    """One row of the comparison."""

    option: object
    cells: list
    place: scoring.Place | None
    difference: float | None
    is_baseline: bool
    complete: int

    @property
    def total(self):
        return points(self.place.total if self.place else None)

    @property
    def difference_text(self):
        return "" if self.difference is None else points(self.difference, signed=True)

    @property
    def width(self):
        return round(self.place.total, 1) if self.place else 0


@dataclass(frozen=True)
class Scorer:
    """Somebody whose desk assessment is counted."""

    assessment: DeskAssessment
    name: str
    options: int  # completed
    of_options: int
    has_weights: bool
    is_judge: bool

    @property
    def completed(self):
        """How many of the options are completed, in words."""
        return ngettext(
            "%(count)d of %(all)d option completed", "%(count)d of %(all)d options completed", self.of_options
        ) % {"count": self.options, "all": self.of_options}


@dataclass(frozen=True)
class ShownWeight:
    """A criterion with its weight, and how far that can go before another option leads."""

    criterion: Criterion
    weight: float
    percent: int
    field: object
    flips: FlipPoints | None
    sentences: list

    @property
    def text(self):
        return share(self.weight)


@dataclass(frozen=True)
class Flip:
    """A flip point in words, and the address that tries it out."""

    sentence: str
    url: str


@dataclass(frozen=True)
class Sides:
    """What an option does better and worse than the baseline, and what is said for and against it."""

    option: object
    better: list
    worse: list
    arguments_for: list
    arguments_against: list


class OptionComparison:
    """Everything the page of scores shows, in as many queries for two options as for twelve."""

    def __init__(self, report, choice, weights_form, user):
        self.report, self.choice, self.form = report, choice, weights_form
        self.options = {option.pk: option for option in choice.chosen}
        self.criteria = {criterion.pk: criterion for criterion in weights_form.of_field.values()}
        self.baseline = choice.measured_against
        found = DeskAssessment.objects.filter(report=report).visible_to(user).select_related("author")
        self.assessments = {one.pk: one for one in found.order_by("author__username")}
        self.answers = list(DeskScore.objects.answers(list(self.assessments), list(self.options)))

    # What is computed

    @cached_property
    def stated(self):
        """The comparison at the weights that the scorers gave."""
        scored = {answer[0] for answer in self.answers}
        people = [pk for pk in self.assessments if pk in scored]
        return self._compare(people, {pk: self.weights[pk] for pk in people if pk in self.weights})

    @cached_property
    def weights(self):
        """The weights of each assessment that has some, by criterion."""
        swings = defaultdict(lambda: dict.fromkeys(self.criteria, 0))
        given = SwingWeight.objects.filter(assessment__in=list(self.assessments)).order_by()
        for assessment, criterion, swing in given.values_list("assessment_id", "criterion_id", "swing"):
            swings[assessment][criterion] = swing
        return {pk: scoring.swing_weights(found) for pk, found in swings.items() if any(found.values())}

    @cached_property
    def shown(self):
        """The comparison that the page shows: at the weights tried out, if there are any."""
        if not self.form.is_asked:
            return self.stated
        people = self.stated.people
        return self._compare(people, dict.fromkeys(people, self.form.apply_to(self.starting_weights)))

    @cached_property
    def starting_weights(self):
        """The weights that trying out starts from: the mean of those given, or even ones."""
        mean = self.stated.mean_weights
        return mean if any(mean.values()) else dict.fromkeys(self.criteria, 1 / max(1, len(self.criteria)))

    def _compare(self, people, weights):
        return Comparison(
            list(self.options), list(self.criteria), people, Scale(LOWEST, HIGHEST), self.answers, weights
        )

    # Who scored

    @cached_property
    def scorers(self):
        judges = set(self.shown.judges)
        completed = Counter(chain.from_iterable(self.shown.complete.values()))
        return [
            Scorer(
                self.assessments[pk],
                self.assessments[pk].author_name,
                completed[pk],
                len(self.options),
                pk in self.weights,
                pk in judges,
            )
            for pk in self.shown.people
        ]

    @property
    def lacks_weights(self):
        """Whether people scored, but nobody said what weighs how much."""
        return bool(self.scorers) and not self.shown.weights

    @property
    def rules(self):
        """By which rules the numbers were made, in sentences."""
        return [
            _(
                "Scores run from %(low)d to %(high)d and become values from 0 to 100. Cells show the mean of"
                " all scores there are; blank and “no opinion” are never 0 and never filled in."
            )
            % {"low": LOWEST, "high": HIGHEST},
            _(
                "A total needs a score by every criterion that has a weight. Totals and ranks are means over"
                " those who completed every ranked option; an option that nobody completed is incomplete and"
                " not ranked."
            ),
            _(
                "A lead of less than %(threshold)s points is no clear winner. Small changes tried on the"
                " ranking: equal weights, each criterion and each scorer left out, and one level more or less"
                " in each cell."
            )
            % {"threshold": f"{CLOSE_CALL:g}"},
        ]

    # Rows

    @cached_property
    def rows(self):
        """The ranked options, the best first, then the others in their order."""
        places = {place.option: place for place in self.shown.ranking}
        ordered = [*places, *(pk for pk in self.options if pk not in places)]
        base = places.get(self.baseline.pk) if self.baseline else None
        return [
            ShownOption(
                option=self.options[pk],
                cells=[
                    ShownCell(criterion, self.shown.cells[pk, key], len(self.shown.people))
                    for key, criterion in self.criteria.items()
                ],
                place=places.get(pk),
                difference=places[pk].total - base.total
                if base and pk in places and pk != base.option
                else None,
                is_baseline=self.baseline is not None and pk == self.baseline.pk,
                complete=len(self.shown.complete[pk]),
            )
            for pk in ordered
        ]

    def name(self, pk):
        return self.options[pk].name

    # In words

    @property
    def verdict(self):
        """Who leads, and by how much, in a sentence; empty without a ranking."""
        ranking = self.shown.ranking
        if len(ranking) < 2:
            return ""
        first, second = ranking[0], ranking[1]
        if self.shown.leader is None:
            tied = [self.name(place.option) for place in ranking if place.rank == 1]
            return _("%(options)s are level at %(total)s of 100.") % {
                "options": listed(tied),
                "total": points(first.total),
            }
        said = {
            "leader": self.name(first.option),
            "second": self.name(second.option),
            "total": points(first.total),
            "lead": points(self.shown.lead),
            "threshold": f"{CLOSE_CALL:g}",
        }
        if self.shown.is_close_call():
            return (
                _(
                    "No clear winner: “%(leader)s” is ahead with %(total)s of 100, only %(lead)s points"
                    " before “%(second)s”. A lead of less than %(threshold)s points settles nothing."
                )
                % said
            )
        return _("“%(leader)s” leads with %(total)s of 100, %(lead)s points before “%(second)s”.") % said

    @property
    def robustness(self):
        """How often the leader stays alone in front, in a sentence; empty where nobody leads."""
        found = self.shown.robustness
        if found is None:
            return ""
        said = {"leader": self.name(self.shown.leader), "upheld": found.upheld, "checks": found.checks}
        return (
            ngettext(
                "“%(leader)s” stays alone in front in %(upheld)d of %(checks)d small change.",
                "“%(leader)s” stays alone in front in %(upheld)d of %(checks)d small changes.",
                found.checks,
            )
            % said
        )

    @property
    def overturned(self):
        """The checks in which the leader does not stay alone in front, in words."""
        found = self.shown.robustness
        return [self._check_in_words(check) for check in found.overturned] if found else []

    def _check_in_words(self, check):
        leaders = listed([self.name(pk) for pk in check.leaders])
        names = [*check.subject]
        if check.kind == scoring.EQUAL_WEIGHTS:
            changed = _("equal weights")
        elif check.kind == scoring.WITHOUT_CRITERION:
            changed = _("“%s” left out") % self.criteria[names[0]].name
        elif check.kind == scoring.WITHOUT_PERSON:
            changed = _("the scores of %s left out") % self.assessments[names[0]].author_name
        else:
            up = check.kind == scoring.LEVEL_UP
            changed = (
                _("“%(option)s” one level higher by “%(criterion)s”")
                if up
                else _("“%(option)s” one level lower by “%(criterion)s”")
            ) % {"option": self.name(names[0]), "criterion": self.criteria[names[1]].name}
        return _("%(change)s: then %(leaders)s") % {"change": changed, "leaders": leaders}

    @property
    def dominances(self):
        """Which options others make pointless, in sentences."""
        found = {}
        for one in self.shown.dominances:
            found.setdefault((one.better, one.is_strict), []).append(self.name(one.worse))
        return [
            (
                _("“%(better)s” does better than %(worse)s by every criterion that counts.")
                if is_strict
                else _("“%(better)s” does better than %(worse)s by some criteria and worse by none.")
            )
            % {"better": self.name(better), "worse": listed(worse)}
            for (better, is_strict), worse in found.items()
        ]

    @property
    def discriminates(self):
        """Whether any criterion tells the ranked options apart."""
        return bool(self.shown.discriminating)

    # Weights

    @cached_property
    def weighed(self):
        """The criteria with their weights and flip points."""
        weights = self.shown.mean_weights
        flips = {one.criterion: one for one in self.shown.flip_points}
        percents = largest_remainder([weights[key] for key in self.criteria])
        return [
            ShownWeight(
                criterion,
                weights[key],
                percent,
                self.form[f"weight-{criterion.code}"],
                flips.get(key),
                self._flips_in_words(flips[key]) if key in flips else [],
            )
            for (key, criterion), percent in zip(self.criteria.items(), percents, strict=True)
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
            "leader": self.name(self.shown.leader),
            "others": listed([self.name(pk) for pk in crossing.options]),
            "weight": share(weight, 2),
        }
        at_the_end = crossing.weight in (0, 1)
        if at_the_end:
            sentence = (
                _("At %(weight)s “%(leader)s” is level with %(others)s.")
                if below
                else _("At %(weight)s, all there is, “%(leader)s” is level with %(others)s.")
            )
        else:
            sentence = (
                _("Below %(weight)s %(others)s leads.") if below else _("Above %(weight)s %(others)s leads.")
            )
        return Flip(sentence % said, self._address_with(flips.criterion, weight))

    def _address_with(self, criterion, weight):
        """Where that weight is tried out; weights tried out already keep their proportions."""
        asked = {criterion: f"{100 * weight:.2f}"}
        if self.form.is_asked:
            others = without(self.shown.mean_weights, criterion, list(self.criteria))
            asked |= {key: f"{100 * (1 - weight) * part:.6f}" for key, part in others.items()}
        query = urlencode({f"weight-{self.criteria[key].code}": value for key, value in asked.items()})
        return f"?{self.choice.query}&{query}#ranking" if self.choice.query else f"?{query}#ranking"

    # Ranks, sides

    @cached_property
    def ranks(self):
        """Per ranked option its share of judges at every rank, in per cent that add up; not for one judge."""
        if len(self.shown.judges) < 2:
            return []
        ranked = [(place.option, self.shown.acceptability[place.option]) for place in self.shown.ranking]
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
        names = self.rank_names
        for option, shares in self.ranks:
            wholes = [whole for whole, _exact in shares]
            yield (
                option,
                [(name, _("%d %%") % whole, whole) for name, whole in zip(names, wholes, strict=True)],
            )

    @cached_property
    def arguments(self):
        """What is said for and against, by option and side."""
        found = {}
        given = Argument.objects.filter(option__in=list(self.options)).order_by("code")
        for one in given.select_related("source"):
            found.setdefault((one.option_id, one.side), []).append(one)
        return found

    @cached_property
    def sides(self):
        """Every option with what it does better and worse than the baseline, largest first."""
        return [
            Sides(
                row.option,
                *self._differences(row.option.pk),
                self.arguments.get((row.option.pk, Argument.Side.FOR), []),
                self.arguments.get((row.option.pk, Argument.Side.AGAINST), []),
            )
            for row in self.rows
        ]

    def _differences(self, pk):
        if not self.baseline or pk == self.baseline.pk:
            return [], []
        found = self.shown.contributions(pk, self.baseline.pk)
        told = sorted(found.items(), key=lambda item: -abs(item[1]))
        shown = [(self.criteria[key], points(value, signed=True), value) for key, value in told]
        return (
            [one for one in shown if round(one[2], 9) > 0],
            [one for one in shown if round(one[2], 9) < 0],
        )


def listed(names):
    """Names in quotation marks, in one phrase."""
    return _(", ").join(_("“%s”") % name for name in names)
