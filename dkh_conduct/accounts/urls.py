"""Signing in and out, the second step, staff accounts, and who may do what.

Of allauth's addresses, only those a member of staff needs; their names are allauth's, because it looks them up.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from dkh_conduct.accounts import account_views, invitation_views, school_sign_in_views, staff_views
from dkh_conduct.accounts import second_step_views as steps
from dkh_conduct.accounts.rights_views import rights

urlpatterns = [
    path("rights/", rights, name="rights"),
    path("people/", staff_views.staff_list, name="staff-list"),
    path("people/invite/", staff_views.staff_invite, name="staff-invite"),
    path("people/<int:pk>/second-step/reset/", staff_views.staff_second_step_reset, name="staff-second-step-reset"),
    path("people/<int:pk>/sessions/end/", staff_views.staff_sessions_end, name="staff-sessions-end"),
    path("people/invitations/<int:pk>/withdraw/", staff_views.invitation_withdraw, name="invitation-withdraw"),
    path("invitation/", invitation_views.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation_views.invitation_open, name="invitation-open"),
    path("sessions/", account_views.session_list, name="session-list"),
    path("sessions/end/", account_views.session_end, name="session-end"),
    path("sessions/unlocked/", account_views.unlocked, name="unlocked"),
    path("sessions/stay/", account_views.stay, name="session-stay"),
    path("sign-in/", school_sign_in_views.sign_in, name="account_login"),
    path("sign-in/school/<slug:provider_id>/", school_sign_in_views.school_sign_in, name="openid_connect_login"),
    path("sign-in/school/<slug:provider_id>/back/", school_sign_in_views.come_back, name="openid_connect_callback"),
    path("sign-in/passkey/", steps.passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/code/", steps.second_step, name="mfa_authenticate"),
    path("sign-out/", views.logout, name="account_logout"),
    path("password/", views.password_reset, name="account_reset_password"),
    path("password/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/changed/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("again/password/", views.reauthenticate, name="account_reauthenticate"),
    path("again/code/", steps.code_again, name="mfa_reauthenticate"),
    path("again/passkey/", steps.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("second-step/", steps.second_steps, name="mfa_index"),
    path("second-step/app/", steps.app_set_up, name="mfa_activate_totp"),
    path("second-step/app/remove/", steps.app_remove, name="mfa_deactivate_totp"),
    path("second-step/passkey/", steps.passkey_set_up, name="mfa_add_webauthn"),
    path("second-step/passkey/<int:pk>/remove/", steps.passkey_remove, name="mfa_remove_webauthn"),
    path("second-step/codes/", steps.backup_codes_view, name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", steps.backup_codes_new, name="mfa_generate_recovery_codes"),
]
