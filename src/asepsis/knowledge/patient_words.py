"""The words of the sheet for one patient, one file a language, and what a clinician may say of the patient.

The structure is the Heart Rhythm Society's five topics of 2018 (consequence, ways to lower the risk, technical difficulty, long-term fix, benefit
against risk); what is said of cardiac implants follows the ACC Electrophysiology Council (doi:10.1016/j.jacc.2018.01.023).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table
from asepsis.model.patient import Circumstances

FOLDER = Path(__file__).parent / "data" / "patient"
FALLBACK = "generic"


@dataclass(frozen=True, slots=True)
class ByAnswer:
    """A sentence for each answer; empty where there is nothing to say."""

    yes: str
    no: str
    unknown: str

    def to(self, answer: bool | None) -> str:
        """The sentence for ``answer``."""
        return self.unknown if answer is None else self.yes if answer else self.no


@dataclass(frozen=True, slots=True)
class DeviceWords:
    """One kind of device, or several that a patient calls the same: what it does, what could happen by each effect, when to call."""

    ids: tuple[str, ...]
    name: str
    does: tuple[str, ...]
    command: str
    stop: str
    reading: str
    record: str
    off: str
    now: tuple[str, ...]
    clinic: tuple[str, ...]
    evidence: str = ""
    checks_from_home: bool = False
    paces: bool = False


@dataclass(frozen=True, slots=True)
class ClinicianWords:
    """The small print for whoever hands the sheet out."""

    head: str
    made: str
    harm: str
    circumstances: str
    questions: str
    decision: str


@dataclass(frozen=True, slots=True)
class PatientWords:
    """All words of one language. ``{device}`` in them stands for its name.

    The key of ``hard`` is a feasibility, that of ``place`` a zone, and that of ``worst`` the level of a harm by a device without words of its own.
    """

    language: str
    heading: str
    intro: str
    declared_only: str
    one_model: str
    does_head: str
    harm_head: str
    harm_lead: str
    no_harm: str
    hard_head: str
    hard_lead: str
    worth_head: str
    lower_head: str
    later_head: str
    do_head: str
    dont_head: str
    now_head: str
    clinic_head: str
    ask_head: str
    star: str
    unknown: str
    unknown_one: str
    all_seen: str
    worth: str
    maker_update: str
    lower_none: str
    later_maker: str
    later_none: str
    accepted: str
    off_choice: str
    clinic_acts: str
    do: tuple[str, ...]
    dont: tuple[str, ...]
    ask: tuple[str, ...]
    hard: dict[str, str]
    worst: dict[str, str]
    place: dict[str, str]
    pacing: ByAnswer
    monitoring: ByAnswer
    far: ByAnswer
    far_with_checks: ByAnswer
    clinician: ClinicianWords
    device: tuple[DeviceWords, ...]

    def of(self, device_id: str) -> DeviceWords:
        """The words of a profile, else those of any device."""
        known = {name: words for words in self.device for name in words.ids}
        return known.get(device_id, known[FALLBACK])


@cache
def patient_words(language: str = "en") -> PatientWords:
    """The words of a language that is shipped. Raises ``KnowledgeError`` if there is none or it is broken."""
    path = FOLDER / f"{language}.toml"
    return build(read_table(path), PatientWords, path)


def load_circumstances(path: Path) -> Circumstances:
    """What a clinician says of the patient, from a TOML file. Raises ``KnowledgeError``: any other key, a name say, is refused."""
    return build(read_table(path), Circumstances, path)
