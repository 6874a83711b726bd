"""Migrations: many tables made at one go, and what waits for the last app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


def is_last(sender: AppConfig) -> bool:
    """Is this the sender of the last `post_migrate` of one run? An app without models sends none."""
    return sender is [config for config in apps.get_app_configs() if config.models_module is not None][-1]


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The tables that come first in a migration, made at one go, and then the rest of it.

    After each table Django works out anew every model that is connected with it, which is nearly all: for sixty tables
    half of the time until an empty database is ready.
    """
    first = next((place for place, each in enumerate(operations) if not isinstance(each, CreateModel)), len(operations))
    return [Tables(operations[:first]), *operations[first:]]


class Tables(Operation):
    """All of them are known before the first is made, so none may change a field of another."""

    category = OperationCategory.ADDITION

    def __init__(self, tables: Sequence[Operation]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # worked out once, by whoever asks for it next
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(table.describe() for table in self.tables)
