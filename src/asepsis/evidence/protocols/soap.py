"""SOAP envelopes (SOAP 1.2; WS-Addressing 1.0) of devices: WS-Discovery 1.1, DPWS 1.1, IEEE 11073-20701 and -10207 (SDC). No I/O.

Only elements that rules ask for are given, by their local names: handles, set points and states of devices; never a patient's context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.protocols.xml import Element, parse

MAX_ENVELOPE = 262_144
"""Bytes of an envelope that are looked at."""
MAX_TEXT = 1_024
"""Characters of an element's text that are given."""

_ENVELOPE = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?Envelope[\s>]")
_WORDS = (
    "Types Scopes XAddrs MetadataVersion OperationHandleRef RequestedNumericValue RequestedStringValue InvocationState InvocationError "
    "Manufacturer ModelName ModelNumber ModelUrl FriendlyName FirmwareVersion SerialNumber"
)
_TEXTS = frozenset(_WORDS.split())
_ATTRIBUTES = {
    "MetricState": ("DescriptorHandle", "ActivationState"),
    "ProposedMetricState": ("DescriptorHandle", "ActivationState"),
    "AlertState": ("DescriptorHandle", "ActivationState", "Presence"),
    "ProposedAlertState": ("DescriptorHandle", "ActivationState", "Presence"),
    "MetricValue": ("Value",),
}
_WAVEFORM = re.compile(rb">\s*(http[!-;=-~]{1,200}/WaveformStream)\s*</")
"""The action of a stream of samples, many a second: nothing but the action is taken from it."""
_PRIVATE = frozenset({"PatientContextState", "CoreData", "PatientDemographicsCoreData"})
"""What lies in these is not looked at."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope: its addressing, the elements that rules ask for in order, and what is wrong with it (empty: nothing).

    ``EndpointReference`` stands for the address in one, ``SafetyInfo`` for the header of MDPWS by that name, ``Fault`` for the code of a fault.
    """

    action: str = ""
    message_id: str = ""
    relates_to: str = ""
    elements: tuple[tuple[str, str], ...] = ()
    broken: str = ""

    def text(self, name: str) -> str:
        """The first text of that name, or an empty string."""
        return next((text for key, text in self.elements if key == name), "")


def looks_like_soap(data: bytes) -> bool:
    """Whether the first KiB or so of ``data`` has the tag of an envelope."""
    return _ENVELOPE.search(data, 0, 2048) is not None


def envelope(data: bytes) -> Envelope | None:
    """The envelope that ``data`` holds; None if its root is none. Of one that is broken or too long, what stood before is given."""
    if waveform := _WAVEFORM.search(data, 0, 4096):
        return Envelope(waveform[1].decode("ascii"))
    tree = parse(data[:MAX_ENVELOPE])
    if tree.root is None or tree.root.tag != "Envelope":
        return None
    given = tuple((name, text[:MAX_TEXT]) for name, text in _given(tree.root))
    return Envelope(*_addressing(tree.root.get("Header")), given, tree.broken)


def _addressing(header: Element | None) -> tuple[str, str, str]:
    if header is None:
        return "", "", ""
    action, message, relates = (header.text_of(tag)[:MAX_TEXT] for tag in ("Action", "MessageID", "RelatesTo"))
    return action, message, relates


def _given(root: Element) -> Iterator[tuple[str, str]]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in _PRIVATE or _kind(element) in _PRIVATE:
            continue
        yield from _said_by(element)
        waiting.extend(reversed(element.children))


def _said_by(element: Element) -> Iterator[tuple[str, str]]:
    if element.tag in _TEXTS and element.text:
        yield element.tag, element.text
    elif element.tag == "EndpointReference":
        yield "EndpointReference", element.text_of("Address")
    elif element.tag == "SafetyInfo":
        yield "SafetyInfo", ""
    elif element.tag == "Fault":
        yield "Fault", element.text_of("Code", "Subcode", "Value") or element.text_of("Code", "Value") or element.text_of("faultcode")
    elif element.tag in _ATTRIBUTES:
        yield from ((name, element.attributes[name]) for name in _ATTRIBUTES[element.tag] if name in element.attributes)


def _kind(element: Element) -> str:
    """The type that an element says it is of (``xsi:type``), without its prefix."""
    return element.attributes.get("type", "").rpartition(":")[2]
