"""The words in which findings, profiles and sites speak to the attack graph: the leaves of every path.

A *claim* is one ground atom. Rules state claims about the device they looked at (``THIS``); the connecting stage puts the
device's id in its place. Moves may use these predicates, and those they derive, and nothing else (tests/contracts check both).
"""

from __future__ import annotations

from dataclasses import dataclass

THIS = "this"
"""Stands for the assessed device in a rule's claims."""

VOCABULARY: dict[str, tuple[str, ...]] = {
    # --- stated by rules -------------------------------------------------------------------------------------
    "secret": ("device", "secret", "kind", "form"),
    "same_in_every_unit": ("device", "secret"),
    "overheard": ("device", "secret", "zone"),
    "opens_network": ("secret", "zone"),
    "accepts": ("device", "secret", "service"),
    "identifies": ("device", "secret", "service"),
    "service": ("device", "service", "zone", "auth"),
    "service_gives": ("device", "service", "gives"),
    "flow": ("device", "flow", "zone", "effect"),
    "readable": ("device", "flow"),
    "alterable": ("device", "flow"),
    "replayable": ("device", "flow"),
    "believes_strangers": ("device", "flow"),
    "vulnerable": ("device", "weakness", "zone", "gives"),
    "out_of_date": ("device", "component", "zone"),
    "unprotected": ("device", "protection", "zone"),
    "unsigned_update": ("device", "mechanism", "zone"),
    "exposes_record": ("device", "store", "zone"),
    "reaches_many": ("device", "thing"),
    "obeys_any_unit": ("device", "other", "zone"),
    "commands": ("device", "other"),
    # --- stated by the device profile ------------------------------------------------------------------------
    "harms": ("device", "function", "effect", "level"),
    "unguarded": ("device", "function", "effect", "route"),
    "serves_many": ("device",),
    # --- stated by the site ----------------------------------------------------------------------------------
    "starts": ("zone",),
    "leads_to": ("zone", "zone"),
    "attached": ("device", "zone"),
    "unit_obtainable": ("device",),
    "outlives_unit": ("device", "thing"),
}
"""Predicate → names of its arguments.

``form`` is a :class:`SecretForm` value, ``kind`` a :class:`SecretKind`, ``zone`` a :class:`Zone`, ``effect`` an :class:`Effect`, ``gives`` a
:class:`Gives`, ``auth`` an :class:`Auth`, ``level`` 1…5. ``route`` is how an effect is brought about: ``order`` (through the
interface meant for it), ``control`` (as the device's own software), ``false-data`` (a believed lie on a flow), ``crash``.
A barrier guards some routes: bedside confirmation stops an order, not a root shell; an independent dose limit stops both.
``obeys_any_unit`` says that the device obeys every unit of the other kind, whoever holds it, within ``zone``.
``identifies`` says that a service which asks for a password is known by this key.
``unguarded`` is stated for each route that no *verified* barrier guards. ``outlives_unit`` says of a network secret or a store of records
that it still counts after the unit has left the hospital: the secret is not changed then, the store not wiped.
"""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """One ground atom: a predicate of :data:`VOCABULARY` and its arguments as text.

    Raises ``ValueError`` at birth for an unknown predicate or a wrong number of arguments.
    """

    predicate: str
    args: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse words the attack graph does not know."""
        names = VOCABULARY.get(self.predicate)
        if names is None:
            raise ValueError(f"no such predicate: {self.predicate}")
        if len(names) != len(self.args):
            raise ValueError(f"{self.predicate} takes {len(names)} arguments ({', '.join(names)}), got {len(self.args)}")

    def about(self, device: str) -> Claim:
        """The same claim with ``THIS`` replaced by a device id."""
        return Claim(self.predicate, tuple(device if arg == THIS else arg for arg in self.args))

    def __str__(self) -> str:
        return f"{self.predicate}({', '.join(self.args)})"


def claim(predicate: str, *args: object) -> Claim:
    """Build a claim; enum members become their values."""
    return Claim(predicate, tuple(str(arg) for arg in args))
