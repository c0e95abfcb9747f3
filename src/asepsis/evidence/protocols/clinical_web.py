"""Tell DICOMweb (DICOM PS3.18) and HL7 FHIR (R4, 3.1) requests from other ones, and what kind of thing they are about. No I/O.

The kind is a word of the standards, never anything that a sender made up: identifiers and content are of patients.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_DICOM_TYPE = re.compile(r"application/dicom\b|multipart/related;[^,]*application/dicom\b")
_DICOM_PATH = re.compile(
    r"/(?:studies|series|instances)/[0-9]+(?:\.[0-9]+)+(?:/|\Z)|/(?:dicom-?web|wado-?rs|qido-?rs|stow-?rs|wado)(?:/|\Z)", re.IGNORECASE
)
_DICOM_KINDS = ("studies", "series", "instances", "frames", "rendered", "thumbnail", "metadata", "bulkdata", "workitems", "wado")
_FHIR_TYPE = re.compile(r"application/(?:fhir\+(?:json|xml)|(?:json|xml)\+fhir)\b")
_FHIR_BODY = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,40})"')
_FHIR_PATH = re.compile(r"/fhir(?:/|\Z)", re.IGNORECASE)
_RESOURCES = (
    "Account AdverseEvent AllergyIntolerance Appointment AuditEvent Basic Binary Bundle CapabilityStatement CarePlan CareTeam Claim "
    "Communication CommunicationRequest Composition Condition Consent Coverage DetectedIssue Device DeviceAlert DeviceAssociation "
    "DeviceDefinition DeviceMetric DeviceRequest DeviceUsage DeviceUseStatement DiagnosticReport DocumentReference Encounter Endpoint "
    "EpisodeOfCare Flag Goal Group ImagingStudy Immunization List Location Media Medication MedicationAdministration MedicationDispense "
    "MedicationRequest MedicationStatement MessageHeader NutritionOrder Observation OperationOutcome Organization Parameters Patient Person "
    "Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RiskAssessment Schedule "
    "ServiceRequest Slot Specimen Subscription Task VisionPrescription"
)
_FHIR_KINDS = frozenset(_RESOURCES.split())


class Clinical(NamedTuple):
    """Which protocol, the kind of thing it is about (empty: it does not say), whether it sets something."""

    protocol: str
    subject: str
    changes: bool


def clinical(method: str, target: str, headers: Mapping[str, str], body: bytes, answer_type: str = "") -> Clinical | None:
    """What a request is, by its target, its fields, the beginning of its body and the media type of its answer; None if it is neither."""
    path, _, query = target.partition("?")
    types = f"{headers.get('content-type', '')}, {headers.get('accept', '')}, {answer_type}".lower()
    if _DICOM_TYPE.search(types) or _DICOM_PATH.search(path) or "requesttype=wado" in query.lower():
        return Clinical("dicomweb", _dicom_kind(path), method in CHANGING)
    named = _FHIR_BODY.match(body)
    if _FHIR_TYPE.search(types) or named or (_FHIR_PATH.search(path) and _fhir_kind(path)):
        kind = _fhir_kind(path) or (named[1].decode() if named and named[1].decode() in _FHIR_KINDS else "")
        return Clinical("fhir", kind, method in CHANGING and not path.endswith("/_search"))
    return None


def _dicom_kind(path: str) -> str:
    """The innermost kind that the path names."""
    return next((part for part in reversed(path.lower().split("/")) if part in _DICOM_KINDS), "")


def _fhir_kind(path: str) -> str:
    return next((part for part in reversed(path.split("/")) if part in _FHIR_KINDS or part == "metadata"), "")
