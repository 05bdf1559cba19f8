"""QR codes: every dark module is drawn, and nothing else."""

import re

import segno

from assessments.workshops.qr import QUIET, qr_code

ADDRESS = "https://waymark.example/join/#ABCDEFGHJ"


def drawn(code):
    """The dark modules of a path as a set of places."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", code.path)
    assert all(there == back for _x, _y, there, back in runs)
    return {(int(x) + step, int(y)) for x, y, width, _back in runs for step in range(int(width))}


def test_the_path_draws_the_modules_of_the_code_within_a_quiet_margin():
    rows = segno.make(ADDRESS, error="m", micro=False).matrix
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}

    code = qr_code(ADDRESS)

    assert drawn(code) == dark
    assert code.size == len(rows) + 2 * QUIET


def test_a_path_holds_nothing_but_its_runs():
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", qr_code(ADDRESS).path)
