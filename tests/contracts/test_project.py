"""The project around the code: what its documents promise is there, and what must not be in it is not."""

import ast
import importlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from asepsis.cli.main import COMMANDS, cli
from asepsis.guard.tools import TOOLS
from asepsis.version import __version__

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "asepsis"
DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md"]
MADE_LATER = ("build/", ".venv/", "report.html", "device/")
"""Beginnings of paths that a command or the reader makes, so that they are not in a fresh checkout."""


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project: git's list, with new files that nobody has ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout.split(b"\0")
    return tuple(path for name in listed if name and (path := ROOT / name.decode()).is_file())


def python_files(folder: Path = SOURCE) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(folder)]


# --- documents -----------------------------------------------------------------------------------------------


def named_paths(text: str) -> Iterator[str]:
    """Links, and words in backticks that look like a path of this repository."""
    yield from (link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link and not link.startswith("#"))
    for word in re.findall(r"`([^`\n]+)`", text):
        if re.fullmatch(r"\.?[\w*-][\w.*-]*(/[\w.*-]+)*/?", word) and ("/" in word or re.search(r"\w\.(md|py|toml|txt|lp|json|sh)$", word)):
            yield word


def tree_paths(text: str) -> Iterator[str]:
    """The paths of an indented tree: a folder's name ends in a slash, and what it holds is indented below it."""
    above: list[tuple[int, str]] = []
    for line in text.partition("## The tree\n")[2].partition("\n## ")[0].splitlines():
        if match := re.match(r"( *)([\w./-]+/|[\w./-]+(?=  ))( |$)", line):
            above = [(depth, name) for depth, name in above if depth < len(match[1])]
            yield "".join(name for _, name in above) + match[2]
            above.append((len(match[1]), match[2]))


def exists(name: str, document: Path) -> bool:
    return name.startswith(MADE_LATER) or any(
        any(base.glob(name.rstrip("/"))) if "*" in name else (base / name).exists() for base in (ROOT, document.parent, SOURCE, ROOT / "tests")
    )


@pytest.mark.parametrize("name", [*DOCUMENTS, *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md")))])
def test_every_path_that_a_document_names_exists(name: str) -> None:
    document = ROOT / name
    text = document.read_text(encoding="utf-8")
    shown = {*named_paths(text), *(tree_paths(text) if name == "ARCHITECTURE.md" else ())}
    assert sorted(path for path in shown if path and not exists(path, document)) == []


def test_the_tree_and_the_names_in_backticks_are_really_looked_at() -> None:
    text = "See `docs/nowhere.md`.\n\n## The tree\n```\nsrc/asepsis/\n  nowhere.py   a file\n```\n\n## Next\n"
    assert list(named_paths(text)) == ["docs/nowhere.md"]
    assert list(tree_paths(text)) == ["src/asepsis/", "src/asepsis/nowhere.py"]
    assert not exists("docs/nowhere.md", ROOT / "README.md")
    assert len(list(tree_paths((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))) > 20


def test_every_package_stands_in_the_tree_of_the_architecture() -> None:
    drawn = {path.rstrip("/") for path in tree_paths((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))}
    packages = {path.relative_to(ROOT).as_posix() for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert sorted(packages - drawn) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
    assert sorted(named - targets) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_every_option_is_documented(command: str) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    sections = [text for text in page.split("\n## ") if f"`{command}`" in text.partition("\n")[0] or f"`asepsis {command}" in text.partition("\n")[0]]
    assert len(sections) == 1
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    commands = [found, *(found.commands.values() if isinstance(found, click.Group) else ())]
    options = {word for one in commands for parameter in one.params if isinstance(parameter, click.Option) for word in parameter.opts}
    assert [one.name for one in commands[1:] if f"`asepsis {command} {one.name}" not in sections[0]] == []
    assert sorted(word for word in options if f"`{word}`" not in sections[0]) == []
    assert sorted(set(re.findall(r"`(--?[a-z][a-z-]*)`", sections[0])) - options) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mksquashfs") is None, reason="the example is another image where mksquashfs is not installed")
def test_the_first_screen_of_the_readme_is_what_the_tool_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    page = importlib.import_module("build_first_screen")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert page.with_screen(text, page.first_screen()) == text, "run `make docs`"


def test_the_first_screen_fits_on_a_screen() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- first screen -->\n```\n")[2].partition("```")[0].splitlines()
    assert 8 < len(shown) <= 25
    assert max(map(len, shown)) <= 110


def test_every_decision_has_its_four_parts_and_its_line_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(folder.glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        headings = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Options", "Decision", "What gets worse"], record.name
        assert f"]({record.name})" in listed


def test_the_changelog_speaks_of_this_version() -> None:
    assert re.search(rf"^## {re.escape(__version__)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_and_continuous_integration_run_the_same_test_command() -> None:
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


# --- what must not be in the repository ----------------------------------------------------------------------

FORBIDDEN = tuple(
    "".join(parts)
    for parts in (
        ("/wo", "rk/"),
        ("/tm", "p/bash"),
        ("/tm", "p/tmp"),
        ("/ho", "me/dev"),
        (".pye", "nv"),
        ("py", "pi.org"),
        ("python", "hosted"),
        ("npm", "js.org"),
        ("extra-", "index-url"),
        ("artifact", "ory"),
        ("sub", "agent"),
        ("Co-", "Authored-By"),
    )
)
"""Paths of a developer's machine, package registries, words about how the work is organised; in parts, so that this file passes."""


def test_no_tracked_file_holds_a_machine_path_a_registry_or_words_about_how_work_is_organised() -> None:
    held = [f"{path.relative_to(ROOT)}: {word}" for path in tracked() for text in [path.read_bytes()] for word in FORBIDDEN if word.encode() in text]
    assert held == []


def test_no_tracked_file_is_larger_than_a_megabyte() -> None:
    assert [str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size > 1_000_000] == []


# --- requirements --------------------------------------------------------------------------------------------

LOCKED = [ROOT / "requirements" / name for name in ("build.txt", "run.txt", "dev.txt")]


def requirements(path: Path) -> list[str]:
    """The entries of a locked list, each on one line."""
    text = re.sub(r"(?m)^\s*#.*\n?", "", path.read_text(encoding="utf-8")).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed_and_no_address_is_given(path: Path) -> None:
    entries = requirements(path)
    assert entries
    assert [entry[:60] for entry in entries if not re.match(r"[A-Za-z0-9._-]+==\S+ ", entry) or "--hash=sha256:" not in entry] == []
    assert not re.search(r"://| @ |--(find-links|index)", path.read_text(encoding="utf-8"))


def test_what_runs_is_locked_alike_for_users_and_developers() -> None:
    run, dev = (set(requirements(ROOT / "requirements" / name)) for name in ("run.txt", "dev.txt"))
    assert sorted(entry[:60] for entry in run - dev) == []


def test_every_program_that_unpacking_uses_is_in_the_list_of_system_packages() -> None:
    listed = re.sub(r"#.*", "", (ROOT / "requirements" / "system.txt").read_text(encoding="utf-8"))
    wanted = {tool.package for tool in TOOLS if tool.package and not tool.optional}
    assert len(wanted) > 5
    assert sorted(wanted - set(re.split(r"[|\s]+", listed))) == []


COMMANDS_OF_OTHERS = {"ubi-reader"}
"""GPL programs that an unpacker starts as commands; nothing imports them."""


def test_nothing_that_runs_binds_the_product_to_the_gpl() -> None:
    names = {re.split(r"==", entry)[0].lower() for entry in requirements(ROOT / "requirements" / "run.txt")}
    installed = {dist.name.lower().replace("_", "-").replace(".", "-"): dist for dist in importlib.metadata.distributions()}
    looked_at = sorted(names & set(installed))
    assert len(looked_at) >= len(names) - 5  # a few are for other versions of Python
    assert {name for name in looked_at if binds(installed[name])} <= COMMANDS_OF_OTHERS
    assert [path.name for path in python_files() if re.search(r"^\s*(import|from) ubireader", path.read_text(), re.MULTILINE)] == []


def binds(dist: importlib.metadata.Distribution) -> bool:
    """Whether a distribution says GPL or AGPL of itself; the LGPL lets a program import it."""
    said = [dist.metadata.get("License-Expression") or "", (dist.metadata.get("License") or "")[:80]]
    said += [line for line in dist.metadata.get_all("Classifier") or [] if line.startswith("License")]
    words = " ".join(said).replace("LGPL", "").replace("GNU Lesser General Public", "")
    return bool(re.search(r"A?GPL|General Public", words))


# --- the code ------------------------------------------------------------------------------------------------

LONGEST_FILE, LONGEST_FUNCTION = 400, 50
LONGER_FILES: dict[str, int] = {}
LONGER_FUNCTIONS: dict[str, int] = {}
"""What is longer than its limit, and how long it may be: these lists may only get shorter."""


def test_no_source_file_is_longer_than_its_limit() -> None:
    sizes = {path.relative_to(SOURCE).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: lines for name, lines in sizes.items() if lines > LONGER_FILES.get(name, LONGEST_FILE)} == {}
    assert sorted(name for name in LONGER_FILES if sizes.get(name, 0) <= LONGEST_FILE) == []


def test_no_function_is_longer_than_its_limit() -> None:
    sizes = {f"{path.relative_to(SOURCE).as_posix()}:{name}": lines for path in python_files() for name, lines in functions(path)}
    assert {name: lines for name, lines in sizes.items() if lines > LONGER_FUNCTIONS.get(name, LONGEST_FUNCTION)} == {}
    assert sorted(name for name in LONGER_FUNCTIONS if sizes.get(name, 0) <= LONGEST_FUNCTION) == []


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file, with the lines of their bodies: a docstring and a list of parameters are not work."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield node.name, (node.end_lineno or 0) - first.lineno + 1


def test_every_module_says_what_it_is_for() -> None:
    modules = {path: ast.parse(path.read_text(encoding="utf-8")) for path in python_files()}
    assert [str(path) for path, tree in modules.items() if tree.body and not ast.get_docstring(tree)] == []


def test_every_noun_is_frozen_and_slotted() -> None:
    loose = [
        f"{path.name}: {node.name}"
        for path in python_files(SOURCE / "model")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator) and not {"frozen=True", "slots=True"} <= set(re.findall(r"\w+=True", ast.unparse(decorator)))
    ]
    assert loose == []


def test_of_urllib_only_the_part_that_opens_nothing_is_used() -> None:
    lines = [line.strip() for path in python_files() for line in path.read_text(encoding="utf-8").splitlines()]
    used = {line for line in lines if re.match(r"(import|from) urllib", line)}
    assert {line for line in used if not re.match(r"(import|from) urllib\.parse\b", line)} == set()


def test_there_is_no_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "misc", "common"}
    assert [str(path) for path in python_files() if drawers & {*path.parts[len(SOURCE.parts) :], path.stem}] == []


def tool(name: str, *arguments: str) -> str:
    """What a tool of the development environment says when it is not content; empty if it is, or is not installed."""
    program = Path(sys.executable).with_name(name)
    if not program.exists():
        pytest.skip(f"{name} is not installed beside this Python")
    done = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_arrows_between_packages_hold() -> None:
    assert tool("lint-imports", "--no-cache") == ""


def test_the_code_is_formatted_and_the_linter_has_nothing_to_say() -> None:
    assert tool("ruff", "format", "--check", "--no-cache") + tool("ruff", "check", "--no-cache") == ""


@pytest.mark.slow
def test_the_types_hold() -> None:
    assert tool("mypy", "--no-incremental") == ""
