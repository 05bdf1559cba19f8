"""Random evolutions of a small report: what a curator's next edition may look like, and what it must not."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import yaml

from tests.recommendations.curating.twin import (
    ALTERNATIVE,
    LISTS,
    MEASURE,
    NAMES,
    NEVER_GONE,
    RECORDS,
    REPORT,
    REQUIREMENT,
    SHAPES,
    SUCCESSION,
    Content,
    Place,
    Row,
    Unsound,
    check,
    coded,
    settled,
)

MOMENT = "2024-06-01T12:00:00Z"
STATES = ("announced", "under_way", "adopted", "implemented")
WORDS = [
    "Short", "Свабода", "Two\nlines: 'quoted' — “so”", "long " * 40 + "end", "no", "5", " # hash", "e\u0301",
]  # fmt: skip


class Plainly(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes the same value twice where it stands twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Evolution:
    """A report that changes from edition to edition, at random."""

    def __init__(self, seed: int):
        self.random = Random(seed)  # noqa: S311 - repeatable, not secret
        self.number = 0
        self.stored: Content = {}
        self.edition: Content = {}
        self.corrected_by_people: set[Any] = set()  # keys of entries that files must not correct again
        self.say("recommendations.source", slug="s1", title="A source")
        self.say("recommendations.report", slug="open", title="Open", source=("s1",))
        for number in range(1, 5):
            self.say(MEASURE, code=f"S{number}", kind="section", title=f"Section {number}", position=number)
        for step in (*[self.add_measure] * 12, *self.growths() * 2, *[self.require, self.add_way] * 6):
            self.attempt(step)

    # What is there

    def new(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}{self.number}"

    def say(self, model: str, **fields: Any) -> Place:
        """Put a row into the edition, in the place of one with the same key."""
        if "report" not in fields and SHAPES[model].key is coded:
            fields["report"] = REPORT
        row = {**SHAPES[model].defaults, **fields}
        place = (model, SHAPES[model].key(row))
        self.edition[place] = row
        return place

    def change(self, place: Place, **fields: Any) -> None:
        self.edition[place] = {**self.edition[place], **fields}

    def places(self, model: str) -> list[Place]:
        return [place for place in self.edition if place[0] == model]

    def some(self, model: str) -> Place:
        """Any row of the edition; refuses where there is none."""
        return self.one_of(self.places(model))

    def one_of(self, choices: Any) -> Any:
        if not choices:
            raise Unsound("nothing to choose from")
        return self.random.choice(choices)

    def live(self) -> list[Place]:
        """Measures that are asked for, apart from sections."""
        return [
            place
            for place in self.places(MEASURE)
            if not self.edition[place]["retired"] and self.edition[place]["kind"] != "section"
        ]

    def leaves(self) -> list[Place]:
        """Those of them that are completed one by one: without parts, and neither in a restraint nor one."""
        content = settled(self.stored, self.edition)
        measures = {key: row for (model, key), row in content.items() if model == MEASURE}
        parents = {row["parent"] for row in measures.values()}
        return [
            place
            for place in self.live()
            if place[1] not in parents and "restraint" not in kinds_above(place[1], measures)
        ]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def words(self) -> str:
        return self.random.choice(
            [
                "Short",
                "Свабода",
                "Two\nlines: 'quoted' — “so”",
                "long " * 40 + "end",
                "no",
                "5",
                " # hash",
                "é\u0301",
            ]
        )

    # Steps

    def attempt(self, step: Callable[[], None]) -> bool:
        """Take a step, or none of it if it would make the edition unsound."""
        before = dict(self.edition)
        try:
            step()
            check(settled(self.stored, self.edition))
        except Unsound:
            self.edition = before
            return False
        return True

    def evolve(self) -> list[str]:
        """The next edition, some random steps from the last; the names of the steps taken."""
        wanted = self.random.randint(1, 6)
        taken: list[str] = []
        steps = [*self.growths(), *self.reshapings() * 2, *self.removals()]
        while len(taken) < wanted:
            step = self.random.choice(steps)
            if self.attempt(step):
                taken.append(step.__name__)
        return taken

    def apply(self) -> None:
        """The edition was applied."""
        self.stored = settled(self.stored, self.edition)

    # What comes

    def growths(self) -> list[Callable[[], None]]:
        return [
            self.add_measure, self.add_actor, self.add_facing, self.add_fact, self.observe, self.require,
            self.add_way, self.add_scenario, self.assume, self.add_indicator, self.read, self.add_tension,
            self.add_option, self.pick, self.argue, self.add_criterion, self.add_term, self.add_source,
            self.enter, self.correct, self.testify,
        ]  # fmt: skip

    def add_measure(self) -> None:
        parent = self.one_of([*self.places(MEASURE)])
        self.say(
            MEASURE, code=self.new("M"), **self.wording(), parent=parent[1], position=self.random.randrange(9)
        )

    def wording(self) -> Row:
        wording = {"title": self.words().strip()[:200], "summary": self.words()}
        if self.chance(0.1):
            return {**wording, "kind": "restraint", "modality": "should_not"}
        kind = self.random.choice(["measure", "action", "recommendation"])
        return {**wording, "kind": kind, "modality": self.random.choice(["must", "should", "could"])}

    def add_actor(self) -> None:
        _model, key = self.say("recommendations.actor", code=self.new("a"), name="Somebody")
        self.link("actors", key)

    def add_facing(self) -> None:
        _model, key = self.say("recommendations.facing", code=self.new("d"), name="East")
        self.link("facings", key)

    def link(self, name: str, key: Any) -> None:
        for place in self.random.sample(self.live(), min(3, len(self.live()))):
            self.change(place, **{name: (*self.edition[place][name], key)})

    def add_fact(self) -> None:
        self.say("recommendations.fact", code=self.new("F"), statement="So it is.")

    def day(self) -> date:
        return date(self.random.randint(2010, 2024), self.random.randint(1, 12), self.random.randint(1, 28))

    def observe(self) -> None:
        fact = self.some("recommendations.fact")[1]
        value = self.random.choice(["true", "false", "unknown"])
        self.say("recommendations.observation", fact=fact, as_of=self.day(), value=value, source=("s1",))

    def require(self) -> None:
        owner = self.one_of(self.live())[1]
        _model, key = self.say(REQUIREMENT, measure=owner, code=self.new("R"), reason=self.words())
        self.say(ALTERNATIVE, requirement=key, code="a", **self.way())

    def add_way(self) -> None:
        requirement = self.some(REQUIREMENT)
        self.say(ALTERNATIVE, requirement=requirement[1], code=self.new("w"), **self.way())

    def way(self) -> Row:
        """A measure in some state, or a fact."""
        if self.chance(0.6):
            return {"measure": self.one_of(self.live())[1], "fact": None, "state": self.random.choice(STATES)}
        return {"measure": None, "fact": self.some("recommendations.fact")[1], "state": ""}

    def add_scenario(self) -> None:
        self.say("recommendations.scenario", code=self.new("C"), name="What if", summary=self.words())

    def assume(self) -> None:
        scenario, fact = self.some("recommendations.scenario")[1], self.some("recommendations.fact")[1]
        self.say("recommendations.assumption", scenario=scenario, fact=fact, value=self.chance(0.5))

    def add_indicator(self) -> None:
        measures = tuple({self.one_of(self.live())[1] for _ in range(2)})
        self.say("recommendations.indicator", code=self.new("I"), name="Trade", unit="%", measures=measures)

    def read(self) -> None:
        indicator = self.some("recommendations.indicator")[1]
        value = Decimal(self.random.randint(-(10**9), 10**9)) / 10 ** self.random.randrange(5)
        self.say(
            "recommendations.reading",
            indicator=indicator, as_of=self.day(), value=value, is_projection=self.chance(0.2),
        )  # fmt: skip

    def add_tension(self) -> None:
        first, second = self.random.sample(self.live(), 2)
        self.say(
            "recommendations.tension", code=self.new("t"), first=first[1], second=second[1], reason="Both."
        )

    def add_option(self) -> None:
        self.say("assessments.strategyoption", code=self.new("O"), name="A way")

    def pick(self) -> None:
        option, measure = self.some("assessments.strategyoption")[1], self.one_of(self.live())[1]
        emphasis = self.random.choice(["not_pursued", "deferred", "pursued", "core"])
        self.say("assessments.pick", option=option, measure=measure, emphasis=emphasis)

    def argue(self) -> None:
        option = self.some("assessments.strategyoption")[1]
        side = self.random.choice(["for", "against"])
        self.say("assessments.argument", option=option, code=self.new("p"), side=side, statement=self.words())

    def add_criterion(self) -> None:
        self.say("assessments.criterion", code=self.new("K"), name="Cost", worst="High", best="Low")

    def add_term(self) -> None:
        self.say("recommendations.term", code=self.new("W"), name=self.new("Word "), definition=self.words())

    def add_source(self) -> None:
        self.say("recommendations.source", slug=self.new("s"), title=self.words().strip()[:90])

    # Records: only ever added

    def enter(self) -> None:
        self.say(
            "assessments.progressentry",
            key=self.new("entry-"), measure=self.one_of(self.live())[1], state=self.random.choice(STATES),
            as_of=self.day(), note=self.words(), recorded_at=MOMENT,
        )  # fmt: skip

    def correct(self) -> None:
        entries = self.places("assessments.progressentry")
        superseded = {self.edition[place]["supersedes"] for place in entries} | self.corrected_by_people
        earlier = self.one_of([place for place in entries if place[1] not in superseded])
        row = {**self.edition[earlier], "key": self.new("entry-"), "supersedes": earlier[1]}
        self.say("assessments.progressentry", **row | {"state": self.random.choice(["", *STATES])})

    def testify(self) -> None:
        entry = self.some("assessments.progressentry")
        measure = self.edition[entry]["measure"]
        _model, key = self.say(
            "assessments.evidence",
            key=self.new("evidence-"), statement=self.words(), dated_on=self.day(), source=("s1",),
            recorded_at=MOMENT,
        )  # fmt: skip
        tied = entry[1] if self.chance(0.7) else None
        self.say("assessments.evidencetie", evidence=key, measure=measure, entry=tied, stance="supports")

    # What changes

    def reshapings(self) -> list[Callable[[], None]]:
        return [
            self.reword, self.move, self.weigh, self.turn_round, self.rename, self.recode, self.split,
            self.merge, self.retire, self.retire_in_words, self.reinstate, self.exchange_ways, self.rewire,
            self.number_anew, self.set_baseline, self.change_values,
        ]  # fmt: skip

    def reword(self) -> None:
        self.change(self.one_of(self.live()), **self.wording())

    def move(self) -> None:
        self.change(self.one_of(self.live()), parent=self.some(MEASURE)[1], position=self.random.randrange(9))

    def weigh(self) -> None:
        needs = self.random.choice([None, None, 1, 2])
        self.change(self.one_of(self.live()), weight=self.random.randrange(4), needs=needs)

    def turn_round(self) -> None:
        """A part becomes the whole, the whole its part."""
        part = self.one_of(self.live())
        whole = (MEASURE, self.edition[part]["parent"])
        if whole not in self.edition or self.edition[whole]["kind"] == "section":
            raise Unsound("a section stays on top")
        self.change(part, parent=self.edition[whole]["parent"])
        self.change(whole, parent=part[1])

    def rename(self) -> None:
        self.succeed([self.one_of(self.live())], 1, "renamed", self.wording())

    def recode(self) -> None:
        self.succeed([self.one_of(self.live())], 1, "renamed", {})

    def split(self) -> None:
        self.succeed([self.one_of(self.live())], self.random.randint(2, 3), "split", self.wording())

    def merge(self) -> None:
        self.succeed(self.random.sample(self.live(), 2), 1, "merged", self.wording())

    def succeed(self, before: Any, count: int, kind: str, wording: Row) -> None:
        """Some measures go, others come in their place, and the edition says which for which."""
        row = {**self.edition[before[0]], **wording, "needs": None}
        after = [self.say(MEASURE, **row | {"code": self.new("M")}) for _ in range(count)]
        for place in before:
            for other in after:
                share = Decimal(1) if count == 1 else Decimal(1000 // count) / 1000
                self.say(SUCCESSION, predecessor=place[1], successor=other[1], kind=kind, share=share)
        for place in before:
            self.drop(place, after[0][1])

    def retire(self) -> None:
        self.drop(self.one_of(self.live()), None)

    def retire_in_words(self) -> None:
        self.change(self.one_of(self.live()), retired=True)

    def drop(self, gone: Place, successor: Any) -> None:
        """Leave a measure out; what named it names its successor, names it still, or goes as well."""
        del self.edition[gone]
        for place in [place for place in self.edition if place[0] in (REQUIREMENT, ALTERNATIVE)]:
            if place[1][:2] == gone[1]:
                del self.edition[place]
        for place, row in [*self.edition.items()]:
            if place[0] not in (*RECORDS, SUCCESSION) and self.names(row, gone[1]) and self.chance(0.8):
                del self.edition[place]
                if successor or place[0] == MEASURE:
                    other = successor or self.edition.get(gone, {}).get("parent")
                    row = {name: self.instead(name, value, gone[1], other) for name, value in row.items()}
                    self.say(place[0], **row)

    @staticmethod
    def names(row: Row, key: Any) -> bool:
        return any(
            model == MEASURE and key in (row[name] if name in LISTS else [row[name]])
            for name, model in NAMES.items()
            if name in row
        )

    @staticmethod
    def instead(name: str, value: Any, gone: Any, other: Any) -> Any:
        if NAMES.get(name) != MEASURE:
            return value
        if name in LISTS:
            kept = {key for key in value if key != gone}
            return tuple(sorted(kept | ({other} if other and gone in value else set())))
        return other if value == gone else value

    def reinstate(self) -> None:
        gone = [place for place in self.stored if place[0] == MEASURE and place not in self.edition]
        place = self.one_of(gone)
        self.edition[place] = {**self.stored[place], "retired": False}
        for other in self.places(SUCCESSION):
            if other[1][:2] == place[1]:
                del self.edition[other]

    def exchange_ways(self) -> None:
        """Two alternatives of a requirement change places."""
        requirement = self.some(REQUIREMENT)[1]
        ways = [place for place in self.places(ALTERNATIVE) if place[1][:3] == requirement]
        if len(ways) < 2:
            raise Unsound("one way only")
        first, second = self.random.sample(ways, 2)
        codes = {place: place[1][3] for place in (first, second)}
        self.edition[first], self.edition[second] = (
            {**self.edition[second], "code": codes[first]},
            {**self.edition[first], "code": codes[second]},
        )

    def rewire(self) -> None:
        self.change(self.some(ALTERNATIVE), **self.way())

    def number_anew(self) -> None:
        requirement = self.some(REQUIREMENT)
        strength = self.random.choice(["required", "helps"])
        self.change(requirement, at_least=self.random.randint(1, 2), strength=strength)

    def set_baseline(self) -> None:
        chosen = self.some("assessments.strategyoption")
        for place in self.places("assessments.strategyoption"):
            self.change(place, is_baseline=place == chosen)

    def change_values(self) -> None:
        """Other values in rows that are no measures."""
        (report,) = self.places("recommendations.report")
        self.change(report, edition=self.edition[report]["edition"] + 1, summary=self.words())
        self.change(self.some("recommendations.source"), note=self.words())
        for model, values in (
            ("recommendations.fact", {"explanation": self.words()}),
            ("recommendations.observation", {"note": self.words()}),
            ("recommendations.reading", {"value": Decimal(self.random.randrange(99))}),
            ("recommendations.tension", {"reason": self.words()}),
            ("assessments.pick", {"emphasis": "core"}),
            ("recommendations.assumption", {"value": self.chance(0.5)}),
        ):
            for place in self.places(model)[:2]:
                self.change(place, **values)

    # What goes

    def removals(self) -> list[Callable[[], None]]:
        return [self.remove, self.remove, self.remove_way, self.forget_succession]

    def remove(self) -> None:
        """Any row but measures and records, with all that named it."""
        keeps = {*NEVER_GONE, MEASURE, SUCCESSION, ALTERNATIVE, "recommendations.report"}
        gone = self.one_of([place for place in self.edition if place[0] not in keeps])
        waiting = [gone]
        while waiting:
            place = waiting.pop()
            del self.edition[place]
            for other, row in [*self.edition.items()]:
                for name, model in NAMES.items():
                    if model != place[0] or name not in row:
                        continue
                    if name in LISTS:
                        self.change(other, **{name: tuple(key for key in row[name] if key != place[1])})
                    elif name == "scenario" and "name" in row and row[name] == place[1]:
                        self.change(other, scenario=None)
                    elif row[name] == place[1] and other not in waiting:
                        waiting.append(other)
        self.leave_no_empty_requirement()

    def leave_no_empty_requirement(self) -> None:
        met = {place[1][:3] for place in self.places(ALTERNATIVE)}
        for place in self.places(REQUIREMENT):
            if place[1] not in met:
                del self.edition[place]

    def remove_way(self) -> None:
        del self.edition[self.some(ALTERNATIVE)]
        self.leave_no_empty_requirement()

    def forget_succession(self) -> None:
        """Leave out what became of a measure that the edition no longer names; it stays on record."""
        old = [place for place in self.places(SUCCESSION) if (MEASURE, place[1][:2]) not in self.edition]
        del self.edition[self.one_of([place for place in old if place in self.stored])]

    # Editions that must be refused

    def spoiled(self) -> tuple[str, Content]:
        """The next edition with one thing in it that must be refused, and what that is."""
        before = dict(self.edition)
        spoil = self.random.choice(
            [self.deadlock, self.name_nothing, self.edit_record, self.lose_record, self.be_its_own_part,
             self.repeat_way, self.say_too_much, self.succeed_in_circle, self.require_nothing]
        )  # fmt: skip
        try:
            spoil()
            return spoil.__name__, self.edition
        except Unsound:
            return self.name_nothing_else()
        finally:
            self.edition = before

    def name_nothing_else(self) -> tuple[str, Content]:
        self.name_nothing()
        return "name_nothing", self.edition

    def deadlock(self) -> None:
        first, second = self.random.sample(self.leaves(), 2)
        for owner, other in ((first, second), (second, first)):
            _model, key = self.say(REQUIREMENT, measure=owner[1], code="X", reason="Why")
            self.say(ALTERNATIVE, requirement=key, code="a", measure=other[1], state="implemented")

    def name_nothing(self) -> None:
        self.change(self.one_of(self.live()), parent=("open", "nothing"))

    def edit_record(self) -> None:
        stored = [place for place in self.places("assessments.progressentry") if place in self.stored]
        self.change(self.one_of(stored), note="Another note")

    def lose_record(self) -> None:
        stored = [place for place in self.places("assessments.evidencetie") if place in self.stored]
        del self.edition[self.one_of(stored)]

    def be_its_own_part(self) -> None:
        first, second = self.random.sample(self.live(), 2)
        self.change(first, parent=second[1])
        self.change(second, parent=first[1])

    def repeat_way(self) -> None:
        way = self.edition[self.some(ALTERNATIVE)]
        self.say(ALTERNATIVE, **way | {"code": "again"})

    def say_too_much(self) -> None:
        self.change(self.one_of(self.live()), title="x" * 301)

    def succeed_in_circle(self) -> None:
        first, second = self.random.sample(self.live(), 2)
        for place in (first, second):
            self.change(place, retired=True)
        self.say(SUCCESSION, predecessor=first[1], successor=second[1], kind="renamed")
        self.say(SUCCESSION, predecessor=second[1], successor=first[1], kind="renamed")

    def require_nothing(self) -> None:
        self.say(REQUIREMENT, measure=self.one_of(self.live())[1], code="X", reason="Why")

    # Files

    def texts(self, edition: Content) -> dict[str, str]:
        """The edition as YAML, in any order and in any number of files."""
        records = [self.record(place, row) for place, row in edition.items()]
        self.random.shuffle(records)
        count = self.random.randint(1, 3)
        return {
            f"part{number}.yaml": yaml.dump(
                records[number::count], Dumper=Plainly, allow_unicode=self.chance(0.5)
            )
            for number in range(count)
        }

    def record(self, place: Place, row: Row) -> Row:
        """A row as a file may say it: what has its default is sometimes left out."""
        defaults = SHAPES[place[0]].defaults
        left_out = {
            name for name, value in row.items() if defaults.get(name, self) == value and self.chance(0.8)
        }
        fields = [(name, plain(value)) for name, value in row.items() if name not in left_out]
        self.random.shuffle(fields)
        return {"model": place[0], "fields": dict(fields)}


def kinds_above(key: Any, measures: dict[Any, Row]) -> Iterator[str]:
    """The kind of a measure and of all that it is part of."""
    while key:
        yield measures[key]["kind"]
        key = measures[key]["parent"]


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return f"{value:f}" if isinstance(value, Decimal) else value
