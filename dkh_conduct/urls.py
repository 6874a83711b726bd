"""Every address of the portal, by slice."""

from __future__ import annotations

from django.urls import include, path

from dkh_conduct.health import healthz
from dkh_conduct.leaving import staff_leave
from dkh_conduct.looked import access_log, looked
from dkh_conduct.new_role import staff_member
from dkh_conduct.reading import case_why

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("staff/cases/<slug:reference>/why/", case_why, name="case-why"),
    path("staff/looked/<slug:thing>/<slug:reference>/", looked, name="looked"),
    path("staff/access-log/", access_log, name="access-log"),
    path("staff/people/<int:pk>/", staff_member, name="staff-member"),
    path("staff/people/<int:pk>/leave/", staff_leave, name="staff-leave"),
    path("staff/", include("dkh_conduct.accounts.urls")),
    path("staff/", include("incidents.reporting.staff_urls")),
    path("staff/concerns/", include("incidents.triage.urls")),
    path("staff/cases/", include("incidents.casework.urls")),
    path("staff/", include("incidents.casework.staff_urls")),
    path("staff/contacts/", include("incidents.contacts.urls")),
    path("staff/mailings/", include("incidents.contacts.mailing_urls")),
    path("staff/evidence/", include("incidents.evidence.urls")),
    path("staff/", include("letters.urls")),
    path("staff/", include("incidents.insights.urls")),
    path("", include("dkh_conduct.school.urls")),
    path("", include("incidents.reporting.urls")),
]

handler400 = "dkh_conduct.errors.bad_request"
handler403 = "dkh_conduct.errors.forbidden"
handler404 = "dkh_conduct.errors.not_found"
handler429 = "dkh_conduct.errors.too_many"  # allauth asks for this one
handler500 = "dkh_conduct.errors.server_error"
