"""``sshd_config`` taken apart: what holds for everybody, and what each ``Match`` block says where its condition holds. No I/O.

``Keyword value`` or ``Keyword=value``; the first value of a keyword counts, keywords are case-blind. Accounts, groups, ports and addresses may
stand in several lines and add up. What a ``Match`` block says takes the place of what holds for everybody, lists included (sshd_config(5);
OpenSSH 9, ``servconf.c``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from asepsis.evidence.protocols.command_line import address_of, port_of

FIRST_COUNTS = frozenset(
    {
        "permitrootlogin",
        "passwordauthentication",
        "permitemptypasswords",
        "kbdinteractiveauthentication",
        "usepam",
        "pubkeyauthentication",
        "authorizedkeysfile",
    }
)
ADD_UP = frozenset({"allowusers", "denyusers", "allowgroups", "denygroups", "port", "listenaddress"})
_OLDER_NAMES = {"challengeresponseauthentication": "kbdinteractiveauthentication", "skeyauthentication": "kbdinteractiveauthentication"}
_AS_WRITTEN = ADD_UP | {"authorizedkeysfile", "include"}
USUAL_PORT = 22


@dataclass(slots=True)
class Block:
    """``values`` with one word or several, in small letters unless they are names; ``condition`` is empty for what holds for everybody."""

    condition: str = ""
    line: int = 0
    values: dict[str, list[str]] = field(default_factory=dict)

    def get(self, key: str, default: str = "") -> str:
        """The first word of a setting."""
        return next(iter(self.values.get(key, ())), default)


def blocks(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[Block, list[Block]]:
    """What holds for everybody, and the ``Match`` blocks in their order, from lines as words."""
    everybody, some = Block(), list[Block]()
    for number, words in rows:
        key, said = _keyword(words)
        block = some[-1] if some else everybody
        if key == "match":
            some.append(Block(" ".join(said)[:64], number))
        elif said and (key in FIRST_COUNTS | ADD_UP or (key == "include" and block is everybody and not everybody.values)):
            block.line = block.line or number
            said = said if key in _AS_WRITTEN else [said[0].lower()]
            if key in ADD_UP:
                block.values.setdefault(key, []).extend(said)
            else:
                block.values.setdefault(key, said)
    return everybody, some


def _keyword(words: Sequence[str]) -> tuple[str, list[str]]:
    """The keyword and what is said of it: one equals sign may stand between them, with blanks or without."""
    key, sign, rest = words[0].partition("=")
    said = [rest, *words[1:]]
    if not sign and len(said) > 1:
        said[1] = said[1].removeprefix("=")
    key = key.lower()
    return _OLDER_NAMES.get(key, key), [word for word in (word.strip('"') for word in said) if word]


def names(everybody: Block, some: Iterable[Block], key: str) -> list[str]:
    """The patterns of ``AllowUsers`` and its like that count under every condition; none if the list for everybody is empty.

    A block's own list takes the place of the others: whom it lets in is let in, and kept out are only those whom all lists keep out.
    """
    listed = _patterns(everybody, key)
    others = [_patterns(block, key) for block in some if key in block.values]
    if key.startswith("allow"):
        return list(dict.fromkeys([*listed, *(name for other in others for name in other)])) if listed else []
    kept_out = [set(other) for other in others]
    return [name for name in listed if all(name in other or "*" in other for other in kept_out)]


def _patterns(block: Block, key: str) -> list[str]:
    return [name for word in block.values.get(key, ()) for name in word.split(",") if name]


def endpoints(block: Block, usual: int | None) -> list[tuple[int | None, str]]:
    """Every port and address it listens at; an address without a port is bound at each ``Port``, ``usual`` if there is none."""
    ports = [port_of(word) for word in block.values.get("port", ()) if port_of(word)] or [usual]
    addresses = block.values.get("listenaddress") or [""]
    return list(dict.fromkeys(end for address in addresses for end in _bound(address, ports)))


def _bound(text: str, ports: Sequence[int | None]) -> list[tuple[int | None, str]]:
    has_port = port_of(text) is not None and (text.count(":") == 1 or text.startswith("["))
    return [(port_of(text), address_of(text))] if has_port else [(port, text.strip("[]")) for port in ports]
