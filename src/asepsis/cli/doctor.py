"""``asepsis doctor``."""

from __future__ import annotations

import platform

import click


@click.command()
def doctor() -> None:
    """Say what this machine lacks for looking at everything, and what to install."""
    from asepsis.guard.tools import check_up
    from asepsis.knowledge.load import load

    knowledge = load()
    click.echo(f"Python {platform.python_version()}, knowledge of {knowledge.date}")
    lacks = 0
    for item in check_up():
        click.echo(f"{'ok     ' if item.present else 'MISSING'}  {item.name}: {item.opens}" + ("" if item.present else f" -> {item.remedy}"))
        lacks += not item.present
    click.echo("Nothing is missing." if not lacks else f"{lacks} missing: what they open will be named in a study as not looked at.")
