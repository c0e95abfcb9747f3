"""``asepsis watch``: alarms from live traffic or a capture, as they happen."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from asepsis.model.dose_assumptions import DoseAssumptions
    from asepsis.model.thresholds import Thresholds
    from asepsis.monitor.deliver import Delivery
    from asepsis.monitor.watch import Summary, Watch


@click.command()
@click.argument("source")
@click.option("--syslog", multiple=True, metavar="HOST:PORT|tcp:HOST:PORT|unix", help="Send alarms by syslog (RFC 5424).")
@click.option("--acm", multiple=True, metavar="HOST:PORT", help="Send alarms as HL7 ORU^R40 (IHE ACM) over MLLP.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Remember in this file what was told: a restart tells no alarm twice.")
@click.option(
    "--thresholds", type=click.Path(dir_okay=False, path_type=Path), help="From when on traffic is told (TOML; `asepsis thresholds` prints all)."
)
@click.option("--doses", type=click.Path(dir_okay=False, path_type=Path), help="What you know better of pumps and wards (TOML, as for assess).")
@click.option("--fail-on-alarm", is_flag=True, help="Exit with 2 if there was an alarm that is at least likely.")
@click.option("--fail-on-incomplete", is_flag=True, help="Exit with 3 if packets were lost or could not be looked at.")
@click.option("-q", "--quiet", is_flag=True, help="No summary on standard error.")
def watch(
    source: str,
    *,
    syslog: tuple[str, ...],
    acm: tuple[str, ...],
    state: Path | None,
    thresholds: Path | None,
    doses: Path | None,
    fail_on_alarm: bool,
    fail_on_incomplete: bool,
    quiet: bool,
) -> int:
    """Watch SOURCE: `-` (a capture on standard input), a capture file, or the name of a network interface.

    Alarms are lines of JSON on standard output. Ctrl-C ends with a summary.
    """
    from asepsis.guard.limits import Limits
    from asepsis.guard.sniffer import CannotCapture
    from asepsis.monitor.deliver import undelivered
    from asepsis.monitor.state import CannotRemember, State
    from asepsis.monitor.watch import Watch

    deliveries = _deliveries(syslog, acm)
    limits, taken = _thresholds(thresholds), _taken(doses)
    dropped: list[int] = []
    try:
        remembered = State(state)
        with _opened(source, dropped) as (stream, live, so_far):
            watching = Watch(_line, remembered, deliveries, live=live, dropped=so_far, thresholds=limits, doses=taken)
            with _ended_by_signals(watching):
                summary = watching.run(stream, source if source != "-" else "standard input", Limits())
    except (CannotCapture, CannotRemember) as error:
        raise click.ClickException(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"cannot read {source}: {error.strerror}") from error
    if sum(dropped) > summary.dropped:
        watching.lost(sum(dropped) - summary.dropped)
    if not quiet:
        _tell(summary, deliveries)
    if not summary.packets and not watching.stopped:
        raise click.ClickException(summary.problems[0].what if summary.problems else summary.ended or f"no packet came from {source}")
    if fail_on_alarm and set(summary.sureness) - {"weak"}:
        return 2
    return 3 if fail_on_incomplete and (summary.incomplete or undelivered(deliveries)) else 0


def _taken(path: Path | None) -> DoseAssumptions:
    from asepsis.knowledge.stated_doses import load_stated_doses
    from asepsis.knowledge.toml_file import KnowledgeError
    from asepsis.model.dose_assumptions import ASSUMED

    try:
        return load_stated_doses(path) if path else ASSUMED
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error


def _thresholds(path: Path | None) -> Thresholds:
    from asepsis.knowledge.load import KnowledgeError
    from asepsis.knowledge.thresholds import load_thresholds
    from asepsis.model.thresholds import SHIPPED

    try:
        return load_thresholds(path) if path else SHIPPED
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _deliveries(syslog: tuple[str, ...], acm: tuple[str, ...]) -> list[Delivery]:
    from asepsis.monitor.places import NotAPlace, to_acm, to_syslog

    try:
        return [*map(to_syslog, syslog), *map(to_acm, acm)]
    except NotAPlace as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _opened(source: str, dropped: list[int]) -> Iterator[tuple[BinaryIO, bool, Callable[[], int]]]:
    """The stream, whether it is live, and what was dropped so far. An interface is captured by a program, which says at its end why it failed."""
    from asepsis.guard.sniffer import Sniffer

    if source == "-":
        yield sys.stdin.buffer, not stat.S_ISREG(os.fstat(sys.stdin.fileno()).st_mode), lambda: 0
    elif os.path.exists(source) or os.sep in source:  # noqa: PTH110 - a word of the user's, not yet a path
        with Path(source).open("rb", buffering=0) as stream:
            yield stream, False, lambda: 0
    else:
        sniffer = Sniffer(source)
        try:
            yield sniffer.stream, True, sniffer.dropped
        finally:
            dropped.append(sniffer.stop())


@contextmanager
def _ended_by_signals(watching: Watch) -> Iterator[None]:
    """The first signal ends it in order, the second at once."""

    def stop(_number: int, _frame: object) -> None:
        watching.stop()
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        restore()


def _tell(summary: Summary, deliveries: list[Delivery]) -> None:
    """The summary, on standard error."""
    parts = [f"{count} {name}" for name, count in sorted(summary.sureness.items())]
    known = f", {summary.known} told before" if summary.known else ""
    click.echo(f"{summary.packets} packets, {summary.alarms} alarms{' (' + ', '.join(parts) + ')' if parts else ''}{known}", err=True)
    for line in _lacks(summary, deliveries):
        click.echo(f"  NOT complete: {line}", err=True)


def _lacks(summary: Summary, deliveries: list[Delivery]) -> Iterator[str]:
    from asepsis.monitor.deliver import undelivered

    if summary.ended:
        yield summary.ended
    if summary.dropped:
        yield f"{summary.dropped} packets were dropped before they got here"
    if summary.forgot:
        yield summary.forgot
    if summary.problems:
        first = summary.problems[0]
        yield f"{len(summary.problems)} problems, the first: {first.what} ({first.consequence})"
    for one in deliveries:
        if missing := undelivered([one]):
            yield f"{missing} alarms did not reach {one.name}: {one.failed or 'too many waited'}"
