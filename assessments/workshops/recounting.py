"""The tables of a closed workshop once more: out of its kept ballots, or out of a file that tells of them.

Nothing is stored: whoever changes a file sees what would have come out.
"""

import json
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.models import Round, Workshop
from assessments.workshops.long_file import Asked, Frame, answers_in, rows_of
from assessments.workshops.revealing import codes, digest_of, measuring_rules, told_of

SHOWN = 100  # differences of one round
NOWHERE = object()  # in the place of a value that one side lacks


def why_not(workshop):
    """Why there is no long file of a workshop, in a sentence; empty where there is one."""
    if workshop.mode == Workshop.Mode.AT_RISK:
        return _("This workshop is one at risk: when it closes, all answers are destroyed and none is kept.")
    if not workshop.is_closed:
        return _("Answers are kept, without names, once the workshop is closed.")
    return ""


def file_name(workshop):
    """What the long file of a workshop is called, and its sheet."""
    return f"workshop-{workshop.pk}-ballots"


def frame_of(workshop):
    """What a long file of a workshop can be about."""
    prefetch_related_objects([workshop], "options", "criteria")
    return Frame(
        groups=list(workshop.groups.order_by("position", "pk").values_list("name", flat=True)),
        scale=workshop.scale,
        rounds={
            each.number: Asked(
                codes(each.standing(workshop.options)), codes(each.standing(workshop.criteria))
            )
            for each in workshop.rounds.order_by("number")
        },
    )


def kept_rows(workshop, frame):
    """The rows of the long file, person after person in the order of their random keys."""
    for ballot in workshop.kept_ballots.order_by("key"):
        yield from rows_of(ballot, frame)


class Difference(NamedTuple):
    """A value of a table that came out otherwise: where it stands, and both in words."""

    part: str
    place: str
    kept: str
    recounted: str


@dataclass
class Recount:
    """One round, recounted."""

    round: Round
    results: dict
    names: dict  # of options and criteria, by code

    @property
    def is_same(self):
        """Whether every table comes out as at the reveal, to the last digit."""
        return digest_of(self.results) == self.round.results_digest

    @property
    def first_differences(self):
        return self.differences[:SHOWN]

    @property
    def more(self):
        """How many differences are not shown."""
        return max(0, len(self.differences) - SHOWN)

    @cached_property
    def differences(self):
        """Every value that differs; in the order of the tables."""
        kept, found = (dict(values_in(told)) for told in (self.round.results, as_kept(self.results)))
        return [
            self.difference(path, kept.get(path), found.get(path))
            for path in dict.fromkeys([*kept, *found])
            if kept.get(path, NOWHERE) != found.get(path, NOWHERE)
        ]

    def difference(self, path, kept, recounted):
        part, place = ("", path) if path[0] != "parts" else (path[1] or _("Everybody"), path[2:])
        words = {**words_of_results(), **self.names}
        steps = [words.get(step, step) for step in place]
        return Difference(part, ", ".join(filter(None, steps)), *in_words(kept, recounted))


def recount(workshop, rows, frame):
    """Every round with what comes of some rows under the rules of a workshop."""
    rules, answers = measuring_rules(workshop), answers_in(rows, frame)
    names = {row.code: row.name for row in [*workshop.options.all(), *workshop.criteria.all()]}
    return [
        Recount(each, told_of(answers[:count], rules), names)
        for count, each in enumerate(workshop.rounds.order_by("number"), 1)
    ]


def words_of_results():
    """What the steps to a value are called on pages; tables that their values make plain have no word."""
    return {
        "cells": "",
        "orders": "",
        "acceptability": _("share of people for each rank"),
        "agreement": _("change of agreement"),
        "beside": _("round beside which few would stand out"),
        "changed": _("share of people who changed"),
        "changes": _("since the round before"),
        "checks": _("changes tried on the leader"),
        "concordance": _("Kendall's W"),
        "counted": _("people counted"),
        "counts": _("how many gave each score"),
        "incomplete": _("options without a total"),
        "iqr": _("change of the middle half"),
        "is_of_all": _("rests on all scores"),
        "left_out": _("people left out"),
        "mean": _("mean score"),
        "median": _("change of the median"),
        "no_opinion": _("no opinion"),
        "overturned": _("changes that overturn the leader"),
        "people": _("people"),
        "rank_correlation": _("rank correlation"),
        "robustness": "",
        "stability": _("stability index"),
        "submitted": _("people who handed in"),
        "totals": _("total"),
        "towards_median": _("share of people who moved towards the median"),
        "upheld": _("changes that the leader withstands"),
        "values": _("mean value"),
        "version": _("version of the rules"),
        "verdict": _("verdict"),
        "weights": _("mean weight"),
        "why": _("why nothing is shown"),
        "word": _("agreement"),
    }


def in_words(*values):
    """Two values so that one can see how they differ: short, where that tells them apart."""
    short = [f"{value:.6g}" if isinstance(value, float) else spelled(value) for value in values]
    return short if len(set(short)) > 1 else list(map(spelled, values))


def spelled(value):
    return "—" if value is None else value if isinstance(value, str) else json.dumps(value)


def as_kept(results):
    """Results as they are once they were stored."""
    return json.loads(json.dumps(results))


def values_in(told, path=()):
    """Every value of a round's results with the way to it; what has a name is found by its name."""
    if isinstance(told, dict):
        for key, value in told.items():
            if key not in ("name", "option", "criterion"):
                yield from values_in(value, (*path, key))
    elif isinstance(told, list) and told and isinstance(told[0], dict) and own_path(told[0]):
        for each in told:
            yield from values_in(each, (*path, *own_path(each)))
    else:
        yield path, told


def own_path(told):
    return tuple(told[key] for key in ("name", "option", "criterion") if key in told)


def changed_rows(rows, others):
    """How many questions two files answer otherwise, those in one of them alone included."""
    before, after = ({row.question: row for row in each} for each in (rows, others))
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
