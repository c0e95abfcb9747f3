"""What surrounds a planted weakness: files of the Debian system on which the corpus is built, and tempting things that are no weakness."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from credentials.makers import MAKERS
from credentials.plan import HERE
from credentials.values import Values

USERLAND = (
    "/bin/ls",
    "/bin/mount",
    "/usr/bin/openssl",
    "/usr/bin/ssh-keygen",
    "/usr/lib/x86_64-linux-gnu/libcrypt.so.1",
    "/etc/services",
    "/etc/protocols",
    "/etc/login.defs",
    "/etc/nsswitch.conf",
    "/etc/ssl/openssl.cnf",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssh/ssh_config",
    "/etc/security/access.conf",
    "/etc/security/limits.conf",
    "/etc/deluser.conf",
    "/etc/pam.d/common-password",
    "/etc/debconf.conf",
    "/etc/wgetrc",
    "/usr/share/doc/openssl/fingerprints.txt",
    "/usr/share/doc/adduser/examples/adduser.local.conf",
    "/usr/share/perl5/Debconf/Element/Noninteractive/Password.pm",
    "/usr/lib/python3/dist-packages/urllib3/util/ssl_.py",
    "/usr/lib/python3.11/smtplib.py",
    "/usr/lib/python3.11/getpass.py",
)
"""Noise: two programs with ``PRIVATE KEY`` and ``password`` in them, settings, a bundle of certificates, sources. What is not here is left out."""


@dataclass(frozen=True, slots=True)
class Decoy:
    """Something tempting that is no weakness, and why not."""

    path: str
    what: str


@cache
def userland() -> Mapping[str, bytes]:
    """The files of this machine, by their path in the image."""
    return {path.lstrip("/"): Path(path).read_bytes() for path in USERLAND if Path(path).is_file()}


def fingerprint() -> dict[str, str]:
    """SHA-256 of each file of this machine that is used: the images are the same where these are."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in sorted(userland().items())}


@cache
def tables() -> Mapping[str, Any]:
    """``decoys.toml``: for each base its ordinary files and its decoys."""
    return tomllib.loads((HERE / "decoys.toml").read_text(encoding="utf-8"))


@cache
def _made(base: str, path: str, seed: int) -> bytes:
    """A decoy that is no text: the same in every image, so that it is made once."""
    (decoy,) = [one for one in tables()[base]["decoy"] if one["path"] == path]
    return MAKERS[decoy["by"]](Values(seed, "decoys"), decoy)


def files(base: str, values: Values) -> tuple[dict[str, Any], list[Decoy]]:
    """The files of a base (text, bytes, or a maker's entry) and the list of its decoys."""
    if base == "none":
        return {}, []
    table = tables()[base]
    entries: dict[str, Any] = dict(userland()) if base == "linux" else {}
    entries |= {path: values.fill(text) for path, text in table["ordinary"].items()}
    decoys = []
    for decoy in table["decoy"]:
        entries[decoy["path"]] = decoy["text"] if "text" in decoy else _made(base, decoy["path"], values.seed)
        decoys.append(Decoy(decoy["path"], decoy["what"]))
    decoys += [Decoy(path, what) for path, what in table.get("noise", {}).items() if path in entries]
    return entries, decoys
