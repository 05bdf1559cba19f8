"""The same question by brute force: every few people in turn, and the rank of what all others hold."""

from collections import defaultdict
from itertools import combinations
from math import gcd, lcm


def coefficients(rows):
    """What each person holds, as vectors over the rows in whole numbers: one for each thing held."""
    held = defaultdict(lambda: defaultdict(lambda: [0] * len(rows)))
    for number, row in enumerate(rows):
        whole = lcm(*(value.denominator for people in row.values() for value in people.values()))
        for what, people in row.items():
            for person, coefficient in people.items():
                held[person][what][number] = int(coefficient * whole)
    return {person: list(of_person.values()) for person, of_person in held.items()}


def rank(vectors, enough=None):
    """How many of the vectors are independent; once there are enough, no more are counted."""
    basis = {}
    for vector in {tuple(vector) for vector in vectors}:
        if len(basis) == enough:
            break
        rest = vector
        for place, other in basis.items():
            if rest[place]:
                ours, theirs = other[place], rest[place]
                rest = [ours * mine - theirs * its for mine, its in zip(rest, other, strict=True)]
        if any(rest):
            divisor = gcd(*rest)
            place = next(place for place, value in enumerate(rest) if value)
            basis[place] = [value // divisor for value in rest]
    return len(basis)


def isolated(rows, k, images=None):
    """Some fewer than k people on whom alone a combination of the rows rests, or None.

    That is so when the rows (or, where only combinations count whose image is not 0, their images) add to
    what is independent in the rows on everybody else.
    """
    held = coefficients(rows)
    whole = [vector for vectors in coefficients(images or rows).values() for vector in vectors]
    full = rank(vector for vectors in held.values() for vector in vectors)
    for few in combinations(sorted(held), min(k - 1, len(held))):
        others = [vector for person, vectors in held.items() if person not in few for vector in vectors]
        independent = rank(others, full)
        if independent < full and rank([*others, *whole]) > independent:
            return set(few)
    return None


def rows_of(releases, same):
    """Releases as rows; what is the same of a person is told by a function of unknown and person."""
    rows = []
    for release in releases:
        row = defaultdict(lambda: defaultdict(int))
        for unknown, people in release.terms.items():
            for person in people:
                row[same(unknown, person)][person] += people[person] if isinstance(people, dict) else 1
        rows.append(row)
    return rows


def apart(unknown, person):
    return unknown


def linked(unknown, person):
    return unknown.kind, unknown.option, unknown.criterion


def betrayed(releases, k, answers=None):
    """Some people about whom releases tell too much, by definition, or None."""

    def known(unknown, person):
        return (linked(unknown, person), answers[unknown][person]) if unknown in answers else unknown

    detailed = [release for release in releases if release.is_detailed]
    for some, must in ((releases, k), (detailed, 2 * k)):
        for bunch in by_option(some):
            every = [rows_of(bunch, same) for same in (apart, linked)]
            found = isolated(every[0], must) or (
                isolated(every[1], must)
                if answers is None
                else isolated(rows_of(bunch, known), must, every[1])
            )
            if found:
                return found
    return None


def by_option(releases):
    """Nothing that is released joins two options, or scores and counts."""
    bunches = defaultdict(list)
    for release in releases:
        (bunch,) = {(unknown.kind, unknown.option) for unknown in release.terms}
        bunches[bunch].append(release)
    return bunches.values()
