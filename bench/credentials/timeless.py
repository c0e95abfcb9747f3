"""Times and random ids that some programs write of their own accord, set to what the corpus says, so that the same files give the same image.

A change time cannot be set from outside (it is the moment at which a file was last touched here), and ext, UBIFS and Rock Ridge copy it.
"""

from __future__ import annotations

import re
import struct
import zlib

EPOCH = 1_700_000_000
"""The time that every file and container carries."""

UBIFS_MAGIC = struct.pack("<I", 0x06101831)
UBIFS_INODE, UBIFS_SUPERBLOCK = 0, 6
INODE_TIMES, SUPERBLOCK_ID = 56, 108
ROCK_RIDGE_TIMES = re.compile(rb"(TF\x1a\x01\x0e)(.{7}).{14}", re.DOTALL)
ISO_DESCRIPTOR, ISO_DATES = 0x8000, slice(813, 881)
ISO_DATE = b"2023111422132000\0"


def ubifs(image: bytes) -> bytes:
    """All nodes stand at multiples of eight: magic, CRC of what follows it, sequence number, length, type."""
    out = bytearray(image)
    for place in range(0, len(out) - 24, 8):
        if out[place : place + 4] == UBIFS_MAGIC:
            _, length, kind = struct.unpack_from("<QIB", out, place + 8)
            if kind == UBIFS_INODE:
                struct.pack_into("<QQQIII", out, place + INODE_TIMES, EPOCH, EPOCH, EPOCH, 0, 0, 0)
            elif kind == UBIFS_SUPERBLOCK:
                out[place + SUPERBLOCK_ID : place + SUPERBLOCK_ID + 16] = bytes(range(16))
            struct.pack_into("<I", out, place + 4, zlib.crc32(out[place + 8 : place + length]) ^ 0xFFFFFFFF)
    return bytes(out)


def iso(image: bytes) -> bytes:
    """The four dates of each volume descriptor, and the three times of each Rock Ridge entry, of which the first is the file's own."""
    out = bytearray(ROCK_RIDGE_TIMES.sub(rb"\1\2\2\2", image))
    for start in range(ISO_DESCRIPTOR, len(out), 2048):
        if out[start + 1 : start + 6] != b"CD001" or out[start] == 255:
            break
        out[start + ISO_DATES.start : start + ISO_DATES.stop] = ISO_DATE * 4
    return bytes(out)


def ext_script(paths: list[str]) -> str:
    """Commands for debugfs that set what mke2fs copied."""
    fields = ("atime", "ctime", "mtime", "crtime")
    commands = [
        f'set_inode_field "/{path}" {field} @{EPOCH}\nset_inode_field "/{path}" {field}_extra 0\n' for path in ["", *paths] for field in fields
    ]
    return "".join(commands)
