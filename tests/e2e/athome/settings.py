"""The demo site as others set theirs up; what differs comes from the environment."""

from __future__ import annotations

import os

import django

from project.settings import *  # noqa: F403  # as Django's own documentation does it
from project.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES, VAR_DIR

ROOT_URLCONF = "tests.e2e.athome.urls"
LANGUAGE_CODE = os.environ.get("LANGUAGE", "en")
INSTALLED_APPS = [*os.environ.get("THEME", "").split(), *INSTALLED_APPS]
TEMPLATES = [{**TEMPLATES[0], "DIRS": []}]  # the admin as it is, or as the theme has it

POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
}
if os.environ.get("CSP"):
    if django.VERSION >= (6, 0):
        SECURE_CSP = POLICY
        MIDDLEWARE = [*MIDDLEWARE, "django.middleware.csp.ContentSecurityPolicyMiddleware"]
    else:
        MIDDLEWARE = [*MIDDLEWARE, "tests.e2e.athome.csp.middleware"]
if os.environ.get("MANIFEST"):
    DEBUG = False
    STATIC_ROOT = VAR_DIR / "static"
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    MIDDLEWARE = [MIDDLEWARE[0], "whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE[1:]]
