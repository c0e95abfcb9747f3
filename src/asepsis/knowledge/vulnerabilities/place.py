"""Where the knowledge of published flaws is kept: what the user says, else ``ASEPSIS_DB``, else the data directory of the user (XDG)."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError

VARIABLE = "ASEPSIS_DB"
NAME = "vulnerabilities.db"


def store_path(said: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The file, whether or not it is there. Raises ``KnowledgeError`` if nothing says where it could be."""
    named = said or environ.get(VARIABLE)
    if named:
        return Path(named)
    data = environ.get("XDG_DATA_HOME", "")
    if not Path(data).is_absolute():  # a relative one is to be ignored
        data = f"{_home(environ)}/.local/share"
    return Path(data, "asepsis", NAME)


def _home(environ: Mapping[str, str]) -> str:
    """The home directory, also where HOME is empty or not set."""
    home = environ.get("HOME", "")
    if Path(home).is_absolute():
        return home
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError as error:
        raise KnowledgeError(f"no place for vulnerability knowledge: neither --db nor {VARIABLE} nor a home directory is given") from error
