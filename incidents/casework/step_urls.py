"""Addresses of the ladder's steps, under a case."""

from __future__ import annotations

from django.urls import path

from incidents.casework import (
    approval_views,
    authority_views,
    autosave_views,
    ban_views,
    legal_views,
    letter_again_views,
    meeting_views,
    signal_views,
    step_page,
    step_views,
    warning_views,
)

urlpatterns = [
    path("warning/", warning_views.step_warning, name="step-warning"),
    path("meeting/", meeting_views.step_meeting, name="step-meeting"),
    path("<int:pk>/meeting/time/", meeting_views.meeting_arrange, name="meeting-arrange"),
    path("<int:pk>/meeting/said/", meeting_views.meeting_record, name="meeting-record"),
    path("<int:pk>/meeting/missed/", meeting_views.meeting_no_show, name="meeting-no-show"),
    path("<int:pk>/meeting/notes/", meeting_views.notes_agree, name="notes-agree"),
    path("<int:pk>/meeting/calendar/", meeting_views.meeting_calendar, name="meeting-calendar"),
    path("<int:pk>/meeting/<slug:stage>/", meeting_views.meeting_part, name="meeting-part"),
    path("signals/", signal_views.signal_list, name="signal-list"),
    path("signals/add/", signal_views.signal_add, name="signal-add"),
    path("signals/<int:pk>/withdraw/", signal_views.signal_withdraw, name="signal-withdraw"),
    path("authorities/", authority_views.step_authorities, name="step-authorities"),
    path("<int:pk>/authorities/sent/", authority_views.authority_sent, name="authority-sent"),
    path("<int:pk>/authorities/answer/", authority_views.authority_outcome, name="authority-outcome"),
    path("<int:pk>/authorities/pack/", authority_views.authority_pack, name="authority-pack"),
    path("legal/", legal_views.step_legal, name="step-legal"),
    path("<int:pk>/legal/pack/", legal_views.legal_pack, name="legal-pack"),
    path("<int:pk>/legal/advice/", legal_views.advice_add, name="advice-add"),
    path("ban/", ban_views.step_ban, name="step-ban"),
    path("<int:pk>/ban/heard/", ban_views.representation_add, name="representation-add"),
    path("<int:pk>/ban/seen/", ban_views.breach_add, name="breach-add"),
    path("<int:pk>/ban/<slug:stage>/", ban_views.ban_part, name="ban-part"),
    path("<int:pk>/", step_page.step, name="step"),
    path("<int:pk>/letter-again/", letter_again_views.step_letter_again, name="step-letter-again"),
    path("<int:pk>/rescind/", step_page.step_rescind, name="step-rescind"),
    path("<int:pk>/decide/", approval_views.proposal_decide, name="proposal-decide"),
    path("<int:draft>/draft/", step_views.step_draft, name="step-draft"),
    path("<int:draft>/draft/preview/", step_views.step_preview, name="step-preview"),
    path("<int:draft>/draft/autosave/", autosave_views.step_autosave, name="step-autosave"),
    path("<int:draft>/draft/discard/", step_views.step_discard, name="step-discard"),
]
