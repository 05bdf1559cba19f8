from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("Assessments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from assessments.roles import ensure_roles

        # Of all apps, auth is migrated after ours: by then every permission exists.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("auth"))
