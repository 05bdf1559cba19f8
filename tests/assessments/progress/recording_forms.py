"""What a browser sends when somebody fills in the form for progress."""

from uuid import uuid4

from django.urls import reverse


def address(measure):
    return reverse("assessments:record-progress", args=[measure.report.slug, measure.code])


def correction_address(entry):
    measure = entry.measure
    return reverse("assessments:correct-progress", args=[measure.report.slug, measure.code, entry.key])


def filled(*pieces, **fields):
    """The form as it is sent: the entry's fields, and a form for every piece of evidence."""
    data = {
        "key": str(uuid4()),
        "seen": "",
        "state": "announced",
        "as_of": "2024-03-01",
        "note": "Said so in parliament.",
        "confidence": "medium",
        "evidence-TOTAL_FORMS": str(len(pieces)),
        "evidence-INITIAL_FORMS": "0",
        **fields,
    }
    for number, fields_of_piece in enumerate(pieces):
        data |= {f"evidence-{number}-{name}": value for name, value in fields_of_piece.items()}
    return data


def piece(**fields):
    return {
        "statement": "The ministry announced it.",
        "stance": "supports",
        "dated_on": "2024-02-01",
        "url": "https://one.example/news",
        **fields,
    }
