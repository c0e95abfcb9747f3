"""Answer the rubric's questions from the evidence of a path, with the reason kept; a person may override each.

A path is scored as a chain, as FIRST's user guide does: the hop that begins it gives the attack vector, the harm that ends it the
impact. The clinical rules of the rubric hold: segmentation never lowers the base vector, a secret that is in every unit never makes an
attack complex, and an unverified confirmation dialog is no user interaction.
"""

from __future__ import annotations

from collections.abc import Callable

from asepsis.knowledge.risk_data import RubricData, rubric_data
from asepsis.model.facts import Effect, Zone
from asepsis.risk.path_view import NETWORK_ZONES, PathView, view
from asepsis.risk.rubric_table import CATEGORIES, CODES, NO, UNKNOWN, YES, allowed
from asepsis.risk.scheme import Case
from asepsis.risk.sheet import Sheet

Guess = tuple[str, str]
"""A value and the reason for it."""

SCHEME = "rubric"
WIRELESS_LENGTH: dict[str, Guess] = {
    Zone.INDUCTIVE_RANGE.value: (YES, "inductive and near-field links reach centimetres"),
    Zone.BLUETOOTH_RANGE.value: (UNKNOWN, "Bluetooth reaches 10 to 100 metres, and further with an aerial"),
    Zone.RADIO_RANGE.value: (NO, "the radio reaches metres to tens of metres"),
    Zone.WIFI_RANGE.value: (NO, "Wi-Fi reaches tens of metres"),
}
WIRELESS = frozenset(WIRELESS_LENGTH)


def answer(case: Case) -> tuple[dict[str, str], Sheet]:
    """All 31 codes with the values that count, and the sheet that keeps why."""
    path, data = view(case), rubric_data()
    guesses = {**_attack_vector(path), **_ease(case, path), "XS": _scope(case, path, data), **_impacts(case, path, data)}
    sheet = Sheet(SCHEME, case.overrides)
    values = {}
    for code in CODES:
        value, because = guesses[code]
        by = "worst-case" if value == UNKNOWN else "evidence"
        values[code] = sheet.ask(code, data.questions[code], value=value, because=because, by=by, allowed=allowed(code))
    return values, sheet


def _attack_vector(path: PathView) -> dict[str, Guess]:
    entry = path.entry
    unknown = (UNKNOWN, "no hop of the path says how the device is reached")
    if path.needs_a_unit_in_hand:
        touch = "the path begins with a unit in the attacker's hands"
        return {"XAVN": (NO, touch), "XAVT": (NO, touch), "XAVW": (NO, touch), "XAVR": (NO, touch), "XAVP": (YES, touch), "XAVPA": _user_interface()}
    if entry is None or entry.zone == Zone.SUPPLY_CHAIN:
        reason = unknown if entry is None else (UNKNOWN, f"{entry}: how the supplier is reached is not known")
        return dict.fromkeys(("XAVN", "XAVT", "XAVW", "XAVR", "XAVP", "XAVPA"), reason)
    routed = entry.zone in NETWORK_ZONES
    return {
        "XAVN": (YES, str(entry)),
        "XAVT": (YES, f"{entry}, over IP") if routed else (NO, f"{entry}, below IP"),
        "XAVW": (YES, str(entry)) if entry.zone in WIRELESS else (UNKNOWN, "not asked: the protocol is routed"),
        "XAVR": WIRELESS_LENGTH.get(entry.zone, (UNKNOWN, "not asked: the protocol is routed")),
        "XAVP": (NO, str(entry)),
        "XAVPA": _user_interface(),
    }


def _user_interface() -> Guess:
    return UNKNOWN, "recorded only; the evidence does not tell"


def _ease(case: Case, path: PathView) -> dict[str, Guess]:
    """Complexity, privileges and interaction."""
    rights = "the path starts without rights and brings what it needs"
    if path.secret_is_public:
        rights = "the secret it uses is the same in every unit, so it counts as public"
    claimed = case.path.barriers_claimed
    if "alterable" in path.predicates:
        at_will = (NO, "to alter traffic the attacker must first stand between the two ends")
    elif claimed:
        at_will = (UNKNOWN, f"claimed but not verified: {', '.join(claimed)}")
    else:
        at_will = (YES, "no hop needs luck, a race or a special state")
    interaction = (NO, "no hop waits for another person")
    if claimed:
        interaction = (UNKNOWN, f"claimed but not verified: {', '.join(claimed)}; a dialog that is clicked away by habit does not count")
    elif "replayable" in path.predicates:
        interaction = (UNKNOWN, "somebody must have used the real thing once before there is anything to send again")
    elif Zone.SUPPLY_CHAIN.value in path.zones:
        interaction = (UNKNOWN, "whether somebody has to install the update is not known")
    return {
        "XACL": at_will,
        "XPRL": (UNKNOWN, "the evidence does not list the roles of the log-in"),
        "XPRZ": (NO, rights),
        "XPRS": (NO, rights),
        "XUI": interaction,
    }


def _scope(case: Case, path: PathView, data: RubricData) -> Guess:
    others = len(path.devices | {case.path.harm.device})
    if others > 1 or "commands" in path.predicates:
        return YES, "the path goes through one device to another"
    if case.device.id in data.implant_writers:
        return YES, "the device can rewrite an implant"
    if "opens_network" in path.predicates:
        return YES, "the secret opens the hospital's network, which is not the device's own"
    return NO, "every hop of the path stays on the device itself"


def _impacts(case: Case, path: PathView, data: RubricData) -> dict[str, Guess]:
    """The harm that ends the path, and whatever else the path itself shows."""
    effect = case.path.harm.effect
    codes = [f"X{letter}{category}" for category in CATEGORIES for letter in "CIA"]
    guesses: dict[str, Guess] = dict.fromkeys(codes, (NO, f"the path ends in {effect} and gives no control over the rest of the device"))
    guesses["XCPM"] = (UNKNOWN, "the number of records is not known")
    if path.gives_control:
        guesses |= dict.fromkeys(codes, (UNKNOWN, "the path gives control of the device; what it holds of this kind was not counted"))
        control = (YES, "the path gives control of the device's software")
        guesses |= dict.fromkeys(("XID", "XAD", "XIT", "XAT", "XCS", "XIS", "XAS"), control)
    elif "secret" in path.predicates:
        guesses["XCS"] = (YES, "the path reads a secret that is stored on the device")
    if "readable" in path.predicates and guesses["XCP"][0] == NO:
        guesses["XCP"] = (UNKNOWN, "the path listens to traffic; whether it names patients was not shown")
    return guesses | _EFFECTS[effect](case, path, data)


def _command(case: Case, path: PathView, data: RubricData) -> dict[str, Guess]:
    del path, data
    return {"XIT": (YES, case.path.harm.name)}


def _reading(case: Case, path: PathView, data: RubricData) -> dict[str, Guess]:
    del path, data
    return {"XID": (YES, case.path.harm.name)}


def _stop(case: Case, path: PathView, data: RubricData) -> dict[str, Guess]:
    del path
    diagnosis = case.path.harm.function in data.diagnosis_functions or case.device.id in data.diagnosis_devices
    return {"XAD" if diagnosis else "XAT": (YES, case.path.harm.name)}


def _record(case: Case, path: PathView, data: RubricData) -> dict[str, Guess]:
    del data
    found: dict[str, Guess] = {"XCP": (YES, case.path.harm.name)}
    if "alterable" in path.predicates:
        found["XIP"] = (YES, "the path alters traffic that carries patient records")
    elif not path.gives_control and path.predicates.isdisjoint({"exposes_record", "readable"}):
        found["XIP"] = (UNKNOWN, "whether records can also be changed was not shown")
    return found


_EFFECTS: dict[Effect, Callable[[Case, PathView, RubricData], dict[str, Guess]]] = {
    Effect.COMMAND: _command,
    Effect.READING: _reading,
    Effect.STOP: _stop,
    Effect.RECORD: _record,
}
