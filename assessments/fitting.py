"""Text that has to fit into a drawing: measured without a font, rather too wide than too narrow."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
# In shares of the size, as wide as in DejaVu Sans, which is the widest of the usual faces.
SHARES = (
    (0.32, "iljI|!.,:;'’‘` "),
    (0.42, 'frt()[]/\\-"'),
    (0.6, "acekosvxyz"),
    (1.0, "mwMWQ@%&—…“”"),
)
SHARE_OF = {character: share for share, characters in SHARES for character in characters}
SMALL, CAPITAL, FULL = 0.64, 0.8, 1.02


def text_width(text: str, size: float) -> float:
    """How wide a line of text gets at most, in the unit of `size`."""
    return size * sum(map(_share_of_size, text))


def _share_of_size(character: str) -> float:
    if character in SHARE_OF:
        return SHARE_OF[character]
    if unicodedata.east_asian_width(character) in "WF":
        return FULL
    if unicodedata.combining(character):
        return 0
    return CAPITAL if character.isupper() or not character.isascii() else SMALL


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in up to `most` lines that are no wider than `width`; what is cut ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        fitting = f"{lines[-1]} {word}".strip()
        if text_width(fitting, size) <= width:
            lines[-1] = fitting
            continue
        if lines[-1]:
            lines.append("")
        *full, rest = _pieces(word, size, width)
        lines[-1:] = [*full, rest]
        if len(lines) > most:
            return [*lines[: most - 1], _cut(lines[most - 1], size, width)]
    return lines


def _pieces(word: str, size: float, width: float) -> list[str]:
    """A word in pieces that each fit a line."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _cut(line: str, size: float, width: float) -> str:
    """The line with an ellipsis at its end, and as many of its words as then fit, or a part of one."""
    while " " in line and text_width(line + ELLIPSIS, size) > width:
        line = line.rsplit(" ", 1)[0]
    while line and text_width(line + ELLIPSIS, size) > width:
        line = line[:-1]
    return line.rstrip(" ,;:–-") + ELLIPSIS
