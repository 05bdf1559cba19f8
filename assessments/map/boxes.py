"""What the map of preconditions shows: boxes, what they wait for, and groups of them; words and sizes."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from assessments.fitting import text_width, wrapped
from assessments.map.layout import COLUMN, JOINT, Rectangle
from assessments.progress.checklist import ChecklistRow
from recommendations.readiness import RequirementResult, Truth
from recommendations.wording import TRUTH_NAMES, quantifier

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
