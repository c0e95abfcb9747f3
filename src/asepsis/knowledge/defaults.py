"""Defaults that are public knowledge: generic words in clear, vendors' passwords only as salted hashes.

The hashes are scrypt with one salt for the whole file, cut to 64 bits: enough to tell that a secret found in a device is a published
default, slow enough that the file is no password list. Cost: about 10 ms and 4 MiB for each secret that is looked up.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table

SCRYPT_N = 4096
SCRYPT_R = 8
SCRYPT_P = 1
HASH_BYTES = 8
LONGEST = 64
"""Characters; no published default is longer, and what is longer need not be hashed."""


@dataclass(frozen=True, slots=True)
class _Generic:
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hashed:
    salt: str
    hashes: tuple[str, ...]


def hash_default(secret: str, salt: bytes) -> str:
    """The truncated scrypt hash of a default, in hex."""
    raw = secret.encode("utf-8", "surrogateescape")
    return hashlib.scrypt(raw, salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, dklen=HASH_BYTES).hex()


@lru_cache(maxsize=4096)
def _cached_hash(secret: str, salt: bytes) -> str:
    return hash_default(secret, salt)


@dataclass(frozen=True, slots=True)
class KnownDefaults:
    """``generic`` in clear, in the order in which they are worth trying; the vendors' as hashes under ``salt``."""

    generic: tuple[str, ...]
    salt: bytes = field(repr=False)
    hashes: frozenset[str] = field(repr=False)

    def knows(self, secret: str) -> bool:
        """Whether the secret is a published default. The empty secret is none: it is no default but the lack of one."""
        if not 0 < len(secret) <= LONGEST:
            return False
        return secret in self.generic or _cached_hash(secret, self.salt) in self.hashes


def load_defaults(folder: Path) -> KnownDefaults:
    """Read ``defaults/generic.toml`` and ``defaults/vendors.toml``. Raises ``KnowledgeError``."""
    generic_file, hashed_file = folder / "defaults" / "generic.toml", folder / "defaults" / "vendors.toml"
    generic = build(read_table(generic_file), _Generic, generic_file)
    hashed = build(read_table(hashed_file), _Hashed, hashed_file)
    return KnownDefaults(generic.words, bytes.fromhex(hashed.salt), frozenset(hashed.hashes))
