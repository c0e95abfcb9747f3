"""``asepsis db``: ``update``, ``import``, ``bundle``, ``status``: the knowledge of published flaws."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from asepsis.knowledge.vulnerabilities.importing import Imported

BUNDLE_PARTS = ("manifest.json", "manifest.sig")
INCOMPLETE = 3
"""Exit code when something of what was asked for is not in the store; the rest is."""

DB = click.option("--db", type=click.Path(dir_okay=False), help="The store, instead of $ASEPSIS_DB or the usual place.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress.")


@click.group()
def db() -> None:
    """Bring in and show the knowledge of published flaws. Only `update` uses the network."""


@db.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@DB
@click.option("--key", type=click.Path(dir_okay=False), help="Public key (PEM, Ed25519): take only bundles that were signed with it.")
@QUIET
def import_(files: tuple[str, ...], db: str | None, key: str | None, quiet: bool) -> int:
    """Import FILES: feeds in any of their formats, plain, compressed, zipped or as a folder; what they are is seen by their content."""
    from asepsis.knowledge.toml_file import KnowledgeError
    from asepsis.knowledge.vulnerabilities.bundle import check_bundle
    from asepsis.knowledge.vulnerabilities.importing import import_files
    from asepsis.knowledge.vulnerabilities.place import store_path

    try:
        path = store_path(db)
        bundles = []
        for name in files:
            if origin := check_bundle(Path(name), Path(key) if key else None):
                click.echo(f"{name}: a bundle whose content is as its manifest says; {origin}")
                bundles.append(Path(name).name)
        done = import_files(path, [Path(name) for name in files], today=_today(), notice=_notice(quiet))
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error
    return _tell(done, path, {f"{name}!{part}" for name in bundles for part in BUNDLE_PARTS})


@db.command()
@DB
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Count ages to this day instead of today.")
def status(db: str | None, as_of: datetime | None) -> None:
    """Show each source in the store: its date, age and records, and which of them are old."""
    from asepsis.knowledge.toml_file import KnowledgeError
    from asepsis.knowledge.vulnerabilities.place import store_path
    from asepsis.knowledge.vulnerabilities.status import status_lines
    from asepsis.knowledge.vulnerabilities.store import open_store

    try:
        path = store_path(db)
        store = open_store(path)
        if store is None:
            click.echo(f"No vulnerability knowledge: there is no {path}. `asepsis db update` or `asepsis db import FILES` makes it.")
            return
        click.echo("\n".join([f"Vulnerability knowledge in {path}", *status_lines(store.feeds(), as_of.date() if as_of else _today())]))
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error


@db.command()
@click.argument("feeds", nargs=-1)
@DB
@click.option("--feeds", "mirrors", type=click.Path(dir_okay=False), help="A table of feeds of your own, for mirrors, instead of the shipped one.")
@QUIET
def update(feeds: tuple[str, ...], db: str | None, mirrors: str | None, quiet: bool) -> int:
    """Fetch what is new of FEEDS (all unless named) over HTTPS, and import it."""
    from asepsis.knowledge.toml_file import KnowledgeError
    from asepsis.knowledge.vulnerabilities.feed_table import DATA, load_feeds
    from asepsis.knowledge.vulnerabilities.place import store_path
    from asepsis.knowledge.vulnerabilities.update import Network
    from asepsis.knowledge.vulnerabilities.update import update as bring_up_to_date

    notice = Notice(quiet=quiet)
    try:
        path = store_path(db)
        done = bring_up_to_date(path, load_feeds(Path(mirrors) if mirrors else DATA), feeds, now=datetime.now(UTC), network=Network(notice=notice))
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error
    notice.clear()
    for line in done.lines:
        click.echo(line, err="not fetched" in line)
    if done.failed and not done.imported.taken and len(done.failed) == len(done.lines):
        raise click.ClickException("nothing could be fetched; the store is as it was")
    code = _tell(done.imported, path)
    return code or (0 if done.complete else INCOMPLETE)


@db.command()
@DB
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False), required=True, help="The file to write.")
@click.option("--sign", "key", type=click.Path(dir_okay=False), help="Private key (PEM, Ed25519) to sign with.")
def bundle(db: str | None, out: str, key: str | None) -> None:
    """Write the whole store to one file, to be imported on a machine without a network."""
    from asepsis.knowledge.toml_file import KnowledgeError
    from asepsis.knowledge.vulnerabilities.bundle import write_bundle
    from asepsis.knowledge.vulnerabilities.place import store_path
    from asepsis.knowledge.vulnerabilities.store import open_store

    try:
        path = store_path(db)
        store = open_store(path)
        if store is None:
            raise KnowledgeError(f"no vulnerability knowledge: there is no {path}")  # noqa: TRY301 - said as the others are
        manifest = write_bundle(store, Path(out), Path(key) if key else None)
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error
    records = sum(feed.records for feed in manifest.feeds)
    click.echo(f"{records:,} records of {len(manifest.feeds)} feeds in {out}, {'signed' if key else 'not signed (--sign)'}")


def _today() -> date:
    return datetime.now(UTC).date()


def _notice(quiet: bool) -> Notice:
    return Notice(quiet=quiet)


class Notice:
    """Progress on standard error: a line now and then on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        """``quiet`` says nothing."""
        import sys

        self._live = not quiet and sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        """Show it in the place of the last one."""
        if self._live:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)

    def clear(self) -> None:
        """Leave an empty line."""
        if self._live:
            click.echo("\r\x1b[K", nl=False, err=True)


def _tell(done: Imported, path: Path, known: Collection[str] = ()) -> int:
    """What was imported, and what could not be; the exit code. Files in ``known`` are rightly no feeds."""
    for name in sorted({*done.taken, *done.older}):
        older = f", {done.older[name]:,} left: newer ones are in the store" if name in done.older else ""
        click.echo(f"{name}: {done.taken.get(name, 0):,} records{older}")
    skipped = [name for name in done.skipped if name not in known]
    if skipped:
        click.echo(f"{len(skipped)} files are no feeds and were left out: {', '.join(skipped[:3])}{' …' if skipped[3:] else ''}")
    for problem in done.problems:
        click.echo(f"{problem.what} ({problem.consequence})", err=True)
    click.echo(f"In {path}")
    return 0 if done.complete else INCOMPLETE
