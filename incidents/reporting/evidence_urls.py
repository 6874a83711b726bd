"""Addresses of the evidence question, under report/evidence/."""

from __future__ import annotations

from django.urls import path

from incidents.reporting.evidence_page import report_evidence, report_evidence_thumbnail, report_evidence_upload

urlpatterns = [
    path("", report_evidence, name="report-evidence"),
    path("upload/", report_evidence_upload, name="report-evidence-upload"),
    path("<uuid:pk>/thumbnail/", report_evidence_thumbnail, name="report-evidence-thumbnail"),
]
