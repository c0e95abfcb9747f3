"""What the build of a kernel says of the flaws that its version has: how many are left after each filter, and a sample of what was closed.

Run: ``.venv/bin/python bench/kernel_flaws.py [--sample 20] KERNEL…``. A KERNEL is a Debian package (``apt download linux-image-…``: its
configuration and its modules are read) or ``VERSION=CONFIG``, the release and the file of a configuration (without modules). The flaws are
the real feeds of the shared data: NVD's of the Linux kernel and the fixes of its stable branches. Prints for each kernel: found by version,
mended in its branch, closed by its configuration and modules, left open, undecided; and a seeded sample of the closed, each with its text,
to be checked by hand. A wrong closing is worse than none.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from asepsis.findings.flaws.match import match
from asepsis.findings.rule import Facts
from asepsis.knowledge.load import load
from asepsis.knowledge.vulnerabilities.importing import import_files
from asepsis.knowledge.vulnerabilities.store import Store, open_store
from asepsis.model.facts import Fact, KernelModule, KernelOption, OperatingSystem
from asepsis.model.vulnerability import Match
from asepsis.model.where import Where

SHARED = Path(os.environ.get("ASEPSIS_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "d_vulndata"
FEEDS = (SHARED / "nvd_subset" / "nvd11_linux_kernel.jsonl.gz", SHARED / "linux_kernel_cves" / "stream_fixes.json")
OPTION = re.compile(r"CONFIG_(\w+)=(\S.*)")


def options(text: str) -> Iterator[Fact]:
    """The options that are set."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := OPTION.match(line):
            yield KernelOption(Where("e1", "boot/config", line=number), found[1], found[2].strip('"'))


def modules(listing: list[str], built_in: str) -> Iterator[Fact]:
    """The modules that lie in the package, and those that its list calls built in."""
    for path in listing:
        if found := re.search(r"/kernel/(\S+)\.ko(?:\.\w+)?$", path):
            yield KernelModule(Where("e1", path), Path(found[1]).name, found[1])
    for number, line in enumerate(built_in.splitlines(), 1):
        source = line.removeprefix("kernel/").removesuffix(".ko")
        yield KernelModule(Where("e1", "modules.builtin", line=number), Path(source).name, source, built_in=True)


def of_package(path: Path) -> tuple[str, list[Fact]]:
    """A Debian package: the upstream release stands in its own version, not in its name."""
    version = subprocess.run(["dpkg-deb", "-f", path, "Version"], check=True, capture_output=True, text=True).stdout.split("-")[0]
    listing = subprocess.run(["dpkg-deb", "-c", path], check=True, capture_output=True, text=True).stdout.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE) as tar:
            wanted = ["--wildcards", "./boot/config-*", "*/modules.builtin"]
            subprocess.run(["tar", "-x", "-C", folder, *wanted], stdin=tar.stdout, check=True)
        config = next(Path(folder, "boot").glob("config-*")).read_text(encoding="utf-8")
        built_in = next(Path(folder).rglob("modules.builtin")).read_text(encoding="utf-8")
    return version, [*options(config), *modules(listing, built_in)]


def kernel(argument: str) -> tuple[str, list[Fact]]:
    """What an argument names. Raises ``FileNotFoundError``."""
    version, equals, config = argument.partition("=")
    if equals:
        return version, list(options(Path(config).read_text(encoding="utf-8")))
    return of_package(Path(argument))


def tell(store: Store, argument: str, sample: int) -> None:
    """The counts of one kernel, and the sample."""
    version, facts = kernel(argument)
    system = OperatingSystem(Where("e1", "boot/vmlinuz"), "Linux", version, "linux")
    knowledge = load()
    found = match(Facts([system, *facts]), store, knowledge.kernel_parts(), knowledge.cpe_of_product)
    by = Counter((one.decided_by, one.status.value) for one in found)
    closed = [one for one in found if one.decided_by == "evidence" and one.justification is not None]
    print(f"{Path(argument).name}: Linux {version}, {sum(isinstance(one, KernelOption) for one in facts)} options set")
    print(f"  {len(found)} by version; {by['source', 'fixed']} mended in the branch; {len(closed)} not compiled;", end=" ")
    print(f"{by['evidence', 'affected']} in what was compiled; {by['nobody', 'under_investigation']} undecided")
    for one in random.Random(4).sample(closed, min(sample, len(closed))):
        print_closed(one)


def print_closed(one: Match) -> None:
    """A closed flaw with what its record says."""
    print(f"    {one.vulnerability}: {'; '.join(one.against)}\n      {one.summary}")


def main() -> None:
    """Import the feeds into a store of their own, and tell of each kernel."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("kernels", nargs="+")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "flaws.sqlite")
        import_files(path, list(FEEDS), today=date(2026, 11, 1))
        store = open_store(path)
        if store is None:
            raise SystemExit("the feeds gave no store")
        for argument in asked.kernels:
            tell(store, argument, asked.sample)


if __name__ == "__main__":
    main()
