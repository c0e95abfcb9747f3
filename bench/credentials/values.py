"""The secrets that are planted: drawn from a seed, so that no maker's password is in the repository and no tool can know them by heart.

In the tables a token ``<<name:kind>>`` stands for one. The same name in one pair is the same secret; another seed gives other secrets.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from passlib.hash import apr_md5_crypt, des_crypt, md5_crypt, nthash, sha256_crypt, sha512_crypt

TOKEN = re.compile(r"<<([a-z0-9-]+):([a-z0-9-]+)>>")
WORDS = [
    "amber",
    "anchor",
    "basalt",
    "beacon",
    "birch",
    "cobalt",
    "copper",
    "coral",
    "cinder",
    "dapple",
    "ember",
    "falcon",
    "fennel",
    "garnet",
    "glacier",
    "harbour",
    "hazel",
    "heron",
    "indigo",
    "jasper",
    "juniper",
    "kestrel",
    "lagoon",
    "lantern",
    "linden",
    "maple",
    "marble",
    "meadow",
    "merlin",
    "nectar",
    "nimbus",
    "ochre",
    "orchid",
    "osprey",
    "pebble",
    "pepper",
    "plover",
    "quartz",
    "quiver",
    "raven",
    "rowan",
    "saffron",
    "sedge",
    "sorrel",
    "spruce",
    "tamarind",
    "teal",
    "thistle",
    "tundra",
    "umber",
    "velvet",
    "willow",
    "yarrow",
    "zephyr",
]
SALT = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
VNC_KEY = bytes.fromhex("e84ad660c4721ae0")  # published: 23 82 107 6 35 78 88 7 with the bits of each byte mirrored


@dataclass(frozen=True, slots=True)
class Values:
    """The secrets of one pair."""

    seed: int
    pair: str

    def draw(self, name: str) -> random.Random:
        """A source of numbers that follows from seed, pair and name."""
        return random.Random(f"{self.seed}/{self.pair}/{name}")

    def value(self, name: str, kind: str) -> str:
        """The secret ``name`` in the form ``kind``."""
        return KINDS[kind](self, name)

    def fill(self, text: str) -> str:
        """``text`` with its tokens replaced."""
        return TOKEN.sub(lambda token: self.value(token[1], token[2]), text)

    def password(self, name: str) -> str:
        """What somebody at a maker would choose: two words, a number, sometimes a sign."""
        draw = self.draw(name)
        first, second = draw.sample(WORDS, 2)
        return f"{first.capitalize()}{draw.choice('-_.+')}{second}{draw.randrange(10, 9999)}"

    def salt(self, name: str, length: int) -> str:
        """Salt for a password hash."""
        draw = self.draw(f"salt of {name}")
        return "".join(draw.choice(SALT) for _ in range(length))

    def octets(self, name: str, length: int) -> bytes:
        """So many random bytes."""
        return self.draw(name).randbytes(length)


def _hex(length: int) -> Callable[[Values, str], str]:
    return lambda values, name: values.octets(name, length // 2).hex()


def _base64(length: int) -> Callable[[Values, str], str]:
    return lambda values, name: base64.b64encode(values.octets(name, length)).decode()


def _digits(length: int) -> Callable[[Values, str], str]:
    return _letters("0123456789", length)


def _letters(alphabet: str, length: int, prefix: str = "") -> Callable[[Values, str], str]:
    return lambda values, name: prefix + "".join(values.draw(name).choices(alphabet, k=length))


def _smb_line(values: Values, name: str) -> str:
    return str(nthash.hash(values.password(name))).upper()


def _vnc(values: Values, name: str) -> str:
    """RFB's file: the first eight characters, DES under a key that is published, in hex."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    plain = values.password(name).encode()[:8].ljust(8, b"\0")
    cipher = Cipher(TripleDES(VNC_KEY * 3), modes.ECB()).encryptor()
    return (cipher.update(plain) + cipher.finalize()).hex()


def _pmk(values: Values, name: str) -> str:
    """IEEE 802.11: the pre-shared key is PBKDF2 of the passphrase with the network's name."""
    return hashlib.pbkdf2_hmac("sha1", values.password(name).encode(), b"WARD-DEVICES", 4096, 32).hex()


def _jwt(values: Values, name: str) -> str:
    """A session token that was left in a log: header, claims, signature."""
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": "pump-7", "iat": 1700000000})]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [*parts, values.octets(name, 32)])


KINDS: dict[str, Callable[[Values, str], str]] = {
    "password": Values.password,
    "pin": _digits(6),
    "pmk": _pmk,
    "hex26": _hex(26),
    "hex32": _hex(32),
    "hex64": _hex(64),
    "base64-24": _base64(24),
    "base64-32": _base64(32),
    "base64-64": _base64(64),
    "base64-256": _base64(256),
    "aws-id": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, "AKIA"),
    "aws-secret": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+", 40),
    "letters-50": _letters("abcdefghijklmnopqrstuvwxyz0123456789@#%^&*(-_=+)", 50),
    "jwt": _jwt,
    "nt": _smb_line,
    "vnc": _vnc,
    "des": lambda values, name: str(des_crypt.using(salt=values.salt(name, 2)).hash(values.password(name))),
    "md5": lambda values, name: str(md5_crypt.using(salt=values.salt(name, 8)).hash(values.password(name))),
    "apr1": lambda values, name: str(apr_md5_crypt.using(salt=values.salt(name, 8)).hash(values.password(name))),
    "sha256": lambda values, name: str(sha256_crypt.using(salt=values.salt(name, 16), rounds=5000).hash(values.password(name))),
    "sha512": lambda values, name: str(sha512_crypt.using(salt=values.salt(name, 16), rounds=5000).hash(values.password(name))),
    "md5-of-admin": lambda values, name: str(md5_crypt.using(salt=values.salt(name, 8)).hash("admin")),
    "crc32": lambda values, name: f"{zlib.crc32(values.octets(name, 16)):08x}",
}
"""How a secret is written; ``md5-of-admin`` is the best known default of all."""
