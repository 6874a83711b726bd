"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from incidents.insights import notice_views, search_views, views

urlpatterns = [
    path("notices/", notice_views.notice_list, name="notice-list"),
    path("notices/read/", notice_views.notices_read, name="notices-read"),
    path("search/", search_views.search, name="search"),
    path("", views.dashboard, name="dashboard"),
]
