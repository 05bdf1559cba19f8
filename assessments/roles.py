"""The groups that Waymark knows, and what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

ANALYSTS = "Analysts"
CURATORS = "Curators"
FACILITATORS = "Facilitators"

RECORDS = ("progressentry", "evidence", "evidencetie")
JUDGING = ("criterion", "strategyoption", "pick", "argument")
# Rows that belong to another one; everything else is retired, never deleted.
PARTS = ("alternative", "assumption", "observation", "reading", "pick", "argument", "uploadededition")

RECORDING = Q(
    content_type__app_label="assessments",
    content_type__model__in=RECORDS,
    codename__regex=r"^(add|view)_",
) | Q(
    content_type__app_label="assessments",
    codename__in=["draft_strategyoption", "add_deskassessment"],
)
FACILITATING = Q(content_type__app_label="assessments", codename="facilitate_workshop")
CONTENT = Q(content_type__app_label="recommendations") | Q(
    content_type__app_label="assessments", content_type__model__in=JUDGING
)
CURATING = CONTENT & (
    Q(codename__regex=r"^(add|change|view)_") | Q(codename__in=[f"delete_{name}" for name in PARTS])
)


def ensure_roles(using, **kwargs):
    """Give the groups their permissions after every migration, so that installing needs no further step."""
    rules = {ANALYSTS: RECORDING, CURATORS: RECORDING | CURATING, FACILITATORS: FACILITATING}
    for name, rule in rules.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(Permission.objects.using(using).filter(rule))
