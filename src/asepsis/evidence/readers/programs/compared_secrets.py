"""Passwords and PINs that a program compares its input with, in ELF and PE code.

``if (strcmp(typed, "73915") == 0) service_mode();`` leaves a call of ``strcmp`` with the address of a constant text. Calls of the comparing
functions are found (``protocols/code.py`` and the processors' files: x86, x86-64, ARM and Thumb, AArch64, MIPS, PowerPC without position-independent
code), their constant arguments read, and judged together with the texts that the code around uses (``protocols/compared.py``). A constant that is
a password hash counts by itself.

Known ways it lies: a comparison that the compiler wrote out in place, a text put together at run time, or one from a table, is not seen; neither is
one in interpreted or packed code, nor a static program without symbols. A word that only looks like a password may be compared next to a prompt for
one: therefore no fact here is more than likely. A program that compares hashes of what is typed keeps its secret better, and is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols import code_aarch64, code_arm, code_image, code_mips, code_powerpc, code_x86, elf, pe
from asepsis.evidence.protocols.code import CALLED, Call, Image, Processor, Region, Step, constants, function_around
from asepsis.evidence.protocols.compared import COMPARING, Compared, asked, is_wide, speaks_of_passwords, taken_for
from asepsis.evidence.protocols.crypt_hash import Budget, matches_default
from asepsis.evidence.protocols.secrets import is_documentation, knowledge, stored
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret
from asepsis.model.secret import Redacted, SecretForm, SecretKind

_PROCESSORS: dict[str, Processor] = {
    "x86": code_x86, "x86-64": code_x86, "arm": code_arm, "aarch64": code_aarch64, "mips": code_mips, "powerpc": code_powerpc,
}  # fmt: skip
_BEFORE, _AFTER = 512, 384
"""Bytes of code around a call whose texts count: about one function of the size that asks for a password."""
_ARGUMENTS_BEFORE, _CALL_WITHIN = 96, 48
_MOST_CALLS, _CALLS_AT_A_TIME = 20_000, 1000
_MOST_SECRETS = 50
_LIKE_A_SECRET = re.compile(rb"(?<![!-~])(?:Basic )?[!-~]{4,159}[\r\n]*\0|(?<![!-~].)(?P<wide>(?:[!-~]\0){4})", re.DOTALL)
"""What every secret looks like, in one byte a letter or two, after the end of another text: few addresses that code names are of such a text."""


_ABOUT = (
    rb"pass[ _-]?(w|code|phrase|key|\x00)|\bpins?\b|pin[ _-]?(code|number)|\blog[ -]?(in|on)\b|access (code|level|key)|unlock|security code|realm"
    rb"|authori[sz]ation|(service|maintenance|factory|technician|engineer|supervisor|biomed|clinician|admin|calibration)[a-z]{0,8} "
    rb"(mode|menu|code|level|key|access|screen|log)|(pin|pass|pwd)_?(check|verify|valid|ok|match|cmp|compare|correct)"
    rb"|(check|verify|valid|cmp|compare|match|test)[a-z_]{0,20}(pin|pass|pwd)"
)
_WIDE_ABOUT = rb"p\x00a\x00s\x00s\x00|\x00p\x00i\x00n\x00|l\x00o\x00g\x00 ?\x00?[io]\x00n\x00|c\x00o\x00d\x00e\x00|u\x00n\x00l\x00o\x00c\x00k\x00"
"""What a program must say somewhere before its code is looked at: without one of these no comparison in it could be judged a secret."""


class _Comparison(NamedTuple):
    """A comparison of input with ``text``, which lies at an ``offset`` of the file and is ``taken`` for a secret."""

    text: str
    taken: Compared
    offset: int
    at: int
    function: str


class ComparedSecretsReader:
    """Emits a :class:`StoredSecret` ``binary`` for each password, at the place of its text."""

    info = ReaderInfo("compared_secrets", "Passwords compared in programs", (StoredSecret,), ("ELF and PE programs and libraries",))

    patterns = (
        Pattern("about", _ABOUT, before=64, after=0, any_case=True, once=True),
        Pattern("about in two bytes", _WIDE_ABOUT, before=64, after=0, any_case=True, once=True),
        Pattern("hash", rb"\$(1|5|6|2[abxy]|y|apr1)\$[./0-9A-Za-z]", before=16, after=0, once=True),
    )

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:  # noqa: ARG002 - that there is one is enough
        """Every comparison once for each text."""
        image = _image(source)
        if image is None:
            return
        seen, budget = set[str](), Budget()
        for region, comparison in _comparisons(image, source.limits.code_bytes):
            if comparison.text in seen or len(seen) >= _MOST_SECRETS:
                continue
            fact = _judged(source, image, region, comparison, budget)
            if fact:
                seen.add(comparison.text)
                emit(fact)


def _image(source: BoundedSource) -> Image | None:
    program = elf.program_in(source)
    if program:
        return code_image.of_elf(program, elf.imports_in(source), COMPARING)
    windows = pe.parse(source.buffer)
    return code_image.of_pe(windows, COMPARING) if windows else None


def _comparisons(image: Image, most_bytes: int) -> Iterator[tuple[Region, _Comparison]]:
    """Comparisons with a constant text that might be a secret. Raises ``LimitReached`` when there is too much code."""
    left, known = _MOST_CALLS, dict[int, bool]()
    for region in image.code_within(most_bytes) if image.slots or image.functions else ():
        calls = list(islice(_PROCESSORS[image.machine].calls(image, region), left + 1))
        left -= len(calls)
        within = calls[:-1] if left < 0 else calls
        for call in within if image.machine != "x86-64" else _may_compare(image, region, within, known):
            yield from ((region, comparison) for comparison in _of_call(image, region, call))
        if left < 0:
            raise LimitReached("compared_calls", _MOST_CALLS, _MOST_CALLS + 1)


def _may_compare(image: Image, region: Region, calls: Sequence[Call], known: dict[int, bool]) -> Iterator[Call]:
    """Those near which a text that might be a secret is named: most compare with none, and following each costs thirty times as much."""
    for start in range(0, len(calls), _CALLS_AT_A_TIME):
        some, near = calls[start : start + _CALLS_AT_A_TIME], set[int]()
        for named in code_x86.named_near(image, region, some, _ARGUMENTS_BEFORE, _CALL_WITHIN):
            secret = {number for number, address in enumerate(named.addresses) if _might_be_secret(image, address, known)}
            if secret:
                near.update(int(call) for call, which in zip(named.calls, named.which, strict=True) if int(which) in secret)
        yield from (some[number] for number in sorted(near))


def _might_be_secret(image: Image, address: int, known: dict[int, bool]) -> bool:
    if address not in known:
        offset = image.offset_of(address)
        like = _LIKE_A_SECRET.match(image.data, offset) if offset is not None and offset < len(image.data) else None
        known[address] = like is not None and taken_for(image.text(address, two_bytes=like["wide"] is not None)) is not None
    return known[address]


def _of_call(image: Image, region: Region, call: Call) -> Iterator[_Comparison]:
    for address in _arguments(image, region, call):
        text, offset = image.text(address, two_bytes=is_wide(call.name)), image.offset_of(address)
        taken = taken_for(text)
        if offset is not None and taken:
            yield _Comparison(text, taken, offset, call.at, call.name)


def _arguments(image: Image, region: Region, call: Call) -> tuple[int, ...]:
    """Constant arguments of the first call at or after the place where the function's name was seen."""
    steps = tuple(_window(image, region, call.at - _ARGUMENTS_BEFORE, call.at + _CALL_WITHIN))
    at = next((step.at for step in steps if step.register == CALLED and step.at >= call.at), call.at)
    return constants(iter(steps), at, image.arguments)


def _window(image: Image, region: Region, start: int, end: int) -> Iterator[Step]:
    return _PROCESSORS[image.machine].steps(image, region, max(region.address, start), min(region.address + region.size, end))


def _judged(source: BoundedSource, image: Image, region: Region, found: _Comparison, budget: Budget) -> StoredSecret | None:
    """The fact; None if nothing around speaks of passwords. A hash is no word by chance and needs no such witness."""
    name = image.starts.around(found.at)
    said = _said_around(image, region, found)
    if not found.taken.hashed and not speaks_of_passwords(said, name, found.taken):
        return None
    confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.LIKELY
    subject = found.taken.user or name or asked(said) or source.path.rsplit("/", 1)[-1]
    secret = _redacted(source, found.taken, budget)
    return StoredSecret(source.where(offset=found.offset), secret, "binary", subject[:64], found.function[:32], confidence=confidence)


def _redacted(source: BoundedSource, taken: Compared, budget: Budget) -> Redacted:
    if not taken.hashed:
        return stored(source, SecretKind.LOGIN, SecretForm.CLEARTEXT, taken.secret)
    known = matches_default(taken.secret, knowledge().generic_defaults(), budget)
    return source.redact(SecretKind.LOGIN, SecretForm.HASHED, taken.secret, known_default=known)


def _said_around(image: Image, region: Region, found: _Comparison) -> tuple[str, ...]:
    """The texts that the code around uses, in order; none of them is the secret itself."""
    start, end = function_around(image, region, found.at, _BEFORE, _AFTER)
    values = (step.value for step in _window(image, region, start, end) if step.register != CALLED)
    wide = is_wide(found.function)
    texts = chain.from_iterable((image.text(value), image.text(value, two_bytes=True) if wide else "") for value in values if value > 0)
    return tuple(dict.fromkeys(text for text in texts if len(text) > 3 and found.text not in text))  # noqa: PLR2004
