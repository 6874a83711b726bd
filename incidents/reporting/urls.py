"""Addresses of the parents' side."""

from __future__ import annotations

from django.urls import include, path

from incidents.reporting.check import report_check, report_receipt, report_sent
from incidents.reporting.contact_page import status_contact, status_contact_confirm
from incidents.reporting.detours import call_first, complaints_procedure
from incidents.reporting.later import report_later, report_resume
from incidents.reporting.letter_page import emailed_letter, emailed_letter_file, emailed_letter_read
from incidents.reporting.lost_code_page import status_lost_code, status_new_code
from incidents.reporting.pages import policy, start
from incidents.reporting.question import question, report
from incidents.reporting.questions import QUESTIONS
from incidents.reporting.reply_pages import reply, reply_letter, reply_sent, reply_thumbnail
from incidents.reporting.status import status, status_leave
from incidents.reporting.status_concern import status_concern, status_thumbnail
from incidents.reporting.withdrawing import status_withdraw

urlpatterns = [
    path("", start, name="start"),
    path("policy/", policy, name="policy"),
    path("report/", report, name="report"),
    *(
        path(f"report/{asked.slug}/", question, {"slug": asked.slug}, name=asked.url_name)
        for asked in QUESTIONS
        if asked.form
    ),
    path("report/call-first/", call_first, name="report-call-first"),
    path("report/complaints-procedure/", complaints_procedure, name="report-complaints-procedure"),
    path("report/evidence/", include("incidents.reporting.evidence_urls")),
    path("report/check/", report_check, name="report-check"),
    path("report/later/", report_later, name="report-later"),
    path("report/resume/<str:token>/", report_resume, name="report-resume"),
    path("report/sent/", report_sent, name="report-sent"),
    path("report/sent/receipt.pdf", report_receipt, name="report-receipt"),
    path("letter/", emailed_letter_read, name="emailed-letter-read"),
    path("letter/file.pdf", emailed_letter_file, name="emailed-letter-file"),
    path("letter/<str:reference>/", emailed_letter, name="emailed-letter"),
    path("reply/", reply, name="reply"),
    path("reply/letter/", reply_letter, name="reply-letter"),
    path("reply/letter/<uuid:pk>/thumbnail/", reply_thumbnail, name="reply-thumbnail"),
    path("reply/sent/", reply_sent, name="reply-sent"),
    path("status/", status, name="status"),
    path("status/concern/", status_concern, name="status-concern"),
    path("status/concern/files/<uuid:pk>/", status_thumbnail, name="status-thumbnail"),
    path("status/withdraw/", status_withdraw, name="status-withdraw"),
    path("status/contact/", status_contact, name="status-contact"),
    path("status/contact/confirm/<str:token>/", status_contact_confirm, name="status-contact-confirm"),
    path("status/lost-code/", status_lost_code, name="status-lost-code"),
    path("status/new-code/<str:token>/", status_new_code, name="status-new-code"),
    path("status/leave/", status_leave, name="status-leave"),
]
