"""How well credentials and weaknesses in firmware are found: recall on what was planted, precision, and pairs that are told apart.

    python bench/credentials/score.py [CORPUS] [--only NAME ...] [--peers [--peer-seconds 60]] [--list]

CORPUS is what build.py made; where there is none, it is built. Each image is assessed by a whole process of ``asepsis assess``. Exit 1 below the
targets. The matching rule stands in match.py and in docs/benchmarks.md. A peer gets its trees one by one and a time limit for each; a pair of
which it did not finish both trees is left out of its row, and the row says how many those are.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folder that holds this package, when run as a script

from credentials import peers
from credentials.build import build
from credentials.match import Hit, Place, Score, score, told_apart

RECALL, PRECISION, PAIRS = 0.95, 0.95, 0.90
AS_OF = "2026-11-01"
"""The day with which ends of support are compared: fixed, so that the figures do not change by themselves."""
AT_ONCE = 2
PEER_SECONDS = 60.0
"""For one plain tree: a peer that needs longer is of no use beside a tool that opens the image in less."""


@dataclass(frozen=True, slots=True)
class Result:
    """One pair: its labels, the scores of its twins, and whether they are told apart."""

    pair: str
    group: str
    container: str
    vulnerable: Score
    mended: Score
    apart: bool


@dataclass(frozen=True, slots=True)
class Total:
    """Sums over some pairs."""

    pairs: int
    apart: int
    planted: int
    found: int
    true: int
    alarms: int

    @property
    def recall(self) -> float:
        """Share of what was planted that was found."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Share of what was said that is so."""
        return self.true / (self.true + self.alarms) if self.true + self.alarms else 1.0

    @property
    def pair_score(self) -> float:
        """Share of pairs that were told apart."""
        return self.apart / self.pairs if self.pairs else 1.0


def asepsis(image: Path) -> list[Hit]:
    """What a whole run of Asepsis says of an image."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder, "study.json")
        command = [sys.executable, "-m", "asepsis", "assess", str(image), "-q", "--as-of", AS_OF, "-o", f"json={study}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not study.exists():
            raise RuntimeError(f"{image}: {done.stdout}{done.stderr}")
        findings = json.loads(study.read_text(encoding="utf-8"))["findings"]
    return [
        Hit(one["weakness"], f"{one['rule']}: {one['title']}", tuple(Place(at["path"], at["line"]) for at in one["locations"])) for one in findings
    ]


def results(said: Mapping[str, Sequence[Hit]], labels: Mapping[str, Mapping[str, Any]]) -> list[Result]:
    """The score of every pair, from what was said of each twin."""
    out = []
    for pair in sorted({record["pair"] for record in labels.values()}):
        names = (f"{pair}.vulnerable", f"{pair}.mended")
        weak, well = (labels[name] for name in names)
        first, second = (score(said[name], labels[name]) for name in names)
        apart = told_apart(first, said[names[1]], weak["planted"], well["also_true"])
        out.append(Result(pair, weak["group"], weak["container"], first, second, apart))
    return out


def total(some: Iterable[Result]) -> Total:
    """Sum up."""
    some = list(some)
    both = [twin for one in some for twin in (one.vulnerable, one.mended)]
    found, missed = (sum(len(getattr(twin, field)) for twin in both) for field in ("found", "missed"))
    return Total(
        len(some), sum(one.apart for one in some), found + missed, found, sum(twin.true for twin in both), sum(len(twin.alarms) for twin in both)
    )


def row(name: str, sums: Total) -> str:
    """One line of a table; of no pair there is nothing to say, and of a tool that said nothing of the kinds that count no precision."""
    if not sums.pairs:
        return f"| {name} | 0 | - | - | - | - | - | - |"
    precision = f"{sums.precision:.2f}" if sums.true + sums.alarms else "-"
    return (
        f"| {name} | {sums.pairs} | {sums.found}/{sums.planted} | {sums.recall:.2f} | {sums.alarms} | {precision} | "
        f"{sums.apart}/{sums.pairs} | {sums.pair_score:.2f} |"
    )


def table(title: str, groups: Mapping[str, Sequence[Result]]) -> list[str]:
    """A table in Markdown with a line a group."""
    head = [f"| {title} | pairs | found | recall | false alarms | precision | told apart | pair score |", "|---|---|---|---|---|---|---|---|"]
    return [*head, *(row(name, total(some)) for name, some in sorted(groups.items()))]


def by(field: str, all_results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results by group or container."""
    groups = defaultdict(list)
    for one in all_results:
        groups[getattr(one, field)].append(one)
    return groups


def listed(all_results: Sequence[Result]) -> list[str]:
    """Every miss, and every false alarm once with the images that have it."""
    misses = [f"MISSED {one.pair} ({one.container}): {label}" for one in all_results for label in one.vulnerable.missed]
    alarms = defaultdict(list)
    for one in all_results:
        for twin, hits in (("vulnerable", one.vulnerable.alarms), ("mended", one.mended.alarms)):
            for hit in hits:
                alarms[f"{hit.title} at {shown(hit)}"].append(f"{one.pair}.{twin}")
    not_apart = [f"NOT APART {one.pair} ({one.container})" for one in all_results if not one.apart and not one.vulnerable.missed]
    return [*misses, *not_apart, *(f"ALARM {said}: {len(where)} images, {', '.join(where[:3])}" for said, where in sorted(alarms.items()))]


def shown(hit: Hit) -> str:
    """The first places of a hit, without containers."""
    places = ((place.path.rsplit("!", 1)[-1], place.line) for place in hit.places[:3])
    return ", ".join(f"{path}:{line}" if line else path for path, line in places)


def cannot_open() -> list[str]:
    """What `asepsis doctor` says is missing: without it, some images stay shut."""
    done = subprocess.run([sys.executable, "-m", "asepsis", "doctor"], capture_output=True, text=True, check=False)
    return [line.split(None, 1)[1] for line in done.stdout.splitlines() if line.startswith("MISSING")]


def load(corpus: Path, only: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The labels of the corpus, by image."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((corpus / "labels").glob("*.json"))]
    wanted = [one for one in records if not only or {one["pair"], one["group"], one["container"]} & set(only)]
    return {f"{one['pair']}.{one['twin']}": one for one in wanted}


def of_files(labels: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The labels of the plain files, where everything has a name."""
    moved = {
        kind: {key: [one | {"path": one["file"]} for one in record[kind]] for key, record in labels.items()} for kind in ("planted", "also_true")
    }
    return {key: {**record, **{kind: moved[kind][key] for kind in moved}} for key, record in labels.items()}


def assessed(corpus: Path, labels: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Hit]]:
    """What Asepsis says of each image, two at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(labels, pool.map(lambda one: asepsis(corpus / one["image"]), labels.values()), strict=True))


def of_peer(name: str, run: peers.Peer, corpus: Path, labels: Mapping[str, Mapping[str, Any]], seconds: float) -> tuple[str, list[Result]]:
    """The name of a peer's row and what is in it: the pairs of which it finished both trees, each within its time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = dict(zip(labels, pool.map(lambda one: run(corpus / one["tree"], seconds), labels.values()), strict=True))
    unfinished = {labels[key]["pair"] for key, hits in said.items() if hits is None}
    kept = {key: hits for key, hits in said.items() if hits is not None and labels[key]["pair"] not in unfinished}
    trees = sum(hits is None for hits in said.values())
    late = f"; {trees} of {len(said)} trees unfinished after {seconds:g} s, pairs left out: {len(unfinished)}" if trees else ""
    return f"{name}, on the plain files{late}", results(kept, of_files({key: labels[key] for key in kept}))


def report(corpus: Path, only: Sequence[str], peer_seconds: float) -> tuple[list[str], list[str], Total]:
    """The tables, the list of mistakes, and the sums for Asepsis. Peers run if they get time."""
    labels = load(corpus, only)
    ours = results(assessed(corpus, labels), labels)
    lines = [*table("group", by("group", ours)), "", *table("container", by("container", ours)), ""]
    tools = {"Asepsis, on the images": ours}
    if peer_seconds:
        tools |= dict(of_peer(name, run, corpus, labels, peer_seconds) for name, run in peers.available().items())
    return [*lines, *table("tool", tools)], listed(ours), total(ours)


def main() -> int:
    """Print tables; 1 below a target."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", type=Path, nargs="?", default=Path("build/corpus"))
    arguments.add_argument("--only", nargs="*", default=[], help="ids, groups or containers")
    arguments.add_argument("--peers", action="store_true", help="also the other tools")
    arguments.add_argument("--peer-seconds", type=float, default=PEER_SECONDS, help="what a peer may take for one tree")
    arguments.add_argument("--list", action="store_true", help="every miss and every false alarm")
    options = arguments.parse_args()
    if not (options.corpus / "corpus.json").exists():
        build(options.corpus)
    about = json.loads((options.corpus / "corpus.json").read_text(encoding="utf-8"))
    print(
        f"{len(about['pairs'])} pairs, seed {about['seed']}; skipped: {[one['pair'] + ': ' + one['reason'] for one in about['skipped']] or 'none'}\n"
    )
    lines, mistakes, sums = report(options.corpus, options.only, options.peer_seconds if options.peers else 0)
    print("\n".join([*lines, "", *(mistakes if options.list else [])]))
    return int(sums.recall < RECALL or sums.precision < PRECISION or sums.pair_score < PAIRS)


if __name__ == "__main__":
    sys.exit(main())
