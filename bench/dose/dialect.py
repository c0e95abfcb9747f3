"""How four imaginary makers write the same messages: delimiters, codes, spellings of units, where the pump is named, what they add.

Written from the transactions (IHE Devices TF-2: PCD-01, PCD-03, PCD-04, PCD-10; HL7 v2.6 chapters 2, 4A, 7), not from anybody's samples.
"""

from __future__ import annotations

from dataclasses import dataclass

UNITS = {
    "ug/kg/min": (
        "265619^MDC_DIM_MICRO_G_PER_KG_PER_MIN^MDC^ug/kg/min^ug/kg/min^UCUM",
        "ug/kg/min^^UCUM",
        "mcg/kg/min",
        "^MDC_DIM_MICRO_G_PER_KG_PER_MIN^MDC",
    ),
    "mg/h": ("^MDC_DIM_MILLI_G_PER_HR^MDC^mg/h^mg/h^UCUM", "mg/h^^UCUM", "mg/hr", "mg/h"),
    "ug/min": ("^MDC_DIM_MICRO_G_PER_MIN^MDC^ug/min^ug/min^UCUM", "ug/min^^UCUM", "mcg/min", "ug/min"),
    "[iU]/h": ("^MDC_DIM_X_INTL_UNIT_PER_HR^MDC^[iU]/h^[iU]/h^UCUM", "[iU]/h^^UCUM", "units/hr", "[IU]/h"),
    "mL/h": ("265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM", "mL/h^^UCUM", "ml/hr", "265266"),
    "mL": ("263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "mL^^UCUM", "ml", "263762"),
    "mg": ("1746^mg^UCUM^263890^MDC_DIM_MILLI_G^MDC", "mg^^UCUM", "mg", "263890^MDC_DIM_MILLI_G^MDC"),
    "[iU]": ("[iU]^^UCUM", "[iU]^^UCUM", "units", "[IU]"),
    "mg/mL": ("264306^MDC_DIM_MILLI_G_PER_ML^MDC^mg/mL^mg/mL^UCUM", "mg/mL^^UCUM", "mg/ml", "264306^MDC_DIM_MILLI_G_PER_ML^MDC"),
    "[iU]/mL": ("[iU]/mL^^UCUM", "[iU]/mL^^UCUM", "units/ml", "[IU]/mL"),
    "kg": ("kg^kg^UCUM^263875^MDC_DIM_KILO_G^MDC", "kg^^UCUM", "kg", "263875"),
    "[lb_av]": ("lb", "lb", "lb", "lb"),
    "": ("", "", "", ""),
}
CODES = {
    "rate": "157784^MDC_FLOW_FLUID_PUMP^MDC",
    "dose": "157924^MDC_RATE_DOSE^MDC",
    "vtbi": "157884^MDC_VOL_FLUID_TBI^MDC",
    "given": "157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC",
    "left": "157872^MDC_VOL_FLUID_TBI_REMAIN^MDC",
    "conc": "157760^MDC_CONC_DRUG^MDC",
    "drug": "184514^MDC_DRUG_NAME_LABEL^MDC",
    "weight": "68063^MDC_ATTR_PT_WEIGHT^MDC",
    "status": "184519^MDC_PUMP_INFUSING_STATUS^MDC",
    "delivery": "158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS^MDC",
    "event": "68487^MDC_ATTR_EVT_COND^MDC",
    "phase": "68481^MDC_ATTR_EVENT_PHASE^MDC",
    "state": "68482^MDC_ATTR_ALARM_STATE^MDC",
    "silence": "68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC",
    "priority": "68484^MDC_ATTR_ALARM_PRIORITY^MDC",
}


@dataclass(frozen=True)
class Dialect:
    """``number`` picks the spellings; ``marks`` are field, component, repetition, escape and sub-component."""

    number: int
    marks: str = "|^~\\&"
    end: str = "\r"
    zone: str = "+0000"
    names_pump: str = "^^{}^MAKER"
    version: str = "2.6"
    answers: str = "ER"

    def unit(self, name: str) -> str:
        """A unit as this maker spells it."""
        return UNITS[name][self.number]

    def code(self, name: str) -> str:
        """A term by code and name, or by the code alone, or by the name alone."""
        number, words, system = CODES[name].split("^")
        return (f"{number}^{words}^{system}", f"{number}^^{system}", f"^{words}^{system}", f"{number}^{words}^{system}")[self.number]

    def write(self, *segments: str) -> bytes:
        """Segments written with the usual marks, in this maker's."""
        table = str.maketrans("|^~\\&", self.marks)
        return self.end.join([*(one.rstrip("|").translate(table) for one in segments), ""]).encode()


DIALECTS = (
    Dialect(0, version="2.5"),
    Dialect(1, names_pump="{}^MAKER", answers="AL"),
    Dialect(2, marks="#:*\\!", zone="-0500", names_pump="{}^^0012210000000000^EUI-64", answers="AL"),
    Dialect(3, end="\r\n", zone="", names_pump="{}", answers="ER"),
)


def header(d: Dialect, kind: str, sender: str, receiver: str, made: str, control: str, *, profile: str = "") -> str:
    """MSH."""
    ask = d.answers if kind.startswith("RGV") else "NE"
    return f"MSH|^~\\&|{sender}|HOSP|{receiver}|HOSP|{made}||{kind}|{control}|P|{d.version}|||AL|{ask}|||||{profile}"


def patient(d: Dialect, number: str) -> str:
    """PID; one maker gives two identifiers."""
    more = f"~A{number}^^^HOSP^AN" if d.number == 2 else ""
    return f"PID|||{number}^^^HOSP^MR{more}||Muster^Erika^^^^^L||19700101|F"


def order(d: Dialect, v: dict[str, str]) -> list[str]:
    """PID, ORC, RXG, RXR and OBX of one order; empty values are left out."""
    strength = f"{v['amount']}|{d.unit(v['amount_unit'])}" if v["amount"] else "|"
    volume = f"{v['volume']}|{d.unit('mL')}" if v["amount"] else "|"
    give = f"{v['code']}^{v['drug']}|{v['vtbi']}||{d.unit('mL') if v['vtbi'] else ''}"
    rxg = f"RXG|1|||{give}||||||||{v['rate']}|{d.unit(v['rate_unit'])}|{strength}|||||{volume}"
    pump = f"OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||||||||X|||||||{d.names_pump.format(v['pump'])}"
    weight = [f"OBX|2|NM|{d.code('weight')}||{v['weight']}|{d.unit(v['weight_unit'])}"] if v["weight"] else []
    observed = [*weight, pump] if d.number == 1 else [pump, *weight]
    more = ["TQ1|1||||||20250101"] if d.number == 2 else []
    orc = f"ORC|{v['action']}|{v['order']}^HIS||||||{v['parent']}|{v['ordered']}||||||||||N0001"
    return [orc, rxg, *more, "RXR|IV||IVP", *observed]


def report(d: Dialect, v: dict[str, str]) -> list[str]:
    """OBR and OBX of one report."""
    operator = v.get("operator", "")
    rows = [f"OBX|1||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|1.0.0.0|||||||X|||||{operator}||{d.names_pump.format(v['pump'])}"]
    rows += [f"OBX|2|CWE|{d.code('event')}|1.0.0.2|{v['event']}^{v['event']}^MDC||||||R"] if v.get("event") else []
    rows += ["OBX|3||70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC|1.1.0.0|||||||X"]
    rows += [f"OBX|4|CWE|{d.code('status')}|1.1.1.1|^{v['status']}||||||R", "OBX|5||70071^MDC_DEV_PUMP_INFUSATE_SOURCE_PRIMARY^MDC|1.1.2.0|||||||X"]
    units = {"rate": "mL/h", "dose": v["dose_unit"], "vtbi": "mL", "given": "mL", "left": "mL", "conc": v["conc_unit"], "weight": "kg"}
    told = [name for name in units if v.get(name)]
    for number, name in enumerate(reversed(told) if d.number == 2 else told):
        rows.append(f"OBX|{6 + number}|NM|{d.code(name)}|1.1.2.{number + 1}|{v[name]}|{d.unit(units[name])}|||||R")
    rows.append(f"OBX|20|ST|{d.code('drug')}|1.1.2.20|{v['drug']}||||||R")
    return [f"OBR|1|{v.get('order', '')}|R{v['number']}|70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|||{v['made']}", *rows]


def alarm(d: Dialect, v: dict[str, str]) -> list[str]:
    """OBR and OBX of one alarm."""
    attributes = [(name, v[name]) for name in ("phase", "state", "silence", "priority") if v.get(name)]
    rows = [f"OBX|1|NM|{v['metric']}|1.3.1.1|{v['value']}|262688^MDC_DIM_PERCENT^MDC|{v['limits']}||||F|||||{v.get('operator', '')}||{v['device']}"]
    rows = (
        [f"OBX|1|ST|{v['condition']}|1.3.1.150456.1|alarm|||||||||||{v.get('operator', '')}||{v['device']}^MAKER", *rows] if v["metric"] else rows[:0]
    )
    rows = rows or [f"OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.0.0.0.1|{v['condition']}||||||F|||||{v.get('operator', '')}||{v['device']}^MAKER"]
    rows += [f"OBX|{3 + number}|ST|{d.code(name)}|1.3.1.{number}|{text}||||||F" for number, (name, text) in enumerate(attributes)]
    return [f"OBR|1|{v['number']}|{v['number']}|196616^MDC_EVT_ALARM^MDC|||{v['made']}", *rows]
