"""Other tools on the unpacked trees. They open no images, so they get the plain files: easier than what Asepsis gets.

``detect-secrets`` (Apache-2.0) is installed by ``python bench/credentials/install_peers.py`` into build/peers and run as a program, never imported.
``strings | grep`` is what many people do today. cve-bin-tool (GPL, run in its own environment as ``bench/identification_peer.py`` says, without its
database) names components and their versions, and has no check for a secret or a service: each part that it names counts as a word about
out-of-date software in that file, so that nothing of it is a false alarm here.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from credentials.match import Hit, Place

PEERS = Path("build/peers")
DETECT_SECRETS = PEERS / "detect-secrets" / "bin" / "detect-secrets"
CVE_BIN_TOOL = PEERS / "cve-bin-tool" / "bin" / "python"
SCANNER = Path(__file__).resolve().parents[1] / "identification_peer.py"
GREP = re.compile(rb"passw|secret|psk|BEGIN .*PRIVATE", re.IGNORECASE)
"""strings | grep -iE 'passw|secret|psk|BEGIN .*PRIVATE'"""
SHORTEST = 4  # of strings(1)
PRINTABLE = re.compile(rb"[\x20-\x7e\t]{%d,}" % SHORTEST)
_SEEN: dict[tuple[int, int], tuple[tuple[int | None, str], ...]] = {}


def detect_secrets(tree: Path, seconds: float) -> list[Hit] | None:
    """Every result is a hit; a file is looked at although no repository has it. None if the tree takes longer than ``seconds``."""
    output = finished([str(DETECT_SECRETS.absolute()), "scan", "--all-files", "."], tree, seconds)
    if output is None:
        return None
    results = json.loads(output)["results"]
    return [Hit("", entry["type"], (Place(path, entry["line_number"]),)) for path, entries in sorted(results.items()) for entry in entries]


def cve_bin_tool(tree: Path, seconds: float) -> list[Hit] | None:
    """Every part that it names in a file is a hit, on no line. None if the tree takes longer than ``seconds``."""
    files = {
        path.relative_to(tree).as_posix(): [str(path.absolute())] for path in sorted(tree.rglob("*")) if path.is_file() and not path.is_symlink()
    }
    output = finished([str(CVE_BIN_TOOL.absolute()), str(SCANNER)], tree, seconds, json.dumps(files))
    if output is None:
        return None
    said = json.loads(output)["said"]
    return [Hit("out-of-date-software", " ".join(part), (Place(path, None),)) for path, parts in sorted(said.items()) for part in parts]


def finished(command: list[str], folder: Path, seconds: float, given: str = "") -> str | None:
    """What a command prints of what it is given; None if it has not ended after ``seconds``: then it is ended with all that it started.

    Raises for one that failed.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        try:
            output, errors = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
    if process.returncode:
        raise RuntimeError(f"{command[0]} in {folder}: {errors[-400:]}")
    return output


def strings_grep(tree: Path, _seconds: float) -> list[Hit] | None:
    """Every string that grep would show is a hit; a text file's strings have lines. It always ends."""
    hits = []
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            hits += [Hit("", text, (Place(path.relative_to(tree).as_posix(), line),)) for line, text in _shown(path.read_bytes())]
    return hits


def _shown(data: bytes) -> tuple[tuple[int | None, str], ...]:
    identity = (len(data), hash(data))
    if identity not in _SEEN:
        textual = b"\0" not in data
        parts = enumerate(data.split(b"\n"), 1) if textual else ((None, match[0]) for match in PRINTABLE.finditer(data))
        _SEEN[identity] = tuple((line, part[:60].decode("latin-1")) for line, part in parts if GREP.search(part))
    return _SEEN[identity]


Peer = Callable[[Path, float], "list[Hit] | None"]
"""What a tool says of a tree within so many seconds; None if it did not finish."""


def available() -> dict[str, Peer]:
    """The peers that can run here."""
    peers: dict[str, Peer] = {"strings \\| grep": strings_grep}
    if DETECT_SECRETS.exists():
        peers["detect-secrets"] = detect_secrets
    if CVE_BIN_TOOL.exists():
        peers["cve-bin-tool, without its database"] = cve_bin_tool
    return peers
