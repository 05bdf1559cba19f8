"""Random rooms: people come late, stay away, leave out, change groups of all sizes; options go."""

from hypothesis import strategies as st

from assessments.agreement import AgreementRule
from assessments.comparison import Scale
from assessments.rounds import StabilityRule
from assessments.workshops.answers import COMMON, FIXED, OWN, Answers, Rules
from assessments.workshops.room_results import counted

OPTIONS, CRITERIA, GROUPS = ["O1", "O2", "O3"], ["C1", "C2"], ["Here", "There"]
LOW, HIGH = 1, 4
BLANK = "blank"


def histories(most_people=16, k=5):
    """Rules, and two or three rounds of answers, made by a source of chance that hypothesis shrinks."""
    return st.builds(history, st.randoms(use_true_random=False), st.integers(0, most_people), st.just(k))


def history(draw, people, k):
    weigh = draw.choice([FIXED, COMMON, OWN])
    rules = Rules(
        scale=Scale(LOW, HIGH),
        weigh=weigh,
        swings={"C1": 100, "C2": draw.choice([0, 30, 100])},
        groups=tuple(GROUPS) if draw.random() < 0.7 else (),
        agreement=AgreementRule(),
        stability=StabilityRule(),
        k=k,
    )
    groups = {f"p{number}": draw.choice([*rules.groups, ""]) for number in range(people)}
    moving = draw.choice([0, 0.1, 0.5])  # which share changes groups before a later round
    late = {person for person in groups if draw.random() < draw.choice([0, 0.1, 0.4])}
    is_tidy = draw.random() < 0.5  # nobody leaves anything out: else hardly any total is told
    rounds = []
    for number in range(1, draw.choice([2, 3]) + 1):
        if number > 1:
            groups |= {
                person: draw.choice([*rules.groups, ""]) for person in groups if draw.random() < moving
            }
        there = [
            person
            for person in groups
            if (number > 1 or person not in late) and draw.random() < draw.choice([0.8, 1])
        ]
        rounds.append(
            Answers(
                number=number,
                options=OPTIONS if number == 1 else OPTIONS[: draw.choice([2, 3])],
                criteria=CRITERIA,
                groups={person: groups[person] for person in there},
                scores={},
                swings={} if weigh == FIXED else {person: swings(draw) for person in there},
            )
        )
    rounds = [withdrawn_for_good(each, rounds) for each in rounds]
    repeating = draw.choice([0, 0.7, 0.95, 1])  # which share of answers is given again
    said = {}
    for number, answers in enumerate(rounds):
        given = scores(draw, answers, is_tidy)
        said = {
            cell: again(draw, of_people, said.get(cell, {}), repeating) for cell, of_people in given.items()
        }
        rounds[number] = answers._replace(scores=said)
    return rules, rounds


def again(draw, now, before, repeating):
    """Scores, of which a share is that of the round before."""
    return {
        person: before[person] if person in before and draw.random() < repeating else score
        for person, score in now.items()
    }


def on_their_basis(rounds, k):
    """The answers of those whom the tables of each round rest on."""
    basis, found = frozenset(), []
    for asked in rounds:
        people = counted(asked.people, basis, k)
        basis = people if len(people) >= k else basis
        found.append(asked.of(people))
    return found


def withdrawn_for_good(answers, rounds):
    """An option that a round before did without does not come back."""
    least = min(len(each.options) for each in rounds if each.number <= answers.number)
    return answers._replace(options=OPTIONS[:least])


def swings(draw):
    """Of both criteria, of one, or of none."""
    return {key: draw.randint(0, 100) for key in CRITERIA if draw.random() < 0.9}


def scores(draw, answers, is_tidy):
    choices = [*range(LOW, HIGH + 1)] if is_tidy else [*range(LOW, HIGH + 1), None, BLANK]
    silent = {person for person in answers.groups if draw.random() < 0.1}  # who hand in nothing but blanks
    found = {}
    for option in answers.options:
        for criterion in answers.criteria:
            given = {person: draw.choice(choices) for person in answers.groups}
            found[option, criterion] = {
                person: score for person, score in given.items() if score != BLANK and person not in silent
            }
    return found
