"""Write ``defaults/vendors.toml`` from the DefaultCreds cheat sheet (MIT): salted hashes, never a password.

    python -m asepsis.knowledge.build_defaults DefaultCreds-Cheat-Sheet.csv OUT.toml

The salt is a hash of the file, so the same file gives the same bytes. Remarks that stand where a password should (``<blank>``,
``serial number``, ``last 4 digits``) are left out, and so is what is too short to mean anything.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from asepsis.knowledge.defaults import LONGEST, hash_default

SHORTEST = 3
"""Characters. A one- or two-letter word turns up as a value for other reasons than being somebody's default."""

REMARK = re.compile(
    r"[<>]|\b(serial|digits|random|blank|note|cloud key|mac address|same as|last \d|the same|button|unknown|none|no password)\b", re.IGNORECASE
)


def passwords(rows: Iterable[dict[str, str]]) -> list[str]:
    """The different real passwords of the sheet, sorted."""
    found = {row["password"] for row in rows}
    return sorted(word for word in found if word and SHORTEST <= len(word) <= LONGEST and not REMARK.search(word))


def main(sheet: str, out: str) -> None:
    """Write the hashes to ``out``."""
    raw = Path(sheet).read_bytes()
    salt = hashlib.sha256(raw).digest()[:16]
    words = passwords(csv.DictReader(raw.decode("utf-8", "replace").splitlines()))
    hashes = sorted({hash_default(word, salt) for word in words})
    head = "# Vendors' published default passwords as salted scrypt hashes cut to 64 bits (defaults.py says how).\n"
    made = "# From DefaultCreds-cheat-sheet (MIT, see licences/DefaultCreds-cheat-sheet.txt). Written by build_defaults.py; do not edit.\n"
    body = "".join(f'  "{digest}",\n' for digest in hashes)
    Path(out).write_text(f'{head}{made}\nsalt = "{salt.hex()}"\nhashes = [\n{body}]\n', "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
