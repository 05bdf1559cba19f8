"""The map of preconditions: which requirements it shows, and where everything of it stands."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.map.boxes import Box, Group, Precondition, Way
from assessments.map.layout import Joint, Node, layout
from assessments.progress.checklist import checklist_row
from recommendations.graphs import ROOT
from recommendations.readiness import Truth
from recommendations.wording import TRUTH_NAMES, alternative_name

MOST_BOXES = 150  # more than that nobody can read
MOST_ARROWS = 400
MOST_OFFERED = 300  # codes to choose from


@dataclass(frozen=True)
class Part:
    """A branch to choose when there is too much to draw."""

    code: str
    title: str
    count: int


class ReportMap:
    """The part of a report's preconditions that a reader asked for."""

    def __init__(self, now, facts, *, branch="", around="", steps=1):
        self.now, self.facts = now, facts
        self.tree = {row.pk: row for row in now.rows}
        self.by_code = {row.code: row for row in now.rows}
        self.requirements = [
            one for one in now.graph.requirements if not self.tree[one.measure].retired
        ]  # what is no longer asked for waits for nothing
        self.all_requirements = self.requirements
        self.centre, self.stands_for = None, None
        if around:
            self._keep_around(around, steps)
        if branch:
            self._keep_branch(branch)
        self.branch = self.by_code.get(branch)

    # What is shown

    def _keep_around(self, code, steps):
        """Keep what the measure or fact waits for, and what waits for it, up to so many steps away."""
        self.centre = self._centre(code)
        if self.centre is None:
            self.requirements = []
            return
        owned, naming = defaultdict(list), defaultdict(list)
        for one in self.requirements:
            owned["measure", one.measure].append(one)
            for end in set(ends_of(one)):
                naming[end].append(one)
        found = set()
        upwards = downwards = {self.centre}
        for _step in range(steps):
            up = [one for end in upwards for one in owned[end]]
            down = [one for end in downwards for one in naming[end]]
            found.update(one.key for one in (*up, *down))
            upwards = {end for one in up for end in ends_of(one)}
            downwards = {("measure", one.measure) for one in down}
        self.requirements = [one for one in self.requirements if one.key in found]

    def _centre(self, code):
        """The end of arrows meant by a code; a measure that only inherits is represented by its branch."""
        taking_part = {end for one in self.requirements for end in (*ends_of(one), ("measure", one.measure))}
        row = self.by_code.get(code)
        if row is None:
            pk = next(pk for pk, (fact, _statement) in self.facts.items() if fact == code)
            return ("fact", pk) if ("fact", pk) in taking_part else None
        line = [row.pk, *reversed(row.ancestors)]
        nearest = next((pk for pk in line if ("measure", pk) in taking_part), None)
        if nearest is None:
            return None
        if nearest != row.pk:
            self.stands_for = row
        return "measure", nearest

    def _keep_branch(self, code):
        """Keep what leads into the branch or comes from it."""
        top = self.by_code[code].pk
        inside = {row.pk for row in self.now.rows if top in (row.pk, *row.ancestors)}
        self.requirements = [
            one
            for one in self.requirements
            if one.measure in inside or any(way.measure in inside for way in one.alternatives)
        ]

    @cached_property
    def ends(self):
        """Everything that takes part: ("measure" or "fact", key)."""
        return {end for one in self.requirements for end in (*ends_of(one), ("measure", one.measure))}

    @cached_property
    def arrow_count(self):
        return sum(len(one.alternatives) for one in self.requirements)

    @property
    def is_too_large(self):
        return len(self.ends) > MOST_BOXES or self.arrow_count > MOST_ARROWS

    @property
    def is_part(self):
        return len(self.requirements) < len(self.all_requirements)

    @property
    def counts(self):
        """How much is shown, in words."""
        required, facts = len(self.requirements), sum(kind == "fact" for kind, _key in self.ends)
        measures = len(self.ends) - facts
        words = [
            ngettext("%(count)d precondition", "%(count)d preconditions", required) % {"count": required},
            ngettext("%(count)d measure", "%(count)d measures", measures) % {"count": measures},
            ngettext("%(count)d fact", "%(count)d facts", facts) % {"count": facts},
        ]
        return ", ".join(words if facts else words[:2])

    @property
    def centre_name(self):
        """The measure or fact in the middle; empty without one."""
        if self.centre is None:
            return ""
        kind, key = self.centre
        return self.now.title(key) if kind == "measure" else self.facts[key][1]

    @cached_property
    def parts(self):
        """The branches right below what is shown, with how many measures of each take part."""
        taking_part = {key for kind, key in self.ends if kind == "measure"}
        counts = Counter(
            pk for row in self.now.rows if row.pk in taking_part for pk in (*row.ancestors, row.pk)
        )
        above = self.branch.pk if self.branch else None
        return [
            Part(row.code, row.title, counts[row.pk])
            for row in self.now.rows
            if row.parent == above and counts[row.pk] and not row.retired
        ]

    @property
    def listed_parts(self):
        return self.parts[:MOST_BOXES]

    @property
    def unlisted_count(self):
        return len(self.parts[MOST_BOXES:])

    # Boxes, in the order of the report

    @cached_property
    def boxes(self):
        boxes = {
            ("measure", row.pk): self._measure_box(row)
            for row in self.now.rows
            if ("measure", row.pk) in self.ends
        }
        for pk, (code, statement) in self.facts.items():
            if ("fact", pk) in self.ends:
                boxes["fact", pk] = self._fact_box(pk, code, statement)
        for owner, results in self._explained().items():
            for result in results:
                precondition = self._precondition(boxes, boxes["measure", owner], result)
                for way in precondition.ways:
                    if precondition.owner not in way.box.opens:
                        way.box.opens.append(precondition.owner)
        if self.centre:
            boxes[self.centre].is_centre = True
        return boxes

    def _explained(self):
        """What is known of the requirements shown, by the measure that asks for them."""
        shown = {one.key for one in self.requirements}
        owners = dict.fromkeys(one.measure for one in self.requirements)
        return {
            owner: [
                result
                for result in self.now.explain(owner).requirements
                if result.requirement.key in shown and result.inherited_from is None
            ]
            for owner in owners
        }

    def _measure_box(self, row):
        return Box(
            id=f"measure-{row.code}",
            code=row.code,
            title=row.title,
            url=self.now.address(row.code),
            address=self._address_around(row.code),
            group=self.group_of(row),
            row=checklist_row(self.now, row),
        )

    def _fact_box(self, pk, code, statement):
        value = self.now.facts.get(pk)
        return Box(
            id=f"fact-{code}",
            code=code,
            title=statement,
            url=f"#fact-{code}",
            address=self._address_around(code),
            group=None,
            truth=Truth.UNKNOWN if value is None else Truth.MET if value else Truth.UNMET,
        )

    def _address_around(self, code):
        address = reverse("assessments:map", args=[self.now.report.slug])
        return f"{address}?around={code}{self.now.further_query}"

    def _precondition(self, boxes, owner, result):
        ways = []
        for answer in result.alternatives:
            box = boxes[end_of(answer.alternative)]
            name = alternative_name(box.name, answer.alternative)
            ways.append(Way(box, name, answer.truth.value, str(TRUTH_NAMES[answer.truth])))
        precondition = Precondition(f"requirement-{result.requirement.key}", owner, result, ways)
        owner.needs.append(precondition)
        return precondition

    @property
    def preconditions(self):
        return [precondition for box in self.boxes.values() for precondition in box.needs]

    # Groups

    @cached_property
    def _parents(self):
        return {row.parent for row in self.now.rows}

    def group_of(self, row):
        """The branch whose lane a measure stands in: of the upper two levels, the lower one."""
        line = (*row.ancestors, row.pk)[:2]
        return next((pk for pk in reversed(line) if pk in self._parents), ROOT)

    @cached_property
    def groups(self):
        """Facts first, then the branches in the order of the report, those without any last."""
        members = defaultdict(list)
        for box in self.boxes.values():
            members[box.group].append(box)
        groups = {}
        if None in members:
            groups[None] = Group("", _("Facts of the outside world"), members[None])
        for row in self.now.rows:
            if row.pk in members:
                groups[row.pk] = Group(row.code, row.title, members[row.pk], self.now.address(row.code))
        if ROOT in members:
            groups[ROOT] = Group("", _("Outside every branch"), members[ROOT])
        return groups

    # The drawing

    @cached_property
    def drawing(self):
        """Everything in its place; the boxes, joints and ways know theirs afterwards."""
        ids = {box.id: box for box in self.boxes.values()}
        joints = {precondition.id: precondition for precondition in self.preconditions}
        drawing = layout(
            [Node(box.id, box.group, box.height) for box in self.boxes.values()],
            [
                Joint(one.id, one.owner.id, tuple(way.box.id for way in one.ways), one.width)
                for one in joints.values()
            ],
            [group for group in self.groups if group is not None],
        )
        for key, place in drawing.boxes.items():
            ids[key].place = place
        for key, place in drawing.joints.items():
            joints[key].place = place
        for key, place in drawing.lanes.items():
            self.groups[key].place = place
        if drawing.beside:
            self.groups[None].place = drawing.beside
        ways = {(way.box.id, one.id): way for one in joints.values() for way in one.ways}
        for arrow in drawing.arrows:
            way = ways[arrow.source, arrow.joint]
            way.path, way.is_back = arrow.path, arrow.is_back
        return drawing

    @property
    def has_circle(self):
        return any(arrow.is_back for arrow in self.drawing.arrows)

    @property
    def quantifiers_shown(self):
        """What the words in joints mean, for the legend."""
        meanings = {
            "any": _("one of them suffices"),
            "all": _("each is needed"),
            "some": _("so many of them"),
        }
        found = {}
        for one in self.preconditions:
            at_least, count = one.result.requirement.at_least, len(one.ways)
            kind = "any" if at_least == 1 else "all" if at_least == count else "some"
            if one.quantifier:
                found.setdefault(kind, {"quantifier": one.quantifier, "meaning": meanings[kind]})
        return list(found.values())

    @property
    def choices(self):
        """Code and name of what can be chosen for the middle."""
        named = {end for one in self.all_requirements for end in (*ends_of(one), ("measure", one.measure))}
        rows = [(row.code, row.title) for row in self.now.rows if ("measure", row.pk) in named]
        return (rows + [self.facts[key] for kind, key in sorted(named) if kind == "fact"])[:MOST_OFFERED]

    @property
    def states_shown(self):
        """Slug and name of every state on the map, for its legend."""
        rows = [box.row for box in self.boxes.values() if not box.is_fact]
        ranked = sorted(rows, key=lambda row: (row.state_rank is None, -(row.state_rank or 0)))
        return dict((row.state_slug, row.state_name) for row in ranked if not row.standing.is_lower_bound)

    @property
    def gates_shown(self):
        rows = [box.row for box in self.boxes.values() if not box.is_fact and box.row.gate]
        ranked = sorted(rows, key=lambda row: row.gate_rank)
        return dict((row.gate, row.gate_name) for row in ranked)


def end_of(alternative):
    """What an alternative names, as the map keeps it."""
    if alternative.fact is not None:
        return "fact", alternative.fact
    return "measure", alternative.measure


def ends_of(requirement):
    return [end_of(alternative) for alternative in requirement.alternatives]
