"""How far an indicator has come on its way from the baseline to the target. Pure Python."""

from decimal import Decimal
from typing import NamedTuple


class Progress(NamedTuple):
    """A share of the way: as computed, and kept between 0 and 1."""

    raw: Decimal
    clamped: Decimal


def indicator_progress(
    value: Decimal | None, baseline: Decimal | None, target: Decimal | None
) -> Progress | None:
    """The share of the way from the baseline to the target; None where there is no such way.

    Nothing says which way is up: with a target below the baseline both differences turn their signs.

    Args:
        value: the reading, in the unit of the other two.
        baseline: where the way begins; 0 is a baseline.
        target: where it ends; 0 is a target.
    """
    if value is None or baseline is None or target is None or target == baseline:
        return None
    raw = (value - baseline) / (target - baseline)
    return Progress(raw, min(max(raw, Decimal(0)), Decimal(1)))
