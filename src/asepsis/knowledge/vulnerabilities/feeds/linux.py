"""Linux kernel CVEs by stable branch: ``stream_fixes.json`` of the project linux_kernel_cves (Apache-2.0): which release of each branch has the fix.

A branch before its fixed release is affected, from it on it is not. The file says nothing of when a flaw came in, so that the first releases of a
branch may be called affected wrongly where a later one brought the flaw; and nothing of branches that it does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from asepsis.knowledge.vulnerabilities.feed import Document, is_cve, table, text
from asepsis.model.cpe import LINUX_KERNEL
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Affected, Range

SOURCE = "linux-kernel-cves"
_BRANCH = re.compile(r"(\d+)\.(\d+)(\.\d+)*")


class StreamFixes:
    """The whole file: an object of CVE ids."""

    @staticmethod
    def recognises(value: Mapping[str, Any]) -> bool:
        """All keys are CVE ids, and one of them has a branch with a fixed version."""
        return all(map(is_cve, value)) and any("fixed_version" in table(fix) for streams in value.values() for fix in table(streams).values())

    @staticmethod
    def read(value: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Document]:
        """One document a CVE."""
        del head
        for name, streams in value.items():
            fixes = {branch: text(table(fix).get("fixed_version")) for branch, fix in table(streams).items()}
            good = {branch: fixed for branch, fixed in fixes.items() if _BRANCH.fullmatch(branch) and f"{fixed}.".startswith(f"{branch}.")}
            before = tuple(Range(introduced=branch, fixed=fixed) for branch, fixed in good.items() if fixed != branch)
            after = tuple(Range(introduced=fixed, fixed=_behind(branch)) for branch, fixed in good.items())
            said = [Affected(name, SOURCE, cpe=LINUX_KERNEL, ranges=before)] if before else []
            if after:
                yield Document(SOURCE, name, affected=(*said, Affected(name, SOURCE, VexStatus.FIXED, cpe=LINUX_KERNEL, ranges=after)))


def _behind(branch: str) -> str:
    """The first version that belongs to a later branch: 3.12 → 3.13."""
    *first, last = branch.split(".")
    return ".".join([*first, str(int(last[:9]) + 1)])
