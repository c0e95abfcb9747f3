"""The contract of an exporter: a study in, bytes out, the same bytes for the same study."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from asepsis.model.study import Study


class Tells(Enum):
    """What a document is about, each with what is not known of it: the whole study, the device's software, its published flaws, recorded traffic.

    A document for the patient says of what is not known only how much it is.
    """

    STUDY = "study"
    PARTS = "parts"
    FLAWS = "flaws"
    TRAFFIC = "traffic"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class ExporterInfo:
    """What an exporter is: ``format`` is the word before ``=`` in ``-o FORMAT=PATH``."""

    format: str
    title: str
    media_type: str
    serves: str
    tells: Tells = Tells.STUDY


class NothingToTell(Exception):
    """The study holds nothing of what the format must tell, so there is no valid document; the message says why."""


class Exporter(Protocol):
    """An exporter. Text that came from a device is escaped here and only here; NotAssessed and Problem must appear."""

    info: ExporterInfo

    def write(self, study: Study) -> bytes:
        """The whole document. Raises :class:`NothingToTell` where the specification forbids a document about so little."""
