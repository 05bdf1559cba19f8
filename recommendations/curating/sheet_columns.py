"""What stands where on a sheet: the columns of a model, written to cells and read back.

A row of another report is named as report/code, several rows with commas between them, and what bears on a
measure because of an entry as code@entry.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.curating.rows import keyed_models, keys_of, lists_of, owner_field, plain_fields
from recommendations.exports import EXACT_NUMBER, XLSX_CELL_LENGTH, looks_live
from recommendations.shapes import short

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
RAW = re.compile(r"<r>.*</r>\Z", re.DOTALL)  # XlsxWriter takes it for markup of its own
# What no cell can hold: characters outside XML, and text that XLSX itself spells like a character.
UNHOLDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")


class Unfit(Exception):
    """Why a value does not fit into a cell, or a cell into its field."""


def sheet_models():
    """The models that have a sheet, by its name."""
    found = (model for model in keyed_models() if model.sheet)
    return {model.sheet: model for model in sorted(found, key=lambda model: model.sheet)}


def tie_models(model):
    """The models whose rows stand as lists on the sheet of the row that they belong to."""
    return [tie for tie in keyed_models() if tie.sheet_columns and owner_field(tie).related_model is model]


def columns_of(model):
    """The columns of a model's sheet, the report first."""
    keyed, lists, plain = keys_of(model), lists_of(model), plain_fields(model)
    columns = [ReportColumn(model)]
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.name == "report":
            continue
        if field in plain:
            columns.append(PlainColumn(field))
        elif field in keyed:
            columns.append(KeyColumn(field))
        elif field in lists:
            columns.append(ListColumn(field))
    for tie in tie_models(model):
        columns += [TieColumn(tie, *choice) for choice in tie._meta.get_field(tie.sheet_columns).choices]
    return columns


# Text in cells


def guarded(text):
    """Text as it is written: behind an apostrophe if it could be taken for a formula.

    Text that has apostrophes before such a beginning gets one more, so that taking one away gives it back.
    """
    if len(text.encode("utf-16-le", "surrogatepass")) >= 2 * XLSX_CELL_LENGTH:
        raise Unfit(_("The text is longer than a cell holds."))
    if UNHOLDABLE.search(text):
        raise Unfit(_("The text has characters that a cell cannot hold."))
    return f"'{text}" if _needs_guard(text) else text


def unguarded(text):
    """The text that was written by `guarded`."""
    return text[1:] if text.startswith("'") and _needs_guard(text) else text


def _needs_guard(text):
    bare = text.lstrip("'")
    return looks_live(bare) or bool(RAW.match(bare))


# Columns


class _Column:
    """A column: its name, what it means, and what it may hold."""

    style = "text"
    choices: tuple[tuple[str, str], ...] = ()
    required = False
    target: type[models.Model] | None = None  # whose rows it names by their codes

    def __init__(self, name, title, help_text=""):
        self.name, self.title, self.help_text = name, title, help_text


class ReportColumn(_Column):
    """The report that a row belongs to, and that short codes are looked up in."""

    required = True

    def __init__(self, model):
        super().__init__("report", gettext_lazy("report"), gettext_lazy("The report that codes belong to."))
        self.is_field = any(field.name == "report" for field in keys_of(model))

    def written(self, row, report):
        return report

    def fields(self, value, report):
        return {"report": [report]} if self.is_field else {}


class PlainColumn(_Column):
    """A value of a row's own."""

    def __init__(self, field):
        super().__init__(field.name, field.verbose_name, field.help_text)
        self.field = field
        self.choices = tuple(field.choices or ())
        heads = {path.partition("__")[0] for path in field.model.key_fields}
        is_made = callable(field.default) and field.name in heads  # a key that nobody could find again
        self.required = is_made or not (field.blank or field.has_default())
        for kind, style in STYLES:
            if isinstance(field, kind):
                self.style = style
                break

    def written(self, row, report):
        value = row.values[self.name]
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if isinstance(value, date) and value.year < 1901:
            return value.isoformat()  # before the calendar of spreadsheets
        if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > 15:
            return f"{value:f}"
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= EXACT_NUMBER:
            return str(value)
        return guarded(value) if isinstance(value, str) else value

    def fields(self, cell, report):
        value = READERS[self.style](cell)
        if isinstance(value, str):
            value = value.strip()
        return {self.name: chosen(value, self.choices) if self.choices else value}


class KeyColumn(_Column):
    """Another row, named by its code."""

    def __init__(self, field):
        super().__init__(field.name, field.verbose_name, field.help_text or gettext_lazy("A code."))
        self.target = field.related_model
        self.required = not field.blank

    def written(self, row, report):
        key = row.values[self.name]
        return None if key is None else guarded(spelled(key, self.target, report))

    def fields(self, cell, report):
        return {self.name: key_of(text_in(cell).strip(), self.target, report)}


class ListColumn(_Column):
    """Other rows, named by their codes."""

    def __init__(self, field):
        help_text = field.help_text or gettext_lazy("Codes with commas between them.")
        super().__init__(field.name, field.verbose_name, help_text)
        self.target = field.related_model

    def written(self, row, report):
        return guarded(", ".join(spelled(key, self.target, report) for key in row.values[self.name]))

    def fields(self, cell, report):
        return {self.name: [key_of(text, self.target, report) for text in in_list(cell)]}


class TieColumn(_Column):
    """Rows that tie this one to others in one way: what each names, such as a measure or measure@entry."""

    def __init__(self, tie, choice, label):
        help_text = gettext_lazy("Codes with commas between them; code@entry where it bears on an entry.")
        super().__init__(str(choice), label, help_text)
        self.tie, self.choice, self.owner = tie, choice, owner_field(tie)
        heads = dict.fromkeys(path.partition("__")[0] for path in tie.key_fields)
        self.named = [tie._meta.get_field(name) for name in heads if name != self.owner.name]
        self.target = self.named[0].related_model

    def written(self, row, report):
        ties = [tie for tie in row.ties if tie.values[self.tie.sheet_columns] == self.choice]
        return guarded(", ".join(self.spelled(tie, report) for tie in ties))

    def spelled(self, tie, report):
        keys = ((tie.values[field.name], field.related_model) for field in self.named)
        return "@".join(spelled(key, target, report) for key, target in keys if key is not None)

    def records(self, cell, key, report):
        """The fields of the records that a cell spells out, for the row with a key."""
        for text in in_list(cell):
            parts = text.split("@", len(self.named) - 1)
            named = {
                field.name: key_of(part.strip(), field.related_model, report)
                for field, part in zip(self.named, parts, strict=False)
            }
            yield {self.owner.name: [*key], **named, self.tie.sheet_columns: self.choice}


def spelled(key, target, report):
    """A row's code; of another report, behind the name of that."""
    is_near = target.key_fields[0] == "report__slug" and key[0] == report
    return "/".join(map(str, key[1:] if is_near else key))


def key_of(text, target, report):
    """The natural key that a code stands for."""
    if len(target.key_fields) == 1:
        return [text]
    parts = text.split("/")
    if len(parts) == len(target.key_fields) - 1:
        parts = [report, *parts]
    if len(parts) != len(target.key_fields) or not all(parts):
        raise Unfit(
            _("“%s” names nothing; write a code, or report/code for another report.") % short(text, 80)
        )
    return parts


# Cells


def seen(cell):
    """What stands in a cell, as a sentence quotes it."""
    if cell.kind == "date":
        return str(cell.value).removesuffix(" 00:00:00")
    if cell.kind == "percentage":
        return f"{float(100 * cell.value):g} %"
    if cell.kind == "number":
        return f"{float(cell.value):.15g}"
    return short(str(cell.value).strip(), 80)


def in_list(cell):
    return [text.strip() for text in text_in(cell).split(",") if text.strip()]


def text_in(cell):
    """The text of a cell; a whole number as its digits."""
    if cell.kind == "text":
        return unguarded(cell.value)
    if cell.kind == "number" and cell.value == cell.value.to_integral_value():
        return f"{cell.value:f}".partition(".")[0]
    raise Unfit(_("“%s” is no text; format the cell as text and write it again.") % seen(cell))


def number_in(cell):
    if cell.kind == "number":
        return cell.value
    if cell.kind == "text" and NUMBER.match(cell.value.strip()):
        return Decimal(cell.value.strip())
    if cell.kind == "percentage":
        raise Unfit(
            _("“%s” is kept as a hundredth of that; format the cell as a number and write it again.")
            % seen(cell)
        )
    raise Unfit(_("“%s” is no number; write one such as 12 or 12.5.") % seen(cell))


def integer_in(cell):
    number = number_in(cell)
    if number != number.to_integral_value():
        raise Unfit(_("“%s” is no whole number; write one such as 12.") % seen(cell))
    return int(number)


def day_in(cell):
    if cell.kind == "date" and cell.value == datetime.combine(cell.value.date(), datetime.min.time()):
        return cell.value.date()
    try:
        return date.fromisoformat(cell.value.strip())
    except (AttributeError, ValueError) as error:
        raise Unfit(
            _("“%s” is no day; write one such as 2024-03-31, without a time.") % seen(cell)
        ) from error


def moment_in(cell):
    try:
        moment = datetime.fromisoformat(cell.value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None or not date.min.year < moment.year < date.max.year:
        raise Unfit(_("“%s” is no moment; write it as text such as 2024-03-31T12:00:00Z.") % seen(cell))
    return moment


def truth_in(cell):
    if cell.kind == "boolean":
        return cell.value
    truths = {"true": True, "false": False}
    if cell.kind == "text" and cell.value.strip().lower() in truths:
        return truths[cell.value.strip().lower()]
    raise Unfit(_("“%s” is neither TRUE nor FALSE.") % seen(cell))


def chosen(text, choices):
    """The value that a text names among choices, by itself or by its label, in letters of any size."""
    names = {str(label).casefold(): value for value, label in choices}
    names |= {value.casefold(): value for value, _label in choices}
    if text and text.casefold() not in names:
        allowed = ", ".join(value for value, _label in choices)
        raise Unfit(_("“%(text)s” is none of: %(allowed)s.") % {"text": short(text, 80), "allowed": allowed})
    return names.get(text.casefold(), text)


STYLES = (
    (models.DateTimeField, "moment"),  # before the day, which it is a kind of
    (models.DateField, "day"),
    (models.BooleanField, "truth"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
)
READERS = {
    "text": text_in,
    "moment": moment_in,
    "day": day_in,
    "truth": truth_in,
    "integer": integer_in,
    "number": number_in,
}
