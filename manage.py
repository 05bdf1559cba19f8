#!/usr/bin/env python3
"""Django's command line for Waymark."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here. `python3 dev.py run` installs everything into .venv; "
            "after that, use the Python in .venv."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
