"""Fill the templates from the view, and lock the page down."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jinja2

from asepsis.model.study import Study
from asepsis.reports import flaws, network, sentences, shared, triage, words
from asepsis.reports.dismissals import by_exemption
from asepsis.reports.exporters.html import layout
from asepsis.reports.exporters.html.view import view
from asepsis.reports.gaps import gaps
from asepsis.reports.text import count, join, percent, visible


def render(study: Study) -> bytes:
    """The page as UTF-8."""
    environment = _environment()
    style, script = _source(environment, "style.css"), _source(environment, "script.js")
    page = environment.get_template("report.html").render(study=study, view=view(study), style=style, script=script, policy=_policy(style, script))
    return page.encode()


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("asepsis.reports.exporters.html", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals |= {"words": words, "say": sentences, "layout": layout, "gaps": gaps, "by_exemption": by_exemption}
    environment.globals |= {"shared": shared, "triage": triage, "flaws": flaws, "network": network}
    environment.globals |= {"count": count, "percent": percent, "join": join}
    return environment


def _shown(value: Any) -> Any:
    """The first gate: every value that a template prints becomes visible text. The second, escaping, follows in Jinja."""
    return value if hasattr(value, "__html__") else visible(str(value))


def _source(environment: jinja2.Environment, name: str) -> str:
    loader = environment.loader
    if loader is None:
        raise ValueError("the environment has no loader")
    return loader.get_source(environment, name)[0]


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched; of styles and scripts only these two run."""
    rules = ("default-src 'none'", f"style-src '{_hash(style)}'", f"script-src '{_hash(script)}'", "base-uri 'none'", "form-action 'none'")
    return "; ".join(rules)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
