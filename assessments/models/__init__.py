"""What people judge: progress with its evidence, strategy options, and how options do by criteria."""

from assessments.models.desk import DeskAssessment, DeskScore, SwingWeight
from assessments.models.options import Argument, Criterion, Pick, Status, StrategyOption
from assessments.models.progress import Evidence, EvidenceTie, ProgressEntry

__all__ = [
    "Argument",
    "Criterion",
    "DeskAssessment",
    "DeskScore",
    "Evidence",
    "EvidenceTie",
    "Pick",
    "ProgressEntry",
    "Status",
    "StrategyOption",
    "SwingWeight",
]
