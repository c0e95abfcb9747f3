"""The commands that show what Asepsis knows: ``devices``, ``thresholds``, ``rules``, ``moves``, ``controls``."""

from __future__ import annotations

from collections.abc import Iterable

import click

NAME = click.argument("name", required=False)


@click.command()
@click.argument("words", nargs=-1)
def devices(words: tuple[str, ...]) -> None:
    """List the device profiles; `asepsis devices show ID` prints one as TOML to start your own from."""
    from asepsis.knowledge.load import KnowledgeError, device_toml, load

    knowledge = load()
    if not words:
        _table((device.id, device.title) for device in knowledge.devices())
        return
    name = words[-1]
    if len(words) > 2 or (len(words) == 2 and words[0] != "show"):  # noqa: PLR2004
        raise click.ClickException("usage: asepsis devices [show] ID")
    try:
        click.echo(device_toml(knowledge.device(name)), nl=False)
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error


@click.command()
def thresholds() -> None:
    """Print the thresholds of `asepsis watch` as TOML, to start your own file from: `asepsis watch --thresholds FILE`."""
    from asepsis.knowledge.thresholds import thresholds_toml

    click.echo(thresholds_toml(), nl=False)


@click.command()
@click.argument("words", nargs=-1)
def rules(words: tuple[str, ...]) -> int:
    """List the rules, or show the page of one.

    `asepsis rules patterns` lists the pattern rules, `asepsis rules check FILE...` runs the examples of your own.
    """
    from asepsis.story import pattern_pages, rule_pages

    if words[:1] == ("check",):
        return _check(words[1:])
    patterns = {page.id: (page.title, page.text) for page in pattern_pages()}
    if words == ("patterns",):
        _list_or_show(patterns, None, "rule")
        return 0
    if len(words) > 1:
        raise click.ClickException("usage: asepsis rules [NAME | patterns | check FILE...]")
    pages = {page.id: (page.title, page.text) for page in rule_pages()}
    _list_or_show(pages | patterns if words else pages, words[0] if words else None, "rule")
    return 0


def _check(files: tuple[str, ...]) -> int:
    """A line for each example that does not hold, and a sum; 1 if there is any."""
    from asepsis.story import CannotAssess, check_rules

    if not files:
        raise click.ClickException("usage: asepsis rules check FILE...")
    try:
        rules, examples, failures = check_rules(files)
    except CannotAssess as error:
        raise click.ClickException(str(error)) from error
    for line in failures:
        click.echo(line)
    click.echo(f"{rules} rule{'s' * (rules != 1)}, {examples} examples, {len(failures) or 'none'} of them failed")
    return 1 if failures else 0


@click.command()
@NAME
def moves(name: str | None) -> None:
    """List the moves of an attack, or show one with its logic."""
    from asepsis.story import move_pages

    _list_or_show({page.id: (page.title, page.text) for page in move_pages()}, name, "move")


@click.command()
@NAME
def controls(name: str | None) -> None:
    """List the counter-measures, or show one with what it cuts, its cost and its clinical loss."""
    from asepsis.story import control_pages

    _list_or_show({page.id: (page.title, page.text) for page in control_pages()}, name, "control")


def _list_or_show(pages: dict[str, tuple[str, str]], name: str | None, kind: str) -> None:
    if name is None:
        _table((page, title) for page, (title, _) in pages.items())
    elif name in pages:
        click.echo(pages[name][1].rstrip())
    else:
        raise click.ClickException(f"no such {kind}: {name} (`asepsis {kind}s` lists them)")


def _table(rows: Iterable[tuple[str, str]]) -> None:
    kept = list(rows)
    width = max(len(first) for first, _ in kept)
    click.echo("\n".join(f"{first:<{width}}  {second}" for first, second in kept))
