from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The wiring itself, listed as an app so that its checks are found."""

    name = "config"

    def ready(self):
        from config import checks  # noqa: F401  importing registers them
