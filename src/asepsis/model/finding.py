"""What a rule answers: found, not found, or could not tell and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.claim import Claim
from asepsis.model.dismissed import Dismissed
from asepsis.model.facts import Confidence
from asepsis.model.where import Where


class Weakness(StrEnum):
    """The weakness classes; their ids are fixed."""

    WIFI_SECRET_STORED = "wifi-secret-stored"  # noqa: S105
    HARD_CODED_CREDENTIAL = "hard-coded-credential"
    WEAK_PASSWORD_HASH = "weak-password-hash"  # noqa: S105
    PRIVATE_KEY_SHIPPED = "private-key-shipped"
    REMOTE_MAINTENANCE_EXPOSED = "remote-maintenance-exposed"
    UNAUTHENTICATED_INTERFACE = "unauthenticated-interface"
    INTERCEPTABLE_COMMUNICATION = "interceptable-communication"
    DOSE_TAMPERING_OBSERVED = "dose-tampering-observed"
    DENIAL_OF_SERVICE = "denial-of-service"
    OUT_OF_DATE_SOFTWARE = "out-of-date-software"
    UNSIGNED_UPDATE = "unsigned-update"
    PATIENT_DATA_EXPOSED = "patient-data-exposed"
    MISSING_HARDENING = "missing-hardening"
    UNDECLARED_BEHAVIOUR = "undeclared-behaviour"


class Certainty(StrEnum):
    """What was shown: the maker says so; it is there; it is switched on; it can be reached; it was made to happen."""

    DECLARED = "declared"
    PRESENT = "present"
    ENABLED = "enabled"
    REACHABLE = "reachable"
    DEMONSTRATED = "demonstrated"

    @property
    def level(self) -> int:
        """1 (declared) … 5 (demonstrated), for comparing."""
        return list(Certainty).index(self) + 1


@dataclass(frozen=True, slots=True)
class Finding:
    """A weakness that is there.

    ``id`` is stable across runs and firmware versions (a hash of rule, subject and kind of place). ``subject`` is what the weakness is of
    (an account, an SSID, a service), ``title`` one plain sentence, ``shown_by`` what raised the certainty, ``assumes`` what was taken for granted
    ([K] and [P] facts). ``fixed_by`` is ``maker``, ``hospital`` or ``clinician``. ``facts`` are sentences about the evidence, already redacted.
    ``exploitation`` is ``active`` or ``public poc`` where a published flaw is known to be exploited or exploitable by anybody, else empty.
    """

    id: str
    rule: str
    weakness: Weakness
    cwe: tuple[int, ...]
    title: str
    subject: str
    certainty: Certainty
    confidence: Confidence
    locations: tuple[Where, ...]
    claims: tuple[Claim, ...]
    shown_by: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    fixed_by: tuple[str, ...] = ("maker",)
    exploitation: str = ""

    def __post_init__(self) -> None:
        """Nothing is claimed without a place."""
        if not self.locations:
            raise ValueError(f"finding {self.id} of {self.rule} has no place")


@dataclass(frozen=True, slots=True)
class Found:
    """The weakness is there."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class NotFound:
    """Everything the rule needs was looked at, and the weakness is not there. ``dismissed`` says what was seen and why it is none."""

    rule: str
    dismissed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """The rule could not tell, and why.

    ``optional``: what is missing is something to compare with, which shows no weakness of the device by itself.
    """

    rule: str
    reason: str
    optional: bool = False


Outcome = Found | NotFound | NotAssessed | Dismissed
