"""The words of a started command line: which program really runs, its options, ports and addresses in them. No I/O.

Wrappers as in BusyBox 1.36, util-linux, dpkg's ``start-stop-daemon``, OpenWrt procd.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from asepsis.evidence.protocols.shell import words_of

Words = Sequence[str]
SHELLS = frozenset({"sh", "ash", "bash", "dash", "zsh", "ksh", "csh", "hush"})
_TRANSPARENT = frozenset(
    {"nohup", "exec", "setsid", "busybox", "env", "sudo", "command", "eval", "daemon", "service_start", "ionice", "chrt", "tcpd"}
)
_MAX_WRAPPERS = 6
_ENVIRONMENT = re.compile(r"[A-Za-z_]\w*=")
_PORT = re.compile(r"(?:.*:)?(\d{1,5})\Z")


def program(words: Words) -> tuple[str, ...]:
    """The command line of the program that really runs: without ``nohup``, ``busybox``, ``start-stop-daemon --exec`` and their like."""
    rest = tuple(words)
    for _ in range(_MAX_WRAPPERS):
        inner = _unwrap(rest)
        if inner == rest:
            break
        rest = inner
    return rest


def _unwrap(words: tuple[str, ...]) -> tuple[str, ...]:
    """One wrapper taken off."""
    if not words:
        return words
    name = base(words[0])
    if _ENVIRONMENT.match(words[0]) or (name in _TRANSPARENT and len(words) > 1 and not words[1].startswith("-")):
        return words[1:]
    if words[:2] == ("procd_set_param", "command"):
        return words[2:]
    return _WRAPPERS[name](words) if name in _WRAPPERS else words


def _nice(words: tuple[str, ...]) -> tuple[str, ...]:
    taken = 1 if len(words) < 2 or not words[1].startswith("-") else 3 if words[1] == "-n" else 2  # noqa: PLR2004
    return words[taken:] or words


def _shell(words: tuple[str, ...]) -> tuple[str, ...]:
    """``sh -c "COMMAND"``, ``su USER -c "COMMAND"``, ``sh /opt/script.sh``."""
    if "-c" in words[1:-1]:
        return words_of(words[words.index("-c") + 1]) or words
    named = next((i for i, word in enumerate(words) if i and not word.startswith("-")), 0)
    is_script = named and base(words[0]) in SHELLS and words[named].startswith("/") and not words[named].startswith("/dev/")
    return words[named:] if is_script else words


def _tcpsvd(words: tuple[str, ...]) -> tuple[str, ...]:
    """BusyBox ``tcpsvd ADDRESS PORT PROGRAM``: the port goes on to the program, as a variable too."""
    served = next((i for i, word in enumerate(words) if i > 2 and not word.startswith(("-", "$")) and not word.isdigit()), 0)  # noqa: PLR2004
    port = words[served - 1]
    return (*words[served:], *(("-p", port) if port.isdigit() or port.startswith("$") else ())) if served else words


def _start_stop(words: tuple[str, ...]) -> tuple[str, ...]:
    """``start-stop-daemon -S -x PROGRAM -- ARGUMENTS``; stopping starts nothing."""
    if flag(words, "K") or "--stop" in words:
        return ()
    target = option(words, "-x", "--exec", "-a", "--startas")
    return (target, *(words[words.index("--") + 1 :] if "--" in words else ())) if target else ()


_WRAPPERS: dict[str, Callable[[tuple[str, ...]], tuple[str, ...]]] = {
    "nice": _nice,
    "start-stop-daemon": _start_stop,
    "tcpsvd": _tcpsvd,
    **dict.fromkeys((*sorted(SHELLS), "su"), _shell),
}


def base(path: str) -> str:
    """The name of a program without its folder or a log-in shell's dash."""
    return path.rsplit("/", 1)[-1].lstrip("-")


def option(words: Words, *names: str) -> str:
    """The value of the first of ``names`` that is given: ``-p 23``, ``-p23``, ``--port=23``, ``--port 23``; empty if none is."""
    return next(options(words, *names), "")


def options(words: Words, *names: str) -> Iterator[str]:
    """The values of all of ``names`` that are given, in their order."""
    for i, word in enumerate(words[1:], 1):
        for name in names:
            if word == name:
                yield words[i + 1] if i + 1 < len(words) else ""
            elif name.startswith("--") and word.startswith(name + "="):
                yield word[len(name) + 1 :]
            elif len(name) == 2 and word.startswith(name) and word[1] != "-":  # noqa: PLR2004
                yield word[2:]


def flag(words: Words, letter: str) -> bool:
    """Whether a one-letter option without value is given, alone or in a cluster (``-FEB``)."""
    return any(len(word) < 8 and re.fullmatch(r"-[A-Za-z]+", word) and letter in word for word in words[1:])  # noqa: PLR2004


def has(words: Words, *names: str) -> bool:
    """Whether one of the long options is given, with one dash or two, case-blind."""
    wanted = {name.lower() for name in names}
    return any(word.lstrip("-").lower() in wanted for word in words[1:] if word.startswith("-"))


def port_of(text: str) -> int | None:
    """The port in ``23``, ``0.0.0.0:23`` or ``[::]:23``."""
    found = _PORT.match(text)
    number = int(found.group(1)) if found else 0
    return number if 0 < number < 65536 else None  # noqa: PLR2004


def address_of(text: str) -> str:
    """The address in ``127.0.0.1:22``; empty if only a port is given."""
    return text.rpartition(":")[0].strip("[]")
