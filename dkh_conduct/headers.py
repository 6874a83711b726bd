"""The headers every answer carries, errors and files included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
)


# Who signs out on a shared computer leaves nothing for the next one: no page to go back to, nothing stored.
# A reporter who leaves does too: that view knows whether staff are looking, who stay signed in.
LEAVING = {"account_logout": '"cache", "cookies", "storage"'}


# A picture, opened by itself, can do nothing but be seen: an SVG could hold a script.
SEEN_ONLY = "sandbox; default-src 'none'; frame-ancestors 'none'"


class HeadersMiddleware:
    """Nothing a person sees here is kept by a browser or a proxy; only files under /static/ are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if response.headers.get("Content-Type", "").startswith(("image/", "audio/", "video/")):
            response.headers["Content-Security-Policy"] = SEEN_ONLY
            response.headers.setdefault("Content-Disposition", 'inline; filename="picture"')
        match = request.resolver_match
        if request.method == "POST" and match and match.url_name in LEAVING and response.status_code < 400:
            response.headers["Clear-Site-Data"] = LEAVING[match.url_name]
        if not request.path.startswith(settings.STATIC_URL) or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store, private"
        return response
