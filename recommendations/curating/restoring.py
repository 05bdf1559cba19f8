"""Takes changes back: the rows as they were before some revisions, applied like any other edition."""

from django.apps import apps

from recommendations.curating.editions import Edition, apply_edition
from recommendations.curating.plan import Kind, plain
from recommendations.curating.rows import as_key, stored_rows
from recommendations.strict_yaml import Record


def restore(revisions, *, by):
    """Put the rows of some revisions, all of them up to now, back to how they were before.

    Raises:
        Refused: when the older content no longer fits, with every reason.
    """
    rows = {}
    for revision in revisions.order_by("-pk"):
        place = (revision.model, as_key(revision.key))
        if revision.change == Kind.ADDED:
            rows[place] = None
        elif revision.change == Kind.REMOVED:
            rows[place] = {**revision.before}
        else:
            rows.setdefault(place, _present(*place)).update(revision.before)
    records = [_record(model, key, fields) for (model, key), fields in rows.items() if fields is not None]
    gone = frozenset(place for place, fields in rows.items() if fields is None)
    return apply_edition(Edition(records, {"history": ""}, gone), by=by)


def _present(label, key):
    """The values of a row as they are now."""
    (row,) = [row for row in stored_rows(apps.get_model(label), keys=[key]) if row.key == key]
    return {name: plain(value) for name, value in row.values.items()}


def _record(label, key, fields):
    model = apps.get_model(label)
    return Record({"model": label, "fields": fields}, "history", 0, model, key)
