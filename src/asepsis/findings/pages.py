"""A rule's documentation page: its docstring under a table of what it is. Built by ``docs/build_rules.py``, checked by a test."""

from __future__ import annotations

from collections.abc import Sequence

from asepsis.findings.rule import Rule
from asepsis.findings.rules import RULES

HEADINGS = (
    "What it finds",
    "Why it matters for a patient",
    "How it decides",
    "When it stays silent",
    "When it cannot tell",
    "References",
)
"""What every rule's docstring says, in this order."""

_MADE = "<!-- Made from the rule's own docstring by docs/build_rules.py. Change it there. -->"


def page(rule: Rule) -> str:
    """The page of one rule, as Markdown."""
    info = rule.INFO
    rows = [
        ("Weakness class", f"`{info.weakness.value}`"),
        ("CWE", ", ".join(f"CWE-{number}" for number in info.cwe)),
        ("Looks at", ", ".join(f"`{kind.__name__}`" for kind in info.needs)),
        ("Who can mend it", ", ".join(info.fixed_by)),
        ("Since", info.since),
    ]
    table = "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
    return f"{_MADE}\n\n# {info.title}\n\n`{info.id}`: {info.summary}\n\n{table}\n\n{(rule.__doc__ or '').strip()}\n"


def index(rules: Sequence[Rule] = RULES) -> str:
    """The list of all rules, as Markdown."""
    ordered = sorted(rules, key=lambda rule: (rule.INFO.weakness.value, rule.INFO.id))
    rows = [f"| [`{rule.INFO.id}`]({rule.INFO.id}.md) | {rule.INFO.title} | `{rule.INFO.weakness.value}` |" for rule in ordered]
    return "\n".join([_MADE, "", "# Rules", "", "| Rule | Finds | Weakness class |", "|---|---|---|", *rows, ""])


def pages(rules: Sequence[Rule] = RULES) -> dict[str, str]:
    """File name → text for every page of ``docs/rules``."""
    return {"README.md": index(rules), **{f"{rule.INFO.id}.md": page(rule) for rule in rules}}
