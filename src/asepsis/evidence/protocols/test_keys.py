"""Private keys that everybody has, because a program carries them to test itself. No I/O.

They are kept by the SHA-256 of their public half (SubjectPublicKeyInfo, DER), which is computed from the program and says nothing secret.
"""

from __future__ import annotations

from hashlib import sha256

_SPEED = "of OpenSSL's speed test"
_KNOWN = {
    "7055066ee3969c25d66c1b891c252e83db653ae6834cd60e49250a4af73a97fe": f"RSA 512 {_SPEED}",
    "0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495": f"RSA 1024 {_SPEED}",
    "a6fdc2c6d07aa877e3ac360c2ce5efb69ab7dce2fd8df3c1bce0564b17114bc2": f"RSA 2048 {_SPEED}",
    "01e67e56244b43b668e2b9a697daaafcfb501fa78de2fcc4aa32bdae6dd94af6": f"RSA 3072 {_SPEED}",
    "adadc3246bb4830551c6da143d7462727967bda53059ae6f152323b0aba69595": f"RSA 4096 {_SPEED}",
    "d2d8c7d1de1e118e810c15eb7f8d9560a433e15cd55eac52aade81d6669cf133": f"RSA 7680 {_SPEED}",
    "cebf59a465ccd9c42a7f7f6a789cc741d43cacbc502587ed1c5f0f4e445f1c39": f"RSA 15360 {_SPEED}",
    "bde93142b0780b2a66d27977d35f4f542e71cc538d491fe6609e2380b747a027": "RSA 2048 of Vagrant boxes",
    "a7279699e5c6a4ad971f9f205c2409a1cfb05216522b53b3d894dd3ede5e9675": "Ed25519 of Vagrant boxes",
}
"""Read from the ``openssl`` program of OpenSSL 3.0 (``openssl speed rsa``); every build of the program carries them. Vagrant publishes
its "insecure" key pairs, which its boxes let in."""


def test_key_of(public: bytes) -> str:
    """The name of the published test key with this public half, or an empty string."""
    return _KNOWN.get(sha256(public).hexdigest(), "")
