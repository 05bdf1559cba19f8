"""The kept ballots of a workshop as one long table, and that table read back, strictly.

A row says what one person answered to one question of a round, or the swing that they gave one criterion. A
question that was left out has its row as well: so the file tells who handed in without any answer.
"""

import csv
from io import StringIO
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.models.desk import LARGEST_SWING
from assessments.workshops.answers import Answers
from recommendations.exports import spellings
from recommendations.shapes import short
from recommendations.strict_xlsx import ARCHIVE, StrictXlsxError, read_sheets
from recommendations.strict_yaml import MAX_BYTES

SCORE, NO_OPINION, BLANK, WEIGHT = "score", "no opinion", "blank", "weight"
ANSWERS = (SCORE, NO_OPINION, BLANK, WEIGHT)
MOST_ROWS, MOST_BALLOTS = 200_000, 5_000
LONGEST_KEY = 40
MOST_PROBLEMS = 50


class LongRow(NamedTuple):
    """A row; the names are those of the columns. A weight has no option."""

    ballot: str
    group: str
    round: int
    option: str
    criterion: str
    answer: str
    score: int | None = None
    swing: int | None = None

    @property
    def question(self):
        """What stands once in a file."""
        return self.ballot, self.round, self.option, self.criterion


COLUMNS = LongRow._fields


class Asked(NamedTuple):
    """The codes of the options and criteria that stood in a round."""

    options: list
    criteria: list

    @property
    def cells(self):
        return [(option, criterion) for option in self.options for criterion in self.criteria]


class Frame(NamedTuple):
    """What a file can be about: names of groups, the scale, and by number what each round asked."""

    groups: list
    scale: tuple
    rounds: dict


class Unreadable(Exception):
    """Why a file is not taken: sentences that name line and column."""

    def __init__(self, *problems):
        super().__init__("\n".join(problems))
        self.problems = problems


# Out of kept ballots


def rows_of(ballot, frame):
    """What one person handed in, round by round, blanks included."""
    for number in sorted(map(int, ballot.rounds)):
        given, asked = ballot.rounds[str(number)], frame.rounds[number]
        of = str(ballot.key), given["group"], number
        for option, criterion in asked.cells:
            scores = given["scores"].get(option, {})
            score = scores.get(criterion)
            answer = BLANK if criterion not in scores else NO_OPINION if score is None else SCORE
            yield LongRow(*of, option, criterion, answer, score=score)
        for criterion in asked.criteria:
            if criterion in given["swings"]:
                yield LongRow(*of, "", criterion, WEIGHT, swing=given["swings"][criterion])


# Into answers


def answers_in(rows, frame):
    """What was handed in in every round; by nobody where no row is about it."""
    found = {
        number: Answers(number, asked.options, asked.criteria, {}, {cell: {} for cell in asked.cells}, {})
        for number, asked in sorted(frame.rounds.items())
    }
    for row in rows:
        answers = found[row.round]
        answers.groups[row.ballot] = row.group
        if row.answer == WEIGHT:
            answers.swings.setdefault(row.ballot, {})[row.criterion] = row.swing
        elif row.answer != BLANK:
            answers.scores[row.option, row.criterion][row.ballot] = row.score
    return list(found.values())


# Out of a file


def read(content, frame, sheet):
    """The rows of a file: every question of a ballot once, every value as the rules allow it.

    Raises:
        Unreadable: with everything that is wrong, up to some number of sentences.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %d MB.") % (MAX_BYTES // 1_000_000))
    lines = lines_of_xlsx(content, sheet) if content.startswith(ARCHIVE) else lines_of_csv(content)
    reader = _Reader(frame)
    reader.read(lines)
    if reader.problems:
        raise Unreadable(*reader.problems)
    return reader.rows


def lines_of_csv(content):
    """Numbers of lines with their texts; values are parted by commas, or by semicolons as Excel may."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("This is neither a CSV file in UTF-8 nor an XLSX file.")) from error
    if "\0" in text:
        raise Unreadable(_("The file holds a NUL character; remove it."))
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter="," if "," in first else ";", strict=True)
    try:
        for texts in reader:
            yield reader.line_num, [text.strip() for text in texts]
    except csv.Error as error:
        sentence = _("Line %d: This is no CSV; its quotation marks or its length are not right.")
        raise Unreadable(sentence % reader.line_num) from error


def lines_of_xlsx(content, sheet):
    """The same of a sheet."""
    try:
        found = read_sheets(content, (sheet,))[sheet]
    except StrictXlsxError as error:
        raise Unreadable(str(error)) from error
    for line in found:
        texts = [""] * (max(line.cells) + 1)
        for column, cell in line.cells.items():
            if cell.kind not in ("text", "number"):
                raise Unreadable(placed(line.number, column, _("Write a text or a whole number.")))
            texts[column] = cell.value.strip() if cell.kind == "text" else f"{cell.value.normalize():f}"
        yield line.number, texts


def placed(line, column, sentence):
    """A sentence with the line and the column, by its number from 0, that it is about."""
    name = COLUMNS[column] if column < len(COLUMNS) else _("column %d") % (column + 1)
    return _("Line %(line)d, %(column)s: %(sentence)s") % {"line": line, "column": name, "sentence": sentence}


class Unfit(Exception):
    """Why a value cannot stand where it does."""


class _Reader:
    """Turns lines into rows, and keeps a sentence for everything that is wrong."""

    def __init__(self, frame):
        self.frame = frame
        self.rows, self.problems = [], []
        self.lines = {}  # by question
        self.ballots = {}  # by ballot and round: the first line, and the group
        self.groups = {"": "", **known(frame.groups)}
        self.rounds = {str(number): number for number in frame.rounds}
        self.codes = {
            number: (known(asked.options), known(asked.criteria)) for number, asked in frame.rounds.items()
        }

    def read(self, lines):
        titles = next(lines, (1, []))[1]
        if [title.casefold() for title in titles] != list(COLUMNS):
            sentence = _("Line 1: The columns must be those of the download: %s.")
            self.problems.append(sentence % ", ".join(COLUMNS))
            return
        for number, texts in lines:
            if any(texts):
                self.take(number, texts)
            if len(self.problems) >= MOST_PROBLEMS:
                self.problems.append(_("There may be more problems; mend these first."))
                return
        if not self.problems:  # else a line that was refused would be missed as well
            self.problems += islice(self.gaps(), MOST_PROBLEMS)

    def take(self, line, texts):
        """Keep the row that a line spells out, or say all that is wrong with it."""
        before = len(self.problems)
        row = self.row(line, texts)
        if len(self.problems) > before:
            return
        if len(self.rows) == MOST_ROWS or len(self.ballots) > MOST_BALLOTS:
            raise Unreadable(
                _("The file has more than %(rows)d rows, or more than %(ballots)d ballots.")
                % {"rows": MOST_ROWS, "ballots": MOST_BALLOTS}
            )
        earlier = self.lines.setdefault(row.question, line)
        first, group = self.ballots.setdefault((row.ballot, row.round), (line, row.group))
        if earlier != line:
            self.refuse(line, "ballot", _("Line %d says the same already; keep one.") % earlier)
        elif group != row.group:
            self.refuse(line, "group", _("It is another group in line %d; give one.") % first)
        else:
            self.rows.append(row)

    def row(self, line, texts):
        for column in range(len(COLUMNS), len(texts)):
            if texts[column]:
                self.problems.append(placed(line, column, _("There is no such column; empty it.")))
        said = dict(zip(COLUMNS, [*texts, *[""] * len(COLUMNS)], strict=False))
        number = self.value(line, said, "round", one_of, self.rounds)
        if number is None:
            return None  # what else it may say depends on the round
        options, criteria = self.codes[number]
        answer = self.value(line, said, "answer", one_of, dict(zip(ANSWERS, ANSWERS, strict=True)))
        is_weight = answer == WEIGHT
        scale = self.frame.scale
        return LongRow(
            self.value(line, said, "ballot", key_in),
            self.value(line, said, "group", one_of, self.groups),
            number,
            self.value(line, said, "option", one_of, {"": ""} if is_weight else options),
            self.value(line, said, "criterion", one_of, criteria),
            answer,
            score=self.value(line, said, "score", number_in, answer == SCORE, *scale),
            swing=self.value(line, said, "swing", number_in, is_weight, 0, LARGEST_SWING),
        )

    def value(self, line, said, column, reading, *given):
        try:
            return reading(said[column], *given)
        except Unfit as unfit:
            self.refuse(line, column, str(unfit))
            return None

    def refuse(self, line, column, sentence):
        self.problems.append(placed(line, COLUMNS.index(column), sentence))

    def gaps(self):
        """Questions of which a ballot that is there says nothing."""
        sentence = _("The ballot has no row for option %(option)s by criterion %(criterion)s in this round.")
        for (ballot, number), (line, _group) in self.ballots.items():
            for option, criterion in self.frame.rounds[number].cells:
                if (ballot, number, option, criterion) not in self.lines:
                    yield placed(line, 0, sentence % {"option": option, "criterion": criterion})
                    break


def known(names):
    """Names by every way in which they may stand in a file."""
    return {spelling.strip(): name for name in names for spelling in (*spellings(name), name)}


def one_of(text, allowed):
    if text not in allowed:
        some = ", ".join(short(str(name), 40) for name in list(dict.fromkeys(allowed.values()))[:12] if name)
        raise Unfit(_("It is one of %s.") % some if some else _("Leave it empty."))
    return allowed[text]


def key_in(text):
    if not text or len(text) > LONGEST_KEY:
        raise Unfit(_("Give the key of the ballot, up to %d characters.") % LONGEST_KEY)
    return text


def number_in(text, is_asked, low, high):
    """A whole number where one is asked for, else nothing."""
    if not is_asked:
        if text:
            raise Unfit(_("Leave it empty; the answer is of another kind."))
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and low <= int(text) <= high):
        raise Unfit(_("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high})
    return int(text)
