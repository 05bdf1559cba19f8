"""The map of preconditions: which requirements it shows, in words and as boxes and arrows."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.checklist import ChecklistRow, checklist_row
from assessments.fitting import text_width, wrapped
from assessments.map_layout import COLUMN, JOINT, Joint, Node, Rectangle, layout
from recommendations.graphs import ROOT
from recommendations.readiness import RequirementResult, Truth
from recommendations.wording import TRUTH_NAMES, alternative_name, quantifier

MOST_BOXES = 150  # more than that nobody can read
MOST_ARROWS = 400
MOST_OFFERED = 300  # codes to choose from
LARGE, SMALL = 11.5, 10.5  # sizes of text in the drawing
PADDING, LINE, HEAD = 10, 14, 25  # inside a box
MOST_LINES = 3


@dataclass
class Box:
    """A measure or a fact, as the map and its outline show it."""

    id: str
    code: str
    title: str
    url: str
    address: str  # of the map around it
    group: int | None  # None: a fact
    row: ChecklistRow | None = None
    truth: Truth = Truth.UNKNOWN
    needs: list["Precondition"] = field(default_factory=list)
    opens: list["Box"] = field(default_factory=list)
    place: Rectangle | None = None
    is_centre: bool = False

    @property
    def is_fact(self):
        return self.row is None

    @property
    def name(self):
        return self.title if self.is_fact else f"{self.code} {self.title}"

    @cached_property
    def truth_name(self):
        return {Truth.MET: _("true"), Truth.UNMET: _("false"), Truth.UNKNOWN: _("not known")}[self.truth]

    @cached_property
    def lines(self):
        """The title as it fits the box, each line with its height in it."""
        lines = wrapped(self.title, LARGE, COLUMN - 2 * PADDING, MOST_LINES)
        return [(HEAD + LINE * number + 6, line) for number, line in enumerate(lines)]

    @property
    def height(self):
        return HEAD + LINE * len(self.lines) + 3

    @property
    def inner(self):
        """The frame, inside the edge so that its line is not cut."""
        return Rectangle(1, 1, self.place.width - 2, self.place.height - 2)

    @property
    def words(self):
        """Everything the box shows by symbols and shortens."""
        if self.is_fact:
            return _("Fact: %(statement)s — %(truth)s") % {"statement": self.title, "truth": self.truth_name}
        words = f"{self.name} — {self.row.state_name}"
        if self.row.tree.retired:
            return _("%(measure)s (no longer asked for)") % {"measure": words}
        if not self.row.gate:
            return words
        return _("%(measure)s; gate: %(gate)s") % {"measure": words, "gate": self.row.gate_name}


@dataclass
class Precondition:
    """One requirement: what it asks for, and whether that holds."""

    id: str
    owner: Box
    result: RequirementResult
    ways: list["Way"]
    place: Rectangle | None = None

    @property
    def is_required(self):
        return self.result.requirement.required

    @cached_property
    def quantifier(self):
        return quantifier(self.result)

    @property
    def truth(self):
        return self.result.truth.value

    @property
    def truth_name(self):
        return str(TRUTH_NAMES[self.result.truth])

    @property
    def width(self):
        """Of its joint: a symbol, and its words if it has any."""
        return JOINT + round(text_width(self.quantifier, SMALL) + 4 if self.quantifier else 0)

    @property
    def middle(self):
        return self.place.y + JOINT // 2

    @property
    def inner_width(self):
        return self.width - 2

    @property
    def words(self):
        ways = "; ".join(way.name for way in self.ways)
        strength = _("must hold") if self.is_required else _("helps")
        sentence = _("%(measure)s — %(strength)s, %(truth)s: %(quantifier)s %(ways)s") % {
            "measure": self.owner.name,
            "strength": strength,
            "truth": self.truth_name,
            "quantifier": self.quantifier,
            "ways": ways,
        }
        return " ".join(sentence.split())


@dataclass
class Way:
    """One alternative of a requirement: the box that its arrow comes from."""

    box: Box
    name: str
    truth: str
    truth_name: str
    path: str = ""
    is_back: bool = False


@dataclass
class Group:
    """The boxes of one branch, or the facts."""

    code: str
    title: str
    boxes: list[Box]
    url: str = ""
    place: Rectangle | None = None

    @property
    def left(self):
        return self.place.x + PADDING

    @property
    def baseline(self):
        return self.place.y + 17

    @property
    def short_title(self):
        """As it fits its lane or, beside all lanes, its column."""
        room = min(self.place.width, 2 * COLUMN) - 2 * PADDING - text_width(self.code, LARGE)
        return wrapped(self.title, LARGE, room, 1)[0]


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
        facts = sum(kind == "fact" for kind, _key in self.ends)
        return {"measures": len(self.ends) - facts, "facts": facts, "requirements": len(self.requirements)}

    @property
    def centre_name(self):
        """The measure or fact in the middle; empty without one."""
        if self.centre is None:
            return ""
        kind, key = self.centre
        return self.now.title(key) if kind == "measure" else self.facts[key][1]

    def parts(self):
        """The branches right below what is shown, with how many measures of each take part."""
        taking_part = {key for kind, key in self.ends if kind == "measure"}
        counts = dict.fromkeys((row.pk for row in self.now.rows), 0)
        for row in self.now.rows:
            if row.pk in taking_part:
                for pk in (*row.ancestors, row.pk):
                    counts[pk] += 1
        above = self.branch.pk if self.branch else None
        return [
            Part(row.code, row.title, counts[row.pk])
            for row in self.now.rows
            if row.parent == above and counts[row.pk] and not row.retired
        ][:MOST_BOXES]

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
        return f"{reverse('assessments:map', args=[self.now.report.slug])}?around={code}"

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
