"""How fast a tree of files is read, beside the pattern engine alone on the same files and the same processors.

    python bench/whole_tree.py [--megabytes 50 1000 2000] [--corpus DIRECTORY ...]

Makes trees of about so many megabytes out of DIRECTORY (default /usr/lib and /usr/bin): every file but those that would be unpacked, in the order
of a hash of their names, linked or copied below build/. *Engine* is one process for each processor that maps each file of its share and scans it
with the compiled patterns, counting ends: nothing else. *Reading* is all that ``asepsis assess`` does with a tree before it judges: list and hash it,
start the confined children, ask every reader of whole files, search, confirm, and put the facts together. Both run three times, in turn; medians
count. The target is of the speed with the same processors, by the clock, so it needs a machine by itself; the processor time is printed beside it.
Then an image: a squashfs of one tree is unpacked alone, its files are read alone, and both as ``asepsis`` does it, one over the other.
"""

from __future__ import annotations

import argparse
import mmap
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from asepsis.evidence.patterns import BLOCK_BYTES, PatternPass
from asepsis.evidence.read import read
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.guard import formats
from asepsis.guard.garbage import look_seldom
from asepsis.guard.limits import MIB, PROFILES
from asepsis.guard.unpack import unpack
from asepsis.model.evidence import Evidence, EvidenceKind

RUNS = 3
TARGET, MOST_BYTES, MOST_SECONDS, PROGRAMS = 0.6, 1000 * MIB, 60, 650
LIMITS = PROFILES["standard"]


def plain(roots: list[Path]) -> Iterator[Path]:
    """Files that nothing is unpacked from, in an order that is a mixture and always the same."""
    paths = [Path(folder, name) for root in roots for folder, _, names in os.walk(root) for name in names]
    for path in sorted(paths, key=lambda path: sha256(os.fsencode(path)).digest()):
        if path.is_symlink() or not path.is_file():
            continue
        size = path.stat().st_size
        if size and not formats.is_candidate(path.name, size, formats.head_of(path)):
            yield path


def tree(to: Path, paths: Iterator[Path], megabytes: int) -> int:
    """Put files of so many megabytes there; how many bytes they are."""
    total = 0
    for path in paths:
        if total >= megabytes * MIB:
            break
        target = to / str(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError:
            shutil.copy2(path, target)
        total += path.stat().st_size
    return total


def engine(root: Path) -> int:
    """The engine alone, one process a processor; how many ends it saw."""
    processors = len(os.sched_getaffinity(0))
    patterns = PatternPass(PATTERN_READERS)
    compiled = patterns.compiled
    files = [(path.stat().st_size, str(path)) for path in root.rglob("*") if path.is_file()]
    shares: list[list[str]] = [[] for _ in range(processors)]
    weights = [0] * processors
    for size, path in sorted(files, reverse=True):
        lightest = weights.index(min(weights))
        shares[lightest].append(path)
        weights[lightest] += size
    with multiprocessing.Pool(processors) as pool:
        return sum(pool.starmap(_scan, [(share, compiled) for share in shares]))


def _scan(paths: list[str], compiled: bytes) -> int:
    patterns = PatternPass(PATTERN_READERS, compiled)
    ends = 0

    def seen(*_: object) -> None:
        nonlocal ends
        ends += 1

    for path in paths:
        with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
            for start in range(0, len(view), BLOCK_BYTES):
                part = view[start : start + BLOCK_BYTES]
                patterns.database.scan(part, match_event_handler=seen, scratch=patterns.scratch)  # type: ignore[type-var]
                part.release()
    return ends


def reading(given: Path) -> int:
    """All that happens before judging; how many facts."""
    look_seldom()  # as the command line does
    kind = "dir" if given.is_dir() else "firmware"
    return len(read([f"{kind}:{given}"], limits=LIMITS, digest_key=None, notice=lambda _: None).facts)


def measured(work: Callable[[Path], int], given: Path) -> tuple[float, float, int, int]:
    """Seconds, processor seconds, largest process in bytes, and what it counted: in a process of its own."""
    began, (ours, theirs) = time.perf_counter(), os.pipe()
    child = os.fork()
    if child == 0:
        os.write(theirs, str(work(given)).encode())
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit("the measured process failed")
    seconds, counted = time.perf_counter() - began, int(os.read(ours, 100))
    os.close(ours)
    os.close(theirs)
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, counted


def compare(root: Path, size: int) -> tuple[float, float, int]:
    """Print both speeds on one tree; their ratio by the clock, the seconds of reading, and its largest process."""
    rows: dict[str, list[tuple[float, float, int, int]]] = {"engine": [], "reading": []}
    for _ in range(RUNS):
        rows["engine"].append(measured(engine, root))
        rows["reading"].append(measured(reading, root))
    files = sum(1 for path in root.rglob("*") if path.is_file())
    print(f"{size / 1e6:.0f} MB in {files} files, {len(FILE_READERS)} readers and {len(PATTERN_READERS)} pattern readers, median of {RUNS}")
    medians = {name: [statistics.median(run[column] for run in runs) for column in range(4)] for name, runs in rows.items()}
    for name, (seconds, processor, peak, counted) in medians.items():
        speed = size / 1e6 / processor
        print(f"  {name:8} {seconds:7.1f} s  {processor:7.1f} processor s  {speed:6.0f} MB/s a processor  {peak / MIB:5.0f} MiB  {counted:.0f} found")
    ratios = [one[1] / other[1] for one, other in zip(rows["engine"], rows["reading"], strict=True)]
    walls = [one[0] / other[0] for one, other in zip(rows["engine"], rows["reading"], strict=True)]
    by_processor, by_clock = statistics.median(ratios), statistics.median(walls)
    print(f"  reading at {by_processor:.2f} of the engine by processor time, {by_clock:.2f} by the clock (target {TARGET} by the clock)")
    return by_clock, medians["reading"][0], int(medians["reading"][2])


def overlap(root: Path, work: Path) -> None:
    """Print how long unpacking and reading take apart, and together."""
    image = work / "image.squashfs"
    subprocess.run(["mksquashfs", str(root), str(image), "-quiet", "-no-progress", "-comp", "gzip"], check=True)
    out = work / "out"
    out.mkdir()
    evidence = Evidence("e1", EvidenceKind.FIRMWARE, image.name, "0" * 64, image.stat().st_size)
    began = time.perf_counter()
    unpack(image, evidence, out, LIMITS, lambda _: None)
    alone = time.perf_counter() - began
    shutil.rmtree(out)
    read_alone, together = measured(reading, root)[0], measured(reading, image)[0]
    print(
        f"an image of {image.stat().st_size / 1e6:.0f} MB: unpacking {alone:.1f} s, reading {read_alone:.1f} s, both as it is done {together:.1f} s"
    )


def programs(work: Path, roots: list[Path]) -> float:
    """Print and return the seconds that a root file system with 650 programs takes."""
    elf = (path for path in plain(roots) if path.stat().st_size < 4 * MIB and formats.head_of(path, 4) == b"\x7fELF")
    root, total = work / "programs", 0
    for path, _ in zip(elf, range(PROGRAMS), strict=False):
        total += tree(root, iter([path]), 1 << 30)
    seconds, processor, peak, _ = measured(reading, root)
    print(f"{PROGRAMS} ELF files, {total / 1e6:.0f} MB: {seconds:.1f} s, {processor:.1f} processor s, {peak / MIB:.0f} MiB (target {MOST_SECONDS} s)")
    return seconds


def main() -> int:
    """Print the figures; 1 if one misses its target."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--megabytes", type=int, nargs="+", default=[50, 1000, 2000])
    arguments.add_argument("--corpus", type=Path, nargs="+", default=[Path("/usr/lib"), Path("/usr/bin")])
    options = arguments.parse_args()
    build = Path("build").resolve()  # children have a working directory of their own
    build.mkdir(exist_ok=True)
    good = True
    with tempfile.TemporaryDirectory(dir=build) as folder:
        work = Path(folder)
        times: list[tuple[int, float]] = []
        for megabytes in options.megabytes:
            root = work / f"tree-{megabytes}"
            size = tree(root, plain(options.corpus), megabytes)
            ratio, seconds, peak = compare(root, size)
            times.append((size, seconds))
            good = good and peak < MOST_BYTES and (ratio >= TARGET or size < 900 * MIB)
        (small, first), (large, last) = times[0], times[-1]
        print(f"from {small / 1e6:.0f} to {large / 1e6:.0f} MB: {large / small:.1f} times the bytes, {last / first:.1f} times the seconds")
        good = programs(work, options.corpus) < MOST_SECONDS and good
        if shutil.which("mksquashfs"):
            overlap(work / f"tree-{options.megabytes[0]}", work)
    print(f"largest of all processes: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
