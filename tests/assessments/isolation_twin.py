"""The same question by brute force: every few people in turn, and the rank of what all others hold."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations


def coefficients(rows):
    """What each person holds, as vectors over the rows: one for each thing held."""
    held = defaultdict(lambda: defaultdict(lambda: [Fraction(0)] * len(rows)))
    for number, row in enumerate(rows):
        for what, people in row.items():
            for person, coefficient in people.items():
                held[person][what][number] = Fraction(coefficient)
    return {person: list(of_person.values()) for person, of_person in held.items()}


def rank(vectors, enough=None):
    """How many of the vectors are independent; once there are enough, no more are counted."""
    basis = {}
    for vector in {tuple(vector) for vector in vectors}:
        if len(basis) == enough:
            break
        rest = list(vector)
        for place, (value, other) in basis.items():
            if rest[place]:
                factor = rest[place] / value
                rest = [mine - factor * theirs for mine, theirs in zip(rest, other, strict=True)]
        if any(rest):
            place = next(place for place, value in enumerate(rest) if value)
            basis[place] = rest[place], rest
    return len(basis)


def isolated(rows, k):
    """Some fewer than k people on whom alone a combination of the rows rests, or None.

    That is so when the rows are less independent on everybody else than on all.
    """
    held = coefficients(rows)
    full = rank(vector for vectors in held.values() for vector in vectors)
    for few in combinations(sorted(held), min(k - 1, len(held))):
        others = (vector for person, vectors in held.items() if person not in few for vector in vectors)
        if rank(others, full) < full:
            return set(few)
    return None


def rows_of(releases, *, linked):
    """Releases as rows; linked, what is held in one round is the same as in every other."""
    rows = []
    for release in releases:
        row = defaultdict(lambda: defaultdict(Fraction))
        for (kind, round, option, criterion), people in release.terms.items():
            for person in people:
                coefficient = people[person] if isinstance(people, dict) else 1
                row[kind, None if linked else round, option, criterion][person] += coefficient
        rows.append(row)
    return rows


def betrayed(releases, k):
    """Some people about whom releases tell too much, by definition, or None."""
    detailed = [release for release in releases if release.is_detailed]
    for linked in (False, True):
        for some, must in ((releases, k), (detailed, 2 * k)):
            for bunch in by_option(some):
                if people := isolated(rows_of(bunch, linked=linked), must):
                    return people
    return None


def by_option(releases):
    """Nothing that is released joins two options, or scores and counts."""
    bunches = defaultdict(list)
    for release in releases:
        (bunch,) = {(unknown.kind, unknown.option) for unknown in release.terms}
        bunches[bunch].append(release)
    return bunches.values()
