"""What the sheet for one patient says: a study in plain words, after the Heart Rhythm Society's five topics.

Nothing of the study is hidden, and nothing is computed: the worst way to each kind of harm is told with how hard it would be (exploitability, never a
number), whatever was not looked at in one sentence. No sentence tells a patient to have a device replaced or switched off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from asepsis.knowledge.load import load
from asepsis.knowledge.patient_words import FALLBACK, DeviceWords, PatientWords, patient_words
from asepsis.model.device import ASSUMPTIONS, Device
from asepsis.model.facts import Effect, Zone
from asepsis.model.finding import Certainty
from asepsis.model.patient import Circumstances
from asepsis.model.plan import Actor, ChosenControl
from asepsis.model.rating import Rating
from asepsis.model.study import Study
from asepsis.reports.gaps import gaps
from asepsis.reports.harms import ReachableHarm, ratings, reachable_harms
from asepsis.reports.words import BRIEF_CERTAINTIES, EFFECTS, harm_level

SWITCHED_OFF = frozenset({"M14", "M15"})
"""Controls that take the radio or the network away: a choice that only patient and doctor can make together."""
_ORDER = (Effect.COMMAND, Effect.STOP, Effect.READING, Effect.RECORD)
_FARTHEST_FIRST = (
    *(Zone.INTERNET, Zone.HOSPITAL_NETWORK, Zone.DEVICE_NETWORK, Zone.WIFI_RANGE, Zone.RADIO_RANGE, Zone.BLUETOOTH_RANGE),
    *(Zone.SECOND_HAND_UNIT, Zone.INDUCTIVE_RANGE, Zone.TOUCH, Zone.SUPPLY_CHAIN),
)
_ANSWERS = {True: "yes", False: "no", None: "not stated"}


@dataclass(frozen=True, slots=True)
class PlainHarm:
    """One kind of harm: ``what`` happens, ``hard`` how hard it would be, ``place`` from where; ``assumed`` if it rests on our own judgement."""

    what: str
    hard: str
    place: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the page says, in its order. ``words`` gives the headings."""

    words: PatientWords
    heading: str
    intro: tuple[str, ...]
    does: tuple[str, ...]
    harms: tuple[PlainHarm, ...]
    no_harm: str
    worth: tuple[str, ...]
    lower: tuple[str, ...]
    later: tuple[str, ...]
    do: tuple[str, ...]
    dont: tuple[str, ...]
    now: tuple[str, ...]
    clinic: tuple[str, ...]
    unknown: str
    clinician: tuple[str, ...]


def sheet(study: Study, patient: Circumstances, language: str = "en") -> Sheet:
    """The sheet of a study for a patient of whom no more is known than ``patient`` says."""
    words = patient_words(language)
    own = _words_of(study.device, words)
    harms = _worst_of_each(study)
    said = _Named(own.name)
    return Sheet(
        words=words,
        heading=said.one(words.heading),
        intro=said.all([words.intro, words.declared_only if _only_declared(study) else words.one_model]),
        does=said.all(own.does),
        harms=tuple(_plain(harm, own, words, study.device, ratings(study)) for harm in harms),
        no_harm="" if harms else said.one(words.no_harm),
        worth=said.all([words.worth, own.evidence]),
        lower=said.all(_lower(study, own, words)),
        later=said.all([words.later_maker if _by(study.plan.controls, Actor.MAKER) else words.later_none]),
        do=said.all(_do(own, words, patient)),
        dont=said.all(words.dont),
        now=said.all(own.now),
        clinic=said.all(own.clinic),
        unknown=_unknown(study, words),
        clinician=tuple(_clinician(study, harms, words, patient)),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """Puts the device's name into sentences, and leaves empty ones out."""

    name: str

    def one(self, text: str) -> str:
        return text.replace("{device}", self.name)

    def all(self, texts: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
        return tuple(self.one(text) for text in texts if text)


def _words_of(device: Device, words: PatientWords) -> DeviceWords:
    """Those of its profile, or of the shipped one that does the same things: a user's own profile may have any id."""
    if any(device.id in one.ids for one in words.device):
        return words.of(device.id)
    functions = {function.id for function in device.functions}
    alike = (other.id for other in load().devices() if {function.id for function in other.functions} == functions)
    return words.of(next(alike, device.id))


def _worst_of_each(study: Study) -> tuple[ReachableHarm, ...]:
    """The worst reachable harm of each effect, of those the easiest."""
    harms = reachable_harms(study)
    found = (next((harm for harm in harms if harm.key[2] == effect.value), None) for effect in _ORDER)
    return tuple(harm for harm in found if harm)


def _plain(harm: ReachableHarm, own: DeviceWords, words: PatientWords, device: Device, rated: Mapping[str, Rating]) -> PlainHarm:
    effect = Effect(harm.key[2])
    worst = words.worst.get(str(harm.level), "") if FALLBACK in own.ids else ""
    what = {Effect.COMMAND: own.command, Effect.STOP: own.stop, Effect.READING: own.reading, Effect.RECORD: own.record}[effect]
    marks = [entry.mark for function in device.functions if function.id == harm.key[1] for entry in function.harms if entry.effect is effect]
    hard = words.hard.get(harm.feasibility, words.hard["unrated"])
    return PlainHarm(
        " ".join(filter(None, (what, worst))), hard, words.place.get(_farthest(harm, rated), ""), any(mark in ASSUMPTIONS for mark in marks)
    )


def _farthest(harm: ReachableHarm, rated: Mapping[str, Rating]) -> str:
    """The farthest place from which the easiest ways to the harm begin."""
    easiest = {path.start for path in harm.paths if path.id not in rated or rated[path.id].feasibility == harm.feasibility}
    return next((zone.value for zone in _FARTHEST_FIRST if zone.value in easiest), "")


def _only_declared(study: Study) -> bool:
    return bool(study.findings) and all(finding.certainty is Certainty.DECLARED for finding in study.findings)


def _by(controls: Sequence[ChosenControl], *actors: Actor) -> bool:
    return any(set(actors) & set(control.actors) for control in controls)


def _lower(study: Study, own: DeviceWords, words: PatientWords) -> Iterator[str]:
    """What the plan, or the plan of those who can act today, does about it."""
    every = [control for plan in (study.plan, *study.alternatives) for control in plan.controls]
    if _by(every, Actor.MAKER):
        yield words.maker_update
    if any(control.id not in SWITCHED_OFF and {Actor.HOSPITAL, Actor.CLINICIAN} & set(control.actors) for control in every):
        yield words.clinic_acts
    if any(control.id in SWITCHED_OFF for control in every):
        yield words.off_choice.replace("{loss}", own.off)
    if not every:
        yield words.lower_none
    if study.accepted_harms:
        yield words.accepted


def _do(own: DeviceWords, words: PatientWords, patient: Circumstances) -> Iterator[str]:
    yield from words.do
    if own.paces:
        yield words.pacing.to(patient.pacing_dependent)
    if own.checks_from_home:
        yield words.monitoring.to(patient.remote_monitoring)
        yield words.far_with_checks.to(patient.far_from_clinic)
    yield words.far.to(patient.far_from_clinic)


def _unknown(study: Study, words: PatientWords) -> str:
    """How much could not be looked at, in one sentence."""
    missing = sum(max(1, len(gap.subjects)) for gap in gaps(study.not_assessed) if not gap.optional)
    missing += len(study.problems) + len(study.coverage.unopened)
    if not missing:
        return words.all_seen
    return words.unknown_one if missing == 1 else words.unknown.replace("{count}", str(missing))


def _clinician(study: Study, harms: Sequence[ReachableHarm], words: PatientWords, patient: Circumstances) -> Iterator[str]:
    """The small print. Names of evidence stay out of it: a file may be called after a patient."""
    small = words.clinician
    yield small.made.format(profile=study.device.id, knowledge=study.knowledge.date)
    for harm in harms:
        yield small.harm.format(
            level=harm_level(harm.level),
            effect=EFFECTS[Effect(harm.key[2])],
            feasibility=harm.feasibility or "not rated",
            shown=BRIEF_CERTAINTIES[harm.shown] if harm.shown else "no weakness",
            path=harm.paths[0].id,
        )
    answers = (patient.pacing_dependent, patient.remote_monitoring, patient.far_from_clinic)
    pacing, monitoring, far = (_ANSWERS[answer] for answer in answers)
    yield small.circumstances.format(pacing=pacing, monitoring=monitoring, far=far)
    yield small.questions
    yield small.decision
