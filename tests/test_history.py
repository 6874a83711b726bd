"""Versions of rows: what `dkh_conduct.history` keeps of a manager is its class, never the row."""

from __future__ import annotations

import pytest
from django.apps import apps

from dkh_conduct.history import OneHistoryManager
from incidents.models import Person
from tests.factories import PersonFactory

TRACKED = [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_whatever_keeps_versions_does_so_with_one_class_for_each_model(model: type) -> None:
    manager = model.history  # type: ignore[attr-defined]
    assert isinstance(manager, OneHistoryManager)
    assert type(manager) is type(model.history)  # type: ignore[attr-defined]


def test_each_row_has_its_own_versions_and_the_model_has_all_of_them(db: None) -> None:
    ada, ben = PersonFactory.create(full_name="Ada"), PersonFactory.create(full_name="Ben")
    of_ada = ada.history
    ben.full_name = "Benjamin"
    ben.save()

    assert [version.full_name for version in of_ada.all()] == ["Ada"]
    assert [version.full_name for version in ben.history.order_by("history_id")] == ["Ben", "Benjamin"]
    assert {version.full_name for version in Person.history.all()} == {"Ada", "Ben", "Benjamin"}
