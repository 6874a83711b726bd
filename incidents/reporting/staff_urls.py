"""Addresses of this slice that are for staff."""

from __future__ import annotations

from django.urls import path

from incidents.reporting.recording import concern_record

urlpatterns = [path("concerns/record/", concern_record, name="concern-record")]
