"""Private keys that everybody has, because a program carries them to test itself. No I/O.

They are kept by the SHA-256 of their public half (SubjectPublicKeyInfo, DER), which is computed from the program and says nothing secret.
"""

from __future__ import annotations

from hashlib import sha256

_SPEED = "of OpenSSL's speed test"
_GNUTLS = "of GnuTLS's self-test"
_MBED = "of Mbed TLS's self-test"
_KNOWN = {
    "7055066ee3969c25d66c1b891c252e83db653ae6834cd60e49250a4af73a97fe": f"RSA 512 {_SPEED}",
    "0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495": f"RSA 1024 {_SPEED}",
    "a6fdc2c6d07aa877e3ac360c2ce5efb69ab7dce2fd8df3c1bce0564b17114bc2": f"RSA 2048 {_SPEED}",
    "01e67e56244b43b668e2b9a697daaafcfb501fa78de2fcc4aa32bdae6dd94af6": f"RSA 3072 {_SPEED}",
    "adadc3246bb4830551c6da143d7462727967bda53059ae6f152323b0aba69595": f"RSA 4096 {_SPEED}",
    "d2d8c7d1de1e118e810c15eb7f8d9560a433e15cd55eac52aade81d6669cf133": f"RSA 7680 {_SPEED}",
    "cebf59a465ccd9c42a7f7f6a789cc741d43cacbc502587ed1c5f0f4e445f1c39": f"RSA 15360 {_SPEED}",
    "6e1900f654edb2e599930c8a287c7263ea170f010826630893227e7cec221586": f"EC 384 {_GNUTLS}",
    "965237ca6ba836733f2b6436d66516dc01ef2d58825d3b4aa6b9061a76c7a9ce": f"EC 224 {_GNUTLS}",
    "c305f632b9f12913e548002d5e48435fccfb7a54f4e6f2255c055d9b99794b69": f"EC 192 {_GNUTLS}",
    "5bd7bad40971be901e68d9b97405c3a3e996adbede885869b270185ad499108e": f"EC 256 {_GNUTLS}",
    "dd0701715ac41b7b96a2c8fe7a762b0ee05215f4f21c44d9458f1d2e2d57427d": f"DSA 2048 {_GNUTLS}",
    "5a9214aa789ffe021992636dd17ca313f340948e604d4122735160f3d46688a0": f"RSA 2048 {_GNUTLS}",
    "370346c0864770dac7a90774f75ac6de537f5f5b2c4b1bb1d12bf3c5f4f484ae": f"RSA 2048 {_MBED}",
    "6703a04285f61bf2f79b143b1841435d503b448c3df1db998e9aebc7f05d3815": f"RSA 2048 {_MBED}",
    "c6cb6d1e322b2e4edc98a284f983a8be89a18a53db897b7ec32f9aa382c50a5c": f"RSA 2048 {_MBED}",
    "6452839ebf371b9a9a7585efd56a029440972fdbacd1ae077d403e4e92bcd4f3": f"EC 256 {_MBED}",
    "26b0f4b5b3b8ef8f54af9ca9cbef655501179e7337f2ac52f2eadcf953635999": f"EC 256 {_MBED}",
    "0d47bb32995c4f374228dd401ca46be4fe313ef89960c81b8c6db8b502f3f5c5": f"EC 384 {_MBED}",
    "a4d1449297eced86c308fbd4c46e70575d63d860ec15cf8fbef8ab1a41bf82e7": "RSA 2048 of urllib3's tests",
    "15f827f9a2bd16bcb865bceae460c2673572aa2479f6dd77757f842f30cc54e0": "RSA 2048 of urllib3's tests",
    "bc9638fbd7db49a0aa951ee45f645484266b5301d96ab6a29730468d137a3a67": "RSA 2048 of CMake's template for Windows",
    "5585f746eeaeedb1cb78098e70befeff994a5a0b8aea691c5e5117c8825a88e4": "X25519 of pyca/cryptography's start-up test",
    "bde93142b0780b2a66d27977d35f4f542e71cc538d491fe6609e2380b747a027": "RSA 2048 of Vagrant boxes",
    "a7279699e5c6a4ad971f9f205c2409a1cfb05216522b53b3d894dd3ede5e9675": "Ed25519 of Vagrant boxes",
}
"""Read from the ``openssl`` program of OpenSSL 3.0 (``openssl speed rsa``); every build of the program carries them; from
``libgnutls.so`` 3.7, ``libmbedx509.so`` 2.28 and the other packages named, as Debian 12 has them. Vagrant publishes
its "insecure" key pairs, which its boxes let in."""


def test_key_of(public: bytes) -> str:
    """The name of the published test key with this public half, or an empty string."""
    return _KNOWN.get(sha256(public).hexdigest(), "")
