"""cve-bin-tool's scanner with its checkers, without its database and its network.

Run by ``identification.py`` and ``credentials/peers.py`` in the tool's own environment. Standard input: folder → list of files. Standard output:
what it said of each folder, and the processor time of scanning, that of its child processes included.
"""

from __future__ import annotations

import json
import logging
import resource
import sys


def main() -> None:
    """Scan every file with every checker. The one for SQLite would ask the network for a table: it has its patterns only."""
    from cve_bin_tool import version_scanner, version_signature  # type: ignore[import-not-found]  # in its own environment only

    logging.disable(logging.CRITICAL)
    table = version_signature.VersionSignatureDb
    table.open = table.close = lambda self: None  # noqa: ARG005
    table.get_mapping_data = lambda self: []  # noqa: ARG005
    version_scanner.CVEDB = lambda sources=None: None  # noqa: ARG005
    scanner = version_scanner.VersionScanner()
    said: dict[str, list[list[str]]] = {}
    start = _seconds()
    for folder, files in json.load(sys.stdin).items():
        found = {
            (info.product_info.vendor, info.product_info.product, info.product_info.version) for path in files for info in scanner.scan_file(path)
        }
        said[folder] = sorted(map(list, found))
    json.dump({"said": said, "seconds": _seconds() - start}, sys.stdout)


def _seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
