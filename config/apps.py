from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The wiring itself, listed as an app so that its checks and signals are found."""

    name = "config"

    def ready(self):
        from config import checks, sqlite  # noqa: F401  importing registers them
