"""Fixtures in YAML that cannot surprise: the serializer named in SERIALIZATION_MODULES.

Reading refuses whatever is not plain data (anchors, aliases, tags, merge keys), whatever is ambiguous
(duplicate keys, `no` for false, 012 for ten) and whatever is too large, before anything is built. Every
refusal is a sentence that names the file, the line and the record. Writing is stable: the same rows give
the same bytes in every database.
"""

import re
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import yaml
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer as PythonDeserializer
from django.core.serializers.pyyaml import DjangoSafeDumper
from django.core.serializers.pyyaml import Serializer as YamlSerializer
from django.db import models
from django.utils.translation import gettext as _

from recommendations.models.keyed import Keyed
from recommendations.shapes import misfit, short, spelt_out

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where PyYAML has it

WIDTH = 100  # of lines that are written
MAX_BYTES = 20_000_000
MAX_DEPTH = 20
MAX_NODES = 2_000_000
MAX_DIGITS = 100  # of a number; what is longer is text

INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
NUMERIC = re.compile(r"[-+.:_0-9eE]+\Z")
DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?\Z")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database of ours holds these


class StrictYamlError(DeserializationError):
    """Why a file is refused: `problems` are sentences that name file, line and record."""

    def __init__(self, problems):
        super().__init__("\n".join(problems))
        self.problems = problems


class Record(NamedTuple):
    """One record of a file: the data as Django takes them, and where they stand."""

    data: dict
    file: str
    line: int
    model: type[models.Model] | None
    key: tuple | None  # the natural key; None when the record does not say it

    @property
    def place(self):
        return _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}

    @property
    def name(self):
        """What the record is called in sentences: its model and code."""
        key = self.key or (self.data.get("pk"),)
        label = (
            self.model._meta.label_lower if self.model else short(str(self.data.get("model") or _("record")))
        )
        return f"{label} {short('/'.join(str(part) for part in key if part is not None))}".strip()

    def problem(self, sentence):
        told = {"place": self.place, "record": self.name, "problem": sentence}
        return _("%(place)s, %(record)s: %(problem)s") % told


# Reading text into plain values


class _Refused(Exception):
    def __init__(self, line, sentence):
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


def _text_of(stream):
    """The text of a stream or string, once it is known to be UTF-8 of bearable size."""
    if isinstance(stream, str | bytes):
        content = stream
    elif isinstance(stream, ZipFile):
        with stream.open(stream.namelist()[0]) as member:
            content = member.read(MAX_BYTES + 1)
    else:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _Refused(1, _("The file is larger than %d MB; split it.") % (MAX_BYTES // 1_000_000))
    try:
        text = content.decode() if isinstance(content, bytes) else content.encode().decode()
    except UnicodeError as error:
        line = content[: error.start].count(b"\n" if isinstance(content, bytes) else "\n") + 1
        raise _Refused(line, _("The file is not UTF-8; save it in that encoding.")) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _Refused(line, _("The file holds a NUL character; remove it."))
    return text.removeprefix("\ufeff")


class _Scalars:
    """Turns plain words into values, as YAML 1.1 does where it cannot be misread."""

    def __init__(self):
        self.resolver = yaml.SafeLoader("")
        self.known = {}

    def value(self, event):
        text = event.value
        if UNSTORABLE.search(text):
            raise _Refused(
                event.start_mark.line + 1, _("The text holds a NUL or half a character; remove it.")
            )
        if not event.implicit[0]:  # in quotes or a block
            return text
        if text not in self.known:
            self.known[text] = self._resolved(event, text)
        return self.known[text]

    def _resolved(self, event, text):
        is_short = len(text) <= MAX_DIGITS
        if not is_short and not NUMERIC.match(text):
            return text
        tag = self.resolver.resolve(yaml.ScalarNode, text, (True, False)) if is_short else ""
        kind = tag.rpartition(":")[2]
        if kind == "str":
            return text
        clear = {
            "null": True,
            "bool": text.lower() in ("true", "false"),
            "int": INTEGER.match(text),
            "float": DECIMAL.match(text) and isfinite(float(text)),
            "timestamp": True,
        }
        try:
            if kind == "float" and clear["float"]:
                return Decimal(text)  # with the digits that were written
            if clear.get(kind):
                return self.resolver.yaml_constructors[tag](self.resolver, yaml.ScalarNode(tag, text))
        except (ValueError, ArithmeticError):
            pass
        sentence = _("“%s” is no clear value; put text in quotes, or write true, false, a number or a day.")
        raise _Refused(event.start_mark.line + 1, sentence % short(text, 80))


def _plain_values(text):
    """The one document of a text as lists, dicts and scalars, and the line of each item of its top list.

    Built from the parser's events with a stack of our own: nothing recurses, and nothing is expanded.
    """
    scalars, lines = _Scalars(), []
    stack, nodes, documents, top = [], 0, 0, None
    for event in yaml.parse(text, Loader=Loader):
        kind = type(event)
        if kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise _Refused(event.start_mark.line + 1, _("The file holds a second document; remove it."))
            continue
        if kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        nodes += 1
        _refuse_tricks(event, len(stack), nodes)
        if len(stack) == 1:
            lines.append(event.start_mark.line + 1)
        if stack and stack[-1].awaits_key:
            stack[-1].take_key(event)
            continue
        value = (
            scalars.value(event) if kind is yaml.ScalarEvent else {} if kind is yaml.MappingStartEvent else []
        )
        if stack:
            stack[-1].take(value)
        else:
            top = value
        if kind is not yaml.ScalarEvent:
            stack.append(_Open(value))
    return top, lines


class _Open:
    """A list or mapping that is being filled."""

    def __init__(self, value):
        self.value = value
        self.is_mapping = self.awaits_key = isinstance(value, dict)

    def take_key(self, event):
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(line, _("A key is a word, not a list or mapping."))
        if event.implicit[0] and event.value in ("<<", "="):
            raise _Refused(line, _("Merge keys are not read; write the values out."))
        if event.value in self.value:
            raise _Refused(line, _("The key “%s” stands here twice; keep one.") % short(event.value, 80))
        self.key, self.awaits_key = event.value, False

    def take(self, value):
        if self.is_mapping:
            self.value[self.key], self.awaits_key = value, True
        else:
            self.value.append(value)


def _refuse_tricks(event, depth, nodes):
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _Refused(line, _("Anchors and aliases are not read; write the values out."))
    if event.tag is not None:
        raise _Refused(line, _("The tag %s is not read; write plain values.") % short(event.tag, 80))
    if depth >= MAX_DEPTH and not isinstance(event, yaml.ScalarEvent):
        raise _Refused(line, _("Lists and mappings are nested more than %d deep.") % MAX_DEPTH)
    if nodes > MAX_NODES:
        raise _Refused(line, _("The file holds more than %d values; split it.") % MAX_NODES)


# Reading records


def read_records(stream, *, file=None, ignorenonexistent=False):
    """The records of a fixture, in its order.

    Raises:
        StrictYamlError: with everything for which the file or a single record cannot be read.
    """
    file = file or _file_name(stream)
    try:
        items, lines = _plain_values(_text_of(stream))
    except _Refused as refused:
        raise _file_error(file, refused.line, refused.sentence) from refused
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # The reader, unlike the parser, knows a reason instead of a problem and no line.
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or _("it breaks off")
        raise _file_error(file, mark.line + 1 if mark else 1, _("This is not YAML: %s.") % reason) from error
    if items is None:
        return []
    if not isinstance(items, list):
        raise _file_error(file, 1, _("A fixture is a list of records, each with a model and fields."))
    records = [_record(item, file, line) for item, line in zip(items, lines, strict=True)]
    problems = [problem for record in records for problem in _shape_problems(record, ignorenonexistent)]
    if problems:
        raise StrictYamlError(problems)
    return records


def duplicate_problems(records):
    """Records that stand twice under the same natural key, in one file or several."""
    first = {}
    for record in records:
        if record.key is None:
            continue
        other = first.setdefault((record.model, record.key), record)
        if other is not record:
            yield record.problem(_("The same code stands at %s; keep one of them.") % other.place)


def _file_error(file, line, sentence):
    place = {"file": file, "line": line, "problem": sentence}
    return StrictYamlError([_("%(file)s, line %(line)d: %(problem)s") % place])


def _file_name(stream):
    """The name of the file as it is told to people: from the current folder on, if it lies there."""
    name = getattr(stream, "name", None) or getattr(stream, "filename", None)
    if not isinstance(name, str):
        return _("the fixture")
    path = Path(name)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else name


def _record(item, file, line):
    if not isinstance(item, dict):
        return Record({}, file, line, None, None)
    try:
        model = PythonDeserializer._get_model_from_node(item.get("model"))
    except (DeserializationError, AttributeError, ValueError):
        model = None
    return Record(item, file, line, model, natural_key(model, item.get("fields")))


def natural_key(model, fields):
    """The natural key that a record's fields spell out; None if they do not."""
    if not (model and issubclass(model, Keyed) and isinstance(fields, dict)):
        return None
    key = []
    for path in model.key_fields:
        name, _dots, rest = path.partition("__")
        field = model._meta.get_field(name)
        value = fields.get(
            name, None if field.has_default() and callable(field.default) else field.get_default()
        )
        if rest and value is not None:
            target = field.related_model.key_fields
            if not (isinstance(value, list) and len(value) == len(target)):
                return None
            value = value[target.index(rest)]
        if value is None and not field.null or isinstance(value, list | dict):
            return None
        key.append(value.isoformat() if isinstance(value, date) else value)
    return tuple(key)


def _shape_problems(record, ignorenonexistent):
    """What is wrong with a record before its values are looked at."""
    fields = record.data.get("fields")
    if not record.data.keys() >= {"model", "fields"} or not isinstance(fields, dict):
        yield record.problem(_("A record has a model and, below it, its fields."))
        return
    if unknown := record.data.keys() - {"model", "pk", "fields"}:
        yield record.problem(_("A record has no “%s”.") % "”, “".join(sorted(unknown)))
    if record.model is None:
        if not ignorenonexistent:
            yield record.problem(_("There is no model of this name."))
        return
    known = spelt_out(record.model)
    if (unknown := [name for name in fields if name not in known]) and not ignorenonexistent:
        yield record.problem(_("There is no field “%s”.") % short("”, “".join(unknown)))
    for name, value in fields.items():
        if name in known and (sentence := misfit(known[name], value)):
            yield record.problem(sentence % name)


class Deserializer(PythonDeserializer):
    """Reads a fixture as Django does, after the strict look at it."""

    def __init__(self, stream_or_string, *, ignorenonexistent=False, **options):
        self.records = read_records(stream_or_string, ignorenonexistent=ignorenonexistent)
        if problems := [*duplicate_problems(self.records)]:
            raise StrictYamlError(problems)
        self.found = {}
        super().__init__(
            [record.data for record in self.records], ignorenonexistent=ignorenonexistent, **options
        )

    def __iter__(self):
        for record in self.records:
            try:
                yield from self._handle_object(record.data)
            except GeneratorExit:
                raise
            except Exception as error:  # whatever Django or a field says about a value
                sentence = " ".join(getattr(error, "messages", ())) or str(error) or type(error).__name__
                raise StrictYamlError([record.problem(sentence)]) from error

    def _handle_fk_field_node(self, field, field_value):
        """Every row is looked up once: a report is named by each of its measures."""
        if not isinstance(field_value, list):
            return super()._handle_fk_field_node(field, field_value)
        key = (field.remote_field, *map(str, field_value))
        if key not in self.found:
            value = super()._handle_fk_field_node(field, field_value)
            if not isinstance(value, int):
                return value
            self.found[key] = value
        return self.found[key]


# Writing


class Dumper(DjangoSafeDumper):
    """Keys and other short lists on one line, text of several lines as a block."""


def _represent_list(dumper, values):
    is_flat = all(not isinstance(value, list | tuple | dict) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_flat)


def _represent_text(dumper, text):
    """Text of several lines as it stands, long text folded, short text on one line."""
    style = "|" if "\n" in text else ">" if len(text) > WIDTH - 20 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_decimal(dumper, number):
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{number:f}")


Dumper.add_representer(Decimal, _represent_decimal)
Dumper.add_representer(list, _represent_list)
Dumper.add_representer(tuple, _represent_list)
Dumper.add_representer(str, _represent_text)


def written(records, **options):
    """The text of a fixture with these records: one block each, with an empty line between two."""
    options = {"allow_unicode": True, "sort_keys": False, "width": WIDTH, **options}
    blocks = [yaml.dump([record], Dumper=Dumper, **options) for record in records]
    return "\n".join(blocks) or "[]\n"


class Serializer(YamlSerializer):
    """Writes one record per block, with an empty line between two."""

    def handle_m2m_field(self, obj, field):
        super().handle_m2m_field(obj, field)
        if field.name in self._current:
            # Sorted: the order of rows differs from one database to the next.
            self._current[field.name].sort(
                key=lambda value: [*map(str, value)] if isinstance(value, tuple) else [value]
            )

    def end_serialization(self):
        self.stream.write(written(self.objects, **self.options))
