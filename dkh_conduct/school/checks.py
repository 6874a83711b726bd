"""What `manage.py check --deploy` asks besides Django's own: whatever leaves this machine is sealed on its way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

HERE = {"", "localhost", "127.0.0.1", "::1"}


def _is_here(host: str) -> bool:
    return host in HERE or host.startswith("/")  # a socket in a folder


@register(Tags.security, deploy=True)
def connections_are_sealed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A database, a queue or a mail server elsewhere is talked to by TLS, and is shown to be the one that is meant."""
    return unsealed(settings.DATABASES["default"])


def unsealed(database: dict[str, Any]) -> list[Error]:
    found = []
    is_server = not database["ENGINE"].endswith("sqlite3")
    how = database.get("OPTIONS", {}).get("sslmode")
    if is_server and not _is_here(database.get("HOST") or "") and how != "verify-full":
        found.append(
            Error("The database is on another machine: add ?sslmode=verify-full to DATABASE_URL", id="conduct.E001")
        )
    queue = urlsplit(settings.REDIS_URL)
    if not _is_here(queue.hostname or "") and queue.scheme != "rediss":
        found.append(Error("Redis is on another machine: REDIS_URL has to start with rediss://", id="conduct.E002"))
    is_mailed = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if is_mailed and not _is_here(settings.EMAIL_HOST) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        found.append(
            Error("E-mail would leave in the clear: EMAIL_URL has to start with smtp+tls://", id="conduct.E003")
        )
    return found
