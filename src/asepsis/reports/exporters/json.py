"""The study file: everything the study holds, for programs and for a later ``report``, ``explain``, ``plan`` or ``diff``.

Nothing is lost. The format is described by ``study-1.schema.json`` beside this file; see :mod:`asepsis.reports.study_file`.
"""

from __future__ import annotations

from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo
from asepsis.reports.study_file import dump


class JsonExporter:
    """The study as JSON."""

    info = ExporterInfo("json", "Study file", "application/json", "programs, and Asepsis itself")

    def write(self, study: Study) -> bytes:
        """The whole study."""
        return dump(study)
