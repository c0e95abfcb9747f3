"""``asepsis sbom``: ``score``: what a bill of materials would say of a study, and what it lacks."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def sbom() -> None:
    """Look at the list of software in a study; `-o cyclonedx=…` and `-o spdx=…` of `assess` and `report` write it."""


@sbom.command()
@click.argument("study", type=click.Path(dir_okay=False))
def score(study: str) -> None:
    """Count for STUDY how many components have each element that NTIA, FDA and CISA ask for, and name what lacks it."""
    from asepsis.reports.sbom_score import score_lines
    from asepsis.story import CannotAssess, open_study

    try:
        click.echo("\n".join(score_lines(open_study(Path(study)))))
    except CannotAssess as error:
        raise click.ClickException(str(error)) from error
