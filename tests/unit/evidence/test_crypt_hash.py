"""Password hashes: schemes, and defaults tried against them. The hashes were made with ``openssl passwd`` and crypt(3)."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols import crypt_hash
from asepsis.evidence.protocols.crypt_hash import Budget, matches_default, scheme_of

ADMIN = {
    "md5": "$1$abcdefgh$l/LAqC8oJERu7Cmx6trtY/",
    "apr1": "$apr1$abcdefgh$mMZnMi5KMcUTRCidnJ3Px0",
    "sha256": "$5$abcdefgh$eKmO8qqatxyseBbtE4o3nrolLfuFP7p82NOMAwOerUC",
    "sha512": "$6$abcdefgh$Jofd.FZRLVyYwt/zWLWzi7cPbdUfgEgHrcdJLmkXy8uHwCGSf90RMkKTVTj0nhlkfJpZY94qtrpFrWz1mwRvH1",
    "sha1": "{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=",
    "des": "abOV.DfJmdnYw",
    "bcrypt": "$2b$04$abcdefghijklmnopqrstuuQe66hACgXZ.ImKMvPGdqru0gQrWJ8Ju",
}
"""``admin`` in every scheme."""


@pytest.mark.parametrize("scheme", ADMIN)
def test_a_default_is_recognised_in_every_scheme(scheme: str):
    field = ADMIN[scheme]
    assert scheme_of(field) == scheme
    assert matches_default(field, ("root", "admin"), Budget()) is True
    assert matches_default(field, ("root", "1234"), Budget()) is False


@pytest.mark.parametrize("scheme", ["md5", "apr1", "sha256", "sha512", "des"])
def test_without_the_c_library_the_answers_are_the_same(scheme: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crypt_hash, "_libc_crypt", lambda: None)
    assert matches_default(ADMIN[scheme], ("root", "admin"), Budget()) is True
    assert matches_default(ADMIN[scheme], ("root",), Budget()) is False


@pytest.mark.parametrize(
    ("field", "scheme"),
    [
        ("", "empty"),
        ("*", "locked"),
        ("!", "locked"),
        ("!!", "locked"),
        ("x", "locked"),
        ("*LK*", "locked"),
        ("!$6$abcdefgh$" + "a" * 86, "locked"),
        ("$y$j9T$abcdefgh$" + "a" * 43, "yescrypt"),
        ("$7$101$abcdefgh", "unknown"),
        ("$6$AQID$" + "A" * 86 + "==", "unknown"),
        ("_" + "a" * 19, "des"),
        ("plain", ""),
        ("xenon", ""),
        ("$1$toolong", ""),
    ],
)
def test_schemes_are_told_apart(field: str, scheme: str):
    assert scheme_of(field) == scheme


def test_what_cannot_be_tried_stays_open():
    assert matches_default("$6$rounds=999999999$abcdefgh$" + "a" * 86, ("admin",), Budget()) is None
    assert matches_default("$2b$31$" + "a" * 53, ("admin",), Budget()) is None
    assert matches_default("$y$jFT$abcdefgh$" + "a" * 43, ("admin",), Budget()) is None
    assert matches_default("$7$101$abcdefgh", ("admin",), Budget()) is None


def test_a_budget_that_is_used_up_leaves_the_question_open():
    budget = Budget(30)
    assert matches_default(ADMIN["md5"], ("root",), budget) is False
    assert budget.units == 10
    assert matches_default(ADMIN["md5"], ("admin",), budget) is None


def test_a_list_that_is_tried_in_part_can_say_yes_but_not_no():
    assert matches_default(ADMIN["md5"], ("admin", *map(str, range(99999))), Budget(40)) is True
    assert matches_default(ADMIN["md5"], ("root", *map(str, range(99999))), Budget(40)) is None
