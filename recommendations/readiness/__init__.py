"""Readiness of measures: what is done, open, blocked or not known, and by what.

Plain values in, plain values out. `graph` has the nouns, `validity` what is refused, `gates` where every
measure stands and why.
"""

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
    "Explanation",
    "Gate",
    "Graph",
    "Key",
    "Measure",
    "Problem",
    "Readiness",
    "Requirement",
    "RequirementResult",
    "Standing",
    "Truth",
    "assess",
    "explain",
    "problems",
]
