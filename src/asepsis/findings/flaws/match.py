"""Match published flaws to the parts of this device, and say of each what the evidence shows: the verdict, and everything for and against it.

The order in which things count: what the surest kind of advisory says of the version (a distribution's own before a CPE name); what else the flaw
needs; whether its code was compiled; what the part's own metadata and its maker say; whether the part is used. What stays open is *under
investigation*, never silently dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from asepsis.findings.flaw_store import FlawStore
from asepsis.findings.flaws.applets import applets_of
from asepsis.findings.flaws.case import Case, compare
from asepsis.findings.flaws.claims import Claims
from asepsis.findings.flaws.conditions import Inventory
from asepsis.findings.flaws.device import whole
from asepsis.findings.flaws.effects import effects
from asepsis.findings.flaws.kernel import Kernel, doubted_release, files_of, kernel
from asepsis.findings.flaws.names import Basis, keys, spoken
from asepsis.findings.flaws.part import CpeOf, Part, parts
from asepsis.findings.flaws.use import Use, Uses
from asepsis.findings.flaws.verdict import Verdict, against_maker, by_maker, by_source
from asepsis.findings.rule import Facts
from asepsis.findings.witness import unique
from asepsis.findings.words import listed, short
from asepsis.knowledge.kernel_parts import KernelPart
from asepsis.model.device import Device
from asepsis.model.fact import Confidence
from asepsis.model.facts import Component, VexClaim, Zone
from asepsis.model.software import Justification, VexStatus
from asepsis.model.vulnerability import Affected, Match, Reached, Vulnerability

RADIOS = {"bluez": Zone.BLUETOOTH_RANGE, "wpa-supplicant": Zone.WIFI_RANGE, "hostapd": Zone.WIFI_RANGE}
"""Parts that are the software of a radio, and how far it reaches."""


def match(
    facts: Facts, store: FlawStore, table: tuple[KernelPart, ...], cpe_of: CpeOf = lambda _product: "", device: Device | None = None
) -> tuple[Match, ...]:
    """Every flaw under a name of a part whose version is, or may be, concerned; sorted by part and id.

    ``table`` says which option of the kernel compiles which of its files; ``cpe_of`` names products that were recognised without a CPE name;
    ``device`` names the device itself, for advisories that know products by maker and name only.
    """
    matcher = _Matcher(facts, store, table, cpe_of)
    found = [one for part in (*matcher.parts, *whole(device, facts)) for one in matcher.of(part)]
    return tuple(sorted(found, key=lambda one: (one.component.lower(), one.version, one.vulnerability, one.id)))


class _Matcher:
    def __init__(self, facts: Facts, store: FlawStore, table: tuple[KernelPart, ...], cpe_of: CpeOf) -> None:
        self.parts = parts(facts, cpe_of)
        self._store, self._uses, self._flaws = store, Uses(facts), dict[str, Vulnerability]()
        self._inventory, self._claims = Inventory(self.parts), Claims(facts.of(VexClaim), facts.digests)
        self._kernel: Kernel = kernel(facts, table)

    def of(self, part: Part) -> Iterable[Match]:
        """All flaws of one part."""
        for flaw, statements in self._by_flaw(self._store.affecting(keys(part))):
            said = [one for one in (spoken(part, statement, self._inventory.families) for statement in statements) if one is not None]
            case = compare(part, flaw, said)
            if case is not None:
                yield self._matched(case)

    def _by_flaw(self, statements: Iterable[Affected]) -> Iterable[tuple[Vulnerability, list[Affected]]]:
        """Statements under one flaw, whichever of its names they use; withdrawn flaws are none."""
        groups: dict[str, tuple[Vulnerability, list[Affected]]] = {}
        for statement in statements:
            flaw = self._flaw(statement.vulnerability)
            groups.setdefault(flaw.id, (flaw, []))[1].append(statement)
        return [(flaw, members) for _, (flaw, members) in sorted(groups.items()) if not flaw.withdrawn]

    def _flaw(self, name: str) -> Vulnerability:
        """Asked of the store once: one flaw stands in many statements."""
        if name not in self._flaws:
            flaw = self._store.vulnerability(name) or Vulnerability(name)
            other = _canonical(flaw)
            self._flaws[name] = flaw if other == flaw.id else self._store.vulnerability(other) or flaw
        return self._flaws[name]

    def _matched(self, case: Case) -> Match:
        part, flaw = case.part, case.flaw
        use, files = (
            self._uses.of(part, applets_of(part.product or part.name.lower(), flaw.summary)),
            files_of(flaw, [one.statement for one in case.said]) if part.is_kernel else (),
        )
        claims = self._claims.about((flaw.id, *flaw.aliases), part, lambda reason: self._contradiction(case, files, reason))
        closed = self._verdict(case, files)
        verdict, said = (against_maker(closed, claims), ()) if closed else by_maker(claims)
        effect = effects(flaw, files, RADIOS.get(part.product))
        shown = verdict or _open(use, self._doubts(case, files))
        return Match(
            id=_id(flaw.id, part),
            vulnerability=flaw.id,
            component=part.name,
            version=part.version,
            status=shown.status,
            decided_by=shown.decided_by,
            where=part.where,
            justification=shown.justification,
            confidence=part.confidence,
            reached=use.reached,
            zone=effect.zone,
            gives=effect.gives,
            purl=next((purl.to_string() for purl in part.purls), ""),
            cpe=next((said.cpe for said in part.said if isinstance(said, Component) and said.cpe), part.cpe_of_product),
            for_=unique((*case.for_, use.words) if use.reached is not Reached.PRESENT else case.for_),
            against=unique((*shown.against, *case.against, *said)),
            assumes=effect.assumes,
            sources=unique((*sorted({one.statement.source for one in case.said}), *flaw.sources)),
            summary=short(flaw.summary, 300),
            cwes=flaw.cwes,
            vector=next(iter(flaw.vectors), ""),
            exploited_since=flaw.exploited_since,
            epss=flaw.epss,
        )

    def _verdict(self, case: Case, files: Sequence[str]) -> Verdict | None:
        """What settles it, whatever makers say of it: a source, the build, the metadata. None if nothing does."""
        if case.mended:
            return by_source(case.mended)
        lacking = [self._inventory.lacks(one.statement) for one in case.affected]
        if all(lacking):
            return Verdict(VexStatus.NOT_AFFECTED, "evidence", Justification.CODE_NOT_IN_EXECUTE_PATH, tuple(unique(lacking)))
        left_out = self._kernel.left_out(files)
        if left_out:
            return Verdict(VexStatus.NOT_AFFECTED, "evidence", Justification.CODE_NOT_PRESENT, (left_out,))
        ids = (case.flaw.id, *case.flaw.aliases)
        patched = sorted(case.part.patched.intersection(ids))
        if patched:
            return Verdict(VexStatus.FIXED, "maker", None, (f"the metadata of {short(case.part.name)} call {listed(patched)} mended",))
        return None

    def _contradiction(self, case: Case, files: Sequence[str], reason: Justification | None) -> str:
        """What was read and does not go together with a maker's reason for "not affected"; empty if nothing."""
        if reason is Justification.COMPONENT_NOT_PRESENT:
            return "the part was read in the device"
        if reason not in {Justification.CODE_NOT_PRESENT, Justification.CODE_NOT_IN_EXECUTE_PATH}:
            return ""
        functions = sorted({name for one in case.affected for name in one.statement.functions})
        users = self._uses.imported(functions) if functions else ()
        if users:
            return f"{listed(users)} imports one of {listed(functions)}"
        return self._kernel.holds(files) if reason is Justification.CODE_NOT_PRESENT and case.part.is_kernel else ""

    def _doubts(self, case: Case, files: Sequence[str]) -> tuple[str, ...]:
        """Why it stays open although the version is concerned."""
        doubts = [text for one in case.affected for text in (*one.doubts, *self._inventory.doubts(one.statement))]
        if case.part.of_distribution and case.affected[0].basis is Basis.CPE:
            doubts.append("a distribution mends its packages without a new upstream version, and no advisory of it is in the knowledge")
        functions = sorted({name for one in case.affected for name in one.statement.functions})
        if functions and not self._uses.imported(functions):
            doubts.append(f"no program of the device imports {listed(functions)}; callers inside the part are not known")
        if case.part.is_kernel:
            doubts += [text for text in (doubted_release(said.version for said in case.part.said),) if text]
            doubts += self._kernel.doubts(files)
        if case.part.confidence is Confidence.WEAK:
            doubts.append("the part itself is shown by weak evidence only")
        return unique(doubts)


def _canonical(flaw: Vulnerability) -> str:
    """The CVE that it is, if it is exactly one."""
    numbers = [name for name in flaw.aliases if name.startswith("CVE-")]
    return flaw.id if flaw.id.startswith("CVE-") or len(numbers) != 1 else numbers[0]


def _open(use: Use, doubts: Sequence[str]) -> Verdict:
    """Affected if the version is certain and use was shown; else somebody has to look."""
    against = tuple(doubts) if use.reached is not Reached.PRESENT else (*doubts, use.words)
    return Verdict(VexStatus.UNDER_INVESTIGATION if against else VexStatus.AFFECTED, "nobody" if against else "evidence", None, against)


def _id(vulnerability: str, part: Part) -> str:
    return f"V-{hashlib.sha256(chr(0).join((vulnerability, part.name.lower())).encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
