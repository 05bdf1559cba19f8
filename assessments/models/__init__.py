"""What people judge: progress, strategy options, and how options do by criteria, at desks and workshops."""

from assessments.models.desk import DeskAssessment, DeskScore, SwingWeight
from assessments.models.options import Argument, Criterion, Pick, Status, StrategyOption
from assessments.models.progress import Evidence, EvidenceTie, ProgressEntry
from assessments.models.workshops import (
    Ballot,
    KeptBallot,
    LogEntry,
    Participant,
    Round,
    Score,
    Weight,
    Workshop,
    WorkshopCriterion,
    WorkshopGroup,
    WorkshopOption,
)

__all__ = [
    "Argument",
    "Ballot",
    "Criterion",
    "DeskAssessment",
    "DeskScore",
    "Evidence",
    "EvidenceTie",
    "KeptBallot",
    "LogEntry",
    "Participant",
    "Pick",
    "ProgressEntry",
    "Round",
    "Score",
    "Status",
    "StrategyOption",
    "SwingWeight",
    "Weight",
    "Workshop",
    "WorkshopCriterion",
    "WorkshopGroup",
    "WorkshopOption",
]
