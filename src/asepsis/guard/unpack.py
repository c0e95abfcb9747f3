"""Unpack evidence: every file that comes out of it, with its container chain, and everything that did not, with the reason.

All reading of hostile bytes happens in one bounded child process (:mod:`asepsis.guard.sandbox`). What came out before a limit stays usable.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from asepsis.guard import formats, tools
from asepsis.guard.account import OPAQUE_BYTES, Account, Ledger, UnpackedFile
from asepsis.guard.chain import Extraction, quote
from asepsis.guard.digest import Member, Unreadable
from asepsis.guard.limits import MIB, Limits
from asepsis.guard.opened import Opened, from_message
from asepsis.guard.sandbox import Bounds, Ended, run
from asepsis.guard.tree import FoundFile, follow_links, walk
from asepsis.guard.trouble import decode, diagnose
from asepsis.guard.watcher import DISK_FULL, RESERVE_BYTES, Watcher, size_of
from asepsis.model.evidence import Cause, Evidence, Problem
from asepsis.model.facts import HostileContainer
from asepsis.model.where import Where

__all__ = ["Listed", "Unpacked", "UnpackedFile", "Unreadable", "list_tree", "open_listed", "unpack"]

Notice = Callable[[str], None]
Ready = Callable[[UnpackedFile], None]
"""Is told of a file that nothing more will be unpacked from, as soon as that is known, while the rest is still being unpacked.

Its links are not known then, and what lies about it may still turn out to have stayed shut: the result of unpacking decides what counts.
"""


def _tell_nobody(_file: UnpackedFile) -> None:
    pass


_WITH_UNBLOB, _WITHOUT = "asepsis.guard.unblob_child", "asepsis.guard.plain_child"
BOMB_RATIO = 100
"""Bytes out for each byte in. Ordinary firmware stays below 10; erased flash padded with one byte reaches 1,000 but never a limit."""
_EMPTY_FILE_BYTES = 64
"""Files smaller than this on average, when there are too many of them, are there to be many."""
_LONGEST_NAME = 200
_PARTIAL = "what came out before was looked at, the rest was not"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What unpacking gave. ``files`` are sorted by place; ``unopened`` names the containers and blobs that stayed shut.

    ``masked`` are links to ``/dev/null``, sorted by place. ``bytes_total`` are the bytes of the evidence as given;
    :mod:`asepsis.guard.account` says which of them count as understood.
    """

    files: tuple[UnpackedFile, ...]
    hostile: tuple[HostileContainer, ...]
    problems: tuple[Problem, ...]
    bytes_total: int
    bytes_understood: int
    unopened: tuple[str, ...]
    masked: tuple[Where, ...] = ()


def unpack(artefact: Path, evidence: Evidence, workdir: Path, limits: Limits, notice: Notice, ready: Ready = _tell_nobody) -> Unpacked:
    """Open one file and everything in it, down to ``unpack_depth``, under ``workdir``. Chains begin with the evidence's name.

    ``notice`` gets a line of progress now and then, ``ready`` each file that can be read already. Raises ``Unreadable`` if there is no such file or
    it may not be opened; whatever else goes wrong is a problem in the result.
    """
    artefact = _resolved(artefact)
    size = _size_of_readable(artefact)
    account = Account()
    whole = Where(evidence.id, evidence.name)
    if size == 0:
        account.problem(Cause.BROKEN_INPUT, whole, "the file is empty", "there was nothing to look at")
        return _closed(account, 0)
    if size > limits.evidence_bytes:
        account.problem(Cause.LIMIT_REACHED, whole, f"the file is larger than evidence_bytes ({limits.evidence_bytes})", "it was not opened")
        account.unopened.add(evidence.name)
        return _closed(account, size)
    base = _own_directory(workdir, evidence)
    source = _short_named(artefact, base)
    extraction = _extraction(evidence, source, base / "0", evidence.name)
    _run([(extraction, FoundFile("", size, executable=False))], limits, notice, account, size, ready)
    if account.understood == 0 and not account.problems and not account.decoded:
        what = "no container and no known format was recognised: it may be encrypted, or of a maker's own format"
        account.problem(Cause.BROKEN_INPUT, whole, what, "only its raw bytes were searched")
        account.unopened.add(evidence.name)
    return _closed(account, size)


@dataclass(frozen=True, slots=True)
class Listed:
    """A directory whose files are booked in ``account``, but for the ``containers``, which are still to be opened. ``total`` is their bytes."""

    root: Path
    account: Account
    containers: tuple[FoundFile, ...]
    total: int


def list_tree(root: Path, evidence: str, limits: Limits, known: Mapping[str, Member] = MappingProxyType({})) -> Listed:
    """List a directory, the evidence of this id. :func:`asepsis.guard.formats.is_candidate` says what is a container; chains are relative to it.

    ``known`` is what was learned of its files when they were hashed, by their paths in it: such a file is not opened again.
    Hard links count once; links are never followed, devices, pipes and sockets never opened. Raises ``Unreadable`` if there is no such directory.
    """
    root = _resolved(root)
    if not root.is_dir():
        raise Unreadable(f"{root}: not a directory")
    if not os.access(root, os.R_OK | os.X_OK):
        raise Unreadable(f"{root}: may not be listed")
    account = Account()
    tree = walk(root)
    links = follow_links(tree)
    account.masked.extend(Where(evidence, quote(link)) for link in links.to_null)
    within = tree.files[: limits.unpack_files]
    names = links.names
    containers = tuple(file for file in within if _book_plain(root, file, evidence, names.get(file.path, ()), account, known.get(file.path)))
    _say_tree(account, evidence, tree.special, tree.barred, links.loops, links.outside)
    if len(tree.files) > limits.unpack_files:
        what = f"the directory has {len(tree.files)} files, more than unpack_files ({limits.unpack_files})"
        account.problem(Cause.LIMIT_REACHED, None, what, "the files beyond, in the order of their names, were not looked at")
    return Listed(root, account, containers, sum(file.size for file in tree.files))


def open_listed(listed: Listed, evidence: Evidence, workdir: Path, limits: Limits, notice: Notice, ready: Ready = _tell_nobody) -> Unpacked:
    """Open the containers of a directory, once."""
    account, jobs = listed.account, list[tuple[Extraction, FoundFile]]()
    base = _own_directory(workdir, evidence)
    for number, file in enumerate(listed.containers):
        source = _short_named(listed.root / file.path, base / f"{number}-source")
        jobs.append((_extraction(evidence, source, base / str(number), quote(file.path)), file))
    if jobs:
        for entry in account.files:
            ready(entry)
        _run(jobs, limits, notice, account, max(1, sum(file.size for _, file in jobs)), ready)
    return _closed(account, listed.total)


def _book_plain(root: Path, file: FoundFile, evidence: str, names: tuple[str, ...], account: Account, known: Member | None) -> bool:
    """Book one file of a directory; True if it is a container to open, which is booked later."""
    host, where = root / file.path, Where(evidence, quote(file.path))
    entry = UnpackedFile(host, where, file.size, file.executable, (*file.others, *names))
    try:
        if _is_container(host, file, known):
            return True
        opaque = file.size >= OPAQUE_BYTES and formats.is_opaque(host, file.size, formats.head_of(host))
    except OSError as error:
        account.problem(Cause.NOT_PERMITTED, where, f"could not be read: {error.strerror}", "its content was not looked at")
        account.unopened.add(where.path)
        return False
    account.files.append(entry)
    if opaque:
        account.unopened.add(where.path)
    else:
        account.understood += file.size
    return False


def _is_container(host: Path, file: FoundFile, known: Member | None) -> bool:
    if known is not None and known.size == file.size:
        return known.container
    return formats.is_candidate(file.path, file.size, formats.head_of(host))


def _say_tree(account: Account, evidence: str, special: list[str], barred: list[str], loops: tuple[str, ...], outside: tuple[str, ...]) -> None:
    for paths, cause, what, consequence in (
        (special, Cause.NOT_PERMITTED, "a device node, pipe or socket is never opened", "what it leads to is no part of the evidence"),
        (barred, Cause.NOT_PERMITTED, "a directory or file could not be listed", "nothing in or below it was looked at"),
        (loops, Cause.BROKEN_INPUT, "a symbolic link leads in a circle", "it was not followed"),
        (outside, Cause.NOT_PERMITTED, "a symbolic link leads out of the directory", "it was not followed"),
    ):
        if paths:
            others = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
            account.problem(cause, Where(evidence, quote(paths[0])), what + others, consequence)


def _extraction(evidence: Evidence, source: Path, folder: Path, prefix: str) -> Extraction:
    suffix = "~" + sha256(f"{evidence.sha256} is being unpacked".encode()).hexdigest()[:8]
    return Extraction(evidence.id, source, folder, suffix, prefix)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # a loop is a RuntimeError before Python 3.13
        raise Unreadable(f"{path}: {getattr(error, 'strerror', None) or 'cannot be found'}") from error


def _size_of_readable(artefact: Path) -> int:
    try:
        status = artefact.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{artefact}: not a regular file")
        formats.head_of(artefact, 1)
    except OSError as error:
        raise Unreadable(f"{artefact}: {error.strerror}") from error
    return status.st_size


def _own_directory(workdir: Path, evidence: Evidence) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{evidence.id}-", dir=workdir))


def _short_named(artefact: Path, folder: Path) -> Path:
    """The file itself, or a copy with a short name: what comes out lies in a directory named after it, and names end at 255 bytes."""
    if len(os.fsencode(artefact.name)) <= _LONGEST_NAME:
        return artefact
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(artefact, folder / "long-name"))


def _run(jobs: list[tuple[Extraction, FoundFile]], limits: Limits, notice: Notice, account: Account, given: int, ready: Ready) -> None:
    """Let the child unpack ``jobs`` (``given`` bytes in all), then book what it said and what lies on disk."""
    base = jobs[0][0].folder.parent
    for extraction, _ in jobs:
        extraction.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(base).free
    if free < given + RESERVE_BYTES:
        what = f"the disk is almost full: {free // MIB} MiB are free for unpacking {given // MIB} MiB"
        account.problem(Cause.LIMIT_REACHED, None, what, "unpacking may not have been complete")
    heard: dict[int, list[Opened]] = {}
    nonsense: list[str] = []

    def hear(payload: bytes) -> None:
        try:
            message = decode(payload)
            if "whole" in message:
                _tell(jobs[int(message["job"])][0], str(message["whole"]), ready)
                return
            heard.setdefault(int(message["job"]), []).append(from_message(message))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            nonsense.append(type(error).__name__)

    watcher = Watcher(base, limits, notice)
    module = _WITH_UNBLOB if tools.unblob_installed() else _WITHOUT
    request = {
        "jobs": [[os.fspath(extraction.source), os.fspath(extraction.folder)] for extraction, _ in jobs],
        "suffix": jobs[0][0].suffix,
        "depth": limits.unpack_depth,
    }
    bounds = _bounds(limits, max(file.size for _, file in jobs))
    ended = run(module, json.dumps(request).encode(), bounds=bounds, writable=(base,), on_message=hear, watch=watcher)
    written, files = size_of(base, 2 * limits.unpack_files)
    for number, (extraction, file) in enumerate(jobs):
        member = bool(file.path)
        Ledger(extraction, heard.get(number, []), account, cut=not ended.ok, member=member).settle(file)
    _book_end(ended, nonsense, account)
    _book_bomb(jobs, ended, account, (given, written, files))
    if module == _WITHOUT and account.unopened:
        what = (
            "unblob is not installed (the extract extra): only tar, zip, cpio, gzip, bzip2, xz, lzma, squashfs and encoded flash images were opened"
        )
        account.problem(Cause.MISSING_TOOL, None, what, "stayed shut: " + ", ".join(sorted(account.unopened)[:10]))


def _tell(extraction: Extraction, path: str, ready: Ready) -> None:
    """Pass on a file that the child has found nothing in. Raises ``ValueError`` if a child under attack names one that is not its own."""
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("a file outside of the extraction")
    host = extraction.folder / path
    status = host.lstat()
    if stat.S_ISREG(status.st_mode):
        ready(UnpackedFile(host, extraction.where(path), status.st_size, bool(status.st_mode & 0o111)))


def _bounds(limits: Limits, largest: int) -> Bounds:
    # Files are mapped whole, and a mapping counts as address space: the largest one comes on top.
    return Bounds(limits.unpack_seconds, limits.unpack_cpu_seconds, limits.unpack_memory_bytes + largest, limits.unpack_one_file_bytes)


_LIMIT_OF_END = {"time": "unpack_seconds", "cpu": "unpack_cpu_seconds", "memory": "unpack_memory_bytes"}


def _book_end(ended: Ended, nonsense: list[str], account: Account) -> None:
    for name in ended.missing:
        what = f"this machine's kernel does not offer {name} to a child process"
        account.problem(Cause.MISSING_TOOL, None, what, "hostile evidence was unpacked with one protection less")
    if nonsense:
        account.problem(Cause.OUR_BUG, None, f"unpacking sent {len(nonsense)} messages that make no sense ({nonsense[0]})", _PARTIAL)
    if ended.ok:
        return
    limit = ended.stopped_by or _LIMIT_OF_END.get(ended.how, "")
    found = diagnose("the unpacker", ended.stderr)
    if limit == DISK_FULL:
        account.problem(Cause.LIMIT_REACHED, None, "the disk is full", _PARTIAL)
    elif limit:
        account.problem(Cause.LIMIT_REACHED, None, f"unpacking reached its limit {limit}", _PARTIAL)
    elif ended.how == "signal":
        account.problem(Cause.BROKEN_INPUT, None, f"the unpacker crashed on this evidence (signal {ended.signal})", _PARTIAL)
    elif found.cause is Cause.LIMIT_REACHED:
        account.problem(Cause.LIMIT_REACHED, None, found.what, _PARTIAL)
    else:
        account.problem(Cause.OUR_BUG, None, f"the unpacker ended with {ended.error or ended.how}", _PARTIAL)


def _book_bomb(jobs: list[tuple[Extraction, FoundFile]], ended: Ended, account: Account, sums: tuple[int, int, int]) -> None:
    """If a limit was reached and the shape is a bomb's, say so of the innermost container that holds at least half of what came out."""
    given, written, files = sums
    reached = ended.how in _LIMIT_OF_END or ended.how == "stopped" or any("unpack_one_file_bytes" in item.what for item in account.problems)
    many_empty = ended.stopped_by == "unpack_files" and written < files * _EMPTY_FILE_BYTES
    if not reached or not (written >= BOMB_RATIO * given or many_empty):
        return
    extraction, path = max(((extraction, extraction.top) for extraction, _ in jobs), key=lambda job: size_of(job[0].folder, files + 1))
    where = extraction.where("")
    total = sum(size_of(extraction.folder, files + 1))
    while path:
        folders = [folder for folder in walk(extraction.folder / path).folders if folder.endswith(extraction.suffix)]
        heavy = [folder for folder in sorted(folders) if 2 * sum(size_of(extraction.folder / path / folder, files + 1)) >= total]
        if not heavy:
            break
        path = f"{path}/{heavy[0]}"
        where = extraction.where(path[: -len(extraction.suffix)])
    detail = f"{written} bytes in {files} files came out of {given} bytes before it was stopped"
    account.hostile.append(HostileContainer(where, "bomb", where.member, detail))


def _closed(account: Account, total: int) -> Unpacked:
    return Unpacked(
        files=tuple(sorted(account.files, key=lambda file: file.where.sort_key)),
        hostile=tuple(sorted(set(account.hostile), key=lambda fact: (fact.where.sort_key, fact.trick, fact.entry))),
        problems=tuple(sorted(set(account.problems), key=lambda problem: problem.sort_key)),
        bytes_total=total,
        bytes_understood=min(total, account.understood),
        unopened=tuple(sorted(account.unopened)),
        masked=tuple(sorted(set(account.masked), key=lambda where: where.sort_key)),
    )
