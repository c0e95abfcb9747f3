"""Every key of the registry whose meaning is known, in one table."""

from __future__ import annotations

from asepsis.evidence.protocols.registry import log_on, programs, protections, remote, security_software, services, system
from asepsis.evidence.protocols.registry.key import Wanted
from asepsis.model.facts import (
    Account,
    Component,
    Fact,
    FirewallRule,
    Hardening,
    OperatingSystem,
    PasswordHash,
    Protection,
    Service,
    StartedProgram,
    StoredSecret,
    UpdateMechanism,
)

WANTED = Wanted(
    (
        *log_on.MEANINGS, *remote.MEANINGS, *services.MEANINGS, *system.MEANINGS, *protections.MEANINGS, *security_software.MEANINGS,
        *programs.MEANINGS,
    )
)  # fmt: skip
EMITS: tuple[type[Fact], ...] = (
    Account, Component, FirewallRule, Hardening, OperatingSystem, PasswordHash, Protection, Service, StartedProgram, StoredSecret, UpdateMechanism,
)  # fmt: skip
"""The kinds of fact that the table speaks of."""
