"""When a migration is over. Django says so for each app in turn; what needs the tables of all waits for the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from django.apps import AppConfig


def is_last(sender: AppConfig) -> bool:
    """Is this the sender of the last `post_migrate` of one run? An app without models sends none."""
    return sender is [config for config in apps.get_app_configs() if config.models_module is not None][-1]
