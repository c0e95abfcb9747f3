"""``asepsis design``: ``new``: a commented design to fill in."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def design() -> None:
    """Start the declared design of a device; `asepsis assess design:FILE --device PROFILE` assesses it."""


@design.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
def new(file: str | None) -> None:
    """Write a commented example to FILE, which must not exist yet, or to standard output."""
    from asepsis.knowledge.designs import example_design

    if file is None:
        click.echo(example_design(), nl=False)
        return
    try:
        with Path(file).open("x", encoding="utf-8") as out:
            out.write(example_design())
    except FileExistsError as error:
        raise click.ClickException(f"{file}: is there already; nothing was written") from error
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be written: {error.strerror}") from error
    click.echo(f"{file} written; assess it with: asepsis assess design:{file} --device icd")
