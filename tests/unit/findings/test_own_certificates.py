"""What is not known of a certificate's key is no sound key: a file of facts cannot say ``None``, so this stands here."""

from __future__ import annotations

from datetime import date

import pytest

from asepsis.findings.rule import Context, Facts
from asepsis.findings.rules.secrets import weak_certificate
from asepsis.model.facts import Certificate, PrivateKey
from asepsis.model.finding import Found, NotAssessed
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.where import Where
from tests.cases.loader import CaseKnowledge

CONTEXT = Context(CaseKnowledge(()), date(2026, 11, 23))
KEY = PrivateKey(Where("e1", "etc/a.key"), "RSA", 2048, "pem", False, Redacted(SecretKind.KEY, SecretForm.CLEARTEXT, 9, "a1"))


def outcomes(algorithm: str, bits: int | None, signature_hash: str = "sha256", *, self_signed: bool = False) -> list[object]:
    last = date(2030, 1, 1)
    where = Where("e1", "etc/a.pem")
    one = Certificate(where, "pump", "CA", last, algorithm, bits, "a1", self_signed=self_signed, signature_hash=signature_hash)
    return list(weak_certificate.check(Facts([one, KEY]), CONTEXT))


@pytest.mark.parametrize(("algorithm", "bits", "own"), [("RSA", None, False), ("unknown", None, False), ("unknown", 4096, True), ("EC", None, True)])
def test_a_key_of_unknown_strength_cannot_be_judged(algorithm: str, bits: int | None, own: bool):
    (outcome,) = outcomes(algorithm, bits, self_signed=own)
    assert outcome == NotAssessed("weak_certificate", "the strength of the key of the device's certificate of 'pump' is not known (etc/a.pem)")


def test_a_broken_signature_is_told_though_the_key_is_not_known():
    (outcome,) = outcomes("RSA", None, "md5")
    assert isinstance(outcome, Found)
    assert outcome.finding.facts == ("RSA an unknown number of bits, signed over md5",)
