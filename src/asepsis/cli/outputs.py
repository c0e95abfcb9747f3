"""``-o FORMAT=PATH``: parsing it, and writing a report so that a broken write never leaves half a file."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from asepsis.model.patient import Circumstances
from asepsis.model.study import Study


class Output(click.ParamType[tuple[str, str]]):
    """``html=report.html``; ``-`` as the path is standard output."""

    name = "FORMAT=PATH"

    def convert(self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Split at the first ``=`` and check the format."""
        if isinstance(value, tuple):
            return value
        from asepsis.reports.tell import formats

        kind, _, path = value.partition("=")
        if not path or kind not in formats():
            self.fail(f"{value!r} is not FORMAT=PATH with FORMAT one of {', '.join(formats())}", param, ctx)
        return kind, path


class Publisher(click.ParamType[str]):
    """``Example Pumps <https://pumps.example>``, or a name alone."""

    name = "NAME"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is neither."""
        from asepsis.reports.vex import PUBLISHER

        if not PUBLISHER.fullmatch(value.strip()):
            self.fail(f"{value!r} is neither NAME nor NAME <https://address>", param, ctx)
        return value.strip()


PATIENT = click.option("--patient", type=click.Path(dir_okay=False), help="TOML: circumstances of the patient, for -o patient=… (docs/patient.md).")


def circumstances(path: str | None) -> Circumstances:
    """What a clinician says of the patient. Raises ``click.ClickException`` in one line."""
    from asepsis.knowledge.patient_words import load_circumstances
    from asepsis.knowledge.toml_file import KnowledgeError

    try:
        return load_circumstances(Path(path)) if path else Circumstances()
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error


def write(study: Study, outputs: Sequence[tuple[str, str]], patient: Circumstances | None = None) -> tuple[tuple[str, str], ...]:
    """Write every report; which were written. One that has nothing to tell is named on standard error, and makes no file.

    Raises ``click.ClickException`` naming the path that cannot be written, or, after all others are written, the file of an earlier run that
    somebody would take for a report of this study.
    """
    from asepsis.reports.exporter import NothingToTell
    from asepsis.reports.tell import tell

    written: list[tuple[str, str]] = []
    for kind, path in outputs:
        try:
            _put(path, tell(study, kind, patient))
            written.append((kind, path))
        except NothingToTell as nothing:
            click.echo(f"Note: {kind}={path}: not written: {nothing}.", err=True)
    _refuse_older([(kind, path) for kind, path in outputs if (kind, path) not in written])
    return tuple(written)


def _put(path: str, document: bytes) -> None:
    if path == "-":
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
    else:
        write_file(path, document)


def _refuse_older(unwritten: Sequence[tuple[str, str]]) -> None:
    """A file that is there from before says something of another study: it is neither removed nor passed over."""
    for kind, path in unwritten:
        if path != "-" and Path(path).is_file():
            raise click.ClickException(f"{path} is of an earlier run, and was left as it is: this study has no {kind} to tell")


SHOW_DISMISSED = click.option("--show-dismissed", is_flag=True, help="Also list what was looked at and dismissed, and why.")


def show(study: Study, outputs: Sequence[tuple[str, str]], written: Sequence[tuple[str, str]], *, dismissed: bool) -> None:
    """The first screen, and what was dismissed if asked for; nothing if a report was asked for on standard output."""
    from asepsis.reports.dismissals import dismissed_lines
    from asepsis.reports.summary import summary

    if all(path != "-" for _, path in outputs):
        more = ["", *dismissed_lines(study)] if dismissed else []
        click.echo("\n".join([*summary(study, written), *more]))


def write_file(name: str, document: bytes) -> None:
    """Write beside the target and rename, keeping ordinary permissions. Raises ``click.ClickException`` naming the path."""
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(document)
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        except OSError:
            with contextlib.suppress(FileNotFoundError):
                Path(beside).unlink()
            raise
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
