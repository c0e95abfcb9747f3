"""The words of the three forms of VEX for the same four states and five reasons, in one table.

Sources: OpenVEX specification 0.2.0 (status, justification); CycloneDX 1.6, ``vulnerabilities[].analysis`` (ECMA-424); CSAF 2.0, 3.2.3.9 product
status and 3.2.3.5 flags, 4.5 profile 5: VEX (OASIS). Our own words are those of OpenVEX, which are CISA's and CSAF's too.
"""

from __future__ import annotations

from asepsis.model.software import Justification, VexStatus

CYCLONEDX_STATES: dict[VexStatus, str] = {
    VexStatus.AFFECTED: "exploitable",
    VexStatus.NOT_AFFECTED: "not_affected",
    VexStatus.FIXED: "resolved",
    VexStatus.UNDER_INVESTIGATION: "in_triage",
}
"""``analysis.state``."""

CYCLONEDX_JUSTIFICATIONS: dict[Justification, str] = {
    Justification.COMPONENT_NOT_PRESENT: "code_not_present",
    Justification.CODE_NOT_PRESENT: "code_not_present",
    Justification.CODE_NOT_IN_EXECUTE_PATH: "code_not_reachable",
    Justification.CODE_NOT_CONTROLLED_BY_ADVERSARY: "requires_environment",
    Justification.MITIGATED_INLINE: "protected_by_mitigating_control",
}
"""``analysis.justification``. It has no word for a part that is not there; our own word stands beside it in a property."""

CSAF_STATES: dict[VexStatus, str] = {
    VexStatus.AFFECTED: "known_affected",
    VexStatus.NOT_AFFECTED: "known_not_affected",
    VexStatus.FIXED: "fixed",
    VexStatus.UNDER_INVESTIGATION: "under_investigation",
}
"""``product_status``."""

DECIDED: dict[str, str] = {
    "evidence": "decided by the evidence",
    "maker": "on the word of the one who is named, not shown by the evidence",
    "source": "said by a source of the flaw",
    "nobody": "decided by nobody yet",
}
"""``Match.decided_by``, for a reader who has only this document."""

AFFECTED_WITHOUT_A_CONTROL = (
    "The plan of this study has no control that cuts a path on which this flaw lies; ask the maker of the device for a mended version."
)
"""OpenVEX and CSAF ask what to do about each flaw that affects a product."""

NOT_NAMED = "a flaw that is not named here was not shown to be absent"
"""Silence is not health."""
