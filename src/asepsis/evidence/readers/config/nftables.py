"""nftables: rule sets as ``nft -f`` reads them and ``nft list ruleset`` writes them.

``table FAMILY NAME { chain NAME { type filter hook input priority N; policy drop; RULE … } }`` (nft(8)). A rule is matches and a verdict in a row:
``tcp dport { 22, 80-90 } accept``. Tables ``inet``, ``ip`` and ``ip6`` filter what comes in; ``inet`` covers both versions of IP. A chain that is
jumped to without a match is put in its place; a match that is not understood is left out of an ``accept``, and a ``drop`` that has one is left
out itself, so that nothing is taken for protection that may be none (:mod:`asepsis.evidence.protocols.netfilter`).

Known ways it lies: ``include`` brings other files; sets by name change while the device runs; another table may drop more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from asepsis.evidence.protocols.netfilter import Chains, Rule, facts, ports_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import FirewallRule

_HEAD = re.compile(rb"(?m)^[ \t]*(?:add[ \t]+)?table[ \t]+(?:inet|ip|ip6)[ \t]+[\w-]+[ \t]*(?:\{|$)")
_TOKEN = re.compile(r"#[^\n]*|\"[^\"\n]*\"|[{};,]|[^\s{};,\"]+")
_BY = {"inet": "nftables", "ip": "nftables-ip", "ip6": "nftables-ip6"}
_BLOCKS = frozenset({"table", "chain", "set", "map", "flowtable", "ct", "counter", "quota", "limit", "synproxy", "secmark"})
_DEEPEST = 8
_MOST_WORDS = 4096
_VERDICTS = {"accept": "ACCEPT", "drop": "DROP", "reject": "REJECT", "continue": "", "return": "RETURN", "queue": "QUEUE"}

Words = list[str]


@dataclass(slots=True)
class _RuleSet:
    """What was read: chains by family and table, which of them see what comes in, and the values of ``define``."""

    tables: dict[tuple[str, str], Chains] = field(default_factory=dict)
    inputs: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    values: dict[str, Words] = field(default_factory=dict)


class NftablesReader:
    """Emits a :class:`FirewallRule` for each rule about incoming connections, and for the policy of their chain."""

    info = ReaderInfo("nftables", "Rules of nftables", (FirewallRule,), ("nftables.conf", "*.nft"))
    signs = Signs(heads=(_HEAD,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """A table in the head."""
        return Sureness.YES if b"table" in head and b"\0" not in head and _HEAD.search(head) and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Statement by statement. Raises ``Malformed`` if a block does not end."""
        rules, depth = _RuleSet(), 0
        for line, blocks, words in _statements(source):
            depth = len(blocks)
            _follow(rules, source, line, blocks, words)
        if not rules.tables:
            raise NotThisFormat
        for key in sorted(rules.tables):
            chains = rules.tables[key]
            chains.rules["INPUT"] = [rule for name in rules.inputs.get(key, ()) for rule in chains.rules.get(name, ())]
            for fact in facts(chains, _BY[key[0]], enabled=None):
                emit(fact)
        if depth:
            raise Malformed("a block does not end")


@dataclass(slots=True)
class _Scanner:
    """Where a rule set has been read to: the blocks that are open, the words of the statement, how deep in a set they are."""

    blocks: list[Words] = field(default_factory=list)
    words: Words = field(default_factory=list)
    inner: int = 0

    def take(self, text: str) -> tuple[tuple[Words, ...], Words] | None:
        """One token; the statement that it ends, with the blocks around it."""
        if text == "{" and not self.inner and self._opens_block():
            self.blocks.append(self.words)
            self.words = []
        elif text in "};" and not self.inner:
            ended = self.end()
            if text == "}" and self.blocks:
                self.blocks.pop()
            return ended
        elif len(self.words) < _MOST_WORDS:
            self.inner += (text == "{") - (text == "}")
            self.words.append(text)
        return None

    def end(self) -> tuple[tuple[Words, ...], Words]:
        """The statement as it is, and a new one."""
        ended = tuple(self.blocks), self.words
        self.words = []
        return ended

    def _opens_block(self) -> bool:
        """A set in the middle of a rule opens none, and a chain has no blocks inside."""
        kind = self.words[1:] if self.words[:1] in (["add"], ["create"]) else self.words
        inside = any("chain" in block[:2] for block in self.blocks)
        return len(self.blocks) < _DEEPEST and not inside and (not kind or (kind[0] in _BLOCKS and "=" not in kind))


def _statements(source: BoundedSource) -> Iterator[tuple[int, tuple[Words, ...], Words]]:
    """Each statement with its line and the blocks around it; the last one, without words, shows which are still open."""
    scanner, number = _Scanner(), 1
    for number, line in source.lines():
        for text in [found.group() for found in _TOKEN.finditer(line[:8192])]:
            if text.startswith("#"):
                break
            ended = scanner.take(text)
            if ended:
                yield number, *ended
        if scanner.words and not scanner.inner and not line.endswith("\\") and scanner.words[-1] != ",":
            yield number, *scanner.end()
    yield number, tuple(scanner.blocks), []


def _follow(rules: _RuleSet, source: BoundedSource, line: int, blocks: Sequence[Words], words: Words) -> None:
    """Take one statement into account."""
    if words[:1] == ["define"] and "=" in words:
        rules.values[words[1]] = words[words.index("=") + 1 :]
        return
    family, table, chain, rest = _place(blocks, words)
    if family not in _BY or not chain or not rest:
        return
    chains = rules.tables.setdefault((family, table), Chains())
    if rest[0] == "type":
        if "hook" in rest and rest[rest.index("hook") + 1 :][:1] == ["input"] and rest[1:2] == ["filter"]:
            rules.inputs.setdefault((family, table), []).append(chain)
            chains.add(source.where(line=line), ("-P", "INPUT", "ACCEPT"))
    elif rest[0] == "policy":
        if chain in rules.inputs.get((family, table), ()):
            chains.add(source.where(line=line), ("-P", "INPUT", "".join(rest[1:2])))
    else:
        known = (word for text in rest for word in (rules.values.get(text[1:], [text]) if text.startswith("$") else [text]))
        chains.rules.setdefault(chain, []).append(_rule(source, line, list(islice(known, _MOST_WORDS))))


def _place(blocks: Sequence[Words], words: Words) -> tuple[str, str, str, Words]:
    """Family, table and chain of a statement, and what it says there."""
    if words[:2] in (["add", "rule"], ["insert", "rule"]) and len(words) > 5:  # noqa: PLR2004
        return words[2], words[3], words[4], words[5:]
    heads = [block[1:] if block[:1] in (["add"], ["create"]) else block for block in blocks]
    table = next((head for head in heads if head[:1] == ["table"]), [])
    chain = next((head for head in heads if head[:1] == ["chain"]), [])
    if len(chain) > 3:  # noqa: PLR2004 - ``add chain inet filter input { … }``
        return chain[1], chain[2], chain[3], words
    return (table[1] if len(table) > 2 else "ip", "".join(table[-1:]), "".join(chain[1:2]), words)  # noqa: PLR2004


def _rule(source: BoundedSource, line: int, words: Words) -> Rule:
    """The matches and the verdict of one rule, word by word; a match that is not understood makes it conditional."""
    found: dict[str, str] = {}
    conditional, i = False, 0
    while i < len(words):
        name, taken = next(((name, len(key)) for key, name in _MATCHES if tuple(words[i : i + len(key)]) == key), ("", 0))
        if name:
            value, used, negated = _value(words, i + taken)
            conditional = conditional or (negated and name != "source") or value.startswith("@")
            found[name] = ("!" if negated else "") + value
            if words[i] in {"tcp", "udp"}:
                found["transport"] = words[i]
            i += taken + used
        elif words[i] in _VERDICTS or words[i] in {"jump", "goto"}:
            jump = words[i] in {"jump", "goto"}
            found["target"] = "".join(words[i + 1 : i + 2]) if jump else _VERDICTS[words[i]]
            break
        else:
            conditional = conditional or words[i] not in _IDLE
            if words[i] == "vmap":
                found["target"] = "vmap"
            i += 2 if words[i] in {"prefix", "comment", "level", "packets", "bytes"} else 1
    states = found.get("states", "")
    text, transport = found.get("ports", ""), found.get("transport", "")
    ports = ports_of(text)
    odd = (bool(text) and not ports) or transport not in {"", "tcp", "udp", "icmp", "icmpv6", "ipv6-icmp"}
    return Rule(
        source.where(line=line),
        found.get("target", ""),
        "" if odd else transport,
        ports,
        found.get("source", "")[:64],
        found.get("interface", "").strip('"')[:32],
        conditional or odd,
        bool(states) and "new" not in states and "untracked" not in states,
    )


_MATCHES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("tcp", "dport"), "ports"),
    (("udp", "dport"), "ports"),
    (("th", "dport"), "ports"),
    (("meta", "l4proto"), "transport"),
    (("ip", "protocol"), "transport"),
    (("ip6", "nexthdr"), "transport"),
    (("ip", "saddr"), "source"),
    (("ip6", "saddr"), "source"),
    (("ct", "state", "vmap"), "states"),
    (("ct", "state"), "states"),
    (("iifname",), "interface"),
    (("iif",), "interface"),
    (("meta", "iifname"), "interface"),
    (("meta", "iif"), "interface"),
)
_IDLE = frozenset({"counter", "log", "prefix", "comment", "level", "packets", "bytes", "with", "flags", "all"})
"""Words that do not change which packets a rule is about."""


def _value(words: Words, at: int) -> tuple[str, int, bool]:
    """The value that begins at a word (a set as ``a,b``), how many words it takes, and whether it is negated."""
    start, negated = at, False
    if words[at : at + 1] == ["!="]:
        at, negated = at + 1, True
    elif words[at : at + 1] == ["=="]:
        at += 1
    if words[at : at + 1] != ["{"]:
        end = at + 1
        while words[end : end + 1] == [","]:
            end += 2
        return "".join(words[at:end]), end - start, negated
    end = next((i for i in range(at, len(words)) if words[i] == "}"), len(words))
    return "".join(words[at + 1 : end]), end + 1 - start, negated
