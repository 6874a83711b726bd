"""The portal's own settings, on a database and folders that are thrown away."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "PYTEST_DATA_DIR" not in os.environ:
    os.environ["PYTEST_DATA_DIR"] = tempfile.mkdtemp(prefix="dkh-tests-")
    atexit.register(shutil.rmtree, os.environ["PYTEST_DATA_DIR"], ignore_errors=True)
os.environ["DATA_DIR"] = os.environ["PYTEST_DATA_DIR"]
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ["SITE_URL"] = "http://testserver"
os.environ.setdefault("LOG_LEVEL", "WARNING")
# A browser driven from the same process keeps an event loop running, which is not ours.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from dkh_conduct.settings import *  # noqa: F403

DATABASES["default"]["TEST"] = {}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # What is thrown away needs no disk that has it for certain. Who sees what, and when, stays the same.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # noqa: F405
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = [  # the product's own hasher takes longer than a test may
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
WHITENOISE_AUTOREFRESH = True
# Each page would also count what noting the look costs: tests/test_reads.py puts it back.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "dkh_conduct.reading.ReadsMiddleware"]  # noqa: F405
# A test says what is drawn at once and what is left to the worker; a busy machine must not.
EVIDENCE_SECONDS_IN_REQUEST = 60
# Only one file is drawn at a time where this folder is: here each process of a run has its own.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / f"uploads-{os.getpid()}"  # noqa: F405
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
EVIDENCE_NICENESS = 0  # beside other tests, the last in line would wait for ever
