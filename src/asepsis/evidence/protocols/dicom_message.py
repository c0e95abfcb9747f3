"""What a DIMSE message says, as far as rules ask: its command set (DICOM PS3.7, 6.3.1 and E.1), and a few elements of its data set. No I/O."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from asepsis.evidence.protocols.dicom_association import MAX_UID, text
from asepsis.evidence.protocols.dicom_elements import BIG_ENDIAN, DEFLATED, IMPLICIT, Element, elements, is_explicit

C_FIND = 0x0020
NO_DATA_SET = 0x0101
MAX_VALUE = 64
"""Characters of an element's value that are kept."""

_KEPT = {
    0x00080060: "Modality",
    0x00080070: "Manufacturer",
    0x00081010: "StationName",
    0x00081090: "ManufacturerModelName",
    0x00181000: "DeviceSerialNumber",
    0x00181020: "SoftwareVersions",
}
"""Of the device (PS3.6, 6): at the top of the data set only, for a nested one is of another device."""
_DOSE = {
    0x00180060: "KVP",
    0x00181150: "ExposureTime",
    0x00181151: "XRayTubeCurrent",
    0x00181152: "Exposure",
    0x0018115E: "ImageAndFluoroscopyAreaDoseProduct",
    0x00181316: "SAR",
    0x00189345: "CTDIvol",
}
"""In enhanced objects these stand in sequences; the first counts."""
_DOUBLES = frozenset({0x00189345})
_NAME, _ID = 0x00100010, 0x00100020
_PATIENT = frozenset({_NAME, _ID, 0x00100030, 0x00101000, 0x00101001, 0x00101040, 0x00102154})
"""Name, ID, birth date, other IDs, other names, address, telephone numbers of the patient."""
_SINGLES = frozenset({0x00080018, 0x00080050, 0x00100030, 0x00101000, 0x0020000D, 0x0020000E, 0x00200010, 0x00400001, 0x00401001})
"""Keys that name one instance, order, person, study, series, station or procedure: a query with one of them is not for everybody."""
_NO_KEYS = frozenset({0x00080005, 0x00080052, 0x00080053, 0x00080201})
"""Character set, level, view and time zone of a query restrict nothing."""
_PATIENT_QUERIES = ("1.2.840.10008.5.1.4.1.2.", "1.2.840.10008.5.1.4.31", "1.2.840.10008.5.1.4.34.6.")
"""Query/retrieve, modality worklist, unified procedure step (PS3.4, C.6, K.6, CC)."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command set; ``message_id`` of a response is that of what it answers."""

    field: int
    sop_class: str = ""
    message_id: int = 0
    status: int | None = None
    has_data_set: bool = False
    destination: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """What the beginning of a data set shows; see the event ``DimseSaid``."""

    wildcard: bool = False
    identifies_patient: bool = False
    elements: dict[str, str] = field(default_factory=dict)


def command_set(data: bytes) -> Command | None:
    """The command of a command set, which is always implicit and little-endian; None if it has none."""
    values = {element.tag: data[element.start : element.end] for element in elements(data, explicit=False) if element.tag >> 16 == 0}
    if len(values.get(0x0100, b"")) != 2:  # noqa: PLR2004
        return None
    status = values.get(0x0900)
    return Command(
        _number(values[0x0100]),
        text(values.get(0x0002) or values.get(0x0003) or b"", MAX_UID),
        _number(values.get(0x0110) or values.get(0x0120) or b""),
        None if status is None else _number(status),
        _number(values.get(0x0800, b"\1\1")) != NO_DATA_SET,
        text(values.get(0x0600, b""), 16),
    )


def data_set(data: bytes, transfer: str, command: Command) -> DataSet:
    """What ``data``, the beginning of a data set in a transfer syntax (empty: not known), shows. Of a compressed one, nothing."""
    if transfer in DEFLATED:
        return DataSet()
    big = transfer == BIG_ENDIAN
    explicit = transfer != IMPLICIT if transfer else is_explicit(data)
    seen: dict[str, str] = {}
    patient, query = False, _Query()
    wants_query = command.field == C_FIND
    for element in elements(data, explicit=explicit, big=big):
        tag = element.tag
        if tag in _PATIENT:
            patient = patient or not _universal(data[element.start : element.end])
        elif (tag in _KEPT and not element.nested) or tag in _DOSE:
            name = _KEPT.get(tag) or _DOSE[tag]
            if value := _value(data, element, big=big):
                seen.setdefault(name, value)
        if wants_query:
            query.key(tag, data[element.start : element.end])
    return DataSet(wants_query and query.asks_for_everybody(command.sop_class), patient, seen)


class _Query:
    """The keys of a C-FIND (PS3.4, C.2.2.2): universal ones, of no length or of asterisks alone, match everything."""

    def __init__(self) -> None:
        self._starred = self._of_patients = self._single = self._restricted = False

    def key(self, tag: int, value: bytes) -> None:
        universal = _universal(value)
        if tag in {_NAME, _ID}:
            self._of_patients = True
            self._starred |= universal and b"*" in value
            self._single |= not universal
        elif not universal:
            self._single |= tag in _SINGLES
            self._restricted |= tag not in _NO_KEYS

    def asks_for_everybody(self, sop_class: str) -> bool:
        """Asterisks for the patient ask for everybody that other keys (a day, a modality) leave; empty keys only if no other key restricts."""
        if self._single or not (self._of_patients or sop_class.startswith(_PATIENT_QUERIES)):
            return False
        return self._starred or not self._restricted


def _universal(value: bytes) -> bool:
    return not value.strip(b" \0*^=")


def _value(data: bytes, element: Element, *, big: bool) -> str:
    value = data[element.start : element.end]
    if element.tag in _DOUBLES:
        return f"{struct.unpack('>d' if big else '<d', value)[0]:g}" if len(value) == 8 else ""  # noqa: PLR2004
    return text(value, MAX_VALUE)


def _number(value: bytes) -> int:
    return int.from_bytes(value[:2], "little")
