"""Drafting strategy options: stored once, never over somebody else's head, frozen when published."""

from base64 import b32encode
from dataclasses import dataclass, field
from hashlib import sha256

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from assessments.models import Argument, Pick, StrategyOption

OF_THE_OPTION = ("name", "summary", "narrative", "scenario", "from_year", "until_year")
LONGEST_SLUG = 34  # leaves room in a code for what makes it somebody's own
SUFFIX_LENGTH = 5


@dataclass
class Draft:
    """What somebody wrote of an option; of the measures, those that the form showed."""

    fields: dict[str, object]
    arguments: list[Argument]
    picks: dict[int, str] = field(default_factory=dict)  # an empty emphasis is none
    serves: dict[int, bool] = field(default_factory=dict)

    def says_the_same(self, option):
        """Whether an option is stored just so."""
        picks = dict(option.picks.values_list("measure_id", "emphasis"))
        serves = set(option.serves.values_list("pk", flat=True))
        return (
            all(getattr(option, name) == value for name, value in self.fields.items())
            and all(picks.get(measure, "") == emphasis for measure, emphasis in self.picks.items())
            and all((measure in serves) == is_served for measure, is_served in self.serves.items())
            and sorted(map(words_of, option.arguments.all())) == sorted(map(words_of, self.arguments))
        )


def words_of(argument):
    return argument.side, argument.statement, argument.held_by


@dataclass
class Overtaken(Exception):
    """The option was changed since the form was opened."""

    option: StrategyOption


def suffix_of(key):
    """What tells somebody's own option from others of its name; the same for the same form."""
    return b32encode(sha256(str(key).encode()).digest()).decode().lower()[:SUFFIX_LENGTH]


def code_for(name, key):
    """A code that meets none of a document's, nor of what others draft."""
    return f"{slugify(name)[:LONGEST_SLUG].strip('-_') or 'option'}-{suffix_of(key)}"


def take_turns(author):
    """Let one form of a person be stored at a time: on SQLite the write transaction holds, elsewhere this."""
    get_user_model().objects.select_for_update().get(pk=author.pk)


def made_by_form(report, author, key):
    """The option that the same form made before, if it did."""
    own = StrategyOption.objects.filter(report=report, author=author)
    return own.filter(code__endswith=f"-{suffix_of(key)}").first()


@transaction.atomic
def create(option, draft, key):
    """Store a new option with its parts, once for a form: sent again, it edits what it made.

    Raises:
        Overtaken: the form made an option before, which was edited meanwhile.
    """
    take_turns(option.author)
    earlier = made_by_form(option.report, option.author, key)
    if earlier:
        return save(earlier, draft, seen=0)
    option.code = code_for(draft.fields["name"], key)
    for name, value in draft.fields.items():
        setattr(option, name, value)
    option.save(force_insert=True)
    _store_parts(option, draft)
    return option


@transaction.atomic
def save(option, draft, seen):
    """Store what was written of an option, or nothing.

    Args:
        option: not published yet.
        draft: what was written.
        seen: how many edits it had when the form was opened.

    Raises:
        Overtaken: it was edited or published meanwhile.
    """
    unchanged = StrategyOption.objects.filter(pk=option.pk, edits=seen, published_at=None)
    if not unchanged.update(edits=F("edits") + 1, **draft.fields):
        stored = StrategyOption.objects.with_names().get(pk=option.pk)
        if draft.says_the_same(stored):
            return stored
        raise Overtaken(stored)
    option.refresh_from_db()
    _store_parts(option, draft)
    return option


def _store_parts(option, draft):
    """Picks and what it serves, of the measures that were shown; and all its arguments."""
    option.picks.filter(measure__in=draft.picks).delete()
    Pick.objects.bulk_create(
        Pick(option=option, measure_id=measure, emphasis=emphasis)
        for measure, emphasis in draft.picks.items()
        if emphasis
    )
    option.serves.remove(*[measure for measure, is_served in draft.serves.items() if not is_served])
    option.serves.add(*[measure for measure, is_served in draft.serves.items() if is_served])
    option.arguments.all().delete()
    counts = dict.fromkeys(Argument.Side.values, 0)
    for argument in draft.arguments:
        counts[argument.side] += 1
        argument.option, argument.code = option, f"{argument.side[0]}{counts[argument.side]}"
    Argument.objects.bulk_create(draft.arguments)
