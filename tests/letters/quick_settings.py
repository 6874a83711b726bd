"""The portal's settings for a real worker under test: seconds instead of minutes, and a queue nobody else reads."""

from __future__ import annotations

from dkh_conduct.settings import *  # noqa: F403

LETTER_LEASE_SECONDS = env.int("LETTER_LEASE_SECONDS", default=4)  # noqa: F405
LETTER_REQUEUE_SECONDS = 1
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if REDIS_URL:  # noqa: F405
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{DATA_DIR.name}:"  # noqa: F405
