"""Line references such as "812-818, 842": which lines of a source a row rests on. Pure Python."""

import re
from collections.abc import Iterable

LINES = re.compile(r"[1-9]\d{0,5}(-[1-9]\d{0,5})?(, [1-9]\d{0,5}(-[1-9]\d{0,5})?)*")


def line_ranges(lines: str) -> list[tuple[int, int]]:
    """The first and last line of every range, in the order written; empty for an empty reference.

    Args:
        lines: numbers and ranges counted from 1, such as "812-818, 842".

    Raises:
        ValueError: when the text is no such list or a range ends before it begins.
    """
    if not lines:
        return []
    if not LINES.fullmatch(lines):
        raise ValueError(f"Write lines as 812-818, 842; not {lines!r}.")
    ranges = [_bounds(part) for part in lines.split(", ")]
    for first, last in ranges:
        if last < first:
            raise ValueError(f"The range {first}-{last} ends before it begins.")
    return ranges


def gaps(ranges: Iterable[tuple[int, int]], line_count: int) -> list[tuple[int, int]]:
    """What of the lines 1 to `line_count` lies in none of the ranges, as ranges in order."""
    found, following = [], 1
    for first, last in sorted(ranges):
        if first > following:
            found.append((following, min(first - 1, line_count)))
        following = max(following, last + 1)
        if following > line_count:
            return found
    return [*found, (following, line_count)]


def written(ranges: Iterable[tuple[int, int]]) -> str:
    """Ranges as they are written: "812-818, 842"."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _bounds(part: str) -> tuple[int, int]:
    first, _, last = part.partition("-")
    return int(first), int(last or first)
