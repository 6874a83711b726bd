"""Who may open what: every address, every role. An address that is not in the tables below fails the test."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from dkh_conduct.accounts.roles import Role
from dkh_conduct.school.chain import logs
from incidents.casework.conflicts import record_conflict
from incidents.casework.referrals import refer_case
from incidents.models import Concern, Reporter
from tests.access_of_the_chair import CHAIR_GET, CHAIR_POST
from tests.addresses import World, build_world, every_name
from tests.factories import UserFactory
from tests.headers import check_headers, check_markup

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User

pytestmark = pytest.mark.django_db

# `aside` may do what `slt` may, but stepped aside from the case; `outsider` is the head of another school, and
# `stranger` its office. `dsl`, the safeguarding lead, reads flagged concerns only, and the one here is not. To
# `legal`, of the Trust, nothing was referred, to `referred` this case was; `dpo` is the data protection lead. Another
# school and a conflict read 404; the wrong role reads 403. A list opens for other schools because it is their own list.
ROLES = (
    *("nobody", "office", "slt", "head", "aside", "outsider", "stranger"),
    *("dsl", "legal", "referred", "dpo", "admin", "chair", "passed"),
)
PUBLIC = {
    *("healthz", "start", "policy", "status", "status-concern", "status-leave"),
    *("report", "report-what", "report-where", "report-when", "report-who", "report-words", "report-you"),
    *("report-danger", "report-call-first", "report-complaint", "report-complaints-procedure", "report-leader"),
    *("report-evidence", "report-evidence-upload", "report-evidence-thumbnail", "report-check", "report-sent"),
    *("report-later", "report-resume"),
    *("openid_connect_login", "openid_connect_callback"),
    *("account_login", "account_logout", "account_reset_password", "account_reset_password_done"),
    *("mfa_login_webauthn", "mfa_authenticate", "invitation", "invitation-open"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("healthz", "start", "policy", "status", "status-concern", "status-leave", "status-thumbnail"),
    *("status-withdraw", "status-contact", "status-contact-confirm", "status-lost-code", "status-new-code"),
    "report-receipt",
    *("emailed-letter", "emailed-letter-read", "emailed-letter-file"),
    *("reply", "reply-letter", "reply-thumbnail", "reply-sent"),
    *("page-accessibility", "page-privacy", "page-cookies", "page-contact"),
}
# Everybody's own account, whatever their role: what is there is theirs.
OWN = {
    name for name in every_name() if name.startswith(("mfa_", "account_reauthenticate", "session-", "unlocked"))
} - PUBLIC
GET = """
                                      nobody office slt head aside outsider stranger dsl legal referred dpo admin
healthz                               200    200    200 200  200   200      200      200 200   200      200 200
account_login                         200    302    302 302  302   302      302      302 302   302      302 302
openid_connect_login                  405    405    405 405  405   405      405      405 405   405      405 405
openid_connect_callback               404    404    404 404  404   404      404      404 404   404      404 404
account_logout                        302    200    200 200  200   200      200      200 200   200      200 200
account_reset_password                200    200    200 200  200   200      200      200 200   200      200 200
account_reset_password_done           200    200    200 200  200   200      200      200 200   200      200 200
account_reset_password_from_key       200    200    200 200  200   200      200      200 200   200      200 200
account_reset_password_from_key_done  200    200    200 200  200   200      200      200 200   200      200 200
start                                 200    200    200 200  200   200      200      200 200   200      200 200
policy                                200    200    200 200  200   200      200      200 200   200      200 200
report                                302    302    302 302  302   302      302      302 302   302      302 302
report-danger                         200    200    200 200  200   200      200      200 200   200      200 200
report-call-first                     302    302    302 302  302   302      302      302 302   302      302 302
report-what                           200    200    200 200  200   200      200      200 200   200      200 200
report-complaint                      200    200    200 200  200   200      200      200 200   200      200 200
report-complaints-procedure           302    302    302 302  302   302      302      302 302   302      302 302
report-where                          200    200    200 200  200   200      200      200 200   200      200 200
report-when                           200    200    200 200  200   200      200      200 200   200      200 200
report-who                            200    200    200 200  200   200      200      200 200   200      200 200
report-words                          200    200    200 200  200   200      200      200 200   200      200 200
report-leader                         200    200    200 200  200   200      200      200 200   200      200 200
report-you                            200    200    200 200  200   200      200      200 200   200      200 200
report-evidence                       200    200    200 200  200   200      200      200 200   200      200 200
report-evidence-upload                405    405    405 405  405   405      405      405 405   405      405 405
report-evidence-thumbnail             404    404    404 404  404   404      404      404 404   404      404 404
report-check                          200    200    200 200  200   200      200      200 200   200      200 200
report-later                          200    200    200 200  200   200      200      200 200   200      200 200
report-resume                         410    410    410 410  410   410      410      410 410   410      410 410
report-sent                           410    410    410 410  410   410      410      410 410   410      410 410
emailed-letter                        200    200    200 200  200   200      200      200 200   200      200 200
emailed-letter-read                   302    302    302 302  302   302      302      302 302   302      302 302
emailed-letter-file                   404    404    404 404  404   404      404      404 404   404      404 404
reply                                 200    200    200 200  200   200      200      200 200   200      200 200
reply-letter                          302    302    302 302  302   302      302      302 302   302      302 302
reply-thumbnail                       404    404    404 404  404   404      404      404 404   404      404 404
reply-sent                            302    302    302 302  302   302      302      302 302   302      302 302
report-receipt                        410    410    410 410  410   410      410      410 410   410      410 410
status                                200    200    200 200  200   200      200      200 200   200      200 200
status-concern                        302    302    302 302  302   302      302      302 302   302      302 302
status-thumbnail                      302    302    302 302  302   302      302      302 302   302      302 302
status-withdraw                       302    302    302 302  302   302      302      302 302   302      302 302
status-contact                        302    302    302 302  302   302      302      302 302   302      302 302
status-contact-confirm                410    410    410 410  410   410      410      410 410   410      410 410
status-lost-code                      200    200    200 200  200   200      200      200 200   200      200 200
status-new-code                       410    410    410 410  410   410      410      410 410   410      410 410
status-leave                          405    405    405 405  405   405      405      405 405   405      405 405
dashboard                             302    302    200 200  200   200      302      302 302   302      302 302
search                                302    200    200 200  200   200      200      200 200   200      403 403
notice-list                           302    403    200 200  200   200      403      200 200   200      403 403
notices-read                          302    405    405 405  405   405      405      405 405   405      405 405
concern-list                          302    403    200 200  200   200      403      200 403   403      403 403
filter-save                           302    405    405 405  405   405      405      405 405   405      405 405
filter-remove                         302    405    405 405  405   405      405      405 405   405      405 405
concern-record                        302    200    200 200  200   200      200      200 403   403      403 403
concern                               302    403    200 200  404   404      403      404 403   403      403 403
concern-assign                        302    405    405 405  405   405      405      405 405   405      405 405
concern-conflict                      302    403    200 200  404   404      403      403 403   403      403 403
concern-email                         302    405    405 405  405   405      405      405 405   405      405 405
concern-pause                         302    403    200 200  404   404      403      404 403   403      403 403
concern-resume                        302    403    200 200  404   404      403      404 403   403      403 403
concern-undo                          302    403    200 200  404   404      403      403 403   403      403 403
concern-letter                        302    403    404 404  404   404      403      403 403   403      403 403
concern-messages                      302    403    200 200  404   404      403      403 403   403      403 403
concern-messages-read                 302    405    405 405  405   405      405      405 405   405      405 405
concern-new-code                      302    403    200 200  404   404      403      404 403   403      403 403
case-list                             302    403    200 200  200   200      403      403 200   200      403 403
case                                  302    403    200 200  404   404      403      403 404   200      403 403
person-add                            302    403    200 200  404   404      403      403 403   403      403 403
person-change                         302    403    200 200  404   404      403      403 403   403      403 403
person-write-anyway                   302    403    403 200  403   404      403      403 403   403      403 403
contact-list                          302    200    200 200  200   200      200      403 403   403      403 403
mailing-list                          302    200    200 200  200   200      200      403 403   403      403 403
mailing-start                         302    403    200 200  200   200      403      403 403   403      403 403
mailing                               302    404    200 200  200   404      404      403 403   403      403 403
mailing-preview                       302    404    200 200  200   404      404      403 403   403      403 403
mailing-autosave                      302    405    405 405  405   405      405      405 405   405      405 405
mailing-again                         302    405    405 405  405   405      405      405 405   405      405 405
contact-import                        302    200    200 200  200   200      200      403 403   403      403 403
contact-import-columns                302    200    404 404  404   404      404      403 403   403      403 403
contact-import-preview                302    200    404 404  404   404      404      403 403   403      403 403
contact                               302    200    200 200  200   404      404      403 403   403      403 403
contact-change                        302    200    200 200  200   404      404      403 403   403      403 403
contact-unlist                        302    405    405 405  405   405      405      405 405   405      405 405
flag-set                              302    200    200 200  200   404      404      403 403   403      403 403
flag-lift                             302    403    200 200  200   404      403      403 403   403      403 403
family-add                            302    200    200 200  200   404      404      403 403   403      403 403
family-remove                         302    405    405 405  405   405      405      405 405   405      405 405
allegation-add                        302    403    200 200  404   404      403      403 403   403      403 403
finding-record                        302    403    200 200  404   404      403      403 403   403      403 403
information-ask                       302    403    200 200  404   404      403      403 403   403      403 403
information                           302    403    200 200  404   404      403      403 404   200      403 403
information-receive                   302    403    200 200  404   404      403      403 403   403      403 403
cannot-wait-record                    302    403    200 200  404   404      403      403 403   403      403 403
case-reply                            302    403    200 200  404   404      403      403 404   200      403 403
case-reply-read                       302    405    405 405  405   405      405      405 405   405      405 405
note-add                              302    403    200 200  404   404      403      403 403   403      403 403
task-add                              302    403    200 200  404   404      403      403 403   403      403 403
task-done                             302    405    405 405  405   405      405      405 405   405      405 405
case-link                             302    403    200 200  404   404      403      403 403   403      403 403
case-unlink                           302    405    405 405  405   405      405      405 405   405      405 405
case-close                            302    403    200 200  404   404      403      403 403   403      403 403
case-reopen                           302    403    302 302  404   404      403      403 403   403      403 403
case-merge                            302    403    200 200  404   404      403      403 403   403      403 403
case-split                            302    403    200 200  404   404      403      403 403   403      403 403
case-file-ask                         302    403    200 200  404   404      403      403 403   403      403 403
case-file                             302    403    200 200  404   404      403      403 403   403      403 403
case-file-pdf                         302    403    200 200  404   404      403      403 403   403      403 403
case-file-again                       302    405    405 405  405   405      405      405 405   405      405 405
case-pause                            302    403    200 200  404   404      403      403 403   403      403 403
case-resume                           302    403    200 200  404   404      403      403 403   403      403 403
lead-change                           302    403    200 200  404   404      403      403 403   403      403 403
conflict-record                       302    403    200 200  404   404      403      403 403   403      403 403
step-warning                          302    403    302 302  404   404      403      403 403   403      403 403
step-draft                            302    403    200 200  404   404      403      403 403   403      403 403
step-preview                          302    403    200 200  404   404      403      403 403   403      403 403
step-autosave                         302    405    405 405  405   405      405      405 405   405      405 405
step-discard                          302    403    200 200  404   404      403      403 403   403      403 403
step                                  302    403    200 200  404   404      403      403 404   200      403 403
step-letter-again                     302    403    200 200  404   404      403      403 403   403      403 403
step-rescind                          302    403    200 200  404   404      403      403 403   403      403 403
proposal-decide                       302    403    403 200  403   404      403      403 403   403      403 403
approval-list                         302    403    403 200  403   200      403      403 403   403      403 403
step-meeting                          302    403    200 200  404   404      403      403 403   403      403 403
meeting-arrange                       302    403    200 200  404   404      403      403 403   403      403 403
meeting-record                        302    403    200 200  404   404      403      403 403   403      403 403
meeting-no-show                       302    403    200 200  404   404      403      403 403   403      403 403
notes-agree                           302    403    200 200  404   404      403      403 403   403      403 403
meeting-part                          302    403    200 200  404   404      403      403 403   403      403 403
meeting-calendar                      302    403    302 302  404   404      403      403 403   403      403 403
signal-list                           302    403    200 200  404   404      403      403 404   200      403 403
signal-add                            302    403    200 200  404   404      403      403 403   403      403 403
signal-withdraw                       302    403    200 200  404   404      403      403 403   403      403 403
step-authorities                      302    403    200 200  404   404      403      403 403   403      403 403
authority-sent                        302    403    200 200  404   404      403      403 403   403      403 403
authority-outcome                     302    403    200 200  404   404      403      403 403   403      403 403
authority-pack                        302    405    405 405  405   405      405      405 405   405      405 405
step-legal                            302    403    200 200  404   404      403      403 403   403      403 403
legal-pack                            302    403    200 404  404   404      403      403 404   200      403 403
advice-add                            302    403    200 404  404   404      403      403 404   200      403 403
step-ban                              302    403    302 302  404   404      403      403 403   403      403 403
ban-part                              302    403    200 200  404   404      403      403 403   403      403 403
representation-add                    302    403    200 200  404   404      403      403 403   403      403 403
breach-add                            302    403    200 200  404   404      403      403 403   403      403 403
signature                             302    403    200 200  200   200      403      403 403   403      403 403
signature-remove                      302    405    405 405  405   405      405      405 405   405      405 405
signature-picture                     302    403    404 404  404   404      403      403 403   403      403 403
ban-register                          302    200    200 200  200   200      200      403 403   403      403 403
evidence-file                         302    404    200 200  404   404      404      404 404   200      404 404
evidence                              302    404    200 200  404   404      404      404 404   200      404 404
evidence-custody                      302    404    200 200  404   404      404      404 404   200      404 404
evidence-part                         302    404    200 200  404   404      404      404 404   200      404 404
evidence-redacted                     302    404    200 200  404   404      404      404 404   200      404 404
evidence-redact                       302    403    200 200  404   404      403      403 403   403      403 403
evidence-mark                         302    405    405 405  405   405      405      405 405   405      405 405
evidence-date-order                   302    405    405 405  405   405      405      405 405   405      405 405
evidence-rest-destroy                 302    403    404 404  404   404      403      403 403   403      403 403
evidence-cover                        302    403    404 404  404   404      403      403 403   403      403 403
evidence-original-open                302    403    403 200  403   404      403      403 404   200      403 403
print-room                            302    200    200 200  200   200      200      403 403   403      403 403
letters-print                         302    405    405 405  405   405      405      405 405   405      405 405
letters-post                          302    405    405 405  405   405      405      405 405   405      405 405
letters-email                         302    405    405 405  405   405      405      405 405   405      405 405
letter-post-instead                   302    405    405 405  405   405      405      405 405   405      405 405
posting-undo                          302    405    405 405  405   405      405      405 405   405      405 405
print-batch                           302    200    403 403  403   403      404      403 403   403      403 403
letter                                302    200    200 200  404   404      404      403 403   403      403 403
letter-pdf                            302    200    200 200  404   404      404      403 403   403      403 403
letter-picture                        302    200    200 200  404   404      404      403 403   403      403 403
letter-retry                          302    405    405 405  405   405      405      405 405   405      405 405
batch-retry                           302    405    405 405  405   405      405      405 405   405      405 405
letter-register-file                  302    200    200 200  200   200      200      403 403   403      403 403
envelopes                             302    200    403 403  403   403      200      403 403   403      403 403
envelope-test                         302    200    403 403  403   403      200      403 403   403      403 403
template-list                         302    403    200 200  200   200      403      403 403   403      403 200
template-change                       302    403    200 200  200   200      403      403 403   403      403 200
template-preview                      302    403    200 200  200   200      403      403 403   403      403 200
template-versions                     302    403    200 200  200   200      403      403 403   403      403 200
template-restore                      302    405    405 405  405   405      405      405 405   405      405 405
letter-print-size                     302    405    405 405  405   405      405      405 405   405      405 405
letter-copy                           302    200    403 403  403   403      404      403 403   403      403 403
letter-void                           302    200    200 200  404   404      404      403 403   403      403 403
page-accessibility                    200    200    200 200  200   200      200      200 200   200      200 200
page-privacy                          200    200    200 200  200   200      200      200 200   200      200 200
page-cookies                          200    200    200 200  200   200      200      200 200   200      200 200
page-contact                          200    200    200 200  200   200      200      200 200   200      200 200
calendar                              302    200    200 200  200   200      200      200 200   200      200 200
calendar-count                        302    200    200 200  200   200      200      200 200   200      200 200
calendar-import                       302    200    403 403  403   403      200      403 403   403      403 200
term-add                              302    200    403 403  403   403      200      403 403   403      403 200
term-change                           302    200    403 403  403   403      404      403 403   403      403 200
closed-day-add                        302    200    403 403  403   403      200      403 403   403      403 200
closed-day-remove                     302    405    405 405  405   405      405      405 405   405      405 405
page-list                             302    403    403 403  403   403      403      403 403   403      403 200
page-change                           302    403    403 403  403   403      403      403 403   403      403 200
rights                                302    403    403 200  403   200      403      403 403   403      200 200
poster                                302    200    200 200  200   200      200      200 200   200      200 200
poster-pdf                            302    200    200 200  200   200      200      200 200   200      200 200
poster-png                            302    200    200 200  200   200      200      200 200   200      200 200
poster-svg                            302    200    200 200  200   200      200      200 200   200      200 200
mfa_login_webauthn                    302    302    302 302  302   302      302      302 302   302      302 302
mfa_authenticate                      302    302    302 302  302   302      302      302 302   302      302 302
account_reauthenticate                302    200    200 200  200   200      200      200 200   200      200 200
mfa_reauthenticate                    302    302    302 302  302   302      302      302 302   302      302 302
mfa_reauthenticate_webauthn           302    302    302 302  302   302      302      302 302   302      302 302
mfa_index                             302    200    200 200  200   200      200      200 200   200      200 200
mfa_activate_totp                     302    200    200 200  200   200      200      200 200   200      200 200
mfa_deactivate_totp                   302    404    404 404  404   404      404      404 404   404      404 404
mfa_add_webauthn                      302    200    200 200  200   200      200      200 200   200      200 200
mfa_remove_webauthn                   302    404    404 404  404   404      404      404 404   404      404 404
mfa_view_recovery_codes               302    404    404 404  404   404      404      404 404   404      404 404
mfa_generate_recovery_codes           302    405    405 405  405   405      405      405 405   405      405 405
staff-leave                           302    403    403 403  403   403      403      403 403   403      403 200
staff-list                            302    403    403 403  403   403      403      403 403   403      403 200
staff-invite                          302    403    403 403  403   403      403      403 403   403      403 200
staff-member                          302    403    403 403  403   403      403      403 403   403      403 200
staff-second-step-reset               302    405    405 405  405   405      405      405 405   405      405 405
staff-sessions-end                    302    405    405 405  405   405      405      405 405   405      405 405
invitation-withdraw                   302    405    405 405  405   405      405      405 405   405      405 405
invitation                            410    410    410 410  410   410      410      410 410   410      410 410
invitation-open                       302    302    302 302  302   302      302      302 302   302      302 302
session-list                          302    200    200 200  200   200      200      200 200   200      200 200
case-why                              302    403    200 200  404   404      403      403 404   200      403 403
looked                                302    404    200 200  404   404      404      404 404   200      404 404
access-log                            302    403    403 200  403   200      403      403 403   403      200 403
unlocked                              302    409    409 409  409   409      409      409 409   409      409 409
session-stay                          302    405    405 405  405   405      405      405 405   405      405 405
session-end                           302    405    405 405  405   405      405      405 405   405      405 405
"""
# What a POST answers to those who may not do what it does; a dot where they may, or where nothing is there to do.
POST = """
                         office slt head aside outsider stranger dsl legal referred dpo admin
concern                  403    .   .    404   404      403      404 403   403      403 403
concern-assign           403    .   .    404   404      403      403 403   403      403 403
concern-conflict         403    .   .    404   404      403      403 403   403      403 403
concern-email            403    .   .    404   404      403      404 403   403      403 403
concern-pause            403    .   .    404   404      403      404 403   403      403 403
concern-resume           403    .   .    404   404      403      404 403   403      403 403
concern-undo             403    .   .    404   404      403      403 403   403      403 403
concern-letter           403    .   .    404   404      403      403 403   403      403 403
concern-messages         403    .   .    404   404      403      403 403   403      403 403
concern-messages-read    403    .   .    404   404      403      403 403   403      403 403
concern-new-code         403    .   .    404   404      403      404 403   403      403 403
person-add               403    .   .    404   404      403      403 403   403      403 403
person-change            403    .   .    404   404      403      403 403   403      403 403
person-write-anyway      403    403 .    403   404      403      403 403   403      403 403
mailing-start            403    .   .    .     .        403      403 403   403      403 403
mailing                  404    .   .    .     404      404      403 403   403      403 403
mailing-preview          404    .   .    .     404      404      403 403   403      403 403
mailing-autosave         403    .   .    .     404      403      403 403   403      403 403
mailing-again            403    .   .    .     404      403      403 403   403      403 403
contact-import           .      .   .    .     .        .        403 403   403      403 403
contact-import-columns   .      404 404  404   404      404      403 403   403      403 403
contact-import-preview   .      404 404  404   404      404      403 403   403      403 403
contact-change           .      .   .    .     404      404      403 403   403      403 403
contact-unlist           .      .   .    .     404      404      403 403   403      403 403
flag-set                 .      .   .    .     404      404      403 403   403      403 403
flag-lift                403    .   .    .     404      403      403 403   403      403 403
family-add               .      .   .    .     404      404      403 403   403      403 403
family-remove            .      .   .    .     404      404      403 403   403      403 403
allegation-add           403    .   .    404   404      403      403 403   403      403 403
finding-record           403    .   .    404   404      403      403 403   403      403 403
information-ask          403    .   .    404   404      403      403 403   403      403 403
information-receive      403    .   .    404   404      403      403 403   403      403 403
cannot-wait-record       403    .   .    404   404      403      403 403   403      403 403
case-reply-read          403    .   .    404   404      403      403 403   403      403 403
note-add                 403    .   .    404   404      403      403 403   403      403 403
task-add                 403    .   .    404   404      403      403 403   403      403 403
task-done                403    .   .    404   404      403      403 403   403      403 403
case-link                403    .   .    404   404      403      403 403   403      403 403
case-unlink              403    .   .    404   404      403      403 403   403      403 403
case-close               403    .   .    404   404      403      403 403   403      403 403
case-reopen              403    .   .    404   404      403      403 403   403      403 403
case-merge               403    .   .    404   404      403      403 403   403      403 403
case-split               403    .   .    404   404      403      403 403   403      403 403
case-file-ask            403    .   .    404   404      403      403 403   403      403 403
case-file-again          403    .   .    404   404      403      403 403   403      403 403
case-pause               403    .   .    404   404      403      403 403   403      403 403
case-resume              403    .   .    404   404      403      403 403   403      403 403
lead-change              403    .   .    404   404      403      403 403   403      403 403
conflict-record          403    .   .    404   404      403      403 403   403      403 403
evidence-redact          403    .   .    404   404      403      403 403   403      403 403
evidence-rest-destroy    403    404 404  404   404      403      403 403   403      403 403
evidence-cover           403    404 404  404   404      403      403 403   403      403 403
evidence-date-order      403    404 404  404   404      403      403 403   403      403 403
evidence-mark            403    404 404  404   404      403      403 403   403      403 403
evidence-original-open   403    403 .    403   404      403      403 404   .        403 403
step-warning             403    .   .    404   404      403      403 403   403      403 403
step-draft               403    .   .    404   404      403      403 403   403      403 403
step-preview             403    .   .    404   404      403      403 403   403      403 403
step-autosave            403    .   .    404   404      403      403 403   403      403 403
step-discard             403    .   .    404   404      403      403 403   403      403 403
step-letter-again        403    .   .    404   404      403      403 403   403      403 403
step-rescind             403    .   .    404   404      403      403 403   403      403 403
signature                403    .   .    .     .        403      403 403   403      403 403
signature-remove         403    .   .    .     .        403      403 403   403      403 403
proposal-decide          403    403 .    403   404      403      403 403   403      403 403
step-meeting             403    .   .    404   404      403      403 403   403      403 403
meeting-arrange          403    .   .    404   404      403      403 403   403      403 403
meeting-record           403    .   .    404   404      403      403 403   403      403 403
meeting-no-show          403    .   .    404   404      403      403 403   403      403 403
notes-agree              403    .   .    404   404      403      403 403   403      403 403
meeting-part             403    .   .    404   404      403      403 403   403      403 403
signal-add               403    .   .    404   404      403      403 403   403      403 403
signal-withdraw          403    .   .    404   404      403      403 403   403      403 403
step-authorities         403    .   .    404   404      403      403 403   403      403 403
authority-sent           403    .   .    404   404      403      403 403   403      403 403
authority-outcome        403    .   .    404   404      403      403 403   403      403 403
authority-pack           403    .   .    404   404      403      403 403   403      403 403
step-legal               403    .   .    404   404      403      403 403   403      403 403
advice-add               403    .   404  404   404      403      403 404   .        403 403
step-ban                 403    .   .    404   404      403      403 403   403      403 403
ban-part                 403    .   .    404   404      403      403 403   403      403 403
representation-add       403    .   .    404   404      403      403 403   403      403 403
breach-add               403    .   .    404   404      403      403 403   403      403 403
letters-print            .      403 403  403   403      .        403 403   403      403 403
letters-post             .      403 403  403   403      .        403 403   403      403 403
letters-email            .      403 403  403   403      .        403 403   403      403 403
letter-post-instead      .      403 403  403   403      404      403 403   403      403 403
posting-undo             .      403 403  403   403      .        403 403   403      403 403
letter-retry             .      403 403  403   403      404      403 403   403      403 403
letter-copy              .      403 403  403   403      404      403 403   403      403 403
letter-void              .      .   .    404   404      404      403 403   403      403 403
envelopes                .      403 403  403   403      .        403 403   403      403 403
template-change          403    .   .    .     .        403      403 403   403      403 .
template-preview         403    .   .    .     .        403      403 403   403      403 .
template-restore         403    .   .    .     .        403      403 403   403      403 .
letter-print-size        403    .   .    404   404      403      403 403   403      403 403
batch-retry              .      403 403  403   403      404      403 403   403      403 403
page-change              403    403 403  403   403      403      403 403   403      403 .
staff-invite             403    403 403  403   403      403      403 403   403      403 .
staff-member             403    403 403  403   403      403      403 403   403      403 .
staff-second-step-reset  403    403 403  403   403      403      403 403   403      403 .
staff-sessions-end       403    403 403  403   403      403      403 403   403      403 .
staff-leave              403    403 403  403   403      403      403 403   403      403 .
invitation-withdraw      403    403 403  403   403      403      403 403   403      403 .
case-why                 403    .   .    404   404      403      403 404   .        403 403
calendar-import          .      403 403  403   403      .        403 403   403      403 .
term-add                 .      403 403  403   403      .        403 403   403      403 .
term-change              .      403 403  403   403      404      403 403   403      403 .
closed-day-add           .      403 403  403   403      .        403 403   403      403 .
closed-day-remove        .      403 403  403   403      404      403 403   403      403 .
concern-record           .      .   .    .     .        .        .   403   403      403 403
notice-list              403    .   .    .     .        403      .   .     .        403 403
notices-read             403    .   .    .     .        403      .   .     .        403 403
filter-save              403    .   .    .     .        403      .   403   403      403 403
filter-remove            403    .   404  404   404      403      404 403   403      403 403
"""


# Who may read who reported; the safeguarding lead only where somebody is in danger, and nobody is here.
KNOW_THE_REPORTER = {"slt", "head", "passed"}
CANARIES = (b"Zephyrina Quillfeather", b"zephyrina")


def table(text: str) -> dict[str, dict[str, str]]:
    """Of each address, what each role gets."""
    chairs = _rows(CHAIR_GET if text is GET else CHAIR_POST)
    rows = _rows(text)
    assert chairs.keys() <= rows.keys()
    return {
        name: {**row, "chair": row["aside"], "passed": row["head"], **chairs.get(name, {})}
        for name, row in rows.items()
    }


def _rows(text: str) -> dict[str, dict[str, str]]:
    heads, *lines = text.strip("\n").splitlines()
    return {line.split()[0]: dict(zip(heads.split(), line.split()[1:], strict=True)) for line in lines}


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


@pytest.fixture
def world(slt, office, colleague, head):
    return build_world(slt=slt, office=office, colleague=colleague)


@pytest.fixture
def client_of(world, slt, office, colleague, head, admin, outsider, signed_in):
    stranger = UserFactory.create(school=outsider.school, role=Role.OFFICE)
    people = {"office": office, "slt": slt, "head": head, "aside": colleague, "admin": admin}
    people |= {"outsider": outsider, "stranger": stranger}
    people["dsl"] = UserFactory.create(school=slt.school, role=Role.DSL)
    people["chair"] = people["passed"] = UserFactory.create(school=slt.school, role=Role.CHAIR)
    people["dpo"] = UserFactory.create(school=slt.school, role=Role.DPO)
    people["legal"] = UserFactory.create(school=slt.school, role=Role.LEGAL)
    people["referred"] = UserFactory.create(school=slt.school, role=Role.LEGAL)
    refer_case(case=world.rows["case"], to=people["referred"], by=slt, reason="The words may be libellous.")

    def of(role: str) -> Client:
        if role == "passed":
            _pass_on(world, head)
        return signed_in(people[role]) if role in people else Client()

    return of


def _pass_on(world: World, head: User) -> None:
    """The one Executive Head is named in it too."""
    record_conflict(case=world.rows["case"], by=head, reason="Named in it")
    world.rows["concern"].conflicts.create(user=head, reason="Named in it")
    world.rows["letter"].withheld_from.add(head)


def what_is_stored() -> dict[str, str]:
    """A checksum of every table but the sessions, the cache, and the logs, which keep who looked at what."""
    kept_apart = {"sessions.Session", "school.ChainEnd", *(log._meta.label for log in logs())}
    models = [model for model in apps.get_models() if model._meta.label not in kept_apart]
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in models
    }


def test_every_address_is_in_the_table():
    names = list(every_name())

    assert sorted(names) == sorted(set(names)), "two addresses share a name"
    assert set(names) == set(table(GET))


@pytest.mark.parametrize("role", ROLES)
def test_v3_5_3_v8_1_2_looking_opens_what_it_should_tells_who_may_know_and_changes_nothing(world, client_of, role):
    """One walk, as it is long: every page and file of every role, its headers, and whether it tells who reported."""
    expected = {name: row[role] for name, row in table(GET).items()}
    client = client_of(role)
    _report_as_a_canary(world)
    before = what_is_stored()

    got, tells = {}, set()
    for name in expected:
        answer = client.get(world.address(name))
        got[name] = str(answer.status_code)
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        check_headers(answer, name)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            check_markup(shown.decode(), name)
        if any(word in shown for word in CANARIES):
            tells.add(name)

    assert got == expected
    assert bool(tells) is (role in KNOW_THE_REPORTER), tells
    assert what_is_stored() == before


def _report_as_a_canary(world: World) -> None:
    """Both concerns of the world are reported by somebody whose name and address nothing else holds."""
    for concern in {world.rows["concern"], world.rows["evidence"].concern}:
        Reporter.objects.filter(concern=concern).delete()
        Reporter.objects.create(
            concern=concern, name=CANARIES[0].decode(), email=f"{CANARIES[1].decode()}@quill.example"
        )


def test_nobody_reaches_a_staff_page_without_signing_in(world):
    for name in set(every_name()) - PUBLIC:
        for method in ("get", "post", "put", "delete"):
            address = world.address(name)

            response = getattr(Client(), method)(address)

            assert (name, response.status_code) == (name, 302)
            assert response.url == f"/staff/sign-in/?next={address}"


@pytest.mark.parametrize("role", ROLES[1:])
def test_who_may_not_do_a_thing_cannot_send_its_form(world, client_of, role):
    expected = {name: row[role] for name, row in table(POST).items() if row[role] != "."}
    client = client_of(role)
    before = what_is_stored()

    got = {name: str(client.post(world.address(name)).status_code) for name in expected}

    assert got == expected
    assert what_is_stored() == before


def test_every_page_that_takes_a_form_is_in_the_table(world, client_of):
    """Whatever does not answer 405 to a POST takes forms; parents', sign-in and one's own pages are open to all."""
    client = client_of("stranger")
    client.raise_request_exception = False

    takes_forms = {
        name for name in set(every_name()) - PUBLIC - OWN if client.post(world.address(name)).status_code != 405
    }

    assert takes_forms == set(table(POST))


@pytest.mark.parametrize("role", ["nobody", "slt"])
def test_v3_5_1_nothing_can_be_sent_from_another_site(world, client_of, role):
    client = client_of(role)
    client.handler.enforce_csrf_checks = True
    before = what_is_stored()

    for name in every_name():
        response = client.post(world.address(name), {"any": "thing"})

        assert (name, response.status_code) == (name, 403)
        assert "The page was open for too long" in response.content.decode()
    assert what_is_stored() == before


def test_a_reference_that_nobody_has_reads_like_one_that_is_not_yours(world, client_of):
    client = client_of("outsider")
    theirs = client.get(f"/staff/concerns/{Concern.objects.first().reference}/")
    unknown = client.get("/staff/concerns/DKH-2222-22/")

    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content


@pytest.mark.parametrize("odd", ["%00", "%E2%80%AE", "x" * 400, "..%2f..%2fetc", "0", "99999999999999999999", "💥"])
def test_odd_addresses_are_not_found_and_never_a_fault(world, client_of, odd):
    client = client_of("slt")
    places = ("concerns/{}/", "cases/{}/", "cases/{}/notes/add/", "letters/{}/", "letters/{}/pdf/")
    numbered = ("cases/C014/people/{}/", "cases/C014/steps/{}/draft/", "evidence/{}/copy/")

    for place in (*places, *numbered):
        assert client.get(f"/staff/{place.format(odd)}").status_code == 404
    queries = [f"{name}={odd}" for name in ("q", "page", "tab", "batch", "clause", "lead")]
    for listed in ("", "concerns/", "cases/", "print-room/"):
        for query in (*queries[:2], "&".join(queries)):
            assert client.get(f"/staff/{listed}?{query}").status_code in {200, 302, 404}
