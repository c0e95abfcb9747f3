"""S-expressions as Libgcrypt writes keys: canonical (``(3:rsa(1:n5:…))``) and advanced (``(rsa (n #00AB#))``). No I/O.

R. Rivest, S-Expressions (draft-rivest-sexp). Depth and number of atoms are bounded; nothing is ever longer than its input.
"""

from __future__ import annotations

import re

Sexp = bytes | list["Sexp"]
"""An atom or a list."""

MAX_DEPTH, MAX_ATOMS = 16, 1000

_TOKEN = re.compile(
    rb"\s*(?:(?P<bracket>[()])|(?P<size>\d{1,6}):|#(?P<hex>[0-9A-Fa-f\s]*)#|\"(?P<text>(?:\\.|[^\"\\])*)\"|(?P<word>[\w./*+=-]+))", re.DOTALL
)


def parse(data: bytes) -> list[Sexp] | None:
    """The list that ``data`` begins with, or None if it is none, does not end, or is too deep or long."""
    stack: list[list[Sexp]] = []
    at = 0
    for _ in range(MAX_ATOMS):
        found = _TOKEN.match(data, at)
        if not found or (found["bracket"] != b"(" and not stack) or len(stack) > MAX_DEPTH:
            return None
        at = found.end()
        if found["bracket"] == b"(":
            stack.append([])
        elif found["bracket"]:
            whole = stack.pop()
            if not stack:
                return whole
            stack[-1].append(whole)
        elif found["size"]:
            size = int(found["size"])
            if at + size > len(data):
                return None
            stack[-1].append(data[at : at + size])
            at += size
        else:
            stack[-1].append(_atom(found))
    return None


def _atom(found: re.Match[bytes]) -> bytes:
    if found["hex"] is not None:
        digits = re.sub(rb"\s", b"", found["hex"])
        return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    return found["text"] if found["text"] is not None else found["word"]


def named(expression: list[Sexp], name: bytes) -> list[Sexp] | None:
    """The first list within ``expression`` that begins with ``name``."""
    return next((one for one in expression if isinstance(one, list) and one[:1] == [name]), None)


def value(expression: list[Sexp], name: bytes) -> bytes:
    """The atom behind ``name`` in ``(name atom)`` within ``expression``; empty if there is none."""
    found = named(expression, name)
    atom = found[1] if found and len(found) > 1 else b""
    return atom if isinstance(atom, bytes) else b""
