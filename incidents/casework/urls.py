"""Addresses of this slice."""

from __future__ import annotations

from django.urls import include, path

from incidents.casework import (
    case_file_views,
    merge_views,
    views_allegations,
    views_case,
    views_closing,
    views_information,
    views_list,
    views_people,
    views_replies,
    views_running,
    views_tasks,
)

urlpatterns = [
    path("", views_list.case_list, name="case-list"),
    path("<str:reference>/", views_case.case, name="case"),
    path("<str:reference>/people/add/", views_people.person_add, name="person-add"),
    path("<str:reference>/people/<int:pk>/", views_people.person_change, name="person-change"),
    path("<str:reference>/people/<int:pk>/write-anyway/", views_people.person_write_anyway, name="person-write-anyway"),
    path("<str:reference>/allegations/add/", views_allegations.allegation_add, name="allegation-add"),
    path("<str:reference>/allegations/<int:pk>/finding/", views_allegations.finding_record, name="finding-record"),
    path("<str:reference>/information/ask/", views_information.information_ask, name="information-ask"),
    path("<str:reference>/information/<int:pk>/", views_information.information, name="information"),
    path(
        "<str:reference>/information/<int:pk>/received/",
        views_information.information_receive,
        name="information-receive",
    ),
    path("<str:reference>/cannot-wait/", views_information.cannot_wait_record, name="cannot-wait-record"),
    path("<str:reference>/replies/<int:pk>/", views_replies.case_reply, name="case-reply"),
    path("<str:reference>/replies/<int:pk>/read/", views_replies.case_reply_read, name="case-reply-read"),
    path("<str:reference>/notes/add/", views_running.note_add, name="note-add"),
    path("<str:reference>/tasks/add/", views_tasks.task_add, name="task-add"),
    path("<str:reference>/tasks/<int:pk>/done/", views_tasks.task_done, name="task-done"),
    path("<str:reference>/links/add/", views_tasks.case_link, name="case-link"),
    path("<str:reference>/links/<str:other>/remove/", views_tasks.case_unlink, name="case-unlink"),
    path("<str:reference>/close/", views_closing.case_close, name="case-close"),
    path("<str:reference>/reopen/", views_closing.case_reopen, name="case-reopen"),
    path("<str:reference>/pause/", views_closing.case_pause, name="case-pause"),
    path("<str:reference>/resume/", views_closing.case_resume, name="case-resume"),
    path("<str:reference>/lead/", views_running.lead_change, name="lead-change"),
    path("<str:reference>/step-aside/", views_running.conflict_record, name="conflict-record"),
    path("<str:reference>/merge/", merge_views.case_merge, name="case-merge"),
    path("<str:reference>/split/", merge_views.case_split, name="case-split"),
    path("<str:reference>/file/", case_file_views.case_file_ask, name="case-file-ask"),
    path("<str:reference>/file/<int:number>/", case_file_views.case_file, name="case-file"),
    path("<str:reference>/file/<int:number>/pdf/", case_file_views.case_file_pdf, name="case-file-pdf"),
    path("<str:reference>/file/<int:number>/again/", case_file_views.case_file_again, name="case-file-again"),
    path("<str:reference>/steps/", include("incidents.casework.step_urls")),
]
