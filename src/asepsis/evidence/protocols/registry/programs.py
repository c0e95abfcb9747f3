r"""Programs that were installed, as the list for uninstalling them says: ``Uninstall\*``. No I/O.

``DisplayName``, ``DisplayVersion``, ``Publisher`` (Microsoft, *Uninstall registry key*). What has a ``ParentKeyName`` is an update of another
program.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.products import product_of_program
from asepsis.evidence.protocols.registry.key import Key
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_UPDATE = re.compile(r"\b(?:KB\d{6,7}|(?:Security )?Update for)\b")


def installed_program(_source: BoundedSource, key: Key, emit: Emit) -> None:
    """One program."""
    shown, version = " ".join(key.text("displayname").split()), key.text("displayversion").strip()
    if not shown or key.text("parentkeyname") or _UPDATE.search(shown):
        return
    # "7-Zip 19.00 (x64)" is 7-Zip; where the name holds another number, it is left as it is.
    name = re.sub(rf"[\s-]+v?{re.escape(version)}\b.*$", "", shown) if version else shown
    publisher = key.text("publisher").strip()[:128]
    where, product = key.place("displayname"), product_of_program(name)
    emit(Component(where, name[:128], version[:128], product, "installed program", Confidence.CONFIRMED, supplier=publisher))


MEANINGS = (("software\\microsoft\\windows\\currentversion\\uninstall\\*", installed_program),)
