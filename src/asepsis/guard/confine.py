"""Give up rights: what a child process does to itself before it looks at the first hostile byte.

Every step is one kernel interface (``man 2 setrlimit``, ``capset``, ``unshare``, ``landlock_restrict_self``), reached through the C library because
Python has no name for it. A step that the kernel refuses is returned by name, never ignored: the parent makes it a Problem.
"""

# Names here are bytes, descriptors or a hundred thousand strings, for which pathlib is no help.
# ruff: noqa: PTH116, PTH208

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
from collections.abc import Sequence
from pathlib import Path

NO_NETWORK_ISOLATION = "network isolation"
NO_UDP_ISOLATION = "network isolation beyond TCP"
"""Without a network of its own, Landlock keeps a child from TCP only."""
NO_WRITE_PROTECTION = "write protection"

_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x1000_0000
_CLONE_NEWNET = 0x4000_0000
_SYS_LANDLOCK = 444
"""create_ruleset; add_rule and restrict_self follow. The same number on every architecture."""

_SYS_CAPSET = {"x86_64": 126, "aarch64": 91, "riscv64": 91, "armv7l": 185, "armv6l": 185, "i686": 185}
_CAPABILITY_VERSION_3 = 0x2008_0522
_KEPT_CAPABILITIES = 0b1111
"""CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER: what it takes to read an image's files whatever their modes; nothing else."""
_LAST_CAPABILITY = 63

_EXTRA_PROCESSES = 256
_ABI_WITH_REFER, _ABI_WITH_TRUNCATE, _ABI_WITH_TCP, _ABI_WITH_SCOPE = 2, 3, 4, 6
_WRITE_FILE, _REFER, _TRUNCATE = 1 << 1, 1 << 13, 1 << 14
_MAKE_DEVICES = 1 << 6 | 1 << 11
_ALL_WRITES = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))
"""WRITE_FILE, REMOVE_DIR, REMOVE_FILE and every MAKE_*."""
_TCP = 0b11
_SCOPES = 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def limit_resources(*, memory: int, heap: int, cpu_seconds: int, file_bytes: int, open_files: int) -> None:
    """Bound address space, private data (0: not apart), processor time, size of a file, open files; no core dump.

    Raises ``OSError`` or ``ValueError`` above the hard limits.
    """
    _lower(resource.RLIMIT_AS, memory)
    if heap:
        _lower(resource.RLIMIT_DATA, heap)
    _lower(resource.RLIMIT_CPU, cpu_seconds, grace=2)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_NOFILE, open_files)
    _lower(resource.RLIMIT_CORE, 0)
    if os.getuid() != 0:
        # The kernel counts every process of the user, also those that run already.
        _lower(resource.RLIMIT_NPROC, _own_processes() + _EXTRA_PROCESSES)


def _lower(which: int, value: int, grace: int = 0) -> None:
    hard = resource.getrlimit(which)[1]
    ceiling = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    resource.setrlimit(which, (min(value, ceiling), ceiling))


def _own_processes() -> int:
    user, found = os.getuid(), 0
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):  # a process may end while we look
            found += name.isdigit() and os.stat(f"/proc/{name}").st_uid == user
    return found


def forbid_new_privileges() -> None:
    """No set-user-id program gives anything back from here on. Raises ``OSError``."""
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")


def leave_network() -> bool:
    """Move to an empty network namespace: as root directly, else through a user namespace of our own. False if the kernel refuses both."""
    if os.getuid() == 0 and _libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with contextlib.suppress(OSError):  # without a map files are still read under the real user
            Path("/proc/self", name).write_text(text)
    return True


def drop_capabilities() -> None:
    """As root keep only the rights to read and tidy files: no device nodes, no mounts, no raw sockets, no signals to others' processes."""
    for capability in range(_LAST_CAPABILITY + 1):
        if not _KEPT_CAPABILITIES >> capability & 1:
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    number = _SYS_CAPSET.get(os.uname().machine)
    if number is not None:
        header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
        kept = ctypes.create_string_buffer(struct.pack("=6I", _KEPT_CAPABILITIES, _KEPT_CAPABILITIES, 0, 0, 0, 0))
        _libc.syscall(number, header, kept)


def landlock_abi() -> int:
    """The version of Landlock in the running kernel, 0 without it."""
    return max(0, int(_libc.syscall(_SYS_LANDLOCK, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def restrict_writes(writable: Sequence[Path]) -> tuple[bool, bool]:
    """Allow writing only under ``writable`` (and to ``/dev/null``); reading stays free. Device nodes can be made nowhere.

    Returns whether files and whether TCP are restricted from here on.
    """
    abi = landlock_abi()
    if abi == 0:
        return False, False
    writes = _ALL_WRITES | (_REFER if abi >= _ABI_WITH_REFER else 0) | (_TRUNCATE if abi >= _ABI_WITH_TRUNCATE else 0)
    tcp = _TCP if abi >= _ABI_WITH_TCP else 0
    words = [writes, tcp, _SCOPES if abi >= _ABI_WITH_SCOPE else 0]
    size = 8 * (3 if abi >= _ABI_WITH_SCOPE else 2 if tcp else 1)
    attributes = ctypes.create_string_buffer(struct.pack("=3Q", *words))
    ruleset = _libc.syscall(_SYS_LANDLOCK, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False, False
    for path in writable:
        _allow(ruleset, path, writes & ~_MAKE_DEVICES)
    _allow(ruleset, Path("/dev/null"), writes & (_WRITE_FILE | _TRUNCATE))
    restricted = _libc.syscall(_SYS_LANDLOCK + 2, ruleset, ctypes.c_uint32(0)) == 0
    os.close(ruleset)
    return restricted, restricted and bool(tcp)


def _allow(ruleset: int, path: Path, access: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = ctypes.create_string_buffer(struct.pack("=Qi", access, handle))
    failed = _libc.syscall(_SYS_LANDLOCK + 1, ruleset, ctypes.c_int(1), rule, ctypes.c_uint32(0)) != 0
    os.close(handle)
    if failed:
        raise OSError(ctypes.get_errno(), "landlock rule", str(path))
