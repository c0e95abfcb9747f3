"""Whether a table holds data of patients, by the names of its columns. No I/O.

A name alone, or a name with an e-mail address, is an address book; patients are known by a date of birth, a number of the hospital, or what was
measured and prescribed. Words in English, German, French, Spanish and Italian as database fields use them [P].
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from asepsis.evidence.protocols.key_names import plain

_EDGE = r"(?:^|[_.\-/ ])"
_END = r"(?:[_.\-/ ]|\d|$)"
_IDENTIFIERS = re.compile(
    r"patient_?(?:id|no|nr|num(?:ber)?|key|uid|code)"
    r"|"
    + _EDGE
    + r"(?:mrn|medical_?record\w*|nhs_?(?:no|number)|hospital_?(?:id|no|number)|health_?card\w*|case_?number|fallnummer|accession\w*)"
    + _END
)
_BIRTH = re.compile(r"birth|" + _EDGE + r"dob" + _END + r"|geburt|geb_?datum|naissance|nacimiento|nascita")
_NAME = re.compile(
    r"patient_?name|"
    + _EDGE
    + r"(?:(?:first|last|given|family|full|middle|sur)_?name|name|vorname|nachname|prenom|nom|apellidos?|nombre|cognome)"
    + _END
)
_PERSON = re.compile(_EDGE + r"(?:sex|gender|geschlecht|sexe|ssn|insurance\w*|blood_?(?:type|group)|race|ethnic\w*|e_?mail|phone|address)" + _END)
_CLINICAL = re.compile(
    r"diagnos|allerg|medicat|prescri|treatment|therap|symptom|glucose|spo2|heart_?rate|blood_?pressure|systolic|diastolic|ecg|ekg|dosage|infusion"
    r"|" + _EDGE + r"(?:icd_?\d*|dose|admission|bed|ward|weight|height|pulse|hba1c|bmi|disease|pathology)" + _END
)
_PATIENTS = re.compile(r"patient|befund|krankenakte|ehr|medical_?record|health_?record")


def holds_patients(table: str, columns: Iterable[str]) -> bool:
    """Whether ``table`` with ``columns`` is one of patients: two kinds of data about one person of which one makes it a patient."""
    names, title = [plain(column) for column in columns], plain(table)
    has = {pattern: any(pattern.search(name) for name in names) for pattern in (_IDENTIFIERS, _BIRTH, _NAME, _PERSON, _CLINICAL)}
    about = sum(has.values())
    if _PATIENTS.search(title) and (has[_IDENTIFIERS] or has[_BIRTH] or has[_CLINICAL] or has[_NAME]):
        return True
    if has[_IDENTIFIERS]:
        return about > 1 or len(names) > 2  # noqa: PLR2004 - more than a number and its key
    return (has[_BIRTH] and (has[_NAME] or has[_CLINICAL])) or (has[_NAME] and sum(bool(_CLINICAL.search(name)) for name in names) > 1)
