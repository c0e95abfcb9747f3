"""Which labelled samples of text hold no secret by their own words: the benchmark sets them apart, whatever Asepsis says of them."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from tests.unit.evidence.made_keys import ED, RSA

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
from labels_without_secret import REFUSED, reason

WIREGUARD = base64.b64encode(bytes(range(32))).decode()
PEM = RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token = abcdef1234567890abcdef", "counts, or spells the alphabet"),
        ("key = pQwErTyUiOp1", "counts, or spells the alphabet"),
        ("AKIADEADBEEFDEADBEEF", "repeats itself"),
        ("key = xxxxxxxx-aaaaaaaaaa", "repeats itself"),
        ("xoxb-9-xxxxxx", "is masked"),
        ("Uid=svc;Pwd=myPassword;", "is the word for a password"),
        ("https://svc:secret@ward7.net", "is the word for a password"),
        ("psexec -u svc -p %PW% cmd", "names a variable"),
        ("AC4d2f64e2a108cd72f648b1984c3b5a13", "is an identifier or a licence key"),
        (PEM.replace(PEM[100:104], "Cf99", 1), REFUSED),
        (f"[Interface]\nPrivateKey = {WIREGUARD[:-2]}9=\n", REFUSED),
        ("T=eyJhbGciOiJIUzI1NiIsEnR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhIn0.WQWcwBAQFNE259f2o8", REFUSED),
    ],
)
def test_a_sample_that_holds_none_says_so_itself(text: str, expected: str):
    assert reason(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "token = 9fK2mQ7xL4vB8nR3tZ6w",
        'my_password: "Tq7-ward!"',
        "************\npassword: 7d2cb9a84f1e4c03b6a5d8e9f0172634",
        "azure = q8AAAAAAAAAAAAAASAZDOx9Z2",
        f"[Interface]\nPrivateKey = {WIREGUARD}\n",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ3YXJkIn0.WQWcwBAQFNE259f2o8",
        PEM,
        "\n".join(f'"{line}" +' for line in PEM.splitlines()),
        ED.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
        RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"a passphrase")).decode(),
    ],
)
def test_a_sample_that_may_hold_one_is_kept(text: str):
    assert reason(text) == ""
