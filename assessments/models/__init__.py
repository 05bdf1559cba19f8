"""What people judge: progress with its evidence, and strategy options."""

from assessments.models.options import Argument, Criterion, Pick, StrategyOption
from assessments.models.progress import Evidence, EvidenceTie, ProgressEntry

__all__ = [
    "Argument",
    "Criterion",
    "Evidence",
    "EvidenceTie",
    "Pick",
    "ProgressEntry",
    "StrategyOption",
]
