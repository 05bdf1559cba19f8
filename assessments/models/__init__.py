"""What people judge: progress with its evidence."""

from assessments.models.progress import Evidence, EvidenceTie, ProgressEntry

__all__ = ["Evidence", "EvidenceTie", "ProgressEntry"]
