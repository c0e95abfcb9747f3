"""``asepsis doctor``."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import click


@click.command()
def doctor() -> None:
    """Say what this machine lacks for looking at everything, and what to install."""
    from asepsis.knowledge.load import load

    click.echo(f"Python {platform.python_version()}, knowledge of {load().date}")
    rows = list(_rows())
    for present, optional, name, opens, remedy in rows:
        word = "ok      " if present else "optional" if optional else "MISSING "
        click.echo(f"{word}  {name}: {opens}" + ("" if present else f" -> {remedy}"))
    lacks = sum(not present and not optional for present, optional, *_ in rows)
    click.echo(f"{lacks} missing: a study names what stayed shut without them." if lacks else "Nothing that is needed is missing.")


def _rows() -> Iterator[tuple[bool, bool, str, str, str]]:
    """(there, optional, name, what it is for, what to do) of everything that looking needs."""
    from asepsis.guard.confine import landlock_abi
    from asepsis.guard.tools import TOOLS, missing, unblob_installed

    yield unblob_installed(), False, "unblob", "nearly every firmware format", "pip install 'asepsis[extract]'"
    absent = set(missing())
    for tool in TOOLS:
        remedy = f"apt-get install {tool.package}" if tool.package else "no Debian package has it"
        yield tool not in absent, tool.optional, tool.program, tool.opens, remedy
    yield (
        landlock_abi() > 0,
        False,
        "Landlock",
        "keeps a program that opens evidence from writing elsewhere",
        "a Linux kernel of 5.13 or newer that has it on",
    )
