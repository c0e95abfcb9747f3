"""What went wrong inside one container, as a child process says it: text and numbers only, so that it travels as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from asepsis.model.evidence import Cause

PATH_TRAVERSAL, ABSOLUTE_PATH, LINK_ESCAPE, DEVICE_NODE = "path-traversal", "absolute-path", "link-escape", "device-node"
"""Tricks of an archive, as :class:`asepsis.model.facts.HostileContainer` names them."""

MOST_OF_ONE_CONTAINER = 1000


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong: ``what`` (without the entry's name), at ``entry`` of the container if it is about one, a ``trick`` if it was one.

    ``program`` is the missing program of a ``missing-tool``. ``shut`` says that the container gave nothing because of it.
    """

    cause: Cause
    what: str
    entry: str = ""
    trick: str = ""
    program: str = ""
    shut: bool = False


def pack(troubles: Iterable[Trouble]) -> list[dict[str, Any]]:
    """For JSON; one container says no more than 1,000."""
    return [asdict(trouble) for trouble in troubles][:MOST_OF_ONE_CONTAINER]


def unpack(packed: Iterable[dict[str, Any]]) -> tuple[Trouble, ...]:
    """From JSON. Raises ``TypeError`` or ``ValueError`` if a child under attack says nonsense."""
    return tuple(Trouble(**{**item, "cause": Cause(item["cause"])}) for item in packed)


def encode(message: dict[str, Any]) -> bytes:
    """A message as bytes; file names that are no UTF-8 survive as surrogates, escaped."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def decode(payload: bytes) -> dict[str, Any]:
    """A message again. Raises ``ValueError``."""
    message = json.loads(payload)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")  # noqa: TRY004 - the sender is wrong, not our code
    return message


_SIGNS = (
    ("No space left on device", Cause.LIMIT_REACHED, "the disk is full"),
    ("[Errno 28]", Cause.LIMIT_REACHED, "the disk is full"),
    ("File too large", Cause.LIMIT_REACHED, "a file would grow beyond unpack_one_file_bytes"),
    ("[Errno 27]", Cause.LIMIT_REACHED, "a file would grow beyond unpack_one_file_bytes"),
    ("File name too long", Cause.LIMIT_REACHED, "a name is longer than the file system allows (path_bytes)"),
    ("Cannot allocate memory", Cause.LIMIT_REACHED, "more memory was asked for than unpack_memory_bytes"),
    ("MemoryError", Cause.LIMIT_REACHED, "more memory was asked for than unpack_memory_bytes"),
    ("RecursionError", Cause.LIMIT_REACHED, "directories are nested too deep"),
)
_BY_EXIT = {
    -25: "a file would grow beyond unpack_one_file_bytes",
    -24: "the processor time unpack_cpu_seconds is used up",
}


def diagnose(program: str, text: str, exit_code: int = 1) -> Trouble:
    """What a failed program's words and exit code mean. The words themselves stay out: they hold this machine's paths."""
    if exit_code in _BY_EXIT:
        return Trouble(Cause.LIMIT_REACHED, _BY_EXIT[exit_code])
    for sign, cause, what in _SIGNS:
        if sign in text:
            return Trouble(cause, what)
    if exit_code < 0:
        return Trouble(Cause.BROKEN_INPUT, f"{program} was ended by signal {-exit_code} while it read the content")
    return Trouble(Cause.BROKEN_INPUT, f"{program} could not read all of it: broken, cut short, or of a variant it does not know")
