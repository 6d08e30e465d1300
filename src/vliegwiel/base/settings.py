"""Django's settings, all from the environment (12-factor). Reading this module starts nothing and opens nothing.

| variable | meaning | default |
| --- | --- | --- |
| DATABASE_URL | PostgreSQL as the application's role (not the owner of the tables) | the embedded one |
| DATABASE_OWNER_URL | the same database as the owner, for migrations only | the embedded one |
| VLIEGWIEL_DATA | folder for the embedded database, files and keys | `var` |
| VLIEGWIEL_BASE_DOMAIN | `<slug>.<base domain>` is a municipality's host | `localhost` |
| VLIEGWIEL_MODE | `demo`, `test` or `production` | `demo` |
| VLIEGWIEL_SECRET | key for signing sessions and forms; required in production | made once in the data folder |
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
DATA_DIR = Path(os.environ.get("VLIEGWIEL_DATA", "var")).absolute()
MODE = os.environ.get("VLIEGWIEL_MODE", "demo")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"VLIEGWIEL_MODE is {MODE!r}; allowed: demo, test, production")
DEBUG = False
TESTING = MODE == "test"


def _secret() -> str:
    given = os.environ.get("VLIEGWIEL_SECRET", "")
    if given:
        return given
    if MODE == "production":
        raise ImproperlyConfigured("VLIEGWIEL_SECRET is not set; production needs one of at least 32 characters")
    # `vliegwiel run` passes the one it keeps in the data folder; without it (type checker, tests) sessions end with the process.
    return os.urandom(32).hex()


SECRET_KEY = _secret()
BASE_DOMAIN = os.environ.get("VLIEGWIEL_BASE_DOMAIN", "localhost")
PORT = int(os.environ.get("VLIEGWIEL_PORT", "8000"))
ALLOWED_HOSTS = [h for h in os.environ.get("VLIEGWIEL_ALLOWED_HOSTS", f".{BASE_DOMAIN}").split(",") if h]
if BASE_DOMAIN == "localhost" and MODE != "production":
    ALLOWED_HOSTS += ["127.0.0.1", "[::1]"]

PREPARE_AFTER = 3
"""A statement through `vliegwiel.base.prepared` is kept by a connection after this many turns."""


def database(url: str) -> dict[str, object]:
    """Django's database settings of a PostgreSQL URL; a `host` in the query is a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://; no other database is supported")
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "vliegwiel",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"prepare_threshold": PREPARE_AFTER, **{k: v for k, v in query.items() if k.startswith("ssl")}},
        "CONN_HEALTH_CHECKS": True,
    }


_app_url = os.environ.get("DATABASE_URL", "postgresql://vliegwiel_app@localhost/vliegwiel")
_owner_url = os.environ.get("DATABASE_OWNER_URL", _app_url)
DATABASES = {"default": database(_app_url), "owner": database(_owner_url)}
APP_ROLE = str(DATABASES["default"]["USER"])
DATABASES["owner"]["APP_ROLE"] = APP_ROLE
POOL_SIZE = int(os.environ.get("VLIEGWIEL_POOL", "10"))
if os.environ.get("VLIEGWIEL_POOL"):
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]  # the value is a dict, the type says object
        "pool": {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10},
    }
DATABASE_ROUTERS = ["vliegwiel.base.routing.OwnerOnlyMigrates"]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "vliegwiel.base",
    "vliegwiel.trust",
    "vliegwiel.registers",
    "vliegwiel.catalogue",
    "vliegwiel.casework",
    "vliegwiel.rounds",
    "vliegwiel.web",
]

MIDDLEWARE = [
    "vliegwiel.web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vliegwiel.web.middleware.SecurityHeaders",
    "vliegwiel.web.middleware.Language",
    "vliegwiel.web.middleware.MunicipalityByHost",
    "vliegwiel.web.middleware.LoginSession",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "vliegwiel.web.middleware.Errors",
]
ROOT_URLCONF = "vliegwiel.web.urls"
WSGI_APPLICATION = "vliegwiel.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "vliegwiel.web.templatetags.dutch",
            ],
            "context_processors": ["django.template.context_processors.request", "vliegwiel.web.context.page"],
        },
    }
]

# A component sees what it is given and what the context processors gave, never the rest of the page around it.
COTTON_ISOLATE_BY_DEFAULT = True

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / where / "locale" for where in (".", "desk", "studio", "compare")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# Each room declares its jobs in its own `jobs.py`.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Fonts and scripts from npm, copied here by `make assets`; absent, the pages fall back to the system font.
VENDOR_DIR = Path(os.environ.get("VLIEGWIEL_VENDOR", DATA_DIR / "vendor"))
STATICFILES_DIRS = [("vendor", VENDOR_DIR)] if VENDOR_DIR.is_dir() else []
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Addresses carry a mark of the content (`web.staticfile`), so a browser may keep a file for long.
WHITENOISE_MAX_AGE = 7 * 24 * 3600

_bucket = os.environ.get("VLIEGWIEL_S3_BUCKET", "")
STORAGES: dict[str, dict[str, object]] = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": _bucket,
                "endpoint_url": os.environ.get("VLIEGWIEL_S3_ENDPOINT") or None,
                "file_overwrite": False,
                "default_acl": None,
            },
        }
        if _bucket
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(DATA_DIR / "files")},
        }
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10
UPLOAD_LIMIT = int(os.environ.get("VLIEGWIEL_UPLOAD_LIMIT", str(10 << 20)))

# In production mail leaves only when it was set up; `vliegwiel doctor` says when it was not.
MAIL_URL = os.environ.get("VLIEGWIEL_MAIL_URL", "" if MODE == "production" else (DATA_DIR / "mail").as_uri())
_mail = urlsplit(MAIL_URL)
_MAIL_WAYS = {"": "dummy", "file": "filebased", "smtp": "smtp", "smtps": "smtp"}
if _mail.scheme not in _MAIL_WAYS or (_mail.scheme.startswith("smtp") and not _mail.hostname):
    raise ImproperlyConfigured("VLIEGWIEL_MAIL_URL must be smtp://host, smtps://host or file:///folder")
EMAIL_BACKEND = f"django.core.mail.backends.{_MAIL_WAYS[_mail.scheme]}.EmailBackend"
EMAIL_FILE_PATH = unquote(_mail.path) if _mail.scheme == "file" else None
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
# To another machine never in the open: who reads along would learn who has a case.
EMAIL_USE_TLS = _mail.scheme == "smtp" and _mail.hostname not in {"localhost", "127.0.0.1", "::1"}
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("VLIEGWIEL_MAIL_FROM", f"noreply@{BASE_DOMAIN}")

BRP_URL = os.environ.get("VLIEGWIEL_BRP_URL", "")
BAG_URL = os.environ.get("VLIEGWIEL_BAG_URL", "")
RDW_URL = os.environ.get("VLIEGWIEL_RDW_URL", "")
TERUGMELDING_URL = os.environ.get("VLIEGWIEL_TERUGMELDING_URL", "")
REGISTER_KEY = os.environ.get("VLIEGWIEL_REGISTER_KEY", "")
# For registers over TLS with a certificate of our own (PKIoverheid): the organisation's number and paths of PEM files.
REGISTER_OIN = os.environ.get("VLIEGWIEL_REGISTER_OIN", "")
REGISTER_CA_FILE = os.environ.get("VLIEGWIEL_REGISTER_CA_FILE", "")
REGISTER_CERTIFICATE = os.environ.get("VLIEGWIEL_REGISTER_CERTIFICATE", "")
REGISTER_PRIVATE_KEY = os.environ.get("VLIEGWIEL_REGISTER_PRIVATE_KEY", "")
OIDC_CITIZEN_ISSUER = os.environ.get("VLIEGWIEL_OIDC_CITIZEN_ISSUER", "")
OIDC_STAFF_ISSUER = os.environ.get("VLIEGWIEL_OIDC_STAFF_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("VLIEGWIEL_OIDC_CLIENT_ID", "vliegwiel")
OIDC_CLIENT_SECRET = os.environ.get("VLIEGWIEL_OIDC_CLIENT_SECRET", "")

# Other installations that may be reached though on a private network or without TLS: `host` or `host:port`, with commas.
EXCHANGE_ALLOW = os.environ.get("VLIEGWIEL_EXCHANGE_ALLOW", "")

# Where programs may listen to new observations, as the SensorThings API tells them; empty: nowhere.
PUBLIC_MQTT_URL = os.environ.get("VLIEGWIEL_PUBLIC_MQTT_URL", "")

SECURE = os.environ.get("VLIEGWIEL_HTTPS", "1" if MODE == "production" else "0") == "1"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "vliegwiel.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
APPEND_SLASH = True

LOGGING_CONFIG = None  # `base.logs.configure` does it, for every process alike
