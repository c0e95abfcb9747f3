"""How well parts of the software are recognised in stripped programs, beside cve-bin-tool on the same files.

    python bench/identification.py fetch      # Debian's packages, with apt-get, into build/identification
    python bench/identification.py score [--peer VENV] [--condensed DIRECTORY] [--list]

*fetch* unpacks each package of ``bench/identification.toml`` into a folder of its own and keeps its ELF files only, under names that say nothing
(a number), without the package's records. What is true is Debian's own word: source package and upstream version. Recall is asked of every source
package that is one of our parts; a statement counts once for a source package, part and version. It is right if it is the package's own part and
version, or is in the list of copies that a package carries inside, each argued in the file. What a program was *built with* (it is loaded with that
library) is no part of the package: such statements are counted apart, for both tools, and so are other statements of weak confidence.
``--condensed`` takes a folder of archives of programs' strings, and DIRECTORY.truth.json.

The peer runs in a virtual environment of its own (``pip install cve-bin-tool==3.4``): all its checkers, the one for SQLite without the table that it
would fetch, and no database of flaws. Processor time is that of scanning, after both have compiled their patterns and loaded their checkers.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols import elf
from asepsis.evidence.reader import Malformed
from asepsis.evidence.readers import PATTERN_READERS
from asepsis.evidence.readers.firmware.debug_link import DebugLinkReader
from asepsis.evidence.readers.firmware.versions import VersionsReader
from asepsis.guard.limits import STANDARD, LimitReached
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.signatures import shipped_signatures
from asepsis.model.facts import Component, Confidence, Fact, OperatingSystem
from asepsis.model.where import Where

HERE = Path(__file__).parent
WORK = Path("build") / "identification"
PARTS = {part.id: part for part in shipped_signatures()}
BY_NAME = {part.name: part.id for part in PARTS.values()}
BUILT_WITH = "built with"
TOOLS = frozenset({"binutils", "gcc", "go", "rust"})
"""What a program was made with; the peer says it too."""


class Statement(NamedTuple):
    """That a file holds a part with a version, and how sure the tool is: ``sure``, ``weak`` or ``built with``."""

    part: str
    version: str
    how: str


Said = dict[str, set[Statement]]
"""What a tool says of each folder."""


def upstream(version: str) -> str:
    """The maker's version of a Debian package: ``1:9.2p1-2+deb12u10`` is ``9.2p1``."""
    version = re.sub(r"^\d+:", "", version)
    version = version.rpartition("-")[0] or version
    version = re.sub(r"\+20\d{6}.*", "", version.partition("really")[2] or version)
    return re.split(r"[+~.]*(?:dfsg|ds\d*|repack|git|svn|deb\d|hg|debian)", version)[0].replace("~", "-").removesuffix("-stable").rstrip("+.-")


def fetch(settings: dict[str, list[str]]) -> None:
    """Download and unpack what is not there yet; each folder gets its programs and a line about their origin."""
    debs = WORK / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    there = {path.name.partition("_")[0] for path in debs.glob("*.deb")}
    missing = [name for name in settings["packages"] if name not in there]
    for start in range(0, len(missing), 20):
        subprocess.run(["apt-get", "download", "-q", *missing[start : start + 20]], cwd=debs, check=True)
    for deb in sorted(debs.glob("*.deb")):
        _unpack(deb, WORK / "trees" / deb.name.partition("_")[0])


def _unpack(deb: Path, folder: Path) -> None:
    if folder.exists():
        return
    fields = subprocess.run(["dpkg-deb", "-f", deb, "Package", "Source", "Version"], capture_output=True, text=True, check=True).stdout
    record = dict(line.split(": ", 1) for line in fields.splitlines())
    source, _, own = record.get("Source", record["Package"]).partition(" (")
    raw = WORK / "raw"
    subprocess.run(["dpkg", "-x", deb, raw], check=True)
    folder.mkdir(parents=True)
    number = 0
    for path in sorted(raw.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.open("rb").read(4) == elf.MAGIC:
            path.rename(folder / f"{number:04}")
            number += 1
    shutil.rmtree(raw)
    (WORK / "trees" / f"{folder.name}.json").write_text(json.dumps([source, upstream(own.rstrip(")") or record["Version"])]))


def never(limit: LimitReached) -> None:
    """For files in which no pattern may be noisy."""
    raise limit


def ours(folders: dict[str, list[Path]], *, named: bool) -> tuple[Said, float]:
    """What this project says, with all its patterns in the pass, and its processor time."""
    patterns = PatternPass(PATTERN_READERS)
    patterns.scan(memoryview(b"compile"), never)
    said: Said = {}
    start = time.process_time()
    for folder, files in folders.items():
        facts: list[Fact] = []
        for path in files:
            source = BoundedSource(path.read_bytes(), Where("e1", str(path) if named else "bin/x"), Redactor(b"0123456789abcdef"), STANDARD)
            for found, matches in patterns.scan(source.buffer, never):
                if isinstance(found, (VersionsReader, DebugLinkReader)):
                    found.read_matches(source, matches, facts.append)
        said[folder] = {_statement(fact) for fact in facts if isinstance(fact, (Component, OperatingSystem))}
    return said, time.process_time() - start


def _statement(fact: Component | OperatingSystem) -> Statement:
    how = "sure"
    if isinstance(fact, Component) and BUILT_WITH in fact.method:
        how = BUILT_WITH
    elif isinstance(fact, Component) and fact.confidence is Confidence.WEAK:
        how = "weak"
    return Statement(BY_NAME[fact.name], fact.version, how)


def peers(folders: dict[str, list[Path]], venv: Path, settings: dict[str, dict[str, str]]) -> tuple[Said, float]:
    """What cve-bin-tool says of the same files, its products named like ours."""
    order = {folder: [str(path) for path in files] for folder, files in folders.items()}
    run = subprocess.run(
        [venv / "bin" / "python", HERE / "identification_peer.py"], input=json.dumps(order), capture_output=True, text=True, check=True
    )
    answer = json.loads(run.stdout)
    names = {part.cpe: part.id for part in PARTS.values() if part.cpe}
    names |= settings["peer_names"]
    said: Said = {}
    for folder, files in folders.items():
        needs = _needs(files)
        said[folder] = set()
        for vendor, product, version in answer["said"].get(folder, ()):
            part = names.get(f"{vendor}:{product}") or names.get(product, product)
            built = part in PARTS and PARTS[part].library and any(re.match(PARTS[part].library, name) for name in needs)
            said[folder].add(Statement(part, version, BUILT_WITH if built else "sure"))
    return said, answer["seconds"]


def _needs(files: list[Path]) -> set[str]:
    needed: set[str] = set()
    for path in files:
        try:
            program = elf.parse(memoryview(path.read_bytes()))
        except Malformed:
            continue
        needed |= set(program.needs if program else ())
    return needed


def same(said: str, true: str) -> bool:
    """The same version, whatever zeros or packager's letters are at its end: ``4.0`` is ``4.0.0``, ``2.3.3op2`` is ``2.3.3``."""
    plain = [version.lower().replace("_", ".").replace("-", ".") for version in (said, true)]
    finer = [re.sub(r"\.?(?:p|op|rc|beta|[a-z])\.?\d*$", "", version) for version in plain]
    return any(re.sub(r"(?:\.0)+$", "", a) == re.sub(r"(?:\.0)+$", "", b) for a, b in (plain, (plain[0], finer[1]), (finer[0], plain[1])))


class Score(NamedTuple):
    """Counts: parts to find and found, and statements of each kind."""

    wanted: int
    found: int
    right: int
    argued: int
    wrong: list[str]
    missed: list[str]
    apart: int


def score(said: Said, truth: dict[str, tuple[str, str]], settings: dict[str, dict[str, list[str]]], argued: dict[tuple[str, str], str]) -> Score:
    """Compare by source package: ``truth`` is folder → (source, version)."""
    by_source: dict[tuple[str, str], set[Statement]] = defaultdict(set)
    for folder, origin in truth.items():
        by_source[origin] |= said.get(folder, set())
    own = settings["parts"]
    wanted = found = right = copies = apart = 0
    wrong, missed = [], []
    for (source, version), statements in sorted(by_source.items()):
        mine = own.get(source, [source])
        hits = {one.part for one in statements if one.part in mine and same(one.version, version)}
        if source in own:
            wanted += 1
            found += bool(hits)
            missed += [] if hits else [f"{source} {version}"]
        for part, told, how in sorted({(one.part, one.version, one.how) for one in statements}):
            if (part in mine or part not in PARTS) and same(told, version):
                right += (part, told) not in {(one.part, one.version) for one in statements if one.how < how}
            elif how != "sure" or part in TOOLS:
                apart += 1
            elif argued.get((source.partition("@")[0], part)) == told:
                copies += 1
            else:
                wrong.append(f"{source} {version}: {part} {told}")
    return Score(wanted, found, right, copies, wrong, missed, apart)


def show(tool: str, result: Score, seconds: float, megabytes: float, *, details: bool) -> None:
    """One row, and what is behind it."""
    told = result.right + result.argued
    precision = told / (told + len(result.wrong)) if told or result.wrong else 0.0
    print(
        f"{tool:14} recall {result.found}/{result.wanted} = {result.found / result.wanted:.3f}   precision {told}/{told + len(result.wrong)} = "
        f"{precision:.3f}   copies inside {result.argued}   apart {result.apart}   {seconds:.1f} s   {megabytes / seconds:.1f} MB/s"
    )
    for line in [*(f"  missed: {one}" for one in result.missed), *(f"  wrong:  {one}" for one in result.wrong)] if details else ():
        print(line)


def debian() -> tuple[dict[str, list[Path]], dict[str, tuple[str, str]]]:
    """Folders with their files, and the truth about them."""
    folders, truth = {}, {}
    for record in sorted((WORK / "trees").glob("*.json")):
        source, version = json.loads(record.read_text())
        files = sorted((WORK / "trees" / record.stem).iterdir())
        if files:
            folders[record.stem], truth[record.stem] = files, (source, version)
    return folders, truth


def condensed(directory: Path, names: dict[str, str]) -> tuple[dict[str, list[Path]], dict[str, tuple[str, str]]]:
    """The archives unpacked; the first expected product is the truth (they expect one)."""
    told = json.loads(directory.with_name(directory.name + ".truth.json").read_text())
    folders, truth = {}, {}
    for name, record in sorted(told.items()):
        folder = WORK / "condensed" / name.removesuffix(".tar.gz")
        if record["expected"]:
            with tarfile.open(directory / name) as archive:
                archive.extractall(folder, filter="data")
            product, version = record["expected"][0]["product"], record["expected"][0]["version"]
            folders[name] = sorted(path for path in folder.rglob("*") if path.is_file())
            truth[name] = (names.get(product, product.replace("_", "-")) + f"@{name}", version)
    return folders, truth


def compared(title: str, folders: dict[str, list[Path]], truth: dict[str, tuple[str, str]], options: argparse.Namespace, settings: dict) -> None:  # type: ignore[type-arg]
    """Both tools on the same files."""
    megabytes = sum(path.stat().st_size for files in folders.values() for path in files) / 1e6
    argued = {(one["source"], one["part"]): one["version"] for one in settings["argued"]}
    print(f"{title}: {len(folders)} folders, {megabytes:.0f} MB")
    said, seconds = ours(folders, named=title == "condensed")
    show("asepsis", score(said, truth, settings, argued), seconds, megabytes, details=options.list)
    if options.peer:
        theirs, peer_seconds = peers(folders, options.peer, settings)
        show("cve-bin-tool", score(theirs, truth, settings, argued), peer_seconds, megabytes, details=options.list)
        print(f"  as fast as the peer, by processor time: {peer_seconds / seconds:.0f} times")


def folders_to_scan(options: argparse.Namespace, settings: dict) -> Iterator[tuple[str, dict[str, list[Path]], dict[str, tuple[str, str]], dict]]:  # type: ignore[type-arg]
    """Each set of files with its truth."""
    if (WORK / "trees").is_dir():
        yield "Debian", *debian(), settings
    if options.condensed:
        folders, truth = condensed(options.condensed, settings["peer_names"])
        own = {source: [source.partition("@")[0]] for source, _ in truth.values()}
        yield "condensed", folders, truth, {**settings, "parts": own}


def main() -> int:
    """Fetch or score."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("do", choices=("fetch", "score"))
    arguments.add_argument("--peer", type=Path)
    arguments.add_argument("--condensed", type=Path)
    arguments.add_argument("--list", action="store_true")
    options = arguments.parse_args()
    settings = tomllib.loads((HERE / "identification.toml").read_text("utf-8"))
    if options.do == "fetch":
        fetch(settings)
        return 0
    for title, folders, truth, own in folders_to_scan(options, settings):
        compared(title, folders, truth, options, own)
    return 0


if __name__ == "__main__":
    sys.exit(main())
