"""``smbpasswd``: accounts of Samba with their NT hashes.

Lines ``NAME:UID:LM:NT:[FLAGS]:LCT-TIME:`` (smbpasswd(5), Samba 4): two hashes of 32 hex digits. The NT hash is what the protocol proves knowledge
of, so that it works as well as the password; it has no salt. ``XXXX…`` stands for none, ``NO PASSWORDXXXX…`` or flag ``N`` for an empty one, flag
``D`` for a disabled account, ``W`` for a machine.

Known ways it lies: Samba keeps accounts in ``passdb.tdb`` unless it is told otherwise, and the text file stays behind.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)smbpasswd(?:[.-][^/]*)?$")
_LINE = re.compile(
    r"([^:\s#][^:]{0,63}):(\d{1,10}):([0-9A-Fa-fX]{32}|NO PASSWORD[Xx]{21}):([0-9A-Fa-fX]{32}|NO PASSWORD[Xx]{21}):\s*\[([A-Z ]{0,16})\]:"
)
_SHAPE = re.compile(rb"(?m)^[^:\s#][^:\n]{0,63}:\d{1,10}:[0-9A-FX]{32}:[0-9A-FX]{32}:\[[A-Z ]{11}\]:LCT-")
_EMPTY_NT, _EMPTY_LM = "31d6cfe0d16ae931b73c59d7e0c089c0", "aad3b435b51404eeaad3b435b51404ee"
"""The hashes of the empty password (MS-NLMP, 3.3.1)."""


class SmbpasswdReader:
    """Emits one :class:`StoredSecret` for each account."""

    info = ReaderInfo("smbpasswd", "Accounts of Samba", (StoredSecret,), ("smbpasswd",))
    signs = Signs(paths=(_PATH,), heads=(_SHAPE,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by lines of this shape; a program of that name is none."""
        if b":[" in head and _SHAPE.search(head):
            return Sureness.YES
        return Sureness.MAYBE if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        keeper, seen = Keeper(source, emit, "smbpasswd"), 0
        for number, line in source.lines():
            found = _LINE.match(line)
            if found:
                seen += 1
                _tell(keeper, number, *found.groups())
        if not seen:
            raise NotThisFormat


def _tell(keeper: Keeper, number: int, name: str, _uid: str, lan: str, nt: str, flags: str) -> None:
    secret = nt if not nt.startswith("X") else lan
    kind = SecretKind.NETWORK_LOGIN if "W" in flags else SecretKind.LOGIN
    keeper.tell(kind, secret.lower(), line=number, subject=name, key="NT hash" if secret is nt else "LM hash", opens="smb", form=_form(secret, flags))


def _form(secret: str, flags: str) -> SecretForm:
    if "D" in flags or secret.startswith("X"):
        return SecretForm.LOCKED
    if "N" in flags or secret.startswith("NO") or secret.lower() in {_EMPTY_NT, _EMPTY_LM}:
        return SecretForm.EMPTY
    return SecretForm.DERIVED
