"""Which secrets count as the same, and how far they are shared."""

from __future__ import annotations

from datetime import date

import pytest

from asepsis.findings.shared import MOST_PLACES, sentences, shared_secrets
from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.facts import AuthorizedKey, Certificate, Confidence, OverheardSecret, PasswordHash, PrivateKey, ShownKey, StoredSecret
from asepsis.model.secret import Redacted, SecretForm, SecretKind
from asepsis.model.shared import Sharing
from asepsis.model.where import Where


def evidence(*kinds: EvidenceKind) -> list[Evidence]:
    return [Evidence(f"e{number}", kind, f"unit-{number}", f"{number:064}", 1) for number, kind in enumerate(kinds, 1)]


IMAGE, TREE = EvidenceKind.FIRMWARE, EvidenceKind.DIR
UNITS = evidence(IMAGE, IMAGE)


def secret(kind=SecretKind.LOGIN, form=SecretForm.CLEARTEXT, digest="d1", **changes) -> Redacted:
    return Redacted(kind, form, 8, digest, **changes)


def stored(where: str, path: str = "etc/a.conf", confidence=Confidence.CONFIRMED, **changes) -> StoredSecret:
    return StoredSecret(Where(where, path, line=1), secret(**changes), "settings", "admin", confidence=confidence)


def key(where: str, path: str = "etc/key", **changes) -> PrivateKey:
    sides = {"encrypted": False, **changes}
    return PrivateKey(Where(where, path), "RSA", 2048, "pem", secret=secret(SecretKind.KEY), **sides)


def sharing(facts, pieces=UNITS):
    return [(one.sharing, one.evidence) for one in shared_secrets(facts, pieces).values()]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (UNITS, (Sharing.UNITS, ("e1", "e2"))),
        (evidence(TREE, TREE), (Sharing.UNITS, ("e1", "e2"))),
        (evidence(IMAGE, TREE), (Sharing.PIECES, ("e1", "e2"))),
        (evidence(IMAGE, EvidenceKind.PCAP), (Sharing.PIECES, ("e1", "e2"))),
    ],
    ids=["two images", "two trees", "an image and a tree", "an image and a capture"],
)
def test_units_are_pieces_of_one_kind(pieces, expected):
    assert sharing([stored("e1"), stored("e2")], pieces) == [expected]


def test_a_tree_beside_two_images_is_no_third_unit():
    assert sharing([stored(f"e{number}") for number in (1, 2, 3)], evidence(IMAGE, IMAGE, TREE)) == [(Sharing.UNITS, ("e1", "e2"))]


def test_one_place_told_by_line_and_by_offset_is_one():
    assert sharing([stored("e1"), StoredSecret(Where("e1", "etc/a.conf", offset=9), secret(), "binary")]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"known_default": True},
        {"form": SecretForm.EMPTY},
        {"form": SecretForm.PUBLIC},
        {"form": SecretForm.SEALED},
        {"placeholder": "example text"},
        {"confidence": Confidence.WEAK},
    ],
    ids=str,
)
def test_what_everybody_has_or_nobody_can_use_is_not_told(changes):
    assert sharing([stored("e1", **changes), stored("e2", **changes)]) == []


@pytest.mark.parametrize(
    "changes",
    [{"public_test_key": "RFC 8032"}, {"encrypted": True}, {"confidence": Confidence.WEAK}, {"path": "usr/lib/python3/dist-packages/x/tests/key"}],
    ids=str,
)
def test_a_key_of_no_use_is_not_told(changes):
    assert sharing([key("e1", **changes), key("e2", **changes)]) == []


def test_a_key_under_a_passphrase_that_was_found_is_told():
    assert sharing([key("e1", encrypted=True, opened_by="an empty passphrase"), key("e2")]) == [(Sharing.UNITS, ("e1", "e2"))]


def test_a_locked_password_and_a_backup_copy_are_not_told():
    locked = [PasswordHash(Where(name, "etc/shadow", line=1), "root", "locked", secret(form=SecretForm.LOCKED)) for name in ("e1", "e2")]
    copy = [PasswordHash(Where("e1", path, line=1), "root", "md5", secret(form=SecretForm.HASHED)) for path in ("etc/shadow", "etc/shadow-")]
    assert sharing(locked) == []
    assert sharing(copy) == []


def test_a_key_and_its_public_halves_in_another_unit():
    lets_in = AuthorizedKey(Where("e2", "root/.ssh/authorized_keys", line=1), "root", "RSA", "d1")
    shown = Certificate(Where("e2", "etc/ssl/own.pem"), "CN=pump", "CN=pump", date(2030, 1, 1), "RSA", 2048, "d1")
    near = AuthorizedKey(Where("e1", "root/.ssh/authorized_keys", line=1), "root", "RSA", "d1")
    (one,) = shared_secrets([key("e1"), lets_in, shown, near], UNITS).values()
    assert (one.sharing, one.evidence) == (Sharing.HALVES, ("e1", "e2"))
    assert sentences(one, UNITS) == [
        "its public half is in the certificate of 'CN=pump' in unit-2 (etc/ssl/own.pem)",
        "its public half is authorised for 'root' in unit-2 (root/.ssh/authorized_keys:1)",
    ]
    assert sharing([key("e1"), near]) == []


def test_a_password_is_no_half_of_a_key():
    assert sharing([stored("e1"), AuthorizedKey(Where("e2", "a", line=1), "root", "RSA", "d1")]) == []


def test_three_units_are_counted_and_a_flood_of_places_is_cut():
    facts = [stored(f"e{number}", f"etc/{at}.conf") for number in (1, 2, 3) for at in range(30)]
    (one,) = shared_secrets(facts, evidence(IMAGE, IMAGE, IMAGE)).values()
    assert (len(one.places), one.more) == (MOST_PLACES, 90 - MOST_PLACES)
    assert one.evidence == ("e1", "e2", "e3")
    assert sentences(one, evidence(IMAGE, IMAGE, IMAGE)) == ["the same password lies in 3 units (unit-1, unit-2, unit-3)"]


def test_pieces_of_one_name_are_told_apart():
    twins = [Evidence("e1", IMAGE, "pump.bin", "a" * 64, 1), Evidence("e2", IMAGE, "pump.bin", "b" * 64, 1)]
    (one,) = shared_secrets([stored("e1"), stored("e2")], twins).values()
    assert sentences(one, twins) == ["the same password lies in both units (pump.bin (e1), pump.bin (e2))"]


IMAGE_AND_CAPTURE = evidence(IMAGE, EvidenceKind.PCAP)


def heard(digest: str = "d1", accepted: bool | None = True, packet: int = 9) -> OverheardSecret:
    return OverheardSecret(
        Where("e2", "ward.pcap", packet=packet), secret(digest=digest), "http", "10.0.0.9:80", "10.0.0.2", "tech", "basic", accepted
    )


def test_the_password_found_in_the_image_is_the_one_used_on_the_wire():
    (one,) = shared_secrets([stored("e1"), heard(), heard("d2")], IMAGE_AND_CAPTURE).values()
    assert (one.sharing, one.evidence) == (Sharing.WIRE, ("e1", "e2"))
    assert [(sent.to, sent.where.packet) for sent in one.sent] == [("http at 10.0.0.9:80", 9)]
    assert sentences(one, IMAGE_AND_CAPTURE) == ["it is sent in clear to http at 10.0.0.9:80 in unit-2 (ward.pcap packet 9)"]


@pytest.mark.parametrize("facts", [[stored("e1"), heard("d2")], [stored("e1"), heard(accepted=False)], [heard(packet=3), heard(packet=7)]])
def test_another_one_a_refused_one_and_one_that_only_traffic_has_are_not_told(facts):
    assert shared_secrets(facts, IMAGE_AND_CAPTURE) == {}


def test_a_secret_of_two_units_that_is_sent_too_says_both():
    (one,) = shared_secrets([stored("e1"), stored("e3"), heard()], evidence(IMAGE, EvidenceKind.PCAP, IMAGE)).values()
    assert (one.sharing, len(one.sent)) == (Sharing.UNITS, 1)


def test_the_key_in_the_image_is_the_one_that_a_server_shows():
    shown = ShownKey(Where("e2", "ward.pcap", packet=4), "ssh", "10.0.0.9:22", "RSA", 2048, "d1")
    (one,) = shared_secrets([key("e1"), shown], IMAGE_AND_CAPTURE).values()
    assert one.sharing is Sharing.HALVES
    assert sentences(one, IMAGE_AND_CAPTURE) == ["its public half is the key that '10.0.0.9:22' shows in unit-2 (ward.pcap packet 4)"]
