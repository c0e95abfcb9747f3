"""An alarm as HL7 message of IHE's Alert Communication Management: ORU^R40, PCD-04 (IHE Devices Technical Framework 2, 3.4), over MLLP.

A technical alert of the network, about a device and never about a patient: there is no PID.
"""

from __future__ import annotations

from asepsis.monitor.alarm import Alarm

START, END = b"\x0b", b"\x1c\r"
_PRIORITIES = {"confirmed": "PH", "likely": "PH", "weak": "PL"}
_PROFILE = "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO"
_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "})


def message(alarm: Alarm) -> bytes:
    """The framed message; its control id (MSH-10) and alert id (OBR-3) are the alarm's."""
    at = alarm.at.replace("-", "").replace(":", "").replace("T", "").rstrip("Z")[:19] + "+0000"
    name, what, subject = alarm.id, _escaped(alarm.what), _escaped(alarm.subject)
    text = _escaped(f"{alarm.what}: {alarm.subject}: {alarm.detail}")
    observations = (
        ("CWE", "196616^MDC_EVT_ALARM^MDC", f"^{what}"),
        ("ST", "68480^MDC_ATTR_ALERT_SOURCE^MDC", subject),
        ("ST", "68481^MDC_ATTR_EVENT_PHASE^MDC", "start"),
        ("ST", "68482^MDC_ATTR_ALARM_STATE^MDC", "active"),
        ("ST", "68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC", "enabled"),
        ("ST", "68484^MDC_ATTR_ALARM_PRIORITY^MDC", _PRIORITIES.get(alarm.sureness, "PH")),
        ("ST", "68485^MDC_ATTR_ALERT_TYPE^MDC", "ST"),
    )
    segments = [
        f"MSH|^~\\&|ASEPSIS||||{at}||ORU^R40^ORU_R40|{name}|P|2.6|||AL|NE||UNICODE UTF-8|||{_PROFILE}",
        f"OBR|1||{name}^ASEPSIS|196616^MDC_EVT_ALARM^MDC|||{at}",
        *(f"OBX|{i}|{kind}|{code}|1.0.0.0.{i}|{value}||||||F|||{at}" for i, (kind, code, value) in enumerate(observations, 1)),
        f"NTE|1||{text}",
    ]
    return START + "".join(f"{segment}\r" for segment in segments).encode() + END


def accepted(answer: bytes) -> bool:
    """Whether an acknowledgement takes the alarm (MSA-1 AA or CA)."""
    found = answer.find(b"MSA|")
    return found >= 0 and answer[found + 4 : found + 6] in {b"AA", b"CA"}


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
