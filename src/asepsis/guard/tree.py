"""Walk a directory tree that an attacker may have made: nothing is followed, nothing but regular files is ever opened."""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH115, PTH118

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_LINKS_FOLLOWED = 40
"""As the Linux kernel does; beyond it a path is a loop."""
MOST_NAMES = 1024
"""Of one file; BusyBox has a link for each of its 400 applets."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file: ``path`` relative to the root, ``others`` further hard links to the same bytes."""

    path: str
    size: int
    executable: bool
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Tree:
    """What a walk found; paths are relative to the root, sorted. ``special`` are devices, pipes and sockets, ``barred`` what may not be looked at."""

    files: list[FoundFile] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    special: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)


def walk(root: str | os.PathLike[str]) -> Tree:
    """List everything under ``root``. What cannot be looked at (or lies deeper than the system's longest path) is ``barred``."""
    tree = Tree()
    inodes: dict[tuple[int, int], list[tuple[str, os.stat_result]]] = {}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    _sort_in(tree, inodes, waiting, path, entry)
        except OSError:
            tree.barred.append(folder or ".")
    for same in inodes.values():
        same.sort(key=lambda item: item[0])
        (path, status), others = same[0], tuple(other for other, _ in same[1:])
        tree.files.append(FoundFile(path, status.st_size, bool(status.st_mode & 0o111), others))
    tree.files.sort(key=lambda file: file.path)
    tree.links = dict(sorted(tree.links.items()))
    tree.special.sort()
    tree.barred.sort()
    return tree


def _sort_in(
    tree: Tree, inodes: dict[tuple[int, int], list[tuple[str, os.stat_result]]], waiting: list[str], path: str, entry: os.DirEntry[str]
) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            tree.folders.add(path)
            waiting.append(path)
        elif stat.S_ISREG(status.st_mode):
            inodes.setdefault((status.st_dev, status.st_ino), []).append((path, status))
        elif stat.S_ISLNK(status.st_mode):
            tree.links[path] = os.readlink(entry.path)
        else:
            tree.special.append(path)
    except OSError:
        tree.barred.append(path)


@dataclass(frozen=True, slots=True)
class Links:
    """Where the links of a tree lead. ``names`` maps a file to the links that end at it; ``loops`` and ``outside`` are links that lead nowhere.

    ``to_null`` are links to ``/dev/null``: how something is switched off for good (a masked systemd unit).
    """

    names: dict[str, tuple[str, ...]]
    loops: tuple[str, ...]
    outside: tuple[str, ...]
    to_null: tuple[str, ...] = ()


def follow_links(tree: Tree, roots: frozenset[str] = frozenset()) -> Links:
    """Resolve every link by its text alone. An absolute link starts at the innermost of ``roots`` that holds it, else at the tree's own root."""
    files = {file.path for file in tree.files}
    names: dict[str, list[str]] = {}
    loops, outside, to_null = [], [], []
    for link in tree.links:
        root = next((folder for folder in parents(link) if folder in roots), "")
        end = _resolve(link, root, tree.links)
        if end is None:
            loops.append(link)
        elif end == _OUTSIDE:
            outside.append(link)
        elif end == (f"{root}/dev/null" if root else "dev/null"):
            to_null.append(link)
        elif end in files:
            names.setdefault(end, []).append(link[len(root) + 1 :] if root else link)
    return Links({end: tuple(sorted(links)[:MOST_NAMES]) for end, links in names.items()}, tuple(loops), tuple(outside), tuple(to_null))


_OUTSIDE = "/"


def _resolve(link: str, root: str, links: dict[str, str]) -> str | None:
    """The path a link ends at (which need not exist), ``_OUTSIDE`` above its root, or None in a loop."""
    base = root.split("/") if root else []
    at: list[str] = []
    rest = list(reversed(link.split("/")[len(base) :]))
    followed = 0
    while rest:
        part = rest.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not at:
                return _OUTSIDE
            at.pop()
            continue
        at.append(part)
        target = links.get("/".join([*base, *at]))
        if target is None:
            continue
        followed += 1
        if followed > MOST_LINKS_FOLLOWED:
            return None
        at = [] if target.startswith("/") else at[:-1]
        rest.extend(reversed(target.split("/")))
    return "/".join([*base, *at])


def parents(path: str) -> Iterator[str]:
    """The directories above ``path``, innermost first, without the empty root."""
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path
