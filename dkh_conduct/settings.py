"""Every setting, read from the environment where an installation may differ.

Defaults need no server beside the portal itself: SQLite, a queue of files, e-mail written to a folder.
`DATABASE_URL` and `REDIS_URL` move the same code to PostgreSQL and Redis. See docs/operator.md.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from dkh_conduct.accounts.school_accounts import school_accounts
from dkh_conduct.logs import configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)


def secret_key() -> str:
    """From the environment, from the file named there, or from one made at the first start for its owner alone."""
    if given := env.str("SECRET_KEY", default=""):
        return str(given)
    if mounted := env.str("SECRET_KEY_FILE", default=""):
        return Path(mounted).read_text().strip()
    path = DATA_DIR / "secret-key"
    if not path.exists():
        temporary = path.with_suffix(f".{secrets.token_hex(4)}")
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(temporary)  # the first of two processes that start together wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text()


DEBUG = False
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
# Every link the portal writes into a message starts here, never with what a request claims its host is.
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(SITE_URL).hostname or "localhost"]
# One proxy in front that sets X-Forwarded-For and X-Forwarded-Proto itself; otherwise neither is believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# A demo school may be filled in on an empty database, with sign-ins printed when the portal starts.
IS_DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
    "simple_history",
    "dkh_conduct.school",
    "dkh_conduct.accounts",
    "incidents",
    "letters",
    "dkh_conduct.demo",
]

MIDDLEWARE = [
    "dkh_conduct.headers.HeadersMiddleware",  # first, so that answers of all the others carry the headers too
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "dkh_conduct.language.LanguageMiddleware",  # before whatever may answer with a page
    "dkh_conduct.errors.LastResortMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dkh_conduct.accounts.signed_out.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dkh_conduct.accounts.second_step.SecondStepMiddleware",
    "dkh_conduct.accounts.lock.LockMiddleware",
    "dkh_conduct.reading.ReadsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "dkh_conduct.urls"
WSGI_APPLICATION = "dkh_conduct.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dkh_conduct.school.context.school",
                "dkh_conduct.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "dkh_conduct.school.templatetags.contacts",
                "dkh_conduct.school.templatetags.dates",
                "dkh_conduct.school.templatetags.languages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ------------------------------------------------------------------------------------------- database and files
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
}
# A connection outlives its page: to open one costs more than most pages ask of it.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue up instead of failing: a write lock is taken when a transaction starts, and waited for.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FILES_DIR = DATA_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "dkh_conduct.storage.WholeFileStorage",
        "OPTIONS": {
            "location": FILES_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
# Keys that seal what is stored, apart from the database and the files, in backups too: a list of `id:key`, newest
# first, or else a file under KEYS_DIR. See dkh_conduct/school/keyring.py.
KEYS_DIR = DATA_DIR / "keys"
KEYS_GIVEN = {"evidence": env.list("EVIDENCE_KEYS", default=[]), "fields": env.list("FIELD_KEYS", default=[])}
# Only this folder can be read while a letter is rendered.
LETTER_ASSETS_DIR = BASE_DIR / "static" / "dist"

# Evidence: what a parent may send. The numbers are printed on the upload page.
EVIDENCE_MAX_FILES = 20
EVIDENCE_MAX_BYTES = 25 * 1024 * 1024
EVIDENCE_MAX_TOTAL_BYTES = 100 * 1024 * 1024
EVIDENCE_MAX_PIXELS = 40_000_000
EVIDENCE_MAX_PAGES = 20  # of a PDF
EVIDENCE_MAX_SECONDS = 5 * 60  # of a voice note
EVIDENCE_MAX_MESSAGES = 60_000  # of a chat; the app itself exports about 40 000
# How long a page waits for a file to be drawn again; what takes longer, or comes while another is drawn, is left to the
# worker. 0 leaves it everything.
EVIDENCE_SECONDS_IN_REQUEST = env.float("EVIDENCE_SECONDS_IN_REQUEST", default=1.5)
EVIDENCE_NICENESS = 19  # of a process that draws: pages that somebody waits for go first
EVIDENCE_MAX_ATTACHED = 12  # files inside a chat or an e-mail that are shown; the sealed original has them all
# A ClamAV daemon that looks at every original: tcp://host:3310 or unix:///run/clamav/clamd.ctl. Empty: none.
CLAMAV_URL = env.str("CLAMAV_URL", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600

# How many concerns one network may send. Behind one address there may be a whole school: past the number for a day it
# is slowed down to SENDS_AN_HOUR_THEN, never shut out.
SENDS_AN_HOUR = env.int("SENDS_AN_HOUR", default=6)
SENDS_A_DAY = env.int("SENDS_A_DAY", default=30)
SENDS_AN_HOUR_THEN = 2
# Past so many an hour from everywhere, each sender has to compute for a second or wait for a minute.
SENDS_AN_HOUR_BEFORE_PROOF = env.int("SENDS_AN_HOUR_BEFORE_PROOF", default=60)
UPLOADS_AN_HOUR = 100  # for one draft
UPLOADS_AN_HOUR_FROM_ONE_NETWORK = 600
WRONG_CODES_AN_HOUR = 20

# -------------------------------------------------------------------------------------------------------- queue
REDIS_URL = env.str("REDIS_URL", default="")
QUEUE_DIR = DATA_DIR / "queue"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    for folder in ("messages", "control", "processed"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "files://localhost//"  # see queue_of_files.py
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "store_processed": False,
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},  # past this, entries are dropped: counts of failed sign-ins among them
        }
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # in kilobytes: a fresh process takes over between two tasks
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"
# What a dead worker or an emptied queue left behind is found again by these. While no worker runs, they do not pile up.
CELERY_BEAT_SCHEDULE = {
    "tell-staff": {"task": "insights.notices.tell_staff", "schedule": 300.0, "options": {"expires": 300}},
    "send-reminders": {"task": "casework.reminders.send_reminders", "schedule": 3600.0, "options": {"expires": 3600}},
    "sweep-letters": {"task": "letters.tasks.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "recount-posted": {"task": "letters.tasks.recount_posted", "schedule": 3600.0, "options": {"expires": 3600}},
    "sweep-case-files": {"task": "casework.case_file.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "sweep-emails": {"task": "incidents.tasks.sweep_emails", "schedule": 30.0, "options": {"expires": 60}},
    "destroy-unsent-replies": {
        "task": "incidents.tasks.destroy_replies",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "draw-evidence": {
        "task": "incidents.evidence.tasks.sweep_drawing",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "destroy-uploads": {
        "task": "incidents.tasks.destroy_uploads",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "scan-evidence": {"task": "incidents.tasks.scan_evidence", "schedule": 60.0, "options": {"expires": 120}},
    "read-pictures": {"task": "incidents.tasks.read_pictures", "schedule": 60.0, "options": {"expires": 60}},
    "destroy-drafts": {"task": "incidents.tasks.destroy_drafts", "schedule": 900.0, "options": {"expires": 1800}},
    "weekly-digest": {"task": "accounts.tasks.send_digests", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-sessions": {"task": "accounts.tasks.forget_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-limits": {"task": "school.tasks.forget_limits", "schedule": 900.0, "options": {"expires": 1800}},
}

# What follows from a change, across the parts that know nothing of each other: see school/following.py.
FOLLOWS = {
    "calendar_changed": ["letters.recounting.recount", "incidents.casework.recounting.recount_information"],
    "post_changed": ["incidents.casework.post.follow_post"],
    "role_given": ["incidents.reporting.newcomers.keep_newcomers_out"],
}

# ------------------------------------------------------------------------------------------------------- e-mail
MAIL_DIR = DATA_DIR / "mail"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Conduct portal <conduct@dkh.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ----------------------------------------------------------------------------------------------------- sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it only counts and refuses
    "dkh_conduct.accounts.backend.StaffBackend",
]
# Five wrong passwords for one address from one network make that network wait for that address. Nobody elsewhere can
# keep the head out, a new password ends the wait, and a passkey knows no wait. No address is kept: see throttling.py.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "dkh_conduct.accounts.throttling.whose"
AXES_CLIENT_IP_CALLABLE = "dkh_conduct.accounts.throttling.from_where"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "password", "credential", "code"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name", "job_title")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "dkh_conduct.accounts.passwords.StretchedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "dkh_conduct.accounts.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "dkh_conduct.accounts.forms.SignInForm",
    "reauthenticate": "dkh_conduct.accounts.forms.PasswordAgainForm",
    "reset_password": "dkh_conduct.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "dkh_conduct.accounts.forms.NewPasswordForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
# Nobody's address book should say who has an account: the reset page answers the same for everyone.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "come_back": "30/m/ip",  # from a provider of school accounts
    "login_failed": "10/m/ip,5/5m/key",  # the key is a person's second step: passwords are counted by axes
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
}
# The second step. Nobody does without; only the demo school may, and only where nobody else can reach it.
MAY_SKIP_SECOND_STEP = IS_DEMO and all(
    host in {"localhost", "127.0.0.1", "::1"} for host in (HOST, urlsplit(SITE_URL).hostname)
)
MFA_ADAPTER = "dkh_conduct.accounts.second_step_adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS  # browsers themselves allow it on localhost alone
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute off
MFA_RECOVERY_CODE_DIGITS = 12
MFA_FORMS = {
    "authenticate": "dkh_conduct.accounts.second_step_forms.CodeForm",
    "authenticate_webauthn": "dkh_conduct.accounts.second_step_forms.PasskeyStepForm",
    "login_webauthn": "dkh_conduct.accounts.second_step_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "dkh_conduct.accounts.second_step_forms.PasskeyAgainForm",
    "reauthenticate": "dkh_conduct.accounts.second_step_forms.CodeAgainForm",
    "activate_totp": "dkh_conduct.accounts.second_step_forms.AppForm",
    "add_webauthn": "dkh_conduct.accounts.second_step_forms.PasskeyForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
# The accounts people have at the school already. None, unless the environment names a provider; see docs/operator.md.
SCHOOL_ACCOUNTS = school_accounts(env)
SOCIALACCOUNT_ADAPTER = "dkh_conduct.accounts.school_sign_in.SchoolAccountsAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
PASSWORD_RESET_TIMEOUT = 60 * 60
# Django's own: allauth's writes a row when a link is looked at.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105

# ------------------------------------------------------------------------------------------------------- front
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_LIMIT_SECONDS = 10 * 60 * 60
IDLE_LOCK_SECONDS = 30 * 60
# Asked again who one is, as by `proof_required`, for addresses of slices that may not import accounts.
PROOF_ADDRESSES = {"letter-register-file"}
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
# Sent to the questions alone, so it cannot be a __Host- cookie, which goes everywhere.
DRAFT_COOKIE_NAME = "__Secure-draft" if IS_HTTPS else "draft"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dkh_conduct.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # never what a request claims its host is
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would make browsers post with a null Origin
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
# What axes' own middleware would answer, the sign-in form says beside the field.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
if not IS_HTTPS:
    # Plain http is for this machine alone, where browsers send no "secure" cookie. `manage.py check --deploy` then need
    # not repeat: no HSTS (W004), no redirect to https (W008), session and CSRF cookies not "secure" (W012, W016).
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"

# ---------------------------------------------------------------------------------------------- words and dates
LANGUAGE_CODE = "en-gb"
# A language is a folder with a catalogue in it: one more folder is one more language.
LOCALE_DIR = BASE_DIR / "dkh_conduct" / "locale"
LOCALE_PATHS = [LOCALE_DIR]
LANGUAGES = [
    (LANGUAGE_CODE, "English"),
    *(
        (folder.name, LANG_INFO[folder.name]["name_local"].capitalize())
        for folder in sorted(LOCALE_DIR.iterdir())
        if (folder / "LC_MESSAGES" / "django.mo").exists()
    ),
]
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_HTTPS else "language"
LANGUAGE_COOKIE_AGE = 30 * 24 * 60 * 60
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DATE_INPUT_FORMATS = ["%d %m %Y", "%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"]

# Keep old values of a row for as long as the row is kept; who changed it comes from the request.
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
SIMPLE_HISTORY_REVERT_DISABLED = True

LOGGING = configuration(env.str("LOG_LEVEL", default="INFO"))
if sentry_dsn := env.str("SENTRY_DSN", default=""):
    from dkh_conduct.error_reports import report_to

    report_to(sentry_dsn)
