"""Fill the templates from the view, and lock the page down."""

from __future__ import annotations

import jinja2

from asepsis.model.study import Study
from asepsis.reports import flaws, locked_page, network, sentences, shared, triage, words
from asepsis.reports.dismissals import by_exemption
from asepsis.reports.exporters.html import layout
from asepsis.reports.exporters.html.view import view
from asepsis.reports.gaps import gaps
from asepsis.reports.text import count, join, percent


def render(study: Study) -> bytes:
    """The page as UTF-8."""
    environment = _environment()
    style, script = locked_page.source(environment, "style.css"), locked_page.source(environment, "script.js")
    policy = locked_page.policy(style, script)
    return environment.get_template("report.html").render(study=study, view=view(study), style=style, script=script, policy=policy).encode()


def _environment() -> jinja2.Environment:
    environment = locked_page.environment("asepsis.reports.exporters.html")
    environment.globals |= {"words": words, "say": sentences, "layout": layout, "gaps": gaps, "by_exemption": by_exemption}
    environment.globals |= {"shared": shared, "triage": triage, "flaws": flaws, "network": network}
    environment.globals |= {"count": count, "percent": percent, "join": join}
    return environment
