"""strongSwan's ``swanctl.conf`` and ``strongswan.conf``: secrets of virtual private networks.

In ``secrets`` (swanctl.conf(5), strongSwan 5.9): ``ike-…`` holds a pre-shared key, ``eap-…``, ``xauth-…`` and ``ntlm-…`` a log-in (``ntlm``: its
NT hash), ``ppk-…`` a post-quantum key, ``private-…``, ``rsa-…``, ``ecdsa-…``, ``pkcs8-…`` and ``pkcs12-…`` the passphrase of a key file,
``token-…`` a PIN; ``id`` says whose. In strongswan.conf the ``eap-radius`` plug-in shares a ``secret`` with its server.

Known ways it lies: ``include`` names further files; values may be hex behind ``0x`` or base64 behind ``0s``.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.braces import INTO, entries, innermost
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import Entry
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:swanctl/(?:.*/)?[^/]+\.conf|swanctl\.conf|strongswan\.conf|strongswan\.d/(?:.*/)?[^/]+\.conf)$")
_SECRET = re.compile(r"(?:^|/)secrets/(?:ike|eap|xauth|ntlm|ppk|private|rsa|ecdsa|pkcs8|pkcs12|token)[^/]*$")


class SwanctlReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the first ``id``, else the section's name."""

    info = ReaderInfo("swanctl", "Secrets of strongSwan", (StoredSecret,), ("swanctl.conf", "strongswan.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All entries first: the identity may stand behind the secret."""
        found = list(entries(source.lines()))
        names = {entry.section: entry.value for entry in reversed(found) if entry.key.startswith("id")}
        keeper = Keeper(source, emit, "swanctl")
        for entry in found:
            if entry.value and _is_secret(entry):
                section = innermost(entry)
                form = SecretForm.DERIVED if section.startswith("ntlm") else SecretForm.CLEARTEXT
                subject = names.get(entry.section, section)
                keeper.tell(SecretKind.NETWORK_LOGIN, entry.value, line=entry.line, subject=subject, key=entry.key, form=form)


def _is_secret(entry: Entry) -> bool:
    if _SECRET.search(entry.section.replace(INTO, "/")):
        return entry.key in {"secret", "pin"}
    return entry.key == "secret" and "eap-radius" in entry.section
