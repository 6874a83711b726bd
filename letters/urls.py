"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from letters import desk_views, letter_views, poster_views, studio_views, views

urlpatterns = [
    path("print-room/", views.print_room, name="print-room"),
    path("print-room/print/", views.letters_print, name="letters-print"),
    path("print-room/post/", views.letters_post, name="letters-post"),
    path("print-room/email/", views.letters_email, name="letters-email"),
    path("letters/<str:reference>/post-instead/", views.letter_post_instead, name="letter-post-instead"),
    path("print-room/undo-posting/", views.posting_undo, name="posting-undo"),
    path("print-room/batches/<int:number>/", views.print_batch, name="print-batch"),
    path("print-room/batches/<int:number>/again/", views.batch_retry, name="batch-retry"),
    path("print-room/register.csv", desk_views.register_file, name="letter-register-file"),
    path("print-room/envelopes/", desk_views.envelopes, name="envelopes"),
    path("print-room/envelopes/<slug:key>.pdf", desk_views.envelope_test, name="envelope-test"),
    path("letters/<str:reference>/", letter_views.letter_detail, name="letter"),
    path("letters/<str:reference>/pdf/", letter_views.letter_pdf, name="letter-pdf"),
    path("letters/<str:reference>/picture/", letter_views.letter_picture, name="letter-picture"),
    path("letters/<str:reference>/retry/", views.letter_retry, name="letter-retry"),
    path("letters/<str:reference>/copy/", desk_views.letter_copy, name="letter-copy"),
    path("letters/<str:reference>/void/", desk_views.letter_void, name="letter-void"),
    path("letters/<str:reference>/print-size/", desk_views.letter_print_size, name="letter-print-size"),
    path("letter-templates/", studio_views.template_list, name="template-list"),
    path("letter-templates/<slug:kind>/", studio_views.template_change, name="template-change"),
    path("letter-templates/<slug:kind>/preview/", studio_views.template_preview, name="template-preview"),
    path("letter-templates/<slug:kind>/versions/", studio_views.template_versions, name="template-versions"),
    path("letter-templates/<slug:kind>/restore/", studio_views.template_restore, name="template-restore"),
    path("poster/", poster_views.poster, name="poster"),
    path("poster/poster.pdf", poster_views.poster_file, name="poster-pdf"),
    path("poster/qr-code.png", poster_views.poster_code, {"kind": "png"}, name="poster-png"),
    path("poster/qr-code.svg", poster_views.poster_code, {"kind": "svg"}, name="poster-svg"),
]
