"""Android's SharedPreferences: the settings of an app, where many keep what they should give to the key store.

XML below ``shared_prefs``: ``<map>`` with ``<string name="…">VALUE</string>``, numbers as attributes (Android, SharedPreferences). With
``EncryptedSharedPreferences`` names and values are ciphertext, so that nothing is called a password.

Known ways it lies: a value may be encrypted by the app itself, under a key in its code; names say little of what a value is.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols import xml
from asepsis.evidence.protocols.app_values import owner, secret_kind
from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret

_PATH = re.compile(r"(?:^|/)shared_prefs/[^/]+\.xml$")
_MAP = re.compile(rb"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?<map>\s*<(?:string|int|long|boolean|float|set) name=")


class SharedPreferencesReader:
    """Emits one :class:`StoredSecret`, likely, for each secret; its subject is the user or network named beside it."""

    info = ReaderInfo("shared_preferences", "Settings of Android apps", (StoredSecret,), ("shared_prefs/*.xml",))
    signs = Signs(paths=(_PATH,), heads=(_MAP,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder, or by a map of named values."""
        return Sureness.YES if _PATH.search(path) else Sureness.MAYBE if _MAP.match(head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One map of names and texts."""
        tree = xml.parse(source.content())
        if tree.root is None or tree.root.tag != "map":
            raise NotThisFormat
        strings = [child for child in tree.root.children if child.tag == "string" and "name" in child.attributes]
        subject = owner({child.attributes["name"]: child.text for child in strings})
        keeper = Keeper(source, emit, "app-settings")
        for child in strings:
            name = child.attributes["name"]
            kind = secret_kind(name, child.text)
            if kind:
                keeper.tell(kind, child.text, line=child.line, subject=subject, key=name, confidence=Confidence.LIKELY)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)
