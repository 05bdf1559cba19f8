"""Ratios of two jobs that travel between machines: run in turn, CPU time, median of the pairwise ratios."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median, quantiles
from time import process_time
from typing import NamedTuple


class Comparison(NamedTuple):
    """Median CPU milliseconds of both jobs, and the quartiles of job over floor."""

    job_ms: float
    floor_ms: float
    lower: float
    ratio: float
    upper: float

    def __str__(self) -> str:
        return (
            f"{self.job_ms:8.2f} ms, floor {self.floor_ms:8.2f} ms, "
            f"ratio {self.ratio:.2f} (quartiles {self.lower:.2f} to {self.upper:.2f})"
        )


def cpu_ms(job: Callable[[], object]) -> float:
    """CPU milliseconds of one run, with the garbage of earlier runs swept before it."""
    gc.collect()
    started = process_time()
    job()
    return (process_time() - started) * 1000


def compare(job: Callable[[], object], floor: Callable[[], object], rounds: int = 31) -> Comparison:
    """Job, floor, job, floor … after one unmeasured turn of both.

    Args:
        rounds: measured turns of each, two or more.
    """
    job(), floor()
    pairs = [(cpu_ms(job), cpu_ms(floor)) for _ in range(rounds)]
    lower, ratio, upper = quantiles([ours / theirs for ours, theirs in pairs], n=4, method="inclusive")
    return Comparison(
        median(ours for ours, _ in pairs), median(theirs for _, theirs in pairs), lower, ratio, upper
    )
