"""What CSAF says of a flaw wherever it lies: its score (CSAF 2.0, 3.2.3.13) and its weakness (3.2.3.3)."""

from __future__ import annotations

from typing import Any

from asepsis.knowledge.load import load

Json = dict[str, Any]


def score(vector: str) -> Json:
    """By FIRST's schema, under the key of its version; empty for CVSS 4, which CSAF 2.0 has no place for, and for what is no vector."""
    from cvss import CVSS2, CVSS3, CVSSError

    key, kind = ("cvss_v3", CVSS3) if vector.startswith("CVSS:3.") else ("cvss_v2", CVSS2)
    try:
        return {key: dict(kind(vector).as_json(minimal=True))}
    except CVSSError:
        return {}


def weakness(numbers: tuple[int, ...]) -> Json:
    """The first weakness whose name is known, because CSAF 2.0 takes one, with the name that the CWE list gives it (6.1.11); empty if none is."""
    named = ((number, load().cwe_name(number)) for number in sorted(numbers))
    return next(({"id": f"CWE-{number}", "name": name} for number, name in named if name), {})
