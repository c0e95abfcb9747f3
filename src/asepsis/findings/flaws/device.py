"""The device itself as a part: an advisory on a medical device names a product that no package list or program inside it names."""

from __future__ import annotations

from asepsis.findings.flaws.part import Part
from asepsis.findings.rule import Facts
from asepsis.model.device import Device
from asepsis.model.fact import Confidence
from asepsis.model.facts import Component


def whole(device: Device | None, facts: Facts) -> tuple[Part, ...]:
    """The device under the maker, model and version of its profile; nothing if the profile names no model or there is no evidence."""
    if device is None or not device.model or facts.whole is None:
        return ()
    named = Component(facts.whole, device.model, device.version, "", "device profile", Confidence.LIKELY, supplier=device.maker)
    return (Part(device.model, device.version, "", (named,), device=device),)
