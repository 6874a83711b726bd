"""The installation: settings, addresses, the task queue, and the two apps everything stands on."""

from __future__ import annotations

from dkh_conduct.celery import app as celery_app

__all__ = ["celery_app"]
