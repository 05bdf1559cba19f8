"""Fields that pick rows: what names no row gets a sentence, and an exact code comes first."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.forms import ModelMultipleChoiceField

MOST_DIGITS = 18  # of a number that every database takes


def is_number(value):
    """Whether a value could be the number of a row; Django asks the database for whatever was sent."""
    digits = str(value)
    return digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS


class Picker(AutocompleteSelect):
    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in value if is_number(each)], attr)


class SeveralPicker(AutocompleteSelectMultiple):
    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in value if is_number(each)], attr)


class SeveralField(ModelMultipleChoiceField):
    def clean(self, value):
        for each in value or ():
            if not is_number(each):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": each}
                )
        return super().clean(value)


class PicksRows:
    """An admin page, or a part of one, with such fields."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Picker(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs |= {"widget": SeveralPicker(db_field, self.admin_site), "form_class": SeveralField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class FoundByCode:
    """Rows among which pickers find a code first, before others that only speak of it."""

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.resolver_match.url_name == "autocomplete":
            is_exact = Case(When(code__iexact=search_term.strip(), then=0), default=1)
            found = found.order_by(is_exact, *(found.query.order_by or found.model._meta.ordering))
        return found, may_repeat
