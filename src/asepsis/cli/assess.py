"""``asepsis assess``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from asepsis.cli.outputs import PATIENT, SHOW_DISMISSED, Output, Publisher, circumstances, show, write
from asepsis.cli.progress import Progress
from asepsis.model.plan import Actor
from asepsis.model.study import Study
from asepsis.model.triage import TriageState

LEVELS = {"negligible": 1, "minor": 2, "serious": 3, "critical": 4, "catastrophic": 5} | {f"s{number}": number for number in range(1, 6)}
FAIL_ON, INCOMPLETE = 2, 3
"""Exit codes: ``--fail-on`` reached; something could not be looked at and ``--fail-on-incomplete`` was given."""
STALE_DAYS = 180
"""When the shipped knowledge is older than this on the user's clock, say so (on standard error only: results know no clock)."""


@click.command()
@click.argument("evidence", nargs=-1, required=True)
@click.option("--device", default="generic", show_default=True, help="Profile id (`asepsis devices`) or a TOML file of your own.")
@click.option("--site", type=click.Path(dir_okay=False), help="TOML file of the surroundings: zones, links, where attackers may start.")
@click.option(
    "-o", "--output", "outputs", type=Output(), multiple=True, help="Write a report: html=…, json=…, cyclonedx=…, openvex=… (- is standard output)."
)
@click.option(
    "--fail-on", type=click.Choice([*LEVELS], case_sensitive=False), metavar="LEVEL", help="Exit 2 if an unacceptable harm of S1…S5 or worse remains."
)
@click.option("--fail-on-incomplete", is_flag=True, help="Exit 3 if something could not be looked at.")
@click.option("--profile", type=click.Choice(["quick", "standard", "deep"]), default="standard", show_default=True, help="How much time to spend.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Compare ends of support with this day instead of the knowledge's date.")
@click.option(
    "--digest-key", type=click.Path(dir_okay=False), help="File with your project's key, so that digests of secrets compare across studies."
)
@click.option("--matrix", type=click.Path(dir_okay=False), help="TOML file with your own risk matrix and acceptance line.")
@click.option("--answers", type=click.Path(dir_okay=False), help="TOML file with people's answers to rating questions: value, name, date, reason.")
@click.option("--triage", type=click.Path(dir_okay=False), help="TOML file of accepted findings: id, owner, reason, last day (`asepsis triage`).")
@click.option("--rules", type=click.Path(dir_okay=False), multiple=True, help="TOML file with pattern rules of your own (`asepsis rules check`).")
@click.option("--db", type=click.Path(dir_okay=False), help="Store of published flaws (`asepsis db`), instead of the usual one.")
@click.option("--support", type=click.Path(dir_okay=False), help="TOML file of ends of support and ages of definitions that you know better.")
@click.option(
    "--doses", type=click.Path(dir_okay=False), help="TOML file of what you know better of pumps and wards: steps, rounding, waiting times."
)
@click.option("--publisher", type=Publisher(), help="Who publishes the VEX documents: NAME or 'NAME <https://address>'.")
@click.option("--forbid", multiple=True, metavar="CONTROL", help="Plan without this control (`asepsis controls`).")
@click.option("--only", type=click.Choice([actor.value for actor in Actor]), multiple=True, help="Plan with what these people can do.")
@PATIENT
@SHOW_DISMISSED
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option("-v", "--verbose", is_flag=True, help="Every notice as a line.")
def assess(  # noqa: PLR0917 - one parameter an option
    evidence: tuple[str, ...],
    device: str,
    site: str | None,
    outputs: tuple[tuple[str, str], ...],
    fail_on: str | None,
    fail_on_incomplete: bool,
    profile: str,
    as_of: datetime | None,
    digest_key: str | None,
    matrix: str | None,
    answers: str | None,
    triage: str | None,
    rules: tuple[str, ...],
    db: str | None,
    support: str | None,
    doses: str | None,
    publisher: str | None,
    patient: str | None,
    forbid: tuple[str, ...],
    only: tuple[str, ...],
    show_dismissed: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Assess EVIDENCE: a firmware image, a directory with unpacked software, or several pieces of one device.

    A piece is a path, whose kind is detected, or kind:path.
    """
    from asepsis.guard.garbage import look_seldom
    from asepsis.story import CannotAssess, Options, run

    look_seldom()
    known = circumstances(patient)  # before any evidence is touched
    progress = Progress(quiet=quiet, verbose=verbose)
    options = Options(
        device=device,
        site=site,
        profile=profile,
        as_of=as_of.date() if as_of else None,
        digest_key=_key(digest_key),
        matrix=matrix,
        answers=answers,
        triage=triage,
        rules=rules,
        db=db,
        support=support,
        doses=doses,
        publisher=publisher,
        forbid=frozenset(forbid),
        only=frozenset(map(Actor, only)) or None,
    )
    try:
        study = run(evidence, options, progress)
    except CannotAssess as error:
        raise click.ClickException(str(error)) from error
    with progress.stage("tell"):
        written = write(study, outputs, known)
    show(study, outputs, written, dismissed=show_dismissed)
    progress.timing()
    _warn_if_stale(study, quiet=quiet)
    _warn_if_feeds_are_old(study, quiet=quiet)
    _warn_if_over(study, quiet=quiet)
    return _exit_code(study, fail_on, fail_on_incomplete)


def _key(path: str | None) -> bytes | None:
    """The project's digest key: at least 16 bytes, ends of lines cut."""
    if path is None:
        return None
    try:
        key = Path(path).read_bytes().strip()
    except OSError as error:
        raise click.ClickException(f"cannot open {path}: {error.strerror}") from error
    if len(key) < 16:  # noqa: PLR2004
        raise click.ClickException(f"{path}: a digest key needs at least 16 bytes, this has {len(key)}")
    return key


def _exit_code(study: Study, fail_on: str | None, fail_on_incomplete: bool) -> int:
    """2 before 3: a known harm is worse than an unknown one."""
    unacceptable = {rating.path for rating in study.ratings if not rating.acceptable}
    worst = max((path.harm.level for path in study.paths if path.id in unacceptable), default=0)
    if fail_on and worst >= LEVELS[fail_on.lower()]:
        return FAIL_ON
    if fail_on_incomplete and not study.complete:
        return INCOMPLETE
    return 0


def _warn_if_stale(study: Study, *, quiet: bool) -> None:
    age = (datetime.now(UTC).date() - date.fromisoformat(study.knowledge.date)).days
    if age > STALE_DAYS and not quiet:
        click.echo(
            f"Note: the knowledge used is of {study.knowledge.date}, {age} days ago; ends of support are compared with {study.knowledge.as_of}.",
            err=True,
        )


def _warn_if_feeds_are_old(study: Study, *, quiet: bool) -> None:
    """By the user's clock; the study itself compares with its own day."""
    from asepsis.knowledge.vulnerabilities.status import warnings

    for text in () if quiet else warnings(study.knowledge.feeds, datetime.now(UTC).date()):
        click.echo(f"Note: {text}.", err=True)


def _warn_if_over(study: Study, *, quiet: bool) -> None:
    """An acceptance is compared with the study's day; say so where it has ended by the user's clock."""
    today = datetime.now(UTC).date()
    over = [one.entry.id for one in study.triage if one.state is TriageState.COUNTS and one.entry.expires < today]
    if over and not quiet:
        click.echo(
            f"Note: accepted until a day that is over by this clock, not on the study's day {study.knowledge.as_of} (--as-of): {', '.join(over)}.",
            err=True,
        )
