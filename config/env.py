"""Reading settings from the environment: a typo is a sentence, never a guess."""

import os
import sqlite3
import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

# Before this release several processes writing in WAL mode can corrupt the file.
SAFE_WAL = (3, 51, 3)


def env_bool(name: str, default: bool = False) -> bool:
    """Read true or false."""
    value = os.environ.get(name, str(default)).lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def env_number(name: str, default: int, least: int, most: int) -> int:
    """Read a whole number between two bounds."""
    value = os.environ.get(name, str(default))
    # isascii: int() would also take digits of other scripts.
    if not (value.isascii() and value.isdigit() and len(value) < 19 and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def env_list(name: str) -> list[str]:
    """Read values separated by commas."""
    return [value.strip() for value in os.environ.get(name, "").split(",") if value.strip()]


def env_address(name: str, default: str) -> str:
    """Read the address of a page."""
    value = os.environ.get(name, default)
    if not value.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"{name} must be an address with https://, not {value!r}.")
    return value


def trusted_origins() -> list[str]:
    """Addresses whose forms are accepted, needed when a proxy changes the host name."""
    origins = env_list("CSRF_TRUSTED_ORIGINS")
    for origin in origins:
        if not origin.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"CSRF_TRUSTED_ORIGINS takes addresses with https://, not {origin!r}.")
    return origins


def secret_key(debug: bool) -> str:
    """The key that signs cookies: given in production, a public constant on a developer's machine."""
    key = os.environ.get("SECRET_KEY", "")
    if debug:
        return key or "development-only-" + "x" * 50
    if len(key) < 50 or len(set(key)) < 5:
        raise ImproperlyConfigured(
            "SECRET_KEY must be set to at least 50 random characters. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))' "
            "(or set DEBUG=true on your own machine)."
        )
    return key


def allowed_hosts(debug: bool) -> list[str]:
    """The names this site answers to; production must say them."""
    hosts = env_list("ALLOWED_HOSTS")
    if debug:
        return hosts or ["localhost", "127.0.0.1", "[::1]"]
    if not hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the site, for example ALLOWED_HOSTS=waymark.example."
        )
    if any(host.strip(".") == "*" for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the site; '*' would answer to any name.")
    for host in hosts:
        if "/" in host or " " in host:
            raise ImproperlyConfigured(f"ALLOWED_HOSTS takes bare host names, not {host!r}.")
    return hosts


def time_zone() -> str:
    """The zone that dates are shown in."""
    name = os.environ.get("TIME_ZONE", "UTC")
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"TIME_ZONE must be a name such as Europe/Vilnius or UTC, not {name!r}."
        ) from error
    return name


def sqlite_options(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> dict:
    """Options under which an acknowledged write survives a power cut, and what is deleted is gone.

    IMMEDIATE takes the write lock when a transaction begins, so two writers wait
    for each other instead of failing half-way.
    """
    journal = (
        "journal_mode=WAL; PRAGMA synchronous=FULL"
        if version >= SAFE_WAL
        else ("journal_mode=DELETE; PRAGMA synchronous=EXTRA")
    )
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA {journal}; PRAGMA secure_delete=ON;",
    }


def database(default_file: Path) -> dict:
    """The database that DATABASE_URL names, or an SQLite file when it is not set."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": default_file, "OPTIONS": sqlite_options()}
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgres:// or sqlite:///, "
            f"not {scheme + '://' if scheme else 'with no scheme at all'}."
        )
    try:
        found = dict(Env.db_url_config(url))
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}.") from error
    if not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL must end with the name of the database.")
    if scheme == "sqlite":
        found["OPTIONS"] = sqlite_options()
        return found
    pool = {"min_size": 1, "max_size": 8, "timeout": 10}
    # A pool replaces long-lived connections: Django refuses both together.
    found |= {"CONN_MAX_AGE": 0, "OPTIONS": {**found.get("OPTIONS", {}), "pool": pool}}
    return found
