"""What pages say of strategy options, gathered from rows and from how the report stands."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.models import Argument, Pick, Status, StrategyOption
from assessments.models.progress import new_key
from assessments.options.differences import compared_with_parent
from assessments.options.emphasis import Emphasis, emphases
from assessments.progress.checklist import ChecklistRow, checklist_row
from assessments.progress.situations import Situation

EMPHASIS_NAMES = dict(Pick.Emphasis.choices)
STRONGEST_FIRST = (
    Pick.Emphasis.CORE,
    Pick.Emphasis.PURSUED,
    Pick.Emphasis.DEFERRED,
    Pick.Emphasis.NOT_PURSUED,
)


@dataclass(frozen=True)
class OptionRow:
    """An option as a row of the list: how often it picks a measure with each emphasis."""

    option: StrategyOption
    picks: Counter
    is_own: bool

    @property
    def name(self):
        return self.option.name

    @property
    def origin(self):
        """Whose it is: a document's, or somebody's."""
        if self.option.author:
            return self.option.author_name
        return self.option.source.title if self.option.source else _("the documents")

    @property
    def status_name(self):
        return str(Status(self.option.status).label)

    @property
    def core(self):
        return self.picks[Pick.Emphasis.CORE]

    @property
    def pursued(self):
        return self.picks[Pick.Emphasis.PURSUED]

    @property
    def deferred(self):
        return self.picks[Pick.Emphasis.DEFERRED]

    @property
    def not_pursued(self):
        return self.picks[Pick.Emphasis.NOT_PURSUED]

    @property
    def arguments(self):
        """How many arguments speak for it, and how many against."""
        return self.option.for_count, self.option.against_count


def option_rows(options, user):
    """Options as rows, in their order; two queries."""
    sides = {
        f"{side}_count": Count("arguments", filter=Q(arguments__side=side)) for side in Argument.Side.values
    }
    found = list(options.with_names().annotate(**sides))
    own = {user.pk} - {None}  # nobody's own are the options of the documents
    picks = defaultdict(Counter)
    for option, _measure, emphasis in Pick.objects.emphases([option.pk for option in found]):
        picks[option][emphasis] += 1
    return [OptionRow(option, picks[option.pk], option.author_id in own) for option in found]


@dataclass(frozen=True)
class PickRow:
    """A picked measure as it stands."""

    row: ChecklistRow
    emphasis: str

    @property
    def emphasis_name(self):
        return str(EMPHASIS_NAMES[self.emphasis])


@dataclass(frozen=True)
class Group:
    """The picked measures of one emphasis, in tree order."""

    emphasis: str
    picks: list[PickRow]

    @property
    def name(self):
        return str(EMPHASIS_NAMES[self.emphasis])


@dataclass(frozen=True)
class Behind:
    """How the measures stand that an option pursues: counts of its applicable leaves."""

    leaves: int
    implemented: int
    begun: int
    gates: Counter


class OptionPage:
    """The page of one option; every part is asked for once."""

    def __init__(self, option: StrategyOption, now: Situation, user):
        self.option, self.now, self.user = option, now, user
        self.trees = {row.pk: row for row in now.rows}

    @property
    def is_own(self):
        return self.option.author is not None and self.option.author == self.user

    @property
    def is_editable(self):
        return self.option.is_edited_by(self.user)

    @property
    def can_be_revised(self):
        return self.is_own and self.option.is_frozen and not self.later

    @cached_property
    def later(self):
        """The version that stands in its place."""
        versions = StrategyOption.objects.filter(
            parent=self.option, version=self.option.version + 1, status=Status.PUBLISHED
        )
        return versions.select_related("report").first()

    @cached_property
    def parent(self):
        """What it was made from, if the visitor may see that."""
        if not self.option.parent_id:
            return None
        visible = StrategyOption.objects.visible_to(self.user).with_names()
        return visible.filter(pk=self.option.parent_id).first()

    @cached_property
    def compared(self):
        """Where it differs from what it was made from."""
        return compared_with_parent(self)

    @property
    def compare_query(self):
        """The options to compare first: this one with its parent, else with the present course."""
        baselines = StrategyOption.objects.visible_to(self.user).filter(
            report=self.now.report, is_baseline=True
        )
        other = self.parent or baselines.first()
        codes = dict.fromkeys([self.option.code, *([other.code] if other else [])])
        return urlencode([("option", code) for code in codes])

    @property
    def new_key(self):
        """What the form that clones it is known by, so that it makes one clone."""
        return new_key()

    @cached_property
    def picked(self):
        """The emphasis of every picked measure."""
        return {measure: emphasis for _option, measure, emphasis in Pick.objects.emphases([self.option.pk])}

    @cached_property
    def parents(self):
        """What each measure that is still asked for is part of."""
        return {row.pk: row.parent for row in self.now.rows if not row.retired}

    @cached_property
    def emphases(self) -> dict[int, Emphasis]:
        """What it makes of every measure that it speaks of."""
        return emphases(self.parents, self.picked)

    def row(self, measure):
        return checklist_row(self.now, self.trees[measure])

    @cached_property
    def picks(self):
        """The picked measures in tree order; retired ones stay on the page."""
        return [PickRow(self.row(pk), self.picked[pk]) for pk in self.trees if pk in self.picked]

    @property
    def groups(self):
        """The picked measures by emphasis, the strongest first."""
        by_emphasis = defaultdict(list)
        for pick in self.picks:
            by_emphasis[pick.emphasis].append(pick)
        return [
            Group(emphasis, by_emphasis[emphasis]) for emphasis in STRONGEST_FIRST if by_emphasis[emphasis]
        ]

    @cached_property
    def pursued(self):
        """The measures that it pursues, whether picked or part of what is picked, in tree order."""
        return [pk for pk, found in self.emphases.items() if found.is_pursued]

    @cached_property
    def pursued_leaves(self):
        standings = self.now.readiness.standings
        return [pk for pk in self.pursued if standings[pk].is_leaf and standings[pk].is_applicable]

    @property
    def behind(self):
        """How far the leaves are that it pursues."""
        standings = [self.now.standing(pk) for pk in self.pursued_leaves]
        states = Counter(standing.state for standing in standings)
        begun = states["under_way"] + states["adopted"]
        gates = Counter(standing.gate.value for standing in standings)
        return Behind(len(standings), states["implemented"], begun, gates)

    @cached_property
    def arguments(self):
        return list(self.option.arguments.select_related("source").order_by("code", "pk"))

    @property
    def sides(self):
        """What speaks for it beside what speaks against it."""
        return [
            (side, label, [each for each in self.arguments if each.side == side])
            for side, label in Argument.Side.choices
        ]

    @cached_property
    def serves(self):
        """The measures that it claims to serve, in tree order."""
        claimed = set(self.option.serves.values_list("pk", flat=True))
        return [self.row(pk) for pk in self.trees if pk in claimed]
