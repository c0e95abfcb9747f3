"""Labelled exchanges between programmers, pumps and those who listen: attacks of every class, and everyday traffic that looks like them.

Each is a list of timed messages, made from a seed: numbers, drugs and makers' dialects vary, the story of its class does not. :func:`exchanges` gives
them all, the same every time.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone

from asepsis.model.dose import Sign
from dose.dialect import DIALECTS, Dialect, alarm, header, order, patient, report

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
PROGRAMMER, PUMPS, STRANGER, SECOND = "10.1.0.10", "10.1.0.20", "10.1.0.66", "10.1.0.11"
ORDER_PORT, ANSWER_PORT, REPORT_PORT = 3000, 3001, 3002


@dataclass(frozen=True)
class Timed:
    """One message: seconds after the start, from and to whom (address, port), on which conversation, whether its opener speaks."""

    second: float
    speaker: tuple[str, int]
    hearer: tuple[str, int]
    conversation: int
    by_opener: bool
    message: bytes


@dataclass(frozen=True)
class Exchange:
    """``signs`` are those of which one at least must be told; none: nothing may be told."""

    name: str
    seed: int
    signs: frozenset[Sign]
    messages: tuple[Timed, ...]


DRUGS = (
    ("1234", "Dopamine", "ug/kg/min", "mg", (3, 15), (200, 400)),
    ("77", "Norepinephrine", "ug/kg/min", "mg", (0.05, 0.9), (4, 16)),
    ("5512", "Morphine", "mg/h", "mg", (1, 6), (50, 100)),
    ("A10", "Insulin regular", "[iU]/h", "[iU]", (1, 9), (100, 100)),
    ("9", "Nitroglycerin", "ug/min", "mg", (10, 90), (25, 50)),
)


@dataclass
class Story:
    """A ward in which something is said. ``order`` is the order of the moment; ``setting`` what the pump gives."""

    dialect: Dialect
    dice: random.Random
    second: float = 0.0
    said: list[Timed] = field(default_factory=list)
    skew: dict[str, float] = field(default_factory=dict)
    zone_shift: dict[str, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    weight: float = 0.0
    conc: float = 0.0
    number: int = 0
    conversation: int = 0
    given: float = 0.0

    def __post_init__(self) -> None:
        """Draw a patient, a drug and a dose."""
        code, drug, unit, mass, (low, high), amounts = self.dice.choice(DRUGS)
        volume = self.dice.choice((50, 100, 250))
        amount = self.dice.choice(amounts)
        self.weight, self.conc = self.dice.choice((48.0, 62.5, 71.0, 82.0, 85.0, 110.4)), amount / volume
        dose = round(low + (high - low) * self.dice.random(), 2 if high < 1 else 1)
        self.values = {
            "action": "RE", "order": str(self.dice.randrange(10**4, 10**6)), "parent": "", "ordered": "", "code": code, "drug": drug,
            "vtbi": str(volume), "rate": f"{dose:g}", "rate_unit": unit, "amount": str(amount), "amount_unit": mass, "volume": str(volume),
            "weight": f"{self.weight}", "weight_unit": "kg", "pump": f"P{self.dice.randrange(1000, 9999)}",
            "patient": str(self.dice.randrange(10**5)),
        }  # fmt: skip
        self.number = self.dice.randrange(1, 5000)

    # --- arithmetic, written anew: it must not share a mistake with what is tested ------------------------------------------------------
    def flow(self, rate: str = "", unit: str = "") -> float:
        """mL/h of a dose."""
        dose, unit = float(rate or self.values["rate"]), unit or self.values["rate_unit"]
        if unit == "mL/h":
            return dose
        per_hour = {"ug/kg/min": dose * self.weight * 60 / 1000, "ug/min": dose * 60 / 1000, "mg/h": dose, "[iU]/h": dose}[unit]
        return per_hour / self.conc

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.second += seconds + self.dice.random() / 2

    def stamp(self, who: str, minus: float = 0.0) -> str:
        """The time by somebody's own clock, in the maker's zone."""
        hours = int((self.dialect.zone or "+0000")[:3]) + self.zone_shift.get(who, 0)
        when = START + timedelta(seconds=self.second + self.skew.get(who, 0.0) - minus)
        shown = when.astimezone(timezone(timedelta(hours=hours)))
        return f"{shown:%Y%m%d%H%M%S}" + (f"{shown:%z}" if self.dialect.zone else "")

    def say(self, kind: str, who: tuple[str, str], whom: tuple[str, str], port: int, body: list[str], **how: object) -> Timed:
        """A message on a conversation of its own, or on ``on`` as its answer. ``who`` and ``whom`` are application and address."""
        self.number += 1
        control = str(how.get("control") or f"{who[0][:3]}{self.number}")
        made = str(how.get("made") or self.stamp(who[0]))
        on = how.get("on")
        head = header(self.dialect, kind, who[0], whom[0], made, control, profile="IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO")
        message = self.dialect.write(head, *body)
        if isinstance(on, Timed):
            timed = Timed(self.second, on.hearer, on.speaker, on.conversation, not on.by_opener, message)
        else:
            self.conversation += 1
            timed = Timed(self.second, (who[1], 40000 + self.conversation), (whom[1], port), self.conversation, by_opener=True, message=message)
        self.said.append(timed)
        return timed

    def order(
        self, who: tuple[str, str] = ("IOP", PROGRAMMER), whom: tuple[str, str] = ("IOC", PUMPS), port: int = ORDER_PORT, **how: object
    ) -> Timed:
        """RGV^O15; named values other than ``control``, ``made`` and ``ack`` change the order."""
        self.values |= {name: str(value) for name, value in how.items() if name in self.values}
        values = {**self.values, "ordered": str(how.get("ordered") or self.stamp(who[0]))}
        sent = self.say("RGV^O15^RGV_O15", who, whom, port, [patient(self.dialect, values["patient"]), *order(self.dialect, values)], **how)
        if how.get("ack", True):
            self.wait(0.1)
            self.ack(sent, str(how.get("code", "CA")))
        return sent

    def control_of(self, sent: Timed) -> str:
        """MSH-10 of what was sent."""
        return sent.message.split(self.dialect.marks[0].encode())[9].decode()

    def ack(self, sent: Timed, code: str = "CA") -> None:
        """The acknowledgement on the same conversation."""
        self.say("ACK^O15^ACK", ("IOC", ""), ("IOP", ""), 0, [f"MSA|{code}|{self.control_of(sent)}"], on=sent)

    def confirm(self, sent: Timed, code: str = "AA", whom: tuple[str, str] = ("IOP", PROGRAMMER), error: str = "") -> None:
        """RRG^O16 on a conversation that the pumps' side opens."""
        more = [f"ERR|||207^Application error^HL70357|E|{error}^Refused^MDC"] if error else []
        body = [f"MSA|{code}|{self.control_of(sent)}", *more, f"ORC|{'OK' if code == 'AA' else 'UA'}|{self.values['order']}^HIS"]
        self.say("RRG^O16^RRG_O16", ("IOC", PUMPS), whom, ANSWER_PORT, body)

    def report(self, *, names: bool = False, event: str = "", **how: object) -> Timed:
        """ORU^R01, or ORU^R42 with an event; what is named replaces what the pump gives by the order."""
        unit = str(how.pop("unit", "") or self.values["rate_unit"])
        dose = str(how.pop("dose", "") or (self.values["rate"] if unit == self.values["rate_unit"] else ""))
        flow = float(str(how.pop("flow", "") or self.flow(dose or "", unit if dose else "")))
        self.given += 1.5
        values = {
            "pump": self.values["pump"], "number": str(self.number), "made": self.stamp("PUMP"), "status": "pump-status-infusing", "event": event,
            "rate": f"{flow:.1f}" if flow < 100 else f"{flow:.0f}", "dose": dose, "dose_unit": unit, "vtbi": self.values["vtbi"],
            "given": f"{self.given:.1f}",
            "conc": f"{self.conc:.4g}", "conc_unit": f"{self.values['amount_unit']}/mL", "weight": f"{self.weight}", "drug": self.values["drug"],
            "order": f"{self.values['order']}^HIS" if names else "", **{name: str(value) for name, value in how.items()},
        }  # fmt: skip
        body = [patient(self.dialect, values.pop("patient", self.values["patient"])), *report(self.dialect, values)]
        return self.say("ORU^R42^ORU_R01" if event else "ORU^R01^ORU_R01", ("PUMP", PUMPS), ("DOC", PROGRAMMER), REPORT_PORT, body)

    def alarm(self, phase: str, who: tuple[str, str] = ("MON", PUMPS), **how: str) -> Timed:
        """ORU^R40."""
        base = {
            "number": str(self.number),
            "made": self.stamp(who[0]),
            "device": "M4711",
            "condition": "196670^MDC_EVT_LO^MDC",
            "metric": "150456^MDC_PULS_OXIM_SAT_O2^MDC",
        }
        base |= {"value": "86", "limits": "90-100", "state": "active", "silence": "enabled", "priority": "PH"}
        return self.say("ORU^R40^ORU_R40", who, ("AM", SECOND), ANSWER_PORT, alarm(self.dialect, {**base, "phase": phase, **how}))

    def normal(self, *, names: bool = True) -> Timed:
        """An order, confirmed at the bedside and carried out."""
        sent = self.order()
        self.wait(25)
        self.confirm(sent)
        self.wait(10)
        self.report(names=names, event="MDC_EVT_PUMP_DELIV_START", operator="N0002")
        self.wait(30)
        self.report(names=names)
        return sent

    def later(self, factor: float) -> str:
        """The dose times so much, as printed."""
        return f"{float(self.values['rate']) * factor:.4g}"


def again(sent: Timed, story: Story, **change: object) -> Timed:
    """The same bytes once more, now, on a new conversation unless told otherwise."""
    story.conversation += 1
    how = {"second": story.second, "conversation": story.conversation, **change}
    copy = replace(sent, **how)  # type: ignore[arg-type]
    story.said.append(copy)
    return copy


Tale = Callable[[Story], None]
ATTACKS: dict[str, tuple[tuple[Sign, ...], Tale]] = {}
BENIGN: dict[str, Tale] = {}


def attack(*signs: Sign) -> Callable[[Tale], Tale]:
    """A story that must be told."""

    def keep(tale: Tale) -> Tale:
        ATTACKS[tale.__name__] = (signs, tale)
        return tale

    return keep


def benign(tale: Tale) -> Tale:
    """A story of which nothing may be told."""
    BENIGN[tale.__name__] = tale
    return tale


def exchanges(seeds: int = 4) -> Iterator[Exchange]:
    """Every story in ``seeds`` tellings, each in another dialect."""
    importlib.import_module("dose.stories")
    for name, signs, tale in [
        *((name, signs, tale) for name, (signs, tale) in ATTACKS.items()),
        *((name, (), tale) for name, tale in BENIGN.items()),
    ]:
        for seed in range(seeds):
            dice = random.Random(f"{name} {seed}")
            story = Story(DIALECTS[seed % len(DIALECTS)], dice)
            tale(story)
            yield Exchange(name, seed, frozenset(signs), tuple(sorted(story.said, key=lambda one: one.second)))
    for name in ("dose.letters_benign", "dose.letters_attacks"):
        importlib.import_module(name)
    yield from importlib.import_module("dose.letters").written()
