"""Django's registration of the school; has the database guard the logs after each migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from dkh_conduct.migrating import is_last


class SchoolConfig(AppConfig):
    name = "dkh_conduct.school"
    label = "school"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dkh_conduct.school import checks  # noqa: F401  registers itself

        post_migrate.connect(_guard_logs, dispatch_uid="school.guard_logs")


def _guard_logs(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    from dkh_conduct.school.chain_triggers import install_all

    if is_last(sender):
        install_all(using=using)
