"""Addresses of letters to many."""

from __future__ import annotations

from django.urls import path

from incidents.contacts import mailing_autosave, mailing_views

urlpatterns = [
    path("", mailing_views.mailing_list, name="mailing-list"),
    path("new/", mailing_views.mailing_start, name="mailing-start"),
    path("<int:number>/", mailing_views.mailing, name="mailing"),
    path("<int:number>/again/<int:row>/", mailing_views.mailing_again, name="mailing-again"),
    path("<int:number>/preview/", mailing_views.mailing_preview, name="mailing-preview"),
    path("<int:number>/autosave/", mailing_autosave.mailing_autosave, name="mailing-autosave"),
]
