"""What the web server loads."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dkh_conduct.settings")

# A page beside an upload in the same process gets its turn after 1 ms, not after 5.
sys.setswitchinterval(0.001)
application = get_wsgi_application()
