"""One file that always holds everything (KEV, EPSS, OSV's archives): fetched again if the server says that it changed."""

from __future__ import annotations

from asepsis.guard.fetch import State
from asepsis.knowledge.vulnerabilities.way import Errand, Got, with_state


def fetch_file(address: str, errand: Errand) -> Got:
    """See the module's text. Raises ``CannotFetch``."""
    old = errand.remembered(address)
    path, state = errand.fetch(address, known=State(old.etag, old.modified))
    return Got(address, (path,) if path else (), with_state(state))
