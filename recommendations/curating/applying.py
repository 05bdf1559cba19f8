"""Carries out a plan: rows are written model by model, in few queries whatever their number."""

from collections import defaultdict

from django.db import models
from django.utils.translation import gettext as _

from recommendations.curating.plan import Kind
from recommendations.curating.rows import as_key, keyed_models, keys_of, lists_of, with_keys

# The database looks for each row of an update among all of them: thousands at once would take it long.
ROWS_AT_ONCE = 500


class CannotApply(Exception):
    """Why a plan cannot be carried out, as a sentence on one of its changes."""

    def __init__(self, sentence, change):
        super().__init__(sentence)
        self.sentence, self.change = sentence, change


def carry_out(plan, tell=lambda model, count: None):
    """Write what a plan says; the caller holds the transaction. `tell` hears of every model and its rows."""
    _Writer(plan, tell).write()


class _Writer:
    def __init__(self, plan, tell):
        self.tell = tell
        self.changes = defaultdict(lambda: defaultdict(list))
        for change in plan.changes:
            if change.after or change.kind is Kind.REMOVED:
                kind = Kind.CHANGED if change.kind in (Kind.RETIRED, Kind.REINSTATED) else change.kind
                self.changes[change.model][kind].append(change)
        self.models = [model for model in keyed_models() if model._meta.label_lower in self.changes]
        self.numbers = _Numbers(plan)

    def write(self):
        self.remove([model for model in self.models if is_unnamed(model)])
        for model in self.models:
            of_kind = self.changes[model._meta.label_lower]
            self.add(model, of_kind[Kind.ADDED])
            self.change(model, of_kind[Kind.CHANGED])
            self.list(model, of_kind[Kind.ADDED] + of_kind[Kind.CHANGED])
            self.tell(model, sum(map(len, of_kind.values())))
        self.remove([model for model in reversed(self.models) if not is_unnamed(model)])

    def add(self, model, changes):
        for level in _levels(model, changes):
            rows = [self.filled(model(), change.after) for change in level]
            for change, row in zip(level, model.objects.bulk_create(rows), strict=True):
                self.numbers.learn(model, change.key, row.pk)

    def change(self, model, changes):
        lists = {field.name for field in lists_of(model)}
        names = {name for change in changes for name in change.after} - lists
        if not names:
            return
        numbers = [self.numbers.of(model, change.key) for change in changes]
        rows = model.objects.in_bulk(numbers)
        for number, change in zip(numbers, changes, strict=True):
            self.filled(rows[number], change.after)
        if is_unnamed(model):
            # Anew under the same numbers: two rows may have changed places under a unique constraint.
            model.objects.filter(pk__in=numbers).delete()
            model.objects.bulk_create(rows.values())
            return
        for flag in model.unique_flags:
            model.objects.filter(pk__in=numbers).update(**{flag: False})
        model.objects.bulk_update(rows.values(), sorted(names), batch_size=ROWS_AT_ONCE)

    def filled(self, row, values):
        """The row with these values; lists are filled once every row has its number."""
        relations = {field.name: field for field in keys_of(type(row))}
        lists = {field.name for field in lists_of(type(row))}
        for name, value in values.items():
            if name in relations:
                named = None if value is None else self.numbers.of(relations[name].related_model, value)
                setattr(row, relations[name].attname, named)
            elif name not in lists:
                setattr(row, name, value)
        return row

    def list(self, model, changes):
        for field in lists_of(model):
            listing = [change for change in changes if field.name in change.after]
            through = field.remote_field.through
            owner, named = (f"{name}_id" for name in (field.m2m_field_name(), field.m2m_reverse_field_name()))
            changed = [self.numbers.of(model, change.key) for change in listing if change.before]
            if changed:
                through.objects.filter(**{f"{owner}__in": changed}).delete()
            through.objects.bulk_create(
                through(
                    **{
                        owner: self.numbers.of(model, change.key),
                        named: self.numbers.of(field.related_model, key),
                    }
                )
                for change in listing
                for key in change.after[field.name]
            )

    def remove(self, models_to_clear):
        for model in models_to_clear:
            removed = self.changes[model._meta.label_lower][Kind.REMOVED]
            if not removed:
                continue
            numbers = {self.numbers.of(model, change.key): change for change in removed}
            try:
                model.objects.filter(pk__in=numbers).delete()
            except models.ProtectedError as error:
                raise _still_named(model, numbers, error) from error


class _Numbers:
    """The numbers that the database gives to the rows a plan speaks of, by their natural keys."""

    def __init__(self, plan):
        self.found = defaultdict(dict)
        wanted, added = defaultdict(set), defaultdict(set)
        of_label = {model._meta.label_lower: model for model in keyed_models()}
        for change in plan.changes:
            model = of_label[change.model]
            of_kind = added if change.kind is Kind.ADDED else wanted
            of_kind[model].add(change.key)
            for field in keys_of(model):
                wanted[field.related_model].add(change.after.get(field.name))
            for field in lists_of(model):
                wanted[field.related_model].update(change.after.get(field.name, ()))
        for model, keys in wanted.items():
            self.look_up(model, keys - added[model] - {None})

    def look_up(self, model, keys):
        if keys:
            for pk, *parts in with_keys(model, keys).order_by().values_list("pk", *model.key_fields):
                self.learn(model, as_key(parts), pk)

    def learn(self, model, key, number):
        self.found[model][key] = number

    def of(self, model, key):
        return self.found[model][key]


def is_unnamed(model):
    """Whether no other row can name one of this model."""
    return not model._meta.related_objects


def _levels(model, changes):
    """Added rows in groups, each after those that it names of the same model."""
    (itself,) = [field.name for field in keys_of(model) if field.related_model is model] or [None]
    if itself is None:
        return [changes] if changes else []
    added = {change.key: change for change in changes}
    depths = {}
    for key in added:
        path = []
        while key in added and key not in depths and key not in path:
            path.append(key)
            key = added[key].after[itself]
        if key in path:
            names = " → ".join("/".join(map(str, one)) for one in [*path[path.index(key) :], key])
            raise CannotApply(_("These rows name one another in a circle: %s.") % names, added[key])
        depth = depths.get(key, -1)
        for one in reversed(path):
            depth += 1
            depths[one] = depth
    levels = defaultdict(list)
    for change in changes:
        levels[depths[change.key]].append(change)
    return [levels[depth] for depth in sorted(levels)]


def _still_named(model, removed, error):
    """The refusal of a removal: the row to be removed, and the rows that name it."""
    naming = defaultdict(list)
    for row in error.protected_objects:
        for field in keys_of(type(row)):
            number = getattr(row, field.attname)
            if field.related_model is model and number in removed:
                naming[number].append(f"{row._meta.verbose_name} {row}")
    number, rows = min(naming.items())
    sentence = _("The files no longer name it, but these rows still do: %s.")
    return CannotApply(sentence % ", ".join(sorted(rows)[:10]), removed[number])
