"""Tell: a study in, one document out."""

from __future__ import annotations

from asepsis.model.patient import Circumstances
from asepsis.model.study import Study
from asepsis.reports.exporter import Exporter
from asepsis.reports.exporters.csaf import CsafExporter
from asepsis.reports.exporters.cyclonedx import CycloneDxExporter
from asepsis.reports.exporters.cyclonedx_vex import CyclonedxVexExporter
from asepsis.reports.exporters.html import HtmlExporter
from asepsis.reports.exporters.json import JsonExporter
from asepsis.reports.exporters.nftables import NftablesExporter
from asepsis.reports.exporters.openvex import OpenvexExporter
from asepsis.reports.exporters.patient import PatientExporter
from asepsis.reports.exporters.sarif import SarifExporter
from asepsis.reports.exporters.spdx import SpdxExporter
from asepsis.reports.exporters.spdx3 import Spdx3Exporter
from asepsis.reports.exporters.suricata import SuricataExporter

EXPORTERS: tuple[Exporter, ...] = (
    CsafExporter(),
    CycloneDxExporter(),
    CyclonedxVexExporter(),
    HtmlExporter(),
    JsonExporter(),
    NftablesExporter(),
    OpenvexExporter(),
    PatientExporter(),
    SarifExporter(),
    SpdxExporter(),
    Spdx3Exporter(),
    SuricataExporter(),
)
"""All exporters, by format. A new one is one file in ``exporters/`` and one entry here."""


class UnknownFormatError(ValueError):
    """No exporter writes that format; the message names those that exist."""


def formats() -> tuple[str, ...]:
    """The words that may stand before ``=`` in ``-o FORMAT=PATH``."""
    return tuple(exporter.info.format for exporter in EXPORTERS)


def tell(study: Study, format: str, patient: Circumstances | None = None) -> bytes:  # noqa: A002 - the word the user writes
    """The study as a document of the given format. Raises :class:`UnknownFormatError`, or ``NothingToTell`` of the exporter.

    ``patient`` only gets into the sheet for one patient.
    """
    if format == PatientExporter.info.format:
        return PatientExporter(patient).write(study)
    for exporter in EXPORTERS:
        if exporter.info.format == format:
            return exporter.write(study)
    raise UnknownFormatError(f"there is no format {format!r}; there are {', '.join(formats())}")
