"""Django's registration of the demo school; it has no tables, only a command."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "dkh_conduct.demo"
    label = "demo"
