#!/usr/bin/env python3
"""Django's command line for Waymark."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here. `python3 dev.py run` installs everything into .venv; "
            "after that, use the Python in .venv."
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(f"Waymark cannot start. {error}") from error


if __name__ == "__main__":
    main()
