"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from incidents.evidence.chat_pages import evidence_date_order, evidence_mark, evidence_rest_destroy
from incidents.evidence.cover_page import evidence_cover
from incidents.evidence.pages import evidence, evidence_custody, evidence_original_open, evidence_redacted
from incidents.evidence.redact_page import evidence_redact
from incidents.evidence.views import evidence_file, evidence_part

urlpatterns = [
    path("<uuid:pk>/", evidence, name="evidence"),
    path("<uuid:pk>/custody/", evidence_custody, name="evidence-custody"),
    path("<uuid:pk>/open-original/", evidence_original_open, name="evidence-original-open"),
    path("<uuid:pk>/mark/", evidence_mark, name="evidence-mark"),
    path("<uuid:pk>/date-order/", evidence_date_order, name="evidence-date-order"),
    path("<uuid:pk>/destroy-rest/", evidence_rest_destroy, name="evidence-rest-destroy"),
    path("<uuid:pk>/cover/", evidence_cover, name="evidence-cover"),
    path("<uuid:pk>/redact/<int:number>/", evidence_redact, name="evidence-redact"),
    path("<uuid:pk>/redacted/<int:redaction>/", evidence_redacted, name="evidence-redacted"),
    path("<uuid:pk>/parts/<int:number>/<str:rendition>/", evidence_part, name="evidence-part"),
    path("<uuid:pk>/<str:rendition>/", evidence_file, name="evidence-file"),
]
