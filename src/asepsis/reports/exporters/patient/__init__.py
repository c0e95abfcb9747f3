"""The sheet that a clinician discusses with one patient: plain words on one or two printed pages, as one HTML file.

Serves the patient, and the clinician beside. Contents follow the Heart Rhythm Society's five topics for a confirmed weakness (consequence, ways to
lower the risk, technical difficulty, long-term fix, benefit against risk; May 2018) and the ACC Electrophysiology Council's advice not to replace
devices or take remote monitoring away for this reason alone (doi:10.1016/j.jacc.2018.01.023).

What is lost on the way: everything that only an engineer can use. How much was not looked at is said in one sentence; findings, problems and
rules by name stand in the report (``-o html``). Names of files stay out: a capture may be called after a patient.
"""

from __future__ import annotations

from asepsis.model.patient import Circumstances
from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo, Tells


class PatientExporter:
    """The study as one page for the patient. ``patient`` is what a clinician says of the circumstances; it is in no study file."""

    info = ExporterInfo("patient", "Sheet for one patient", "text/html", "the patient, and the clinician who explains it", Tells.PATIENT)

    def __init__(self, patient: Circumstances | None = None) -> None:
        """Without ``patient``, nothing is known of the circumstances, and the sheet says both."""
        self._patient = patient or Circumstances()

    def write(self, study: Study) -> bytes:
        """The whole page."""
        from asepsis.reports import locked_page  # Jinja costs 80 ms that no other format should pay
        from asepsis.reports.patient import sheet

        templates = locked_page.environment("asepsis.reports.exporters.patient")
        style = locked_page.source(templates, "sheet.css")
        told = sheet(study, self._patient)
        page = templates.get_template("sheet.html").render(sheet=told, words=told.words, style=style, policy=locked_page.policy(style))
        return page.encode()
