"""From a draft to what stands published: copying an option, letting others see it, and taking it back."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Argument, DeskScore, Pick, Status, StrategyOption
from assessments.models.progress import new_key
from assessments.options.drafting import OF_THE_OPTION, code_for, made_by_form, take_turns

LONGEST_NAME = StrategyOption._meta.get_field("name").max_length


@dataclass
class Refused(Exception):
    """What was asked for cannot be; why, as a sentence."""

    sentence: str


@transaction.atomic
def clone(option, author, key):
    """A draft of somebody's own that starts from an option; once for a form."""
    take_turns(author)
    earlier = made_by_form(option.report, author, key)
    if earlier:
        return earlier
    name = (_("Clone of %(name)s") % {"name": option.name})[:LONGEST_NAME]
    return _copied(option, author, name=name, code=code_for(option.name, key))


@transaction.atomic
def revise(option):
    """The author's next version of what was published once; the one that is begun, if one is.

    Raises:
        Refused: there is a later version already.
    """
    take_turns(option.author)
    later = StrategyOption.objects.filter(parent=option, version=option.version + 1)
    if later.filter(status=Status.PUBLISHED).exists():
        raise Refused(_("There is a later version already; revise that one."))
    begun = later.filter(published_at=None).order_by("pk").first()
    if begun:
        return begun
    version = option.version + 1
    return _copied(
        option, option.author, name=option.name, code=code_for(option.name, new_key()), version=version
    )


def _copied(option, author, **fields):
    """A draft with everything that an option says, made from it."""
    kept = {name: getattr(option, name) for name in OF_THE_OPTION}
    copy = StrategyOption.objects.create(
        **kept | fields, report=option.report, author=author, parent=option, status=Status.DRAFT
    )
    Pick.objects.bulk_create(
        Pick(option=copy, measure_id=measure, emphasis=emphasis)
        for measure, emphasis in option.picks.values_list("measure_id", "emphasis")
    )
    copy.serves.set(option.serves.all())
    arguments = list(option.arguments.all())
    for argument in arguments:
        argument.pk, argument.option = None, copy
        argument._state.adding = True
    Argument.objects.bulk_create(arguments)
    return copy


def share(option):
    """Let analysts see a draft."""
    _move(option, Status.DRAFT, Status.SHARED)


def publish(option):
    """Let everybody see an option, and freeze it; a further version stands in the place of the earlier.

    Raises:
        Refused: it picks nothing, or another version was published in its place.
    """
    if not option.picks.exists():
        raise Refused(_("An option that picks no measure says nothing yet; pick one before you publish it."))
    try:
        with transaction.atomic():
            StrategyOption.objects.filter(pk=option.pk, published_at=None).update(published_at=timezone.now())
            _move(option, [Status.DRAFT, Status.SHARED], Status.PUBLISHED)
    except IntegrityError:
        raise Refused(_("Another version was published in its place meanwhile.")) from None


def withdraw(option):
    """Take a published option back: analysts still see it, and it stays as it is."""
    _move(option, Status.PUBLISHED, Status.SHARED)


def _move(option, before, after):
    """From one status to another; whoever asks twice, or too late, changes nothing."""
    statuses = [before] if isinstance(before, str) else before
    StrategyOption.objects.filter(pk=option.pk, status__in=statuses).update(status=after)


@transaction.atomic
def delete(option):
    """Delete a draft of one's own that was never published, with one's own scores of it.

    Raises:
        Refused: it was published once, others scored it, or something was made from it.
    """
    take_turns(option.author)
    if reason := why_not_deleted(option):
        raise Refused(reason)
    DeskScore.objects.filter(option=option).delete()
    option.delete()


def why_not_deleted(option):
    """Why an option must stay, as a sentence; empty where it may go."""
    if StrategyOption.objects.filter(pk=option.pk).exclude(published_at=None).exists():
        return _("What was published once is never deleted, so that citations keep their meaning.")
    if option.children.exists():
        return _("Another option was made from this one, so it stays.")
    if option.desk_scores.exclude(assessment__author=option.author).exists():
        return _("Others scored this option at their desks, so it stays.")
    return ""
