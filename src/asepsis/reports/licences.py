"""Licences as their sources write them, told apart: an expression of the SPDX list, or words of the source's own.

A package may say ``GPL-2.0-only AND MIT``, ``GPLv2+`` or ``see COPYING``. Only the first is an expression (SPDX 2.3, annex D); the
others are kept as they are, for a guess at a licence is no fact.
"""

from __future__ import annotations

import re

KNOWN = frozenset(
    {
        "0BSD", "AFL-2.1", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-1.1", "Apache-2.0", "APSL-2.0", "Artistic-1.0", "Artistic-2.0",
        "blessing", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause", "BSD-4-Clause-UC", "BSL-1.0", "bzip2-1.0.6", "CC-BY-3.0",
        "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "CDDL-1.0", "CDDL-1.1", "curl", "ECL-2.0", "EPL-1.0", "EPL-2.0", "FTL", "GFDL-1.2-or-later",
        "GFDL-1.3-or-later", "GPL-1.0-only", "GPL-1.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "HPND",
        "ICU", "IJG", "ISC", "JSON", "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only",
        "LGPL-3.0-or-later", "Libpng", "libpng-2.0", "libtiff", "MIT", "MIT-0", "MPL-1.1", "MPL-2.0", "MS-PL", "NCSA", "NTP", "OFL-1.1", "OpenSSL",
        "PHP-3.01", "PostgreSQL", "PSF-2.0", "Python-2.0", "Ruby", "Sleepycat", "SSPL-1.0", "TCL", "Unicode-3.0", "Unlicense", "UPL-1.0", "Vim",
        "W3C", "WTFPL", "X11", "Zlib", "ZPL-2.1",
    }
)  # fmt: skip
"""The licences of the SPDX list that software of devices is under most often; any other is kept in the source's own words."""
EXCEPTIONS = frozenset(
    {"Autoconf-exception-2.0", "Bison-exception-2.2", "Classpath-exception-2.0", "GCC-exception-2.0", "GCC-exception-3.1", "Linux-syscall-note"}
)
_WORD = re.compile(r"\(|\)|[^\s()]+")


def is_licence(text: str) -> bool:
    """One licence of the list, by its id."""
    return text in KNOWN


def is_expression(text: str) -> bool:
    """An expression of ids of the list, with ``AND``, ``OR``, ``WITH`` and brackets. Never raises."""
    words = _WORD.findall(text)
    depth, operand = 0, True
    for number, word in enumerate(words):
        if word == "(" and operand:
            depth += 1
        elif word == ")" and not operand and depth:
            depth -= 1
        elif operand and word in (EXCEPTIONS if number and words[number - 1] == "WITH" else KNOWN):
            operand = False
        elif not operand and (word in {"AND", "OR"} or (word == "WITH" and words[number - 1] in KNOWN)):
            operand = True
        else:
            return False
    return bool(words) and not operand and not depth
