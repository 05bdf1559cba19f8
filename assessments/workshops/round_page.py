"""The results of a round as pages show them; read from what was kept at the reveal, never from ballots."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.agreement import Histogram
from assessments.comparison import Check, Robustness
from assessments.models import Round, Workshop
from assessments.options.comparison_blocks import differences_table, ranking_table, ranks_table, weights_table
from assessments.options.comparison_in_words import ComparisonInWords, decimal, points
from assessments.rounds import Verdict as Stability
from assessments.standing import KeptStanding
from assessments.workshops import dissent, round_rules
from assessments.workshops.round_blocks import groups_table, told_of
from assessments.workshops.round_cells import ShownCell, ShownChange, ShownValue, in_words


@dataclass(frozen=True)
class ShownPart(ComparisonInWords):
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

    # What its words and tables are made of

    @property
    def options(self):
        return {option.code: option for option in self.page.options}

    @property
    def criteria(self):
        return {criterion.code: criterion for criterion in self.page.criteria}

    @cached_property
    def base(self):
        return next((option.code for option in self.page.options if option.is_baseline), None)

    @cached_property
    def shown(self):
        """What follows from the totals, mean values and weights that are told."""
        return KeptStanding(
            criteria=list(self.criteria),
            totals=self.told.get("totals", {}),
            mean_values=self.told.get("values", {}),
            mean_weights=self.told.get("weights", {}),
        )

    @cached_property
    def _orders(self):
        """What rests on each person's own totals; empty where it is not told."""
        return self.told.get("orders", {})

    @cached_property
    def firmness(self):
        kept = self._orders.get("robustness")
        if not kept:
            return None
        # Which change of a cell overturns the leader would tell about values that are held back.
        told = kept["overturned"] if self.shown.is_whole else []
        overturned = (Check(one["kind"], tuple(one["subject"]), tuple(one["leaders"])) for one in told)
        return Robustness(kept["checks"], kept["upheld"], tuple(overturned))

    @property
    def acceptability(self):
        return self._orders.get("acceptability", {})

    def cells_of(self, key):
        values = self.shown.mean_values.get(key, {})
        return [ShownValue(criterion, values.get(code)) for code, criterion in self.criteria.items()]

    def without_people(self, checks):
        return ngettext(
            "one person left out, in %(count)d of %(people)d cases",
            "one person left out, in %(count)d of %(people)d cases",
            len(checks),
        ) % {"count": len(checks), "people": self.people}

    # Tables

    def captioned(self, table):
        """The same with the group in its caption, so that no two tables of a page are called the same."""
        return table if self.is_everybody else told_of(self.name, table)

    @property
    def ranking(self):
        """Options × criteria as a block, in values of those on whom the totals rest."""
        who = ngettext(
            "of %(count)d person who scored everything that counts",
            "of %(count)d people who scored everything that counts",
            self.people,
        ) % {"count": self.people}
        caption = _("Total and mean values, 0 (worst end) to 100 (best end), %s.") % who
        return self.captioned(ranking_table(self, caption))

    @property
    def what_weights_decide(self):
        return self.captioned(weights_table(self, with_ends=False))

    @property
    def how_often_at_each_rank(self):
        return self.captioned(ranks_table(self))

    @property
    def better_and_worse(self):
        """Every option against the baseline; None where that is not told or there is none."""
        is_told = self.shown.is_whole and self.base in self.shown.totals and len(self.shown.totals) > 1
        return self.captioned(differences_table(self)) if is_told else None

    @property
    def caveats(self):
        """What of it all cannot be worked out here, and on what the weights rest, in sentences."""
        found = []
        if not self.shown.totals:
            return found
        if not self.shown.is_whole:
            found.append(
                _(
                    "Some mean values or weights are held back; so nothing is said of flip points, of"
                    " dominance and of differences by criterion."
                )
            )
        elif self.page.has_own_weights:
            found.append(
                _(
                    "People weigh differently; weights and flip points are those of their mean. So are the"
                    " differences by criterion, which need not add up to those of the totals."
                )
            )
        if self.shown.is_whole and self.no_flips:
            found.append(self.no_flips)
        return found

    # Cells

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
        histogram = Histogram(self.page.workshop.scale, tuple(told["counts"])) if "counts" in told else None
        return ShownCell(option.name, criterion.name, told, self.people, histogram)

    @cached_property
    def said(self):
        """Per option, the best first, what was said by each criterion."""
        return [
            (row, [self.cell(row.option, criterion) for criterion in self.page.criteria]) for row in self.rows
        ]

    @property
    def cells(self):
        return [cell for _row, cells in self.said for cell in cells]

    @property
    def dissent(self):
        """What people did not agree on, in sentences."""
        return dissent.of_part(self)

    @property
    def no_dissent(self):
        return _("Nothing that is shown: nobody puts another option first, and no cell has two camps.")

    @property
    def agreement_counted(self):
        return dissent.counted(self)

    @property
    def concordance(self):
        """How alike people rank, in a sentence; empty where it is not told."""
        if not self._orders:
            return ""
        if self._orders["concordance"] is None:
            return _("Kendall's W, how alike people rank the options, is not defined here.")
        return _("Kendall's W is %(w)s: 0 is no common order, 1 the same order for everybody.") % {
            "w": decimal(self._orders["concordance"], 2)
        }

    @property
    def changes(self):
        """Those that are told."""
        return list(self._changes.values())

    @property
    def changed(self):
        """Per option, the best first, the change by each criterion; None where it is not told."""
        return [
            (
                row,
                [
                    (criterion, self._changes.get((row.option.code, criterion.code)))
                    for criterion in self.page.criteria
                ],
            )
            for row in self.rows
        ]

    def change_of(self, cell):
        """What became of a cell since the round before; None where it is not told."""
        return self._changes.get((cell.told["option"], cell.told["criterion"]))

    @cached_property
    def _changes(self):
        words = {
            Stability.STABLE_AGREED: _("stable and agreed"),
            Stability.STABLE_SPREAD: _("stable and spread"),
            Stability.STABLE_SPLIT: _("stable and split"),
            Stability.MOVING: _("moving"),
            Stability.TOO_FEW: _("too few people"),
        }
        return {
            (told["option"], told["criterion"]): ShownChange(
                self.page.name(told["option"]),
                self.page.criterion_name(told["criterion"]),
                told["people"],
                points(told["mean"], signed=True),
                told.get("changed"),
                told["verdict"],
                words[told["verdict"]],
            )
            for told in self.told.get("changes", [])
            if "mean" in told
        }


@dataclass(frozen=True)
class RoundPage:
    """A revealed round: as the room saw it, or what of it everybody may see."""

    round: Round
    is_public: bool = False

    @property
    def results(self):
        return self.round.public_results if self.is_public else self.round.results

    @property
    def least(self):
        """Of how many people something is told at least."""
        return self.workshop.least_in_public if self.is_public else self.workshop.smallest_group

    @property
    def workshop(self):
        return self.round.workshop

    @property
    def has_own_weights(self):
        return self.workshop.weight_rule == Workshop.WeightRule.OWN

    @cached_property
    def options(self):
        return self.round.standing(self.workshop.options)

    @cached_property
    def criteria(self):
        return self.round.standing(self.workshop.criteria)

    @property
    def title(self):
        return _("%(workshop)s, results of round %(number)d.") % {
            "workshop": self.workshop.title,
            "number": self.round.number,
        }

    @property
    def digest(self):
        # That of the room in public would tell whether a guess at what is held back is right.
        digest = self.round.public_digest if self.is_public else self.round.results_digest
        return _("Digest of these results, SHA-256: %s") % digest

    @property
    def digest_of_all(self):
        """Of all rounds together, once the workshop is closed; for those who run it."""
        return "" if self.is_public else self.workshop.results_digest

    @property
    def rules(self):
        return round_rules.sentences(self)

    @property
    def between_groups(self):
        """On what groups differ most, in sentences."""
        return dissent.between_groups(self)

    @property
    def groups_table(self):
        return groups_table(self)

    @property
    def version(self):
        """Of the definitions by which it was made; results did not say so while there was only the first."""
        return self.results.get("version", 1)

    @property
    def submitted(self):
        return self.results["submitted"]

    @property
    def turnout(self):
        """How many people handed in; in public, on how many it rests."""
        count = self.results["counted"] if self.is_public else self.submitted
        if count is None:
            sentence = _("Fewer than %(least)d people count in round %(round)d, so nothing is told of it.")
        elif self.is_public:
            sentence = _("Round %(round)d rests on the answers of %(count)d people.")
        else:
            sentence = ngettext(
                "%(count)d person handed in in round %(round)d.",
                "%(count)d people handed in in round %(round)d.",
                count,
            )
        return sentence % {"round": self.round.number, "least": self.least, "count": count}

    @property
    def basis(self):
        """On how many of those who handed in it rests, and why not on all; empty where it does."""
        told = self.results
        if not told.get("left_out"):  # kept before anybody was left out
            return ""
        return ngettext(
            "Rests on %(counted)d of %(submitted)d: %(left_out)d person was not counted in round %(beside)d, "
            "and the difference between the rounds would tell what this person answered.",
            "Rests on %(counted)d of %(submitted)d: %(left_out)d people were not counted in "
            "round %(beside)d, and the difference between the rounds would tell what so few answered.",
            told["left_out"],
        ) % {name: told[name] for name in ("counted", "submitted", "left_out", "beside")}

    @cached_property
    def parts(self):
        return [ShownPart(told, self) for told in self.results["parts"]]

    @property
    def everybody(self):
        return self.parts[0]

    @property
    def groups(self):
        return self.parts[1:]

    def name(self, code):
        return next((option.name for option in self.options if option.code == code), code)

    def criterion_name(self, code):
        return next((criterion.name for criterion in self.criteria if criterion.code == code), code)
