"""Addresses of the pages at the foot of every page, and of changing them."""

from __future__ import annotations

from django.urls import path

from dkh_conduct.school.calendar_views import (
    calendar,
    calendar_count,
    calendar_import,
    closed_day_add,
    closed_day_remove,
    term_add,
    term_change,
)
from dkh_conduct.school.models import Page
from dkh_conduct.school.page_views import page, page_change, page_list

urlpatterns = [
    *(path(f"{slug}/", page, {"slug": slug}, name=f"page-{slug}") for slug in Page.Slug.values),
    path("staff/calendar/", calendar, name="calendar"),
    path("staff/calendar/count/", calendar_count, name="calendar-count"),
    path("staff/calendar/import/", calendar_import, name="calendar-import"),
    path("staff/calendar/terms/add/", term_add, name="term-add"),
    path("staff/calendar/terms/<int:pk>/", term_change, name="term-change"),
    path("staff/calendar/closed/add/", closed_day_add, name="closed-day-add"),
    path("staff/calendar/closed/<int:pk>/remove/", closed_day_remove, name="closed-day-remove"),
    path("staff/pages/", page_list, name="page-list"),
    path("staff/pages/<slug:slug>/", page_change, name="page-change"),
]
