"""Django's registration of staff accounts; keeps the roles' groups in step with `roles.py` after each migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from dkh_conduct.migrating import is_last


class AccountsConfig(AppConfig):
    name = "dkh_conduct.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_sync_roles, dispatch_uid="accounts.sync_roles")


def _sync_roles(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    from dkh_conduct.accounts.roles import sync_roles

    if is_last(sender):
        sync_roles(using=using)
