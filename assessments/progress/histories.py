"""How a measure came to where it stands: its entries, and the figures of a branch over time."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.charts import Point, step_chart
from assessments.models import ProgressEntry
from assessments.progress.checklist import STATE_ORDER, state_name
from assessments.rollup import Figures, roll_up
from recommendations.models import State
from recommendations.readiness import NOT_APPLICABLE, Graph, assess
from recommendations.templatetags.figures import percent

MOST_MOMENTS = 16  # on one chart
STATE_SCALE = [
    (STATE_ORDER[state], state_name(state))
    for state in (
        State.REVERSED,
        State.NOT_STARTED,
        State.ANNOUNCED,
        State.UNDER_WAY,
        State.ADOPTED,
        State.IMPLEMENTED,
    )
]
SHARE_SCALE = [(0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %")]


class Moment(NamedTuple):
    """The figures of a branch from a day on."""

    day: date
    figures: Figures

    @property
    def mean_text(self):
        return percent(self.figures.mean)


def entries_of(measure):
    """Every entry of a measure with its evidence, the latest date first; superseded ones stay."""
    return (
        ProgressEntry.objects.filter(measure=measure)
        .select_related("recorded_by", "supersedes", "superseded_by")
        .prefetch_related("ties__evidence__source")
        .order_by("-as_of", "-recorded_at", "-pk")
    )


def state_chart(entries, until, known_at=None):
    """The states of a measure over time, as a drawing and in words.

    Left out is what was superseded, withdrawn or not recorded by then, and what came later.
    """
    standing = [entry for entry in reversed(entries) if stands(entry, until, known_at)]
    points = [
        Point(entry.as_of, None if entry.state == NOT_APPLICABLE else STATE_ORDER[entry.state])
        for entry in standing
    ]
    chart = step_chart(points, STATE_SCALE, until)
    words = "; ".join(
        _("%(month)s: %(state)s")
        % {"month": entry.as_of.strftime("%Y-%m"), "state": state_name(entry.state).lower()}
        for entry in standing
    )
    return chart, words


def stands(entry, as_of, known_at=None):
    """Whether an entry gives a state up to a day, as known at a moment; `standing` asks the database."""
    correction = getattr(entry, "superseded_by", None)
    if not entry.state or entry.as_of > as_of:
        return False
    if known_at is None:
        return correction is None
    return entry.recorded_at <= known_at and (correction is None or correction.recorded_at > known_at)


def branch_moments(situation, branch):
    """The figures of a branch at the days its measures changed, oldest first; one query."""
    below = [row for row in situation.rows if row.pk == branch or branch in row.ancestors]
    keys = {row.pk for row in below}
    members = [measure for measure in situation.graph.measures if measure.key in keys]
    top = next(measure for measure in members if measure.key == branch)
    graph = Graph(
        [measure._replace(parent=None) if measure is top else measure for measure in members], [], {}
    )
    weights = {row.pk: row.weight for row in below}
    entries = (
        ProgressEntry.objects.in_report(situation.report)
        .standing(situation.as_of, situation.known_at)
        .order_by("as_of", "recorded_at", "pk")
        .values_list("measure_id", "state", "as_of")
    )
    changes = [entry for entry in entries if entry[0] in keys]
    moments, states, done = [], {}, 0
    for day in _spread(sorted({day for *_rest, day in changes})):
        while done < len(changes) and changes[done][2] <= day:
            measure, state, _day = changes[done]
            states[measure] = state
            done += 1
        figures = roll_up(graph, assess(graph, states, {}), states, weights)[branch]
        moments.append(Moment(day, figures))
    return moments


def _spread(days):
    """At most so many days as one chart carries, evenly picked, the last among them."""
    if len(days) <= MOST_MOMENTS:
        return days
    step = (len(days) - 1) / (MOST_MOMENTS - 1)
    return [days[round(position * step)] for position in range(MOST_MOMENTS)]


def mean_chart(moments, until):
    """The mean of a branch over time."""
    return step_chart([Point(moment.day, moment.figures.mean) for moment in moments], SHARE_SCALE, until)
