"""The reveal of a round: what may be told of it and of all before, in CPU seconds.

Run: python -m benchmarks.reveal [people]

A made-up room scores 8 options by 7 criteria, in two groups. In a usual room every third person leaves out
two cells in all rounds, and one in ten another cell each time; in the second and third round three of ten
answers are other ones. In a gappy room every answer is left out in three of a hundred cases, so that nearly
everybody lacks something. One person joins after the first round, and one leaves.
"""

from __future__ import annotations

import sys
from random import Random

from assessments.agreement import AgreementRule
from assessments.comparison import Scale
from assessments.rounds import StabilityRule
from assessments.workshops.answers import COMMON, FIXED, OWN, Answers, Rules
from assessments.workshops.room_results import Json, results
from benchmarks.timing import cpu_ms

OPTIONS = [f"option-{number}" for number in range(8)]
CRITERIA = [f"criterion-{number}" for number in range(7)]
CELLS = [(option, criterion) for option in OPTIONS for criterion in CRITERIA]
GROUPS = ["north", "south"]
SCALE = Scale(1, 7)

Cell = tuple[str, str]


def rules(weigh: str, k: int) -> Rules:
    swings = {criterion: 100 - 10 * place for place, criterion in enumerate(CRITERIA)}
    return Rules(SCALE, weigh, swings, GROUPS, AgreementRule(), StabilityRule(), k)


def gaps(draw: Random, is_gappy: bool, usual: set[Cell]) -> set[Cell]:
    """What somebody leaves out in a round."""
    if is_gappy:
        return {cell for cell in CELLS if draw.random() < 0.03}
    return usual | ({draw.choice(CELLS)} if draw.random() < 0.1 else set())


def room(people: int, rounds: int, *, is_gappy: bool) -> list[Answers]:
    """The answers of all rounds, the same at every run."""
    draw = Random(1)  # noqa: S311  made-up answers are no secrets
    usual = [set(draw.sample(CELLS, 2)) if number % 3 == 0 else set() for number in range(people + 1)]
    last: dict[tuple[int, Cell], int] = {}
    swings = {number: {key: draw.randrange(5, 101, 5) for key in CRITERIA} for number in range(people + 1)}
    found = []
    for number in range(1, rounds + 1):
        here = range(people) if number == 1 else range(1, people + 1)
        given: dict[Cell, dict[int, int | None]] = {cell: {} for cell in CELLS}
        for person in here:
            without = gaps(draw, is_gappy, usual[person])
            for cell in CELLS:
                if cell not in without:
                    if (person, cell) not in last or draw.random() < 0.3:
                        last[person, cell] = draw.randint(1, 7)
                    given[cell][person] = last[person, cell]
        groups = {person: GROUPS[person % 2] for person in here}
        found.append(Answers(number, OPTIONS, CRITERIA, groups, given, {at: swings[at] for at in here}))
    return found


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [30, 60]
    for people in sizes:
        for is_gappy in (False, True):
            for weigh in (FIXED, COMMON, OWN):
                for k in (5, 10):
                    for rounds in (1, 2, 3):
                        measure(people, weigh, k, rounds, is_gappy=is_gappy)


def measure(people: int, weigh: str, k: int, rounds: int, *, is_gappy: bool) -> None:
    answers, laid_down = room(people, rounds, is_gappy=is_gappy), rules(weigh, k)
    found: list[Json] = []
    seconds = cpu_ms(lambda: found.append(results(answers, laid_down))) / 1000
    [told] = found
    cells = [cell for part in told["parts"] for cell in part["cells"]]
    shown = sum("mean" in cell for cell in cells)
    kind = "gappy" if is_gappy else "usual"
    print(
        f"{people} people, {kind}, {weigh} weights, k {k}, round {rounds}: {seconds:.2f} s, "
        f"{shown} of {len(cells)} cells",
        flush=True,
    )


if __name__ == "__main__":
    main()
