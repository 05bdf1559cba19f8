"""Reads sheets back as the records that a fixture would hold, every problem with its cell."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from recommendations.curating.rows import as_key, plain_fields, with_keys
from recommendations.curating.sheet_columns import TieColumn, Unfit, columns_of, sheet_models, text_in
from recommendations.shapes import short
from recommendations.strict_xlsx import StrictXlsxError, column_letters, read_sheets
from recommendations.strict_yaml import Record, natural_key

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")  # all but the first are refused, with advice
MAX_PROBLEMS = 100


class SheetProblems(Exception):
    """Why a spreadsheet is refused: `problems` are sentences that name file, sheet and cell."""

    def __init__(self, problems):
        super().__init__("\n".join(problems))
        self.problems = problems


def is_spreadsheet(name):
    return name.lower().endswith(SUFFIXES)


def records_on_sheets(content, file):
    """The records that the sheets of a file spell out, in its order.

    Raises:
        SheetProblems: with everything for which the file or a cell cannot be read.
    """
    models = sheet_models()
    try:
        sheets = read_sheets(content, tuple(models))
    except StrictXlsxError as error:
        place = {"file": file, "problem": error}
        raise SheetProblems([_("%(file)s: %(problem)s") % place]) from error
    readers = [_Reader(models[name], lines, f"{file}, {name}") for name, lines in sheets.items()]
    records = [record for reader in readers for record in reader.records()]
    if problems := [problem for reader in readers for problem in reader.problems]:
        if len(problems) > MAX_PROBLEMS:
            problems[MAX_PROBLEMS:] = [_("%s: There are more problems; mend these first.") % file]
        raise SheetProblems(problems)
    return _stamped(records)


class _RecordOnSheet(Record):
    """A record that a row of a sheet spells out; its sheet says of which kind it is."""

    @property
    def place(self):
        return _("%(sheet)s, row %(row)d") % {"sheet": self.file, "row": self.line}

    @property
    def name(self):
        return short("/".join(str(part) for part in self.key or () if part not in (None, False)))


class _Reader:
    """Turns the rows of one sheet into records."""

    def __init__(self, model, lines, place):
        self.model, self.lines, self.place = model, lines, place
        self.columns = {column.name: column for column in columns_of(model)}
        self.problems = []

    def records(self):
        titles = self.titles()
        if self.problems:
            return
        for line in self.lines[1:]:
            if len(self.problems) > MAX_PROBLEMS:
                return
            if not _is_blank(line):
                yield from self.records_of(line, titles)

    def titles(self):
        """The names of the columns by their number, once each is known and stands there once."""
        header = self.lines[0] if self.lines and self.lines[0].number == 1 else None
        if header is None:
            self.refuse(_("The first row is empty; it holds the names of the columns."))
            return {}
        known = {name.casefold(): name for name in self.columns}
        texts = {number: str(cell.value).strip() for number, cell in header.cells.items()}
        titles = {number: known.get(text.casefold(), text) for number, text in texts.items() if text}
        if not self.columns.keys() & titles.values():
            self.refuse(
                _("The first row names no column of the export; delete what stands above their names.")
            )
            return {}
        counts = Counter(titles.values())
        for sentence, names in (
            (
                _("The column %s is none of the export; delete it, or keep it on another sheet."),
                counts.keys() - self.columns.keys(),
            ),
            (
                _("The column %s is missing; left out, all its values would be lost."),
                self.columns.keys() - counts.keys(),
            ),
            (
                _("The column %s stands there twice; keep one."),
                {n for n, count in counts.items() if count > 1},
            ),
        ):
            for name in sorted(names):
                self.refuse(sentence % f"“{short(name, 80)}”")
        return titles

    def records_of(self, line, titles):
        """The record of a row, and those of what it is tied to."""
        cells = {titles.get(number): (number, cell) for number, cell in line.cells.items()}
        before = len(self.problems)
        report = self.report(line, cells)
        if not report:
            self.refuse(
                _("Give the report; codes are looked up in it."),
                line,
                self.number(titles, "report"),
                "report",
            )
            return
        fields, ties = {}, []
        for name, column in self.columns.items():
            if name not in cells:
                if column.required:
                    self.refuse(_("It is empty; give a value."), line, self.number(titles, name), name)
                continue
            number, cell = cells[name]
            try:
                _refuse_computed(cell)
                if isinstance(column, TieColumn):
                    ties.append((column, cell))
                else:
                    fields |= column.fields(cell, report)
            except Unfit as unfit:
                self.refuse(str(unfit), line, number, name)
        for number in line.cells.keys() - titles.keys():
            self.refuse(_("The column has no name; name it or empty it."), line, number)
        if len(self.problems) == before:
            record = self.record(self.model, fields, line)
            yield record
            for column, cell in ties:
                yield from self.tied(column, cell, record, report, line, cells)

    def tied(self, column, cell, record, report, line, cells):
        try:
            for fields in column.records(cell, record.key, report):
                yield self.record(column.tie, fields, line)
        except Unfit as unfit:
            self.refuse(str(unfit), line, cells[column.name][0], column.name)

    def report(self, line, cells):
        try:
            return text_in(cells["report"][1]).strip() if "report" in cells else ""
        except Unfit:
            return ""

    def record(self, model, fields, line):
        data = {"model": model._meta.label_lower, "fields": fields}
        return _RecordOnSheet(data, self.place, line.number, model, natural_key(model, fields))

    def number(self, titles, name):
        return next(number for number, title in titles.items() if title == name)

    def refuse(self, sentence, line=None, number=None, name=""):
        if line is None:
            self.problems.append(f"{self.place}: {sentence}")
            return
        place = {
            "place": self.place,
            "cell": f"{column_letters(number + 1)}{line.number}",
            "problem": sentence,
        }
        if name:
            self.problems.append(_("%(place)s, %(cell)s (%(name)s): %(problem)s") % (place | {"name": name}))
        else:
            self.problems.append(_("%(place)s, %(cell)s: %(problem)s") % place)


def _is_blank(line):
    """Whether a row holds nothing but spaces."""
    return all(cell.kind == "text" and not cell.value.strip() for cell in line.cells.values())


def _refuse_computed(cell):
    if cell.kind == "formula":
        raise Unfit(_("It holds a formula; write the value."))
    if cell.kind == "error":
        raise Unfit(_("It holds the error %s; write a value.") % cell.value)


# What a new row need not say


def _stamped(records):
    """The records; what would be another value each time and is left out is what is stored, or today's.

    That is the moment at which something was recorded: the first one of the day, so that the plan that is
    looked at is the plan that is applied.
    """
    today = datetime.combine(datetime.now(UTC).date(), time(), UTC)
    missing = defaultdict(list)
    for record in records:
        for field in plain_fields(record.model):
            if field.has_default() and callable(field.default) and field.name not in record.data["fields"]:
                missing[record.model, field.name].append(record)
    for (model, name), without in missing.items():
        stored = _stored(model, name, {as_key(record.key) for record in without})
        for record in without:
            record.data["fields"][name] = stored.get(as_key(record.key), today)
    return records


def _stored(model, name, keys):
    rows = with_keys(model, keys).values_list(*model.key_fields, name)
    return {as_key(key): value for *key, value in rows}
