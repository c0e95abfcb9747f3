"""Group Policy Preferences: ``Groups.xml``, ``Services.xml``, ``ScheduledTasks.xml``, ``DataSources.xml``, ``Drives.xml``, ``Printers.xml``.

The attribute ``cpassword`` is a password under AES with a key that Microsoft published ([MS-GPPREF] 2.2.1.1.4): whoever has the file has the password
(MS14-025). The files lie below ``Policies/{GUID}/…/Preferences`` of a domain, and as copies in ``ProgramData/Microsoft/Group Policy/History`` of each
machine.

Known ways it lies: an empty ``cpassword`` sets none; the account may have been changed since.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.xml import Element, parse
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_PATH = re.compile(r"(?:^|/)(?:groups|services|scheduledtasks|datasources|drives|printers)\.xml$", re.IGNORECASE)
_SIGN = re.compile(rb"cpassword\s*=")
_NAMES = ("userName", "accountName", "runAs", "username", "newName", "name")


class GroupPolicyReader:
    """Emits a :class:`StoredSecret` in recoverable form for each ``cpassword``."""

    info = ReaderInfo(
        "group_policy", "Passwords in Group Policy Preferences", (StoredSecret,), ("Groups.xml", "ScheduledTasks.xml", "DataSources.xml")
    )
    signs = Signs(paths=(_PATH,), heads=(_SIGN,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name, or by the attribute."""
        if not path.lower().endswith(".xml"):
            return Sureness.NO
        if _SIGN.search(head):
            return Sureness.YES
        return Sureness.MAYBE if _PATH.search(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` where the XML breaks, after what was read before."""
        tree = parse(source.content())
        for element in tree.root.walk() if tree.root else ():
            secret = element.attributes.get("cpassword", "")
            if secret:
                redacted = source.redact(SecretKind.LOGIN, SecretForm.RECOVERABLE, secret)
                emit(StoredSecret(source.where(line=element.line), redacted, "group-policy", _owner(element)[:64], "cpassword", "rdp"))
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _owner(element: Element) -> str:
    return next((element.attributes[name] for name in _NAMES if element.attributes.get(name)), "")
