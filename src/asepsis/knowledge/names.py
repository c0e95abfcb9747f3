"""Names that go with numbers: CWE weaknesses, ATT&CK for ICS techniques and mitigations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table


@dataclass(frozen=True, slots=True)
class Names:
    """Number or id → name, exactly as the catalogue spells it."""

    cwe: dict[str, str]
    techniques: dict[str, str]
    mitigations: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Cwe:
    cwe: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Attack:
    techniques: dict[str, str]
    mitigations: dict[str, str]


def load_names(folder: Path) -> Names:
    """Read ``cwe.toml`` and ``attack.toml``. Raises ``KnowledgeError``."""
    cwe_file, attack_file = folder / "cwe.toml", folder / "attack.toml"
    cwe = build(read_table(cwe_file), _Cwe, cwe_file)
    attack = build(read_table(attack_file), _Attack, attack_file)
    return Names(cwe.cwe, attack.techniques, attack.mitigations)
