"""The rules of a workshop: what a facilitator sets up, kept as it stands once the doors are open."""

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import (
    Criterion,
    StrategyOption,
    Workshop,
    WorkshopCriterion,
    WorkshopGroup,
    WorkshopOption,
)
from assessments.models.desk import LARGEST_SWING

OF_THE_WORKSHOP = (
    "title",
    "language",
    "is_rehearsal",
    "mode",
    "lowest",
    "highest",
    "weight_rule",
    "rounds_planned",
    "feedback",
    "smallest_group",
    "may_be_published",
    "agreed_from",
    "polarised_below",
    "stable_up_to",
    "people_expected",
)
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12


@dataclass
class Rules:
    """What somebody wants a workshop to be; the swings are by criterion."""

    fields: dict[str, object]
    options: list[StrategyOption]
    criteria: list[Criterion]
    swings: dict[int, int]
    groups: list[str]
    facilitators: list[AbstractBaseUser]


class Difference(NamedTuple):
    """A rule of which two versions say different things."""

    name: str
    stored: str
    written: str


def name_of(user):
    """A person as pages call them."""
    return user.get_full_name() or user.get_username()


def rules_of(workshop):
    """The rules of a workshop as they are stored; an option or criterion that is gone is left out."""
    options = workshop.options.select_related("option__report").exclude(option=None)
    criteria = list(workshop.criteria.select_related("criterion").exclude(criterion=None))
    return Rules(
        fields={name: getattr(workshop, name) for name in OF_THE_WORKSHOP},
        options=[each.option for each in options],
        criteria=[each.criterion for each in criteria],
        swings={each.criterion_id: each.swing for each in criteria},
        groups=list(workshop.groups.values_list("name", flat=True)),
        facilitators=list(workshop.facilitators.order_by("username")),
    )


def store_parts(workshop, rules):
    """Put options, criteria, groups and facilitators in the place of those that were there."""
    for rows in (workshop.options, workshop.criteria, workshop.groups):
        rows.all().delete()
    WorkshopOption.objects.bulk_create(
        WorkshopOption(workshop=workshop, position=position, option=option, **words_of_option(option))
        for position, option in enumerate(rules.options, 1)
    )
    WorkshopCriterion.objects.bulk_create(
        WorkshopCriterion(
            workshop=workshop,
            position=position,
            criterion=criterion,
            swing=rules.swings.get(criterion.pk, LARGEST_SWING),
            **words_of_criterion(criterion),
        )
        for position, criterion in enumerate(rules.criteria, 1)
    )
    WorkshopGroup.objects.bulk_create(
        WorkshopGroup(workshop=workshop, position=position, name=name)
        for position, name in enumerate(rules.groups, 1)
    )
    workshop.facilitators.set(rules.facilitators)


def words_of_option(option):
    """What a room is told of an option."""
    return {name: getattr(option, name) for name in ("code", "name", "summary", "is_baseline")}


def words_of_criterion(criterion):
    """What a room is told of a criterion."""
    return {name: getattr(criterion, name) for name in ("code", "name", "explanation", "worst", "best")}


def copy_words(workshop):
    """Keep options and criteria in the words of this moment, whatever becomes of them later."""
    options = list(workshop.options.select_related("option"))
    for each in options:
        for name, words in words_of_option(each.option).items():
            setattr(each, name, words)
    WorkshopOption.objects.bulk_update(options, ["code", "name", "summary", "is_baseline"])
    criteria = list(workshop.criteria.select_related("criterion"))
    for each in criteria:
        for name, words in words_of_criterion(each.criterion).items():
            setattr(each, name, words)
    WorkshopCriterion.objects.bulk_update(criteria, ["code", "name", "explanation", "worst", "best"])


def lacks(workshop):
    """What keeps the doors of a workshop shut, in sentences; none where they can open."""
    options = list(workshop.options.all())
    criteria = list(workshop.criteria.select_related("criterion"))
    gone = [each.name for each in options if each.option_id is None]
    gone += [each.name for each in criteria if each.criterion_id is None]
    found = [
        _("“%(name)s” is no longer in the report; take it off the rules.") % {"name": name} for name in gone
    ]
    if len(options) < FEWEST_OPTIONS:
        found.append(_("There are fewer than two options to compare; choose at least two."))
    if not criteria:
        found.append(_("There is no criterion to judge the options by; choose at least one."))
    found += [
        _("The criterion “%(name)s” has an end without a text, so nothing can be scored by it.")
        % {"name": each.criterion.name}
        for each in criteria
        if each.criterion and each.criterion.lack
    ]
    if criteria and not workshop.asks_swings and not any(each.swing for each in criteria):
        found.append(_("Every criterion has the swing 0, so nothing would count; give at least one more."))
    return found


def not_shown(people, smallest, groups):
    """Which results a room is too small for, in sentences.

    Args:
        people: how many are expected, or have come.
        smallest: the smallest group of which results are shown.
        groups: how many groups the room is divided into.
    """
    if people < smallest:
        return [
            ngettext(
                "With %(count)d person no result will be shown at all: it takes %(least)d people.",
                "With %(count)d people no result will be shown at all: it takes %(least)d.",
                people,
            )
            % {"count": people, "least": smallest}
        ]
    found = []
    if people < 2 * smallest:
        found.append(
            _(
                "With %(count)d people, means and verdicts will be shown, but no median, no spread and no "
                "distribution: those take %(least)d people."
            )
            % {"count": people, "least": 2 * smallest}
        )
    if groups and people < 2 * smallest:
        found.append(
            _(
                "Nothing will be shown by group: a group and the rest of the room need %(least)d people "
                "each, %(both)d in all."
            )
            % {"least": smallest, "both": 2 * smallest}
        )
    elif people < groups * smallest:
        found.append(
            _(
                "With %(count)d people in %(groups)d groups, not every group can be shown: a group needs "
                "%(least)d people, and so does the rest of the room."
            )
            % {"count": people, "groups": groups, "least": smallest}
        )
    return found


def differences(stored, written):
    """In what two versions of the rules differ, in words."""
    pairs = zip(in_words(stored), in_words(written), strict=True)
    return [Difference(name, one, other) for (name, one), (_same, other) in pairs if one != other]


def in_words(rules):
    """Every rule with what it says, in words, in one order."""
    criteria = [(each.name, rules.swings.get(each.pk, LARGEST_SWING)) for each in rules.criteria]
    options = [each.name for each in rules.options]
    return _in_words(rules.fields, options, criteria, rules.groups, rules.facilitators)


def stored_in_words(workshop):
    """The rules of a workshop in the words that its room is asked in."""
    return _in_words(
        {name: getattr(workshop, name) for name in OF_THE_WORKSHOP},
        *_put_before(workshop),
        sorted(workshop.facilitators.all(), key=lambda user: user.username),
    )


def public_in_words(workshop):
    """The same for everybody: with the least number of people of public results, and nobody's name."""
    fields = {name: getattr(workshop, name) for name in OF_THE_WORKSHOP}
    fields["smallest_group"] = workshop.least_in_public
    return _in_words(fields, *_put_before(workshop))


def _put_before(workshop):
    return (
        [each.name for each in workshop.options.all()],
        [(each.name, each.swing) for each in workshop.criteria.all()],
        [each.name for each in workshop.groups.all()],
    )


def _in_words(fields, options, criteria, groups, facilitators=()):
    shown = Workshop(**fields)
    weighed = [f"{name} ({swing})" for name, swing in criteria] if not shown.asks_swings else []
    return [
        *[(label_of(name), value_in_words(shown, name)) for name in OF_THE_WORKSHOP],
        (_("options"), ", ".join(options)),
        (_("criteria"), ", ".join(weighed or [name for name, _swing in criteria])),
        (_("groups"), ", ".join(groups)),
        *([(_("facilitators"), ", ".join(map(name_of, facilitators)))] if facilitators else []),
    ]


def label_of(name):
    return str(Workshop._meta.get_field(name).verbose_name)


def value_in_words(workshop, name):
    """One field of a workshop as people read it."""
    value = getattr(workshop, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(workshop, f"get_{name}_display", None)
    return str(display() if display else value)
