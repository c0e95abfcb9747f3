"""A flattened image tree (U-Boot's FIT): a device tree blob, version 17, whose nodes hold the images."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

BEGIN_NODE, END_NODE, PROP, END = 1, 2, 3, 9
HEADER = 40


Properties = dict[str, str | int | bytes]


@dataclass(frozen=True, slots=True)
class Node:
    """A node, its properties, the nodes below it."""

    name: str
    properties: Properties
    children: tuple[Node, ...] = ()


@dataclass(slots=True)
class Blob:
    """The structure block and the names it points to."""

    structure: bytearray = field(default_factory=bytearray)
    strings: bytearray = field(default_factory=bytearray)

    def add(self, node: Node) -> None:
        """Append a node and everything below it."""
        raw = node.name.encode() + b"\0"
        self.structure += struct.pack(">I", BEGIN_NODE) + raw + bytes(-len(raw) % 4)
        for key, data in node.properties.items():
            self._property(key, data)
        for child in node.children:
            self.add(child)
        self.structure += struct.pack(">I", END_NODE)

    def _property(self, key: str, data: str | int | bytes) -> None:
        value = data.encode() + b"\0" if isinstance(data, str) else struct.pack(">I", data) if isinstance(data, int) else data
        place = self.strings.find(key.encode() + b"\0")
        if place < 0:
            place = len(self.strings)
            self.strings += key.encode() + b"\0"
        self.structure += struct.pack(">III", PROP, len(value), place) + value + bytes(-len(value) % 4)

    def blob(self) -> bytes:
        """Header, an empty list of reserved memory, structure, strings."""
        structure = bytes(self.structure) + struct.pack(">I", END)
        start, names = HEADER + 16, HEADER + 16 + len(structure)
        total = names + len(self.strings)
        head = struct.pack(">10I", 0xD00DFEED, total, start, names, HEADER, 17, 16, 0, len(self.strings), len(structure))
        return head + bytes(16) + structure + bytes(self.strings)


def image_tree(root: bytes, timestamp: int) -> bytes:
    """A FIT with one root file system, its SHA-256, and one configuration."""
    digest = Node("hash-1", {"algo": "sha256", "value": hashlib.sha256(root).digest()})
    about: Properties = {"description": "rootfs", "data": root, "type": "ramdisk", "arch": "arm", "os": "linux", "compression": "none"}
    images = Node("images", {}, (Node("ramdisk-1", about, (digest,)),))
    configurations = Node("configurations", {"default": "conf-1"}, (Node("conf-1", {"ramdisk": "ramdisk-1"}),))
    tree = Blob()
    tree.add(Node("", {"timestamp": timestamp, "description": "device", "#address-cells": 1}, (images, configurations)))
    return tree.blob()
