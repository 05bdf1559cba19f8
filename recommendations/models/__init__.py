"""What reports ask for: content, curated."""

from recommendations.models.curating import FixtureLoad, Revision, UploadedEdition, UploadedFile
from recommendations.models.glossary import Term
from recommendations.models.indicators import Indicator, Reading
from recommendations.models.measures import Measure, State, Succession, Tension
from recommendations.models.preconditions import (
    Alternative,
    Assumption,
    Fact,
    Observation,
    Requirement,
    Scenario,
)
from recommendations.models.reports import Actor, Facing, Report, Source

__all__ = [
    "Actor",
    "Alternative",
    "Assumption",
    "Fact",
    "FixtureLoad",
    "Facing",
    "Indicator",
    "Measure",
    "Observation",
    "Reading",
    "Report",
    "Requirement",
    "Revision",
    "Scenario",
    "Source",
    "State",
    "Succession",
    "Tension",
    "Term",
    "UploadedEdition",
    "UploadedFile",
]
