"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from incidents.triage import saved, views, views_conflict, views_hand_over, views_outcome, views_reporter

urlpatterns = [
    path("", views.concern_list, name="concern-list"),
    path("filters/save/", saved.filter_save, name="filter-save"),
    path("filters/<int:pk>/remove/", saved.filter_remove, name="filter-remove"),
    path("<slug:reference>/", views.concern, name="concern"),
    path("<slug:reference>/assign/", views.concern_assign, name="concern-assign"),
    path("<slug:reference>/email/", views_reporter.concern_email, name="concern-email"),
    path("<slug:reference>/letter/", views_hand_over.concern_letter, name="concern-letter"),
    path("<slug:reference>/pause/", views_outcome.concern_pause, name="concern-pause"),
    path("<slug:reference>/resume/", views_outcome.concern_resume, name="concern-resume"),
    path("<slug:reference>/undo/", views_outcome.concern_undo, name="concern-undo"),
    path("<slug:reference>/step-aside/", views_conflict.concern_conflict, name="concern-conflict"),
    path("<slug:reference>/messages/", views_reporter.concern_messages, name="concern-messages"),
    path("<slug:reference>/messages/read/", views_reporter.concern_messages_read, name="concern-messages-read"),
    path("<slug:reference>/new-code/", views_reporter.concern_new_code, name="concern-new-code"),
]
