"""A ward's talk written out as messages, with none of the drawing of :mod:`.exchanges`: every number in it was chosen for what it means at a bedside.

Segments are written with the usual marks and turned into a sender's own, so that a story stays readable. Written from IHE Devices TF-2 (PCD-01, 03,
04, 10) and HL7 v2.6 (chapters 2, 4A, 7), not from anybody's samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from asepsis.model.dose import Sign
from dose.exchanges import START, Exchange, Timed

IOP, GATEWAY, STRANGER, MONITOR, EMR, OTHER = "10.2.0.10", "10.2.0.20", "10.2.0.99", "10.2.0.30", "10.2.0.40", "10.2.0.21"
ROUNDS = "|^~\\&"


@dataclass
class Ward:
    """Who says what and when. ``clock`` are seconds by which somebody's clock is off, ``zones`` what is written behind his times."""

    second: float = 0.0
    said: list[Timed] = field(default_factory=list)
    clock: dict[str, float] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    charset: str = "utf-8"
    begin: datetime = START
    number: int = 100
    conversation: int = 0

    def wait(self, seconds: float) -> Ward:
        """Time passes."""
        self.second += seconds
        return self

    def now(self, who: str, earlier: float = 0.0) -> str:
        """The time by somebody's clock, in his zone."""
        zone = self.zones.get(who, "+0000")
        hours = int(zone[:3] or 0) if zone else 0
        when = START + timedelta(seconds=self.second - earlier + self.clock.get(who, 0.0))
        return f"{when.astimezone(timezone(timedelta(hours=hours))):%Y%m%d%H%M%S}{zone}"

    def say(self, kind: str, body: str, sender: tuple[str, str], receiver: tuple[str, str], port: int = 3000, **how: object) -> Timed:
        """One message. ``sender`` and ``receiver`` are application and address; ``on`` answers on the conversation of another.

        ``control``, ``made``, ``ask`` and ``charset`` are MSH-10, 7, 16 and 18.
        """
        self.number += 1
        on, made = how.get("on"), how.get("made")
        control, ask, charset = how.get("control") or f"{sender[0]}{self.number}", how.get("ask", "AL"), how.get("charset", "")
        stamp = self.now(sender[0]) if made is None else made
        head = f"MSH|^~\\&|{sender[0]}|H|{receiver[0]}|H|{stamp}||{kind}|{control}|P|2.6|||AL|{ask}||{charset}"
        lines = [head, *(line.strip() for line in body.strip().splitlines() if line.strip())]
        return self.send("\r".join(lines).encode(self.charset), sender, receiver, port, on if isinstance(on, Timed) else None)

    def send(self, message: bytes, sender: tuple[str, str], receiver: tuple[str, str], port: int, on: Timed | None = None) -> Timed:
        """Bytes, in the marks of whoever sends them."""
        marks = self.marks.get(sender[0])
        if marks:
            message = message.translate(bytes.maketrans(ROUNDS.encode(), marks.encode()))
        if on is None:
            self.conversation += 1
            timed = Timed(
                self.second, (sender[1], 41000 + self.conversation), (receiver[1], port), self.conversation, by_opener=True, message=message
            )
        else:
            timed = Timed(self.second, on.hearer, on.speaker, on.conversation, not on.by_opener, message)
        self.said.append(timed)
        return timed

    def again(self, sent: Timed, **change: object) -> Timed:
        """The same bytes, now, on a conversation of their own."""
        self.conversation += 1
        copy = replace(sent, **{"second": self.second, "conversation": self.conversation, **change})  # type: ignore[arg-type]
        self.said.append(copy)
        return copy

    # --- transactions ---------------------------------------------------------------------------------------------------------------------
    def rgv(
        self,
        body: str,
        sender: tuple[str, str] = ("IOP", IOP),
        receiver: tuple[str, str] = ("IOC", GATEWAY),
        port: int = 3000,
        *,
        code: str = "CA",
        **how: object,
    ) -> Timed:
        """An order, and its acknowledgement on the same conversation unless ``code`` is empty."""
        sent = self.say("RGV^O15^RGV_O15", body, sender, receiver, port, **how)
        if code:
            self.wait(0.1).ack(sent, code, (receiver[0], sender[0]))
        return sent

    def ack(self, sent: Timed, code: str, names: tuple[str, str] = ("IOC", "IOP")) -> Timed:
        """An acknowledgement on the order's own conversation."""
        return self.say("ACK^O15^ACK", f"MSA|{code}|{control_id(sent)}", (names[0], ""), (names[1], ""), on=sent)

    def rrg(self, sent: Timed, order: str, code: str = "AA", error: str = "", sender: str = GATEWAY, to: str = "") -> Timed:
        """The pump's own answer, on a conversation that its side opens."""
        more = f"ERR|||207^Application error^HL70357|E|{error}^^MDC" if error else ""
        body = f"MSA|{code}|{control_id(sent)}\n{more}\nORC|{'OK' if code == 'AA' else 'UA'}|{order}"
        return self.say("RRG^O16^RRG_O16", body, ("IOC", sender), ("IOP", to or IOP), 3001)

    def oru(self, body: str, kind: str = "R01", sender: tuple[str, str] = ("PUMPS", GATEWAY), **how: object) -> Timed:
        """A report (R01), an event (R42) or an alarm (R40)."""
        structure = "ORU_R40" if kind == "R40" else "ORU_R01"
        return self.say(f"ORU^{kind}^{structure}", body, sender, ("DOC", EMR), 3002, ask="NE", **how)


def control_id(sent: Timed) -> str:
    """MSH-10, whatever parts the fields."""
    return sent.message.split(sent.message[3:4])[9].decode()


def ordered(order: str, pump: str, drug: str, rate: str, **how: str) -> str:
    """The body of an order; amounts are ``number^unit``, ``mix`` is ``400^mg^250^mL``.

    Further: ``vtbi``, ``mix``, ``weight``, ``action``, ``parent``, ``at`` (ORC-9), ``patient``, ``route`` and whole segments as ``more``.
    """
    v = {
        "vtbi": "250^mL",
        "mix": "",
        "weight": "",
        "action": "RE",
        "parent": "",
        "at": "",
        "more": "",
        "patient": "4711^^^H^MR",
        "route": "IV",
        **how,
    }
    amount, unit = (*rate.split("^"), "")[:2]
    volume, in_unit = (*v["vtbi"].split("^"), "")[:2]
    strength = (*v["mix"].split("^"), "", "", "", "")[:4]
    kilograms = (*v["weight"].split("^"), "")[:2]
    rows = [
        f"PID|||{v['patient']}||Muster^Erika",
        f"ORC|{v['action']}|{order}||||||{v['parent']}|{v['at']}||||||||||N0001",
        f"RXG|1|||{drug}|{volume}||{in_unit}||||||||{amount}|{unit}|{strength[0]}|{strength[1]}|||||{strength[2]}|{strength[3]}",
        f"RXR|{v['route']}",
        f"OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||||||||X|||||||^^{pump}^V" if pump else "",
        f"OBX|2|NM|68063^MDC_ATTR_PT_WEIGHT^MDC||{kilograms[0]}|{kilograms[1]}" if v["weight"] else "",
        v["more"],
    ]
    return "\n".join(rows)


_CODES = {
    "rate": "157784^MDC_FLOW_FLUID_PUMP^MDC",
    "current": "158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC",
    "dose": "157924^MDC_RATE_DOSE^MDC",
    "vtbi": "157884^MDC_VOL_FLUID_TBI^MDC",
    "left": "157872^MDC_VOL_FLUID_TBI_REMAIN^MDC",
    "given": "157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC",
    "time": "157916^MDC_TIME_PD_REMAIN^MDC",
    "conc": "157760^MDC_CONC_DRUG^MDC",
    "weight": "68063^MDC_ATTR_PT_WEIGHT^MDC",
    "area": "188744^MDC_AREA_BODY_SURF_ACTUAL^MDC",
}


_SHOWN = {"order": "", "status": "pump-status-infusing", "drug": "", "patient": "4711^^^H^MR", "event": "", "operator": "", "mode": "", "at": ""}
_SHOWN |= {"channel": "1", "source": "70071^MDC_DEV_PUMP_INFUSATE_SOURCE_PRIMARY^MDC", "head": "1"}


def shown(pump: str, **how: str) -> str:
    """The body of a report of one channel; amounts are ``number^unit``, without ``head`` only its own rows."""
    v, amounts = _SHOWN | {name: how.pop(name) for name in list(how) if name in _SHOWN}, how
    vmd, head = f"1.{v['channel']}", v["head"]
    rows = [f"PID|||{v['patient']}" if v["patient"] and head else ""]
    rows += [f"OBR|{head}|{v['order']}||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|||{v['at']}" if head else ""]
    rows += [f"OBX|1||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|1.0.0.0|||||||X|||||||^^{pump}^V" if pump and head else ""]
    rows += [f"OBX|2|CWE|68487^MDC_ATTR_EVT_COND^MDC|1.0.0.1|{v['event']}||||||R" if v["event"] else ""]
    rows += [f"OBX|3||70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC|{vmd}.0.0|||||||X|||||{v['operator']}"]
    rows += [f"OBX|4|ST|184519^MDC_PUMP_INFUSING_STATUS^MDC|{vmd}.1.1|{v['status']}||||||R" if v["status"] else ""]
    rows += [f"OBX|5|ST|158008^MDC_DEV_PUMP_PROGRAM_DELIVERY_MODE^MDC|{vmd}.1.2|{v['mode']}||||||R" if v["mode"] else ""]
    rows += [f"OBX|6||{v['source']}|{vmd}.2.0|||||||X"]
    for number, (name, text) in enumerate(amounts.items(), 1):
        amount, unit = (*text.split("^"), "")[:2]
        rows.append(f"OBX|{6 + number}|NM|{_CODES[name]}|{vmd}.2.{number}|{amount}|{unit}|||||R")
    rows += [f"OBX|20|ST|184514^MDC_DRUG_NAME_LABEL^MDC|{vmd}.2.20|{v['drug']}||||||R" if v["drug"] else ""]
    return "\n".join(rows)


_ALARMED = {"state": "active", "silence": "enabled", "priority": "PH", "value": "86", "limits": "90-100", "operator": "", "device": "M9"}
_ALARMED |= {"condition": "196670^MDC_EVT_LO^MDC", "metric": "150456^MDC_PULS_OXIM_SAT_O2^MDC", "patient": "4711^^^H^MR"}


def alarmed(phase: str, **how: str) -> str:
    """The body of an alarm message."""
    v = _ALARMED | how
    rows = [f"PID|||{v['patient']}", "OBR|1|1|1|196616^MDC_EVT_ALARM^MDC"]
    rows += [f"OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.3.1.1|{v['condition']}||||||F|||||{v['operator']}||{v['device']}^MAKER"]
    rows += [f"OBX|2|NM|{v['metric']}|1.3.1.2|{v['value']}|262688^MDC_DIM_PERCENT^MDC|{v['limits']}||||F" if v["value"] else ""]
    for number, code, text in (
        ("3", "68481^MDC_ATTR_EVENT_PHASE^MDC", phase),
        ("4", "68482^MDC_ATTR_ALARM_STATE^MDC", v["state"]),
        ("5", "68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC", v["silence"]),
        ("6", "68484^MDC_ATTR_ALARM_PRIORITY^MDC", v["priority"]),
    ):
        rows += [f"OBX|{number}|ST|{code}|1.3.1.{number}|{text}||||||F" if text else ""]
    return "\n".join(rows)


Tale = Callable[[Ward], None]
TALES: list[tuple[str, frozenset[Sign], Tale]] = []


def attack(*signs: Sign) -> Callable[[Tale], Tale]:
    """A story of which one of these must be told."""

    def keep(tale: Tale) -> Tale:
        TALES.append((tale.__name__, frozenset(signs), tale))
        return tale

    return keep


def everyday(tale: Tale) -> Tale:
    """A story of which nothing may be told."""
    TALES.append((tale.__name__, frozenset(), tale))
    return tale


def written() -> list[Exchange]:
    """All of them."""
    found = []
    for name, signs, tale in TALES:
        ward = Ward()
        tale(ward)
        found.append(Exchange(name, 0, signs, tuple(sorted(ward.said, key=lambda one: one.second))))
    return found
