"""A recording of radio traffic is read and not judged yet: whoever gave one must not be told that nothing but a design is missing."""

from __future__ import annotations

from asepsis.evidence.looked_for import looked_for


def reason_for_radio_links(*radios: str) -> str:
    entries = looked_for([], (), members=0, searched=0, unpacked=False, shut={}, radios=radios)
    entry = next(one for one in entries if one.kind == "RadioLink")
    assert not entry.looked
    return entry.reason


def test_what_a_recording_shows_is_said_to_be_unjudged():
    assert "no rule of this version judges" in reason_for_radio_links("e1")


def test_without_a_recording_nothing_is_said_of_one():
    assert "recording" not in reason_for_radio_links()
