"""Build the corpus: for each pair of the tables two images, two unpacked trees, and their labels.

    python bench/credentials/build.py OUT [--seed 1] [--only NAME ...]

OUT/images/<pair>.<twin><suffix>, OUT/trees/<pair>.<twin>/, OUT/labels/<pair>.<twin>.json, OUT/corpus.json (what was built, what was skipped and why).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folder that holds this package, when run as a script

from credentials import base
from credentials.containers import CONTAINERS, Container, stamp
from credentials.makers import MAKERS
from credentials.plan import TWINS, Label, Pair, line_of, pairs, selected
from credentials.values import Values

SEED = 1
PROGRAM_FOLDERS = ("bin/", "sbin/", "usr/bin/", "usr/sbin/", "etc/init.d/", "opt/pump/bin/", "etc/cron.daily/")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A pair that could not be built here."""

    pair: str
    reason: str


def contents(entry: Any, values: Values) -> bytes:
    """The bytes of one file: text with its tokens filled in, bytes, or what a maker gives."""
    match entry:
        case bytes():
            return entry
        case str():
            return values.fill(entry).encode()
        case _:
            return MAKERS[entry["by"]](values, filled(entry, values))


def filled(entry: Any, values: Values) -> Any:
    """The arguments of a maker with all tokens replaced."""
    match entry:
        case str():
            return values.fill(entry)
        case list():
            return [filled(part, values) for part in entry]
        case dict():
            return {key: filled(part, values) for key, part in entry.items()}
        case _:
            return entry


def tree(pair: Pair, twin: str, values: Values) -> tuple[dict[str, bytes], list[base.Decoy]]:
    """The files of one twin, and the decoys in it that the pair does not overwrite."""
    entries, decoys = base.files(pair.base, values)
    own = {**pair.files["both"], **pair.files[twin]}
    gone = {path for path, entry in own.items() if entry is False}
    made = {path: contents(entry, values) for path, entry in {**entries, **own}.items() if path not in gone}
    return made, [decoy for decoy in decoys if decoy.path not in own]


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """The files in a folder, with modes and times that follow from their names only."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(0o755 if path.startswith(PROGRAM_FOLDERS) or data[:4] == b"\x7fELF" or data[:2] == b"#!" else 0o644)
    for path_ in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        path_.chmod(0o755)
    stamp(folder)


def labelled(label: Label, files: Mapping[str, bytes], container: Container) -> dict[str, Any]:
    """A label as it is written: with its line, or its offset in a file that is no text."""
    data = files.get(label.path, b"")
    textual = b"\0" not in data
    line = line_of(data, label.at) if textual else None
    offset = data.find(label.at.encode()) if label.at and not textual else None
    return {"path": container.path(label.path), "file": label.path, "classes": list(label.classes), "line": line, "offset": offset, "why": label.why}


def build_twin(pair: Pair, twin: str, values: Values, out: Path) -> dict[str, Any]:
    """Write tree, image and labels of one twin."""
    files, decoys = tree(pair, twin, values)
    container = CONTAINERS[pair.container]
    folder, name = out / "trees" / f"{pair.id}.{twin}", f"{pair.id}.{twin}{container.suffix}"
    image = out / "images" / name
    write(files, folder)
    container.pack(folder, image)
    if image.is_dir():
        stamp(image)
    missing = [one.path for one in pair.planted if one.path not in files] if twin == "vulnerable" else []
    if missing:
        raise ValueError(f"{pair.id}: {missing} is planted, but not there")
    record = {
        "pair": pair.id, "twin": twin, "group": pair.group, "container": pair.container, "image": f"images/{name}", "tree": f"trees/{folder.name}",
        "says": pair.says if twin == "vulnerable" else pair.mend,
        "planted": [labelled(one, files, container) for one in pair.planted] if twin == "vulnerable" else [],
        "also_true": [labelled(one, files, container) for one in pair.also if twin in one.twins],
        "not_weaknesses": [asdict(decoy) for decoy in decoys],
    }  # fmt: skip
    (out / "labels" / f"{pair.id}.{twin}.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return record


def why_not(pair: Pair) -> str:
    """Why a pair cannot be built here, or nothing."""
    programs = CONTAINERS[pair.container].missing()
    compiles = any(isinstance(entry, dict) and entry.get("by") == "program" for files in pair.files.values() for entry in files.values())
    if compiles and shutil.which("gcc") is None:
        programs.append("gcc")
    return f"{', '.join(programs)} not installed" if programs else ""


def build(out: Path, seed: int = SEED, only: list[str] | None = None) -> list[Skipped]:
    """Build everything into ``out``, which is emptied first if it is a corpus; what was skipped."""
    if (out / "corpus.json").exists():
        shutil.rmtree(out)
    for folder in ("images", "trees", "labels"):
        (out / folder).mkdir(parents=True)
    skipped, built = [], []
    for pair in selected(pairs(), only or []):
        if reason := why_not(pair):
            skipped.append(Skipped(pair.id, reason))
            continue
        values = Values(seed, pair.id)
        for twin in TWINS:
            build_twin(pair, twin, values, out)
        built.append(pair.id)
    about = {"seed": seed, "pairs": built, "skipped": [asdict(one) for one in skipped], "userland": base.fingerprint()}
    (out / "corpus.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return skipped


def main() -> int:
    """Build and say what there is."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--seed", type=int, default=SEED, help="other secrets in the same places")
    arguments.add_argument("--only", nargs="*", default=[], help="ids, groups or containers")
    options = arguments.parse_args()
    skipped = build(options.out, options.seed, options.only)
    about = json.loads((options.out / "corpus.json").read_text(encoding="utf-8"))
    for one in skipped:
        print(f"skipped {one.pair}: {one.reason}")
    print(f"{len(about['pairs'])} pairs in {options.out}, {len(skipped)} skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
