"""Facts about a device's surroundings as a system: the other parts that talk to it, and what each may do to it."""

from __future__ import annotations

from dataclasses import dataclass

from asepsis.model.fact import Auth, Fact, Zone

DEVICE = "device"
"""What a part of the system calls the assessed device itself."""


@dataclass(frozen=True, slots=True)
class SystemPart(Fact):
    """A programmer, home monitor, remote control, phone, server …; None is not known.

    ``commands`` names what acts on what this part sends: :data:`DEVICE`, or another part. ``zone`` is the range of the link by which it talks to the
    device. ``any_unit_obeyed`` says that the device obeys every unit of this kind, whoever holds it. ``reached_from`` are the places
    from which strangers can talk to the part, and ``log_in`` what it asks of them; ``serves_many`` that one unit serves several patients.
    """

    name: str
    kind: str
    commands: tuple[str, ...] = ()
    zone: Zone | None = None
    any_unit_obeyed: bool | None = None
    reached_from: tuple[Zone, ...] = ()
    log_in: Auth = Auth.UNKNOWN
    serves_many: bool | None = None
