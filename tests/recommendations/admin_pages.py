"""Pages of the admin as a browser deals with them."""

from django.urls import reverse


def page(model, action="changelist", *args):
    return reverse(f"admin:recommendations_{model}_{action}", args=args)


def measure_form(measure, **fields):
    form = {
        "report": measure.report_id,
        "code": measure.code,
        "position": 0,
        "kind": measure.kind,
        "title": measure.title,
        "modality": measure.modality,
        "weight": 1,
        "requirements-TOTAL_FORMS": 0,
        "requirements-INITIAL_FORMS": 0,
    }
    return form | fields


def form_of(row, client, **changes):
    """The page of a row as a browser would send it back, after changes to some fields."""
    context = client.get(page(row._meta.model_name, "change", row.pk)).context
    forms = [context["adminform"].form, *forms_within(context)]
    fields = [field for form in forms for field in form]
    values = {field.html_name: field.value() for field in fields}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    } | changes


def forms_within(context):
    """Those of the rows inside the row, and of the rows inside those."""
    for inline in context["inline_admin_formsets"]:
        yield inline.formset.management_form
        for form in inline.formset.forms:
            yield form
            if hasattr(form, "alternatives"):
                yield from [form.alternatives.management_form, *form.alternatives.forms]


def errors_of(response):
    """All sentences that the page shows as errors."""
    form = response.context["adminform"].form
    formsets = [formset.formset for formset in response.context["inline_admin_formsets"]]
    sentences = [error for errors in form.errors.values() for error in errors]
    for formset in formsets:
        sentences += formset.non_form_errors()
        sentences += [error for errors in formset.errors for field in errors.values() for error in field]
    return sentences


def all_errors(response):
    """Those of the forms within forms as well."""
    [inline] = response.context["inline_admin_formsets"]
    found = errors_of(response)
    for form in inline.formset.forms:
        found += form.alternatives.non_form_errors()
        found += [error for each in form.alternatives.errors for field in each.values() for error in field]
    return found
