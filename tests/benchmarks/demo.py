"""The demo school in a folder of its own, for benchmarks that read its pages in this process."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.demo_school import PASSWORD, environment_of, told_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client


@contextmanager
def demo_school(prefix: str) -> Iterator[None]:
    """Once for a process: Django is set up for it."""
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        data = folder / "data"
        shutil.copytree(told_in(folder), data)
        os.environ.update(environment_of(data, SITE_URL="http://localhost"))
        import django

        django.setup()
        yield


def signed_in() -> Client:
    """As a senior leader."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")  # where the demo asks for no second step
    client.post("/staff/sign-in/", {"login": "ruth.adeyemi@dkh.example", "password": PASSWORD})
    return client
