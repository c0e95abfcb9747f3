"""``asepsis``: the commands, each imported only when it is used, so that ``--help`` answers at once."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from asepsis.version import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "assess": ("asepsis.cli.assess", "Assess evidence of a device: harms, paths, the smallest plan."),
    "explain": ("asepsis.cli.study", "Explain one finding, path or control of a study."),
    "plan": ("asepsis.cli.study", "Choose again: without some controls, or by the hospital only."),
    "report": ("asepsis.cli.study", "Write reports of a study, without a new scan."),
    "diff": ("asepsis.cli.study", "Compare two studies in harm terms: paths closed, paths opened, triage carried over."),
    "triage": ("asepsis.cli.study", "Print a triage file to fill in: what of a study is accepted, by whom, why, until when."),
    "sbom": ("asepsis.cli.sbom", "Count how complete the bill of materials of a study is."),
    "design": ("asepsis.cli.design", "Write a commented design to fill in: radio links, parts of the system, updates."),
    "watch": ("asepsis.cli.watch", "Watch live traffic: alarms as they happen, as JSON lines, by syslog or HL7."),
    "db": ("asepsis.cli.db", "Bring in, renew and show the knowledge of published flaws."),
    "devices": ("asepsis.cli.lists", "List the device profiles, or show one to start your own from."),
    "rules": ("asepsis.cli.lists", "List the rules, or show one."),
    "moves": ("asepsis.cli.lists", "List the moves of an attack, or show one."),
    "controls": ("asepsis.cli.lists", "List the counter-measures, or show one."),
    "thresholds": ("asepsis.cli.lists", "Print from when on traffic is told as an attack, to start your own from."),
    "doctor": ("asepsis.cli.doctor", "Say what this machine lacks for looking at everything."),
}
"""Command → the module that holds it, and its line in ``--help``."""


class Lazy(click.Group):
    """A group whose commands live in modules that are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of the table, which is the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The table's own lines, so that no module is imported for them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="asepsis")
def cli() -> None:
    """Answer how someone could hurt a patient through this device, and what is the least work that stops it.

    Start with:  asepsis assess pump.bin --device infusion-pump -o html=report.html
    """


def main() -> None:
    """Run the command line; every expected error is one clear line and exit code 1, also those of the arguments."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        sys.exit(_fail(error.format_message()))
    except click.exceptions.Abort:
        sys.exit(_fail("stopped"))
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nothing left to tell it
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> int:
    """Say it in one line on standard error; the exit code."""
    click.echo("asepsis: " + " ".join(message.split()), err=True)
    return 1
