"""Questions asked of the content, as phrases that chain."""

from django.db import models


class KeyedQuerySet(models.QuerySet):
    """Finds a row by the fields that its model names in `key_fields`."""

    def get_by_natural_key(self, *key):
        return self.get(**dict(zip(self.model.key_fields, key, strict=True)))


class MeasureQuerySet(KeyedQuerySet):
    """Measures of reports; trees are built from them in `readiness.py`."""

    def current(self):
        """Those that are still asked for."""
        return self.filter(retired=False)
