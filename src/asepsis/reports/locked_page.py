"""How every HTML page is made: two gates for text, and a policy that lets nothing in from outside.

Text from the device passes ``visible`` (nothing invisible, nothing endless) and Jinja's autoescape, for every value and without exception. A content
security policy with the hashes of our own style and script forbids everything else, so that a mistake still runs nothing and fetches nothing.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jinja2

from asepsis.reports.text import visible


def environment(package: str) -> jinja2.Environment:
    """The templates of a package, with both gates."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def source(templates: jinja2.Environment, name: str) -> str:
    """The text of a template as it stands: a style or a script."""
    loader = templates.loader
    if loader is None:
        raise ValueError("the environment has no loader")
    return loader.get_source(templates, name)[0]


def policy(style: str, script: str = "") -> str:
    """Nothing may be fetched; of styles and scripts only these two run."""
    scripts = (f"script-src '{_hash(script)}'",) if script else ()
    return "; ".join(("default-src 'none'", f"style-src '{_hash(style)}'", *scripts, "base-uri 'none'", "form-action 'none'"))


def _shown(value: Any) -> Any:
    """The first gate: every value that a template prints becomes visible text. The second, escaping, follows in Jinja."""
    return value if hasattr(value, "__html__") else visible(str(value))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
