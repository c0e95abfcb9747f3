"""The commands that work on a study file: ``explain``, ``plan``, ``report``, ``diff``, ``triage``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from asepsis.cli.outputs import PATIENT, SHOW_DISMISSED, Output, Publisher, circumstances, show, write, write_file
from asepsis.model.plan import Actor
from asepsis.model.study import Study

STUDY = click.argument("study", type=click.Path(dir_okay=False))
OUTPUTS = click.option("-o", "--output", "outputs", type=Output(), multiple=True, help="FORMAT=PATH; - is standard output.")


@click.command()
@STUDY
@click.argument("thing")
def explain(study: str, thing: str) -> None:
    """Explain THING, the id of a finding, path, harm, rule or control: evidence, reasons, what would change the verdict.

    A published flaw (CVE-…) is explained for each part that it was matched to, and a part of the software, by its name, with all its flaws.
    `dismissed` as THING lists what was looked at and is no weakness, and why; `shared` the secrets in more than one place.
    """
    from asepsis.reports.explain import UnknownIdError
    from asepsis.reports.explain import explain as tell_why

    try:
        click.echo("\n".join(tell_why(_open(study), thing)))
    except UnknownIdError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@STUDY
@click.option("--forbid", multiple=True, metavar="CONTROL", help="Plan without this control.")
@click.option("--only", type=click.Choice([actor.value for actor in Actor]), multiple=True, help="Plan with what these people can do.")
@OUTPUTS
def plan(study: str, forbid: tuple[str, ...], only: tuple[str, ...], outputs: tuple[tuple[str, str], ...]) -> None:
    """Choose the smallest plan of STUDY again, without some controls or with what some people can do."""
    from asepsis.reports.explain import explain_plan
    from asepsis.story import CannotAssess, replan

    try:
        chosen = replan(_open(study), forbid=frozenset(forbid), only=frozenset(map(Actor, only)) or None)
    except CannotAssess as error:
        raise click.ClickException(str(error)) from error
    write(chosen, outputs)
    if all(path != "-" for _, path in outputs):
        click.echo("\n".join(explain_plan(chosen)))


@click.command()
@STUDY
@OUTPUTS
@click.option("--publisher", type=Publisher(), help="Who publishes the VEX documents: NAME or 'NAME <https://address>'.")
@PATIENT
@SHOW_DISMISSED
def report(study: str, outputs: tuple[tuple[str, str], ...], publisher: str | None, patient: str | None, show_dismissed: bool) -> None:
    """Write reports of STUDY without looking at the evidence again; without -o, print the first screen."""
    opened, known = _open(study), circumstances(patient)
    if publisher:
        opened = replace(opened, tool=replace(opened.tool, options={**opened.tool.options, "publisher": publisher}))
    written = write(opened, outputs, known)
    show(opened, outputs, written, dismissed=show_dismissed)


@click.command()
@click.argument("old", type=click.Path(dir_okay=False))
@click.argument("new", type=click.Path(dir_okay=False))
@click.option("--triage-out", type=click.Path(dir_okay=False), help="Write the triage file for the firmware of NEW: what still fits of OLD's.")
def diff(old: str, new: str, triage_out: str | None) -> None:
    """Compare the studies OLD and NEW in harm terms: paths closed, paths opened, triage carried over, and what cannot be told."""
    from asepsis.reports.diff import difference, next_triage

    before, after = _open(old), _open(new)
    if triage_out:
        write_file(triage_out, next_triage(before, after).encode())
    click.echo("\n".join(difference(before, after)))


@click.command()
@STUDY
def triage(study: str) -> None:
    """Print a triage file for STUDY: every finding as an entry to fill in, what is accepted already as it is."""
    from asepsis.reports.triage_text import template

    click.echo(template(_open(study)), nl=False)


def _open(path: str) -> Study:
    from asepsis.story import CannotAssess, open_study

    try:
        return open_study(Path(path))
    except CannotAssess as error:
        raise click.ClickException(str(error)) from error
