"""Readiness of measures: what is done, open, blocked or not known, and by what.

Plain values in, plain values out. `graph` has the nouns, `validity` what is refused, `cycles` what is only
warned of, `gates` where every measure stands and why, `missing` what would open it, `prospects` what it would
open, how far off it is and what a scenario makes of it. Below them: `levels`, `propagation`, `components`,
`held_back`.
"""

from recommendations.readiness.cycles import Bond, Step, cycles
from recommendations.readiness.gates import (
    AlternativeResult,
    Explanation,
    Gate,
    Readiness,
    RequirementResult,
    Standing,
    Truth,
    assess,
    explain,
)
from recommendations.readiness.graph import (
    ADOPTED,
    ANNOUNCED,
    IMPLEMENTED,
    LEVELS,
    NOT_APPLICABLE,
    NOT_STARTED,
    ORDER,
    RESTRAINT,
    REVERSED,
    SECTION,
    UNDER_WAY,
    Alternative,
    Graph,
    Key,
    Measure,
    Requirement,
)
from recommendations.readiness.missing import MissingSets, missing_sets
from recommendations.readiness.prospects import (
    Bottleneck,
    Feasibility,
    Outlook,
    Unlocked,
    Unlocks,
    bottlenecks,
    distances,
    scenario,
    unlocked_by,
    unlocks,
)
from recommendations.readiness.validity import Problem, problems

__all__ = [
    "ADOPTED",
    "ANNOUNCED",
    "IMPLEMENTED",
    "LEVELS",
    "NOT_APPLICABLE",
    "NOT_STARTED",
    "ORDER",
    "RESTRAINT",
    "REVERSED",
    "SECTION",
    "UNDER_WAY",
    "Alternative",
    "AlternativeResult",
    "Bond",
    "Bottleneck",
    "Explanation",
    "Feasibility",
    "Gate",
    "Graph",
    "Key",
    "Measure",
    "MissingSets",
    "Outlook",
    "Problem",
    "Readiness",
    "Requirement",
    "RequirementResult",
    "Standing",
    "Step",
    "Truth",
    "Unlocked",
    "Unlocks",
    "assess",
    "bottlenecks",
    "cycles",
    "distances",
    "explain",
    "missing_sets",
    "problems",
    "scenario",
    "unlocked_by",
    "unlocks",
]
