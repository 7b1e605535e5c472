"""Whoever the project's users are, and wherever it keeps their sessions."""

from __future__ import annotations

import pytest

from tests.compat.conftest import Look
from tests.newcomer import EMAIL, PASSWORD, Newcomer

PEOPLE = """
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class People(BaseUserManager):
    def create_superuser(self, email, password, **values):
        person = self.model(email=email, is_staff=True, is_superuser=True, **values)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(primary_key=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    objects = People()
    USERNAME_FIELD = "email"
"""
BY_EMAIL = """
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend


class ByEmail(ModelBackend):
    def authenticate(self, request, username=None, password=None, **more):
        user = get_user_model().objects.filter(email__iexact=username).first()
        return user if user and user.check_password(password) else None
"""
SESSIONS = {
    "signed_cookies": 'SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"\n'
    'INSTALLED_APPS.remove("django.contrib.sessions")\n',
    "cache": 'SESSION_ENGINE = "django.contrib.sessions.backends.cache"\n',
    "cached_db": 'SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"\n',
    "file": 'SESSION_ENGINE = "django.contrib.sessions.backends.file"\nSESSION_FILE_PATH = BASE_DIR\n',
}


def test_a_user_model_without_a_username(project: Newcomer, look: Look) -> None:
    """The key is the address; the access log and the audit name it as the user."""
    (project.directory / "db.sqlite3").unlink()
    app = project.directory / "people"
    project.manage("startapp", "people")
    (app / "models.py").write_text(PEOPLE)
    project.append(project.settings, 'INSTALLED_APPS += ["people"]\nAUTH_USER_MODEL = "people.Person"\n')
    project.manage("makemigrations", "people")
    look(project, {"email": EMAIL, "password": PASSWORD}, EMAIL)
    audit = project.manage("tail_logs", "--no-follow", "--logger", "logconsole.audit")
    assert EMAIL in audit


def test_login_by_email(project: Newcomer, look: Look) -> None:
    """A backend of the project's own."""
    (project.directory / "mysite" / "backends.py").write_text(BY_EMAIL)
    project.append(project.settings, 'AUTHENTICATION_BACKENDS = ["mysite.backends.ByEmail"]\n')
    look(project, login=EMAIL.upper())


@pytest.mark.parametrize("engine", SESSIONS)
def test_sessions_outside_of_the_database(engine: str, project: Newcomer, look: Look) -> None:
    """Cookies, a cache, files: the ticket and the socket know the user by any of them."""
    (project.directory / "db.sqlite3").unlink()
    project.append(project.settings, SESSIONS[engine])
    found = look(project)
    assert ("django_session" in found["tables"]) == (engine != "signed_cookies")
