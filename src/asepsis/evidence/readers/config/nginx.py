"""nginx: where each server listens, and whether it asks for a password itself.

``server { listen ADDRESS:PORT ssl; auth_basic "…"; location / { … } }`` (nginx documentation, ngx_http_core_module, ngx_http_auth_basic_module).
A server that asks for nothing itself may serve pages that do: then it is not known.

Known ways it lies: ``include`` brings other files; ``auth_basic`` may cover only a part of the pages; ``allow`` and ``deny`` narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)nginx(?:/(?:[\w.-]+/)?[^/]+)?(?:\.conf|/sites-(?:enabled|available)/[^/]+)$")
_SIGN = re.compile(rb"(?m)^[ \t]*(?:server|http)[ \t]*\{")
_TOKEN = re.compile(r"#.*|\"(?:\\.|[^\"\\])*+\"|'(?:\\.|[^'\\])*+'|[{};]|(?:\\.|[^\s{};\"'#\\])+|[\"'\\]")
_OFF = re.compile(r"/sites-available/")
_MOST_WORDS, _DEEPEST, _MOST_LISTENS = 64, 32, 64

Listen = tuple[int, list[str]]


class NginxReader:
    """Emits one :class:`Service` ``http`` for each ``listen``; whether the server runs is not in this file."""

    info = ReaderInfo("nginx", "Configuration of nginx", (Service,), ("nginx.conf", "nginx/conf.d/*.conf", "nginx/sites-enabled/*"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By folder, and a block in the head."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and _SIGN.search(head) and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Server by server. Raises ``Malformed`` if a block does not end."""
        listens: list[Listen] = []
        outer = asks = False
        seen, open_ = 0, 0
        for line, blocks, words in _statements(source):
            open_, inside = len(blocks), "server" in blocks
            if words[:1] == ["listen"] and inside and len(listens) < _MOST_LISTENS:
                listens.append((line, words[1:]))
            elif words[:1] == ["auth_basic"] and words[1:2] != ["off"]:
                asks, outer = asks or inside, outer or not inside
            elif not words and not inside and listens:
                seen += len(listens)
                _emit(source, listens, emit, asks=asks or outer)
                listens, asks = [], False
        if not seen and not listens:
            raise NotThisFormat
        if open_:
            _emit(source, listens, emit, asks=asks or outer)
            raise Malformed("a block does not end")


def _statements(source: BoundedSource) -> Iterator[tuple[int, tuple[str, ...], list[str]]]:
    """Each statement with the blocks around it; an empty one where a block has ended, and at the end."""
    blocks: list[str] = []
    words: list[str] = []
    number = 1
    for number, line in source.lines():
        for text in [found.group() for found in _TOKEN.finditer(line[:8192])]:
            if text.startswith("#"):
                break
            if text not in "{};":
                words = [*words[: _MOST_WORDS - 1], text.strip("\"'")]
                continue
            if text == "{":
                blocks = [*blocks[: _DEEPEST - 1], "".join(words[:1])]
            else:
                blocks = blocks[:-1] if text == "}" else blocks
                yield number, tuple(blocks), [] if text == "}" else words
            words = []
    yield number, tuple(blocks), []


def _emit(source: BoundedSource, listens: list[Listen], emit: Emit, *, asks: bool) -> None:
    names = (source.path, *source.link_names)
    enabled = False if all(_OFF.search(name) for name in names) else None
    for line, words in listens:
        at = words[0] if words else ""
        if at.startswith("unix:"):
            continue
        port = port_of(at) or (None if at else 80)
        address = address_of(at) if port and ":" in at else "" if port else at
        everywhere = address in {"", "0.0.0.0", "::", "*"}  # noqa: S104 - compared, not bound
        auth = Auth.PASSWORD if asks else Auth.UNKNOWN
        emit(Service(source.where(line=line), "http", "nginx", auth, "ssl" in words, enabled, port or 80, "" if everywhere else address[:64]))
