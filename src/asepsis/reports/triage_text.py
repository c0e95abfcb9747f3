"""Triage files as text: one to start from, and the one for the next firmware."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from asepsis.model.finding import Finding
from asepsis.model.study import Study
from asepsis.model.triage import Accepted
from asepsis.reports.text import visible

_HEAD = (
    "# Findings that somebody accepted. Each needs an owner, a reason and the last day that it counts (docs/triage.md).",
    "# because: accepted-risk, false-positive or mitigated-elsewhere.",
)


def template(study: Study) -> str:
    """A triage file for a study: what is accepted already as it is, every other finding commented out, ready to fill in."""
    given = {one.entry.id for one in study.triage}
    blocks = [*(entry_text(one.entry, _title(one.entry.id, study.findings)) for one in study.triage)]
    blocks += [_commented(_blank(finding)) for finding in study.findings if finding.id not in given]
    return _file(_HEAD, blocks)


def carried(kept: Iterable[tuple[Accepted, str]], dropped: Iterable[tuple[Accepted, str]], name: str) -> str:
    """The file for the next firmware: entries that still match, each with the title of its finding; the others as comments with the reason."""
    blocks = [entry_text(entry, title) for entry, title in kept]
    blocks += [f"# Not carried over: {visible(why)}\n{_commented(entry_text(entry, ''))}" for entry, why in dropped]
    return _file((*_HEAD, f"# Carried over to: {visible(name)}"), blocks)


def entry_text(entry: Accepted, title: str) -> str:
    """One entry as TOML."""
    lines = [f"# {visible(title)}"] if title else []
    lines += ["[[accepted]]", f"id = {_text(entry.id)}"]
    lines += _if_writable("rule", entry.rule) + _if_writable("subject", entry.subject)
    lines += [f"owner = {_text(entry.owner)}", f"reason = {_text(entry.reason)}", f"because = {_text(entry.because.value)}"]
    lines += [f"decided = {entry.decided}"] if entry.decided else []
    return "\n".join([*lines, f"expires = {entry.expires}"])


def _blank(finding: Finding) -> str:
    lines = [f"# {visible(finding.title)}", "[[accepted]]", f"id = {_text(finding.id)}"]
    lines += _if_writable("rule", finding.rule) + _if_writable("subject", finding.subject)
    return "\n".join([*lines, 'owner = ""', 'reason = ""', 'because = "accepted-risk"', "expires = "])


def _title(name: str, findings: Iterable[Finding]) -> str:
    return next((finding.title for finding in findings if finding.id == name), "")


def _commented(block: str) -> str:
    return "\n".join(line if line.startswith("# ") else f"# {line}" for line in block.split("\n"))


def _file(head: Sequence[str], blocks: Iterable[str]) -> str:
    return "\n\n".join(["\n".join(head), *blocks]) + "\n"


def _if_writable(key: str, text: str) -> list[str]:
    """Rule and subject are for people: a file name that is no text stays away, for TOML cannot hold it."""
    return [f"{key} = {_text(text)}"] if text and _sound(text) == text else []


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _text(text: str) -> str:
    """A basic string of TOML: JSON's escapes are TOML's too; what turns or hides text is escaped as well."""
    return "".join(_character(character) for character in json.dumps(_sound(text), ensure_ascii=False))


def _character(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08x}"
