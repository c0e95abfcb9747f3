"""The report for people: one HTML file that needs nothing else, neither a network nor a program.

Serves the clinical engineer first: the harms, the ways drawn, the plan; then ratings and evidence for whoever must sign; then what could not be
looked at. Everything of the study is in it but the list of facts (the study file has it).

Text from the device passes two gates, for every value and without exception: ``visible`` (nothing invisible, nothing endless) and Jinja's
autoescape. A content security policy with the hashes of our own style and script forbids everything else, so that a mistake here still runs
nothing and fetches nothing.
"""

from __future__ import annotations

from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo


class HtmlExporter:
    """The study as one self-contained page."""

    info = ExporterInfo("html", "Report", "text/html", "clinical engineers, and whoever must explain or sign")

    def write(self, study: Study) -> bytes:
        """The whole page."""
        from asepsis.reports.exporters.html.page import render  # Jinja costs 80 ms that no other format should pay

        return render(study)
