"""What a browser sends when somebody drafts an option."""

from uuid import uuid4

from django.urls import reverse


def new_address(report, **asked):
    return reverse("assessments:new-option", args=[report.slug], query=asked)


def edit_address(option, **asked):
    return reverse("assessments:edit-option", args=[option.report.slug, option.code], query=asked)


def drafted(*arguments, picks=None, **fields):
    """The form as it is sent: the option's fields, a choice for every measure, a form for every argument."""
    data = {
        "key": str(uuid4()),
        "seen": "0",
        "name": "A way out",
        "summary": "",
        "narrative": "",
        "scenario": "",
        "from_year": "",
        "until_year": "",
        "arguments-TOTAL_FORMS": str(len(arguments)),
        "arguments-INITIAL_FORMS": "0",
        **fields,
    }
    data |= {f"pick-{code}": emphasis for code, emphasis in (picks or {}).items()}
    for number, words in enumerate(arguments):
        words = {"side": "for", "statement": "It pays.", "held_by": "", "code": "", **words}
        data |= {f"arguments-{number}-{name}": value for name, value in words.items()}
    return data
