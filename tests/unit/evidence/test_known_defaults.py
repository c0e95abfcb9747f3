"""Comparing secrets with published defaults: what a file may cost."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols import secrets
from asepsis.evidence.protocols.secrets import known_default
from tests.unit.evidence.reading import source_of


def test_a_file_full_of_different_secrets_is_compared_up_to_a_limit_and_then_not_known(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secrets, "DEFAULTS_PER_FILE", 3)
    source = source_of(b"", "etc/ppp/chap-secrets")
    assert [known_default(source, f"no-default-{number}") for number in range(5)] == [False, False, False, None, None]
    assert known_default(source, "no-default-0") is False  # compared before the limit
    assert known_default(source, "admin") is True  # the generic ones cost nothing


def test_every_file_has_its_own_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secrets, "DEFAULTS_PER_FILE", 1)
    assert [known_default(source_of(b"", "etc/x"), f"no-default-{number}") for number in range(3)] == [False, False, False]
