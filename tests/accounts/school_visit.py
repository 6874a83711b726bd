"""A browser of tests on its way to the provider and back, and what it reads then."""

from __future__ import annotations

import requests
from django.urls import reverse

OUT = "/staff/sign-in/school/oidc/"
REFUSED = "That account cannot sign in here. Ask an administrator to invite you"
FAILED = "sign-in did not answer as it should"


def out_and_back(client, kind="oidc", **form):
    """As a browser goes: our form, their page, back to us. What it says then is left to the test."""
    page = client.post(f"/staff/sign-in/school/{kind}/", form)
    there = page.headers["Refresh"].removeprefix("0; url=")
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def says(provider, user, **more):
    provider.says = {"sub": f"u-{user.pk}", "email": user.email, "email_verified": True, **more}


def reads(client, response):
    return client.get(response.url).content.decode()


def is_in(client):
    return client.get(reverse("case-list")).status_code == 200
