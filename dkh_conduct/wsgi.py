"""What the web server loads."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

from dkh_conduct.room import with_room

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dkh_conduct.settings")

# A page beside an upload in the same process gets its turn after 1 ms, not after 5.
sys.setswitchinterval(0.001)
portal = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return with_room(portal, environ, start_response)
