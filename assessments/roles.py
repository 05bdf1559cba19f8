"""The groups that Waymark knows, and what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

ANALYSTS = "Analysts"
CURATORS = "Curators"

RECORDING = Q(content_type__app_label="assessments", codename__regex=r"^(add|view)_")
CURATING = Q(content_type__app_label="recommendations") & (
    Q(codename__regex=r"^(add|change|view)_")
    # Rows that belong to another one; everything else is retired, never deleted.
    | Q(codename__in=["delete_alternative", "delete_assumption", "delete_observation", "delete_reading"])
)


def ensure_roles(using, **kwargs):
    """Give the groups their permissions after every migration, so that installing needs no further step."""
    for name, rule in ((ANALYSTS, RECORDING), (CURATORS, RECORDING | CURATING)):
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(Permission.objects.using(using).filter(rule))
