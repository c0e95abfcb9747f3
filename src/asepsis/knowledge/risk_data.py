"""Load what the rating stage works from: risk matrix, feasibility classes, the rubric's questions, people's answers.

Shipped data lies beside this file; a user's file is read by the same code. Whatever is wrong with one is said in one line by
``KnowledgeError``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from asepsis.knowledge.toml_file import KnowledgeError, near, one_line
from asepsis.model.rating import Answer

DATA = Path(__file__).with_name("data")
FILE_BYTES = 1 << 20
"""The largest data file that is read."""

FEASIBILITY = ("low", "medium", "high")
"""Classes of exploitability, in rising order. Never a probability."""

SEVERITIES = range(1, 6)
VERDICTS = ("acceptable", "unacceptable")
MATRIX_KEYS = ("title", "version", "mark", "source", "licence", "date", "many_patients_raise", "severity", "verdict")
ANSWER_KEYS = ("question", "value", "by", "date", "because", "path")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a data file comes from; ``mark`` as in :class:`asepsis.model.device.Mark`."""

    title: str
    version: str
    mark: str
    source: str
    date: str

    def __str__(self) -> str:
        return f"{self.title}, version {self.version} [{self.mark}]: {self.source}"


@dataclass(frozen=True, slots=True)
class RiskMatrix:
    """Severity × feasibility → acceptable or not. What strikes many patients counts ``many_patients_raise`` levels worse, at most 5."""

    origin: Origin
    severity: dict[int, str]
    verdict: dict[int, dict[str, str]]
    many_patients_raise: int

    def counted(self, severity: int, *, many_patients: bool) -> int:
        """The level that the matrix is read at."""
        return min(SEVERITIES[-1], severity + self.many_patients_raise * many_patients)

    def acceptable(self, severity: int, feasibility: str, *, many_patients: bool = False) -> bool:
        """The matrix's verdict."""
        return self.verdict[self.counted(severity, many_patients=many_patients)][feasibility] == "acceptable"


@dataclass(frozen=True, slots=True)
class Skill:
    """What a hop that rests on one of ``predicates`` (in one of ``zones``, if any are named) asks of the attacker."""

    rank: int
    name: str
    predicates: frozenset[str]
    zones: frozenset[str]


@dataclass(frozen=True, slots=True)
class FeasibilityScale:
    """Thresholds on the CVSS v3 exploitability sub-score of a hop.

    ``shared_secret_is_public`` says whether a hop that only learns a secret that is the same in every unit counts as no obstacle.
    """

    origin: Origin
    maximum: float
    high_from: float
    medium_from: float
    claimed_barrier_lowers: int
    shared_secret_is_public: bool
    skills: tuple[Skill, ...]


@dataclass(frozen=True, slots=True)
class RubricData:
    """The rubric's questions by code, and which functions and devices are about diagnosis, and which can rewrite an implant."""

    origin: Origin
    questions: dict[str, str]
    diagnosis_functions: frozenset[str]
    diagnosis_devices: frozenset[str]
    implant_writers: frozenset[str]


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary. Raises ``KnowledgeError`` if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES + 1)
        if len(content) > FILE_BYTES:
            raise KnowledgeError(f"{path.name}: larger than {FILE_BYTES} bytes")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise KnowledgeError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{path.name}: not TOML: {error}") from error
    except RecursionError as error:
        raise KnowledgeError(f"{path.name}: nested too deeply") from error


def _refuse_unknown(keys: Iterable[str], known: Collection[str], name: str) -> None:
    """A word with a slip would change nothing and be believed."""
    for key in keys:
        if key not in known:
            raise KnowledgeError(f"{name}: no such key: {one_line(key)}{near(key, known)}")


def origin_of(raw: Mapping[str, Any], name: str) -> Origin:
    """Who says so, and since when. A file without a source is refused."""
    missing = [key for key in ("title", "version", "source") if not isinstance(raw.get(key), str)]
    if missing:
        raise KnowledgeError(f"{name}: missing text for {', '.join(missing)}")
    return Origin(raw["title"], raw["version"], str(raw.get("mark", "user")), raw["source"], str(raw.get("date", "")))


def load_matrix(path: Path) -> RiskMatrix:
    """A risk matrix from a TOML file shaped like the shipped ``risk_matrix.toml``.

    Raises ``KnowledgeError`` if a cell is missing or unknown, or if the matrix accepts something worse than what it refuses.
    """
    raw = read_toml(path)
    name = path.name
    _refuse_unknown(raw, MATRIX_KEYS, name)
    verdict = {severity: _row(raw, severity, name) for severity in SEVERITIES}
    for table in ("verdict", "severity"):
        if isinstance(raw.get(table), dict):
            _refuse_unknown(raw[table], tuple(map(str, SEVERITIES)), f"{name}: [{table}]")
    _check_rising(verdict, name)
    raised = raw.get("many_patients_raise", 1)
    if type(raised) is not int or not 0 <= raised < len(SEVERITIES):
        raise KnowledgeError(f"{name}: many_patients_raise must be a number from 0 to 4, not {raised!r}")
    names = raw.get("severity", {})
    if not isinstance(names, dict):
        raise KnowledgeError(f"{name}: [severity] must be a table of names")
    return RiskMatrix(origin_of(raw, name), {level: str(names.get(str(level), f"S{level}")) for level in SEVERITIES}, verdict, raised)


def _row(raw: Mapping[str, Any], severity: int, name: str) -> dict[str, str]:
    table = raw.get("verdict")
    row = table.get(str(severity)) if isinstance(table, dict) else None
    if not isinstance(row, dict) or set(row) != set(FEASIBILITY):
        raise KnowledgeError(f"{name}: [verdict] needs a row {severity} with one word for each of {', '.join(FEASIBILITY)}")
    wrong = sorted(str(word) for word in row.values() if word not in VERDICTS)
    if wrong:
        raise KnowledgeError(f"{name}: row {severity} says {wrong[0]!r}; it can say {' or '.join(VERDICTS)}")
    return {key: row[key] for key in FEASIBILITY}


def _check_rising(verdict: Mapping[int, Mapping[str, str]], name: str) -> None:
    """What is worse in either direction may not be accepted where less is refused: such a matrix is a slip, not a policy."""
    for severity in SEVERITIES:
        for place, word in enumerate(FEASIBILITY):
            milder = [verdict[severity - 1][word]] if severity > 1 else []
            milder += [verdict[severity][FEASIBILITY[place - 1]]] if place else []
            if verdict[severity][word] == "acceptable" and "unacceptable" in milder:
                raise KnowledgeError(f"{name}: accepts severity {severity} at {word} feasibility but refuses something milder")


@cache
def risk_matrix() -> RiskMatrix:
    """The shipped risk matrix."""
    return load_matrix(DATA / "risk_matrix.toml")


@cache
def feasibility_scale() -> FeasibilityScale:
    """The shipped feasibility classes."""
    raw = read_toml(DATA / "risk_feasibility.toml")
    skills = (Skill(row["rank"], row["name"], frozenset(row["predicates"]), frozenset(row.get("zones", ()))) for row in raw["skill"])
    numbers = (raw["maximum"], raw["high_from"], raw["medium_from"], raw["claimed_barrier_lowers"])
    return FeasibilityScale(origin_of(raw, "risk_feasibility.toml"), *numbers, raw["shared_secret_is_public"], tuple(skills))


@cache
def rubric_data() -> RubricData:
    """The shipped questions of the rubric."""
    raw = read_toml(DATA / "risk_rubric.toml")
    diagnosis = raw["diagnosis"]
    return RubricData(
        origin_of(raw, "risk_rubric.toml"),
        raw["questions"],
        frozenset(diagnosis["functions"]),
        frozenset(diagnosis["devices"]),
        frozenset(raw["rewrites_an_implant"]["devices"]),
    )


def load_answers(path: Path) -> dict[str, Answer]:
    """People's answers that override the tool's own, by question, from a TOML file of ``[[answer]]`` tables.

    Each has ``question`` (``rubric.XACL``, ``cvss4.AT``, ``ssvc.mission``, ``patient_harm.severity`` …), ``value``, ``by`` (a name), ``date`` (ISO),
    ``because``, and ``path`` if it is about one path only. Raises ``KnowledgeError`` if one is missing: an answer without a name,
    a day and a reason does not count.
    """
    table = read_toml(path)
    _refuse_unknown(table, ("answer",), path.name)
    entries = table.get("answer", [])
    if not isinstance(entries, list):
        raise KnowledgeError(f"{path.name}: answers are written as [[answer]] tables")
    if not entries:
        raise KnowledgeError(f"{path.name}: holds no answer")
    answers: dict[str, Answer] = {}
    for number, entry in enumerate(entries, 1):
        key, answer = _answer(entry, f"{path.name}: answer {number}")
        if key in answers:
            raise KnowledgeError(f"{path.name}: {key} is answered twice")
        answers[key] = answer
    return answers


def _answer(entry: object, name: str) -> tuple[str, Answer]:
    if not isinstance(entry, dict):
        raise KnowledgeError(f"{name}: not a table")
    _refuse_unknown(entry, ANSWER_KEYS, name)
    missing = [key for key in ANSWER_KEYS[:-1] if not str(entry.get(key, "")).strip()]
    if missing:
        raise KnowledgeError(f"{name}: says no {', '.join(missing)}")
    try:
        day = date.fromisoformat(str(entry["date"])).isoformat()
    except ValueError as error:
        raise KnowledgeError(f"{name}: the date is not written like 2026-11-23") from error
    question = str(entry["question"])
    key = f"{entry['path']}/{question}" if entry.get("path") else question
    return key, Answer(question, str(entry["value"]), str(entry["because"]), str(entry["by"]), day)
