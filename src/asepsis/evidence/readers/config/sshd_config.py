"""``sshd_config``: who may log in over SSH, and how.

``Keyword value`` lines; the first value of a keyword counts, keywords are case-blind, lines after ``Match`` are conditions (sshd_config(5),
OpenSSH 9). Defaults: ``PasswordAuthentication yes``, ``PermitEmptyPasswords no``, and ``PermitRootLogin prohibit-password`` (a key, no
password) since OpenSSH 7.0, ``yes`` before it. The file as shipped lists the defaults of its version as comments (``#PermitRootLogin yes``).

Known ways it lies: ``Include`` brings other files first; the daemon's command line overrides it; being there does not mean that sshd runs.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.commands import address_of, port_of
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)sshd_config(?:\.d/[^/]+\.conf|[-.][^/]*)?$")
_SHIPPED_DEFAULT = re.compile(r"\s*#\s*PermitRootLogin\s+(yes|no|prohibit-password|without-password|forced-commands-only)\s*$", re.IGNORECASE)
_KNOWN = frozenset(
    {
        "permitrootlogin",
        "passwordauthentication",
        "permitemptypasswords",
        "port",
        "listenaddress",
        "kbdinteractiveauthentication",
        "usepam",
        "pubkeyauthentication",
    }
)


class SshdConfigReader:
    """Emits one :class:`Service` ``ssh``; whether it runs is not in this file."""

    info = ReaderInfo("sshd_config", "Configuration of the OpenSSH server", (Service,), ("sshd_config",))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Up to the first ``Match``."""
        settings: dict[str, tuple[int, str]] = {}
        for number, words in word_lines(source.lines()):
            key = words[0].lower().rstrip("=")
            if key == "match":
                break
            if key in _KNOWN and len(words) > 1:
                settings.setdefault(key, (number, words[1].strip('"').lower()))
        values = {key: value for key, (_, value) in settings.items()}
        emit(
            Service(
                source.where(line=min((number for number, _ in settings.values()), default=1)),
                "ssh",
                program="sshd",
                auth=_auth(values),
                encrypted=True,
                port=port_of(values.get("port", "22")),
                address=_address(values),
                root_log_in=_root_by_password(source, values),
                detail=_detail(values),
            )
        )


def _auth(values: dict[str, str]) -> Auth:
    by_password = values.get("passwordauthentication", "yes") == "yes" or values.get("kbdinteractiveauthentication") == "yes"
    return Auth.PASSWORD if by_password else Auth.KEY


def _root_by_password(source: BoundedSource, values: dict[str, str]) -> bool | None:
    """Whether root's password opens it; None if nothing says which default this version has."""
    said = values.get("permitrootlogin", "")
    if not said:
        shown = [found.group(1).lower() for _, line in source.lines() for found in [_SHIPPED_DEFAULT.match(line)] if found]
        said = shown[0] if shown else ""
    return said == "yes" and _auth(values) is Auth.PASSWORD if said else None


def _address(values: dict[str, str]) -> str:
    text = values.get("listenaddress", "")
    return address_of(text) if ":" in text and port_of(text) and text.count(":") == 1 else text


def _detail(values: dict[str, str]) -> str:
    notes = []
    if values.get("permitrootlogin") == "yes" and _auth(values) is Auth.PASSWORD:
        notes.append("root may log in with a password")
    if values.get("permitemptypasswords") == "yes":
        notes.append("accepts blank passwords")
    if values.get("permitrootlogin") in {"no", "forced-commands-only"}:
        notes.append("root may not log in at all")
    if values.get("pubkeyauthentication") == "no":
        notes.append("takes no keys")
    return ", ".join(notes)
