"""Addresses of this slice that are not about one case."""

from __future__ import annotations

from django.urls import path

from incidents.casework import approval_views, ban_views, signature_views

urlpatterns = [
    path("approvals/", approval_views.approval_list, name="approval-list"),
    path("register/", ban_views.ban_register, name="ban-register"),
    path("signature/", signature_views.signature, name="signature"),
    path("signature/remove/", signature_views.signature_remove, name="signature-remove"),
    path("signature/picture/", signature_views.signature_picture, name="signature-picture"),
]
