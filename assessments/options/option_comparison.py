"""Options side by side, as a page shows them: who scored, what comes of it, and how far it can be trusted."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import comparison as scoring
from assessments.comparison import Comparison, Scale
from assessments.flip_points import without
from assessments.models import Argument, Criterion, DeskAssessment, DeskScore, Status, SwingWeight
from assessments.models.desk import HIGHEST, LOWEST
from assessments.options.comparison_in_words import ComparisonInWords, Valued, any_of, listed, points_of
from assessments.standing import CLOSE_CALL


@dataclass(frozen=True)
class ShownCell(Valued):
    """What one option scores by one criterion."""

    criterion: Criterion
    cell: scoring.Cell
    usual_answers: int

    @property
    def mean(self):
        return self.cell.mean

    @property
    def note(self):
        """How many answers there are and how many had no opinion; empty where it is as in most cells."""
        if self.cell.answers == self.usual_answers and not self.cell.no_opinion:
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
class Sides:
    """What an option does better and worse than the baseline, and what is said for and against it."""

    option: object
    better: list
    worse: list
    arguments_for: list
    arguments_against: list


class Desk(NamedTuple):
    """A desk assessment, as far as a comparison tells of it."""

    pk: int
    author_id: int
    status: str
    first_name: str
    last_name: str
    username: str

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.username


@dataclass(frozen=True)
class Scorer:
    """Somebody whose desk assessment is counted."""

    desk: Desk
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

    @property
    def remarks(self):
        """What limits how far it is counted, and who else can read it, in words."""
        found = [] if self.has_weights else [_("no weights")]
        if not self.is_judge:
            found.append(_("counted in the cells, not in totals and ranks"))
        if self.desk.status != Status.PUBLISHED:
            found.append(str(Status(self.desk.status).label))
        return found

    @property
    def standing(self):
        """What is completed, and what limits it, in one line."""
        return " · ".join([self.completed, *self.remarks])


class OptionComparison(ComparisonInWords):
    """Everything the page of scores shows, in as many queries for two options as for twelve."""

    def __init__(self, report, choice, weights_form, user):
        self.report, self.choice, self.form = report, choice, weights_form
        self.options = {option.pk: option for option in choice.chosen}
        self.criteria = {criterion.code: criterion for criterion in weights_form.of_field.values()}
        self.baseline = choice.measured_against
        self.seen = DeskAssessment.objects.filter(report=report).visible_to(user)
        self.codes = {criterion.pk: code for code, criterion in self.criteria.items()}

    # What was answered; criteria go by their code, as in the address

    @cached_property
    def desks(self):
        """Every assessment that the reader may see, in the order of their authors."""
        return {desk.pk: desk for desk in map(Desk._make, self.seen.with_authors())}

    @cached_property
    def answers(self):
        """Option, criterion, the assessments that answered there, and the score of each."""
        found = DeskScore.objects.cells(self.seen, list(self.options))
        return [(option, self.codes.get(criterion), *given) for option, criterion, *given in found]

    @cached_property
    def weights(self):
        """The weights of each assessment that has some, by criterion."""
        swings = defaultdict(lambda: dict.fromkeys(self.criteria, 0))
        for criterion, people, given in SwingWeight.objects.of_each(self.seen):
            code = self.codes[criterion]
            for person, swing in zip(people, given, strict=True):
                swings[person][code] = swing
        return {pk: scoring.swing_weights(found) for pk, found in swings.items() if any(found.values())}

    # What is computed

    @cached_property
    def stated(self):
        """The comparison at the weights that the scorers gave."""
        answered = {people for _option, _criterion, people, _scores in self.answers}
        people = tuple(sorted(set().union(*answered)))
        return self._compare(people, {pk: self.weights[pk] for pk in people if pk in self.weights})

    @cached_property
    def shown(self):
        """The comparison that the page shows: at the weights tried out, if there are any."""
        if not self.form.is_asked:
            return self.stated
        # Who gave no weights counts no more than before, or trying some out would change who is counted.
        people, weighing = self.stated.people, self.stated.weights or self.stated.people
        return self._compare(people, dict.fromkeys(weighing, self.form.apply_to(self.starting_weights)))

    @property
    def caveats(self):
        """On what weights and flip points rest, and why some are not given, in sentences."""
        found, shown = [], self.shown
        if shown.weights_differ:
            found.append(
                _("The scorers weigh differently; weights and flip points here are those of their mean.")
            )
        if shown.leader is None or len(self.criteria) == 1:
            return found
        if self.no_flips:
            found.append(self.no_flips)
        elif any(one.flips is None for one in self.weighed):
            found.append(
                _(
                    "No flip point is given where scores are lacking: with one weight for all, the ranking"
                    " would rest on other scorers or other options."
                )
            )
        return found

    @cached_property
    def starting_weights(self):
        """What trying out starts from: the mean of the weights given, or all alike by which can be scored."""
        mean = self.stated.mean_weights
        if any(mean.values()):
            return mean
        return {code: 0 if criterion.lack else 1 for code, criterion in self.criteria.items()}

    def _compare(self, people, weights):
        return Comparison(
            list(self.options), list(self.criteria), people, Scale(LOWEST, HIGHEST), self.answers, weights
        )

    # Who scored

    @cached_property
    def scorers(self):
        scored, judges = set(self.shown.people), set(self.shown.judges)
        completed = Counter(chain.from_iterable(self.shown.complete.values()))
        return [
            Scorer(desk, completed[pk], len(self.options), pk in self.weights, pk in judges)
            for pk, desk in self.desks.items()
            if pk in scored
        ]

    @property
    def scorer_lines(self):
        """Every scorer's address, name and standing; filled in by hand, as reversing an address is slow."""
        address = reverse("assessments:desk-assessment", args=[self.report.slug, 0])
        before, after = address.rsplit("0", 1)
        for one in self.scorers:
            yield f"{before}{one.desk.author_id}{after}", one.desk.name, one.standing

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
                "A lead of less than %(threshold)s points is no clear winner; options less than that behind"
                " the first are marked as close calls. Small changes tried on the ranking: equal weights,"
                " each criterion and each scorer left out, and one level more or less in each cell."
            )
            % {"threshold": f"{CLOSE_CALL:g}"},
        ]

    # What the words are made of

    @property
    def base(self):
        return self.baseline.pk if self.baseline else None

    @property
    def firmness(self):
        return self.shown.robustness

    @property
    def acceptability(self):
        """Nothing for one scorer."""
        return self.shown.acceptability if len(self.shown.judges) > 1 else {}

    @property
    def people(self):
        """On how many people totals and ranks rest."""
        return len(self.shown.judges)

    @cached_property
    def usual_answers(self):
        """How many scores most cells have; the larger number where as many have another."""
        found = Counter(cell.answers for cell in self.shown.cells.values() if cell.answers)
        return max(found, key=lambda answers: (found[answers], answers), default=0)

    def cells_of(self, key):
        usual = self.usual_answers
        return [ShownCell(each, self.shown.cells[key, code], usual) for code, each in self.criteria.items()]

    @property
    def basis(self):
        """On how many of the scorers totals and ranks rest, in a sentence; empty without a ranking."""
        if not self.shown.ranking:
            return ""
        return ngettext(
            "Totals and ranks rest on %(judges)d of %(scorers)d scorer, who completed every ranked option.",
            "Totals and ranks rest on %(judges)d of %(scorers)d scorers: those who completed every ranked"
            " option.",
            len(self.shown.people),
        ) % {"judges": self.people, "scorers": len(self.shown.people)}

    @property
    def incomplete(self):
        """Which options take no part in the ranking, in a sentence; empty without a ranking."""
        if not (self.shown.ranking and self.shown.incomplete):
            return ""
        return _("Not ranked, as nobody has scored it by every criterion that counts: %(options)s.") % {
            "options": listed([self.name_of(key) for key in self.shown.incomplete])
        }

    @property
    def tried_out(self):
        """Whether the weights are not those of the scorers, in a sentence; empty where they are."""
        return _("At weights that were tried out, not those of the scorers.") if self.form.is_asked else ""

    @property
    def values_in_words(self):
        """What the numbers of the ranking mean, and how many scores they rest on, in sentences."""
        meaning = _("Mean value of the scores, 0 (worst end) to 100 (best end), and the weighted total.")
        return f"{meaning} {self.answers_in_words}".strip()

    @property
    def answers_in_words(self):
        """How many scores a cell has where it says nothing else, in a sentence; empty without any."""
        if not self.usual_answers:
            return ""
        return ngettext(
            "%(count)d score in each cell, unless it says otherwise.",
            "%(count)d scores in each cell, unless it says otherwise.",
            self.usual_answers,
        ) % {"count": self.usual_answers}

    @property
    def value_rows(self):
        """Every row, and its cells as strings: the template repeats them a hundred times and more."""
        names = [criterion.name for criterion in self.criteria.values()]
        for row in self.rows:
            texts = points_of([shown.mean for shown in row.cells])
            yield (
                row,
                [
                    (name, shown.heat, text, shown.width, shown.note)
                    for name, shown, text in zip(names, row.cells, texts, strict=True)
                ],
            )

    def complete(self, key):
        return len(self.shown.complete[key])

    def without_people(self, checks):
        left_out = {check.subject[0] for check in checks}
        return _("the scores of %s left out") % any_of(
            [desk.name for pk, desk in self.desks.items() if pk in left_out]
        )

    def field_for(self, criterion):
        return self.form[f"weight-{criterion.code}"]

    def address_with(self, criterion, weight):
        """Where that weight is tried out; weights tried out already keep their proportions."""
        asked = {criterion: f"{100 * weight:.2f}"}
        if self.form.is_asked:
            others = without(self.shown.mean_weights, criterion, list(self.criteria))
            asked |= {key: f"{100 * (1 - weight) * part:.12g}" for key, part in others.items()}
        query = urlencode({f"weight-{code}": value for code, value in asked.items()})
        return f"?{self.choice.query}&{query}#ranking" if self.choice.query else f"?{query}#ranking"

    # For and against

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
                *self.differences(row.option.pk),
                self.arguments.get((row.option.pk, Argument.Side.FOR), []),
                self.arguments.get((row.option.pk, Argument.Side.AGAINST), []),
            )
            for row in self.rows
        ]
