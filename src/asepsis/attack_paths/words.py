"""Plain words for what stands in the attack graph: for clinical engineers, without digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from asepsis.attack_paths.move import ROLES, Move
from asepsis.model.attack import AttackGraph, Step
from asepsis.model.claim import Claim
from asepsis.model.device import Device
from asepsis.model.finding import Finding

LONGEST = 80
"""Characters of a name that came from a device; the rest is left out of a sentence (the evidence keeps it)."""

ZONES = {
    "internet": "the internet",
    "hospital_network": "the hospital network",
    "device_network": "the device network",
    "wifi_range": "Wi-Fi range",
    "bluetooth_range": "Bluetooth range",
    "radio_range": "radio range",
    "inductive_range": "a few centimetres away",
    "touch": "beside the device",
    "second_hand_unit": "a second-hand unit",
    "supply_chain": "the supply chain",
}
GIVES = {
    "control": "full control",
    "command": "orders to it",
    "reading": "its readings",
    "stop": "a way to stop it",
    "record": "its patient records",
}
EFFECTS = {"command": "orders", "reading": "readings", "stop": "stop orders", "record": "records"}
SECRETS = {
    "wifi": "the Wi-Fi password of network {}",
    "network-login": "the network log-in {}",
    "login": "the password of account {}",
    "key": "the private key {}",
    "remote-support": "the remote-support password of {}",
    "application": "the password of {}",
}
NAMELESS = {
    "wifi": "the Wi-Fi password",
    "network-login": "the network log-in",
    "login": "a log-in password",
    "key": "a private key",
    "remote-support": "the remote-support password",
    "application": "a password",
}


@dataclass(frozen=True, slots=True)
class Words:
    """``devices`` id → name in a sentence; ``secrets`` digest → name; ``harms`` (device, function, effect) → the clinician's sentence."""

    devices: Mapping[str, str]
    secrets: Mapping[str, str]
    harms: Mapping[tuple[str, str, str], str]

    def harm(self, device: str, function: str, effect: str) -> str:
        """The harm as one sentence, with its full stop."""
        said = self.harms.get((device, function, effect)) or f"{EFFECTS.get(effect, effect)} of {function} of {clipped(device)} go wrong"
        return said if said.endswith(".") else f"{said}."

    def sentence(self, move: Move, roles: Mapping[str, str]) -> str:
        """The move's template filled with what this step is about."""
        said = {name: self._say(name, value) for name, value in roles.items()}
        said["gives"] = GIVES.get(roles.get("gives", "control"), "control")
        if {"function", "effect", "device"} <= set(roles):
            said["harm"] = self.harm(roles["device"], roles["function"], roles["effect"])
        text = move.sentence.format_map(said)
        return text[:1].upper() + text[1:]

    def _say(self, name: str, value: str) -> str:
        if name in {"device", "through"}:
            return self.devices.get(value, quoted(value))
        if name == "secret":
            return self.secrets.get(value, "a password")
        if name in {"zone", "from_zone", "stand"}:
            return ZONES.get(value, value)
        if name == "effect":
            return EFFECTS.get(value, value)
        return quoted(value)


def roles_of(step: Step, graph: AttackGraph) -> dict[str, str]:
    """Argument name → value over the atoms of a step: its head counts first, then claims, then the other atoms."""
    claims = [(claim.predicate, claim.args) for claim in (graph.leaves[atom] for atom in step.body if atom in graph.leaves)]
    others = [graph.derived[atom] for atom in step.body if atom in graph.derived]
    roles: dict[str, str] = {}
    for predicate, args in (graph.derived[step.head], *claims, *others):
        for name, value in zip(ROLES[predicate], args, strict=True):
            roles.setdefault(name, value)
    return roles


def words_for(device: Device, findings: Iterable[Finding]) -> Words:
    """The words of a study of one device."""
    secrets: dict[str, str] = {}
    for finding in findings:
        for claim in finding.claims:
            if claim.predicate == "secret":
                secrets.setdefault(claim.args[1], secret_name(claim, finding.subject))
    harms = {(device.id, function.id, harm.effect.value): harm.sentence for function in device.functions for harm in function.harms}
    return Words({device.id: the(device.title)}, secrets, harms)


def secret_name(claim: Claim, subject: str = "") -> str:
    """What a ``secret`` claim is about, by its kind and the name of what it belongs to."""
    kind = claim.args[2]
    return SECRETS.get(kind, "the secret {}").format(quoted(subject)) if subject else NAMELESS.get(kind, "a secret")


def the(title: str) -> str:
    """``Infusion pump`` as it stands inside a sentence; an abbreviation keeps its capitals."""
    first = title.split(" ", 1)[0]
    return f"the {title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]}"


def quoted(text: str) -> str:
    """A name in quotation marks, clipped."""
    return f"‘{clipped(text)}’"


def clipped(text: str) -> str:
    """A name of a length that a sentence can bear."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
