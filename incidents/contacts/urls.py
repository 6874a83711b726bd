"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from incidents.contacts import import_views, views

urlpatterns = [
    path("", views.contact_list, name="contact-list"),
    path("import/", import_views.contact_import, name="contact-import"),
    path("import/<int:pk>/columns/", import_views.contact_import_columns, name="contact-import-columns"),
    path("import/<int:pk>/", import_views.contact_import_preview, name="contact-import-preview"),
    path("<int:number>/", views.contact, name="contact"),
    path("<int:number>/change/", views.contact_change, name="contact-change"),
    path("<int:number>/unlist/", views.contact_unlist, name="contact-unlist"),
    path("<int:number>/flags/set/", views.flag_set, name="flag-set"),
    path("<int:number>/flags/<int:flag>/lift/", views.flag_lift, name="flag-lift"),
    path("<int:number>/family/add/", views.family_add, name="family-add"),
    path("<int:number>/family/<int:link>/remove/", views.family_remove, name="family-remove"),
]
