"""An edition of content in files: read, compared with what is stored, applied as a whole or not at all."""

from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from recommendations.curating.applying import CannotApply, carry_out
from recommendations.curating.plan import Plan, compare
from recommendations.curating.rows import as_key, keyed_models, rows_of_records, stored_rows
from recommendations.curating.sheet_reading import SheetProblems, is_spreadsheet, records_on_sheets
from recommendations.curating.uniqueness import unique_problems
from recommendations.fixture_checks import (
    constraint_problems,
    content_problems,
    record_problems,
    report_warnings,
)
from recommendations.models import FixtureLoad, Report, Revision
from recommendations.models.keyed import Keyed
from recommendations.shapes import short
from recommendations.strict_yaml import MAX_BYTES, Record, StrictYamlError, duplicate_problems, read_records


class Refused(Exception):
    """Why an edition is refused: every problem as a sentence that names file, line and record."""

    def __init__(self, problems):
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(self.problems))


class Edition(NamedTuple):
    """The records of some files, and what they are called."""

    records: list[Record]
    files: dict[str, str]  # the hash of each file's text, by its name
    gone: frozenset = frozenset()  # rows that it takes away, by model and key

    @property
    def whole(self):
        """The reports that it describes completely: those whose own record it holds."""
        return {record.key[0] for record in self.records if record.model is Report}


def read_edition(paths):
    """The edition that files or folders of files hold."""
    return edition_of_files((_name(path), _content(path)) for path in _files(paths))


def edition_of_files(files):
    """The edition that pairs of a file's name and bytes hold."""
    records, digests, problems = [], {}, []
    for name, content in files:
        try:
            records += (
                records_on_sheets(content, name) if is_spreadsheet(name) else read_records(content, file=name)
            )
        except (StrictYamlError, SheetProblems) as error:
            problems += error.problems
        digests[name] = sha256(content).hexdigest()
    if problems:
        raise Refused(problems)
    return Edition(records, digests)


def _content(path):
    """The bytes of a file; of one that is too large, enough to tell."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        said = {"file": _name(path), "why": error.strerror}
        raise Refused([_("%(file)s: It cannot be read: %(why)s.") % said]) from error


def _name(path):
    """What a file is called in sentences: its path from where one stands, or with its folder."""
    here = Path.cwd()
    return short(str(path.relative_to(here) if path.is_relative_to(here) else Path(*path.parts[-2:])), 300)


def _files(paths):
    """The files named and those below the folders named, once each; a name that leads nowhere is refused."""
    found, problems = [], []
    for path in map(Path, paths):
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        files = [each for each in inside if each.is_file()]
        found += files
        for strange in (each for each in inside if each not in files):
            problems.append(
                _("%s is no file; name a YAML or XLSX file, or a folder of YAML files.") % _name(strange)
            )
        if not inside:
            problems.append(_("There is no YAML file in %s.") % _name(path))
    if problems:
        raise Refused(problems)
    return list({path.resolve(): path for path in found}.values())


def plan_of(edition):
    """What applying an edition would do.

    Raises:
        Refused: with everything that is wrong with its records, and with every record that may not change.
    """
    records = edition.records
    if problems := [*_unfit(records), *duplicate_problems(records), *record_problems(records)]:
        raise Refused(problems)
    rows = rows_of_records(edition.records)
    stored = _stored(edition, rows)
    plan = compare(rows, stored, whole=edition.whole, gone=edition.gone, only_added=_records())
    if plan.refusals:
        raise Refused(_told(plan.refusals, edition.records))
    return plan


def record_refusals(records):
    """Sentences on records that are in the database with other values; what is only added never changes."""
    kept = [record for record in records if record.model and record.key and record.model.only_added]
    rows = rows_of_records(kept)
    stored = _stored(Edition(kept, {}), rows)
    return _told(compare(rows, stored, only_added=_records()).refusals, kept)


def _unfit(records):
    for record in records:
        if record.model is None or not issubclass(record.model, Keyed):
            yield record.problem(_("This is not content; it has no place in a fixture."))
        elif "pk" in record.data:
            yield record.problem(_("Name the row by its codes, without a number of its own."))
        elif "recorded_by" in record.data["fields"]:
            yield record.problem(_("Files do not say who recorded it; leave out recorded_by."))


def _records():
    return {model._meta.label_lower for model in keyed_models() if model.only_added}


def _stored(edition, rows):
    named = {}
    for label, key in [*((row.model, row.key) for row in rows), *edition.gone]:
        named.setdefault(label, set()).add(key)
    for model in keyed_models():
        keys = named.get(model._meta.label_lower, ())
        if keys or edition.whole:
            yield from stored_rows(model, edition.whole, keys)


def _told(refusals, records):
    """Why records can neither change nor go, in sentences."""
    edited = _(
        "It is on record with another value of: %s. A record is never changed; "
        "put the old one back and add a correction that supersedes it."
    )
    missing = _(
        "It is on record and missing in the files. A record is never removed; "
        "put it back and add a correction that supersedes it."
    )
    places = _places(records)
    for model, key, fields in refusals:
        yield _about(model, key, edited % ", ".join(fields) if fields else missing, places)


def _places(records):
    return {(record.model._meta.label_lower, as_key(record.key)): record for record in records}


def _about(model, key, sentence, places):
    """A sentence on a row, with the place of its record if the files have one."""
    if record := places.get((model, key)):
        return record.problem(sentence)
    name = "/".join(str(part) for part in key if part is not None)
    return _("%(row)s: %(problem)s") % {"row": f"{model} {short(name)}", "problem": sentence}


class Applied(NamedTuple):
    """What was done, what a curator should look at, and the load that it is kept as, if anything changed."""

    plan: Plan
    warnings: list[str]
    load: FixtureLoad | None


def apply_edition(edition, *, by=None, tell=lambda model, count: None, expected=None, keep=True):
    """Do what `plan_of` says, in one transaction; nothing is stored if anything is refused.

    With `expected`, the digest of a plan that somebody agreed to, another plan is refused. Without `keep`,
    everything is tried and nothing stored.
    """
    with _in_turn():
        plan = plan_of(edition)
        if expected is not None and plan.digest() != expected:
            raise Refused([_("The content has changed since this plan was made; look at the new plan.")])
        _carry_out(plan, edition, tell)
        reports = Report.objects.filter(slug__in=_reports(plan, edition)).select_related("source")
        if problems := [*content_problems(edition.records, reports)]:
            raise Refused(problems)
        warnings = [f"{report.slug}: {said}" for report in reports for said in report_warnings(report)]
        load = None
        if plan.changes:
            load = FixtureLoad.objects.create(files=edition.files, loaded_by=by)
            load.reports.add(*Revision.objects.record(plan, by=by, load=load))
        if not keep:
            transaction.set_rollback(True)
    return Applied(plan, warnings, load)


@contextmanager
def _in_turn():
    """A transaction that begins once no other edition is being applied, or says that this took too long."""
    try:
        with transaction.atomic():
            take_turns()
            yield
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        sentence = _("Somebody else has been writing for a while; try again in a minute. Nothing was stored.")
        raise Refused([sentence]) from error


def take_turns():
    """Let other editions, and what is changed by hand, wait until this transaction ends.

    On SQLite the transaction itself makes others wait.
    """
    # Two editions may bring the same new report, which has no row to hold yet; this row is always there.
    list(ContentType.objects.select_for_update().filter(app_label="recommendations", model="fixtureload"))
    Report.objects.hold()


def _carry_out(plan, edition, tell):
    try:
        with transaction.atomic():
            carry_out(plan, tell)
    except CannotApply as error:
        change, places = error.change, _places(edition.records)
        raise Refused([_about(change.model, change.key, error.sentence, places)]) from error
    except IntegrityError as error:
        records = edition.records
        found = [*constraint_problems(records), *unique_problems(records, plan)]
        raise Refused(found or [_("The database refused it: %s.") % short(str(error))]) from error


def _reports(plan, edition):
    return edition.whole | {change.report for change in plan.changes if change.report}
