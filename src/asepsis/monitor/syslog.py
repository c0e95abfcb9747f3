"""An alarm as a syslog message (RFC 5424). Facility 10 (security); what is likely is critical, what is weak a notice."""

from __future__ import annotations

from asepsis.monitor.alarm import Alarm

_FACILITY = 10
_SEVERITIES = {"confirmed": 1, "likely": 2, "weak": 5}
_ELEMENT = "asepsis@32473"
"""Structured data of ours; 32473 is the enterprise number that is free for such use (RFC 5612)."""


def message(alarm: Alarm) -> bytes:
    """The whole message. Its time is the capture's; the host is left out, since the sender may be anywhere (6.2.4)."""
    priority = _FACILITY * 8 + _SEVERITIES.get(alarm.sureness, 2)
    fields = {"id": alarm.id, "subject": alarm.subject, "peer": alarm.peer, "packet": str(alarm.packet), "sureness": alarm.sureness}
    data = " ".join(f'{name}="{_escaped(value)}"' for name, value in fields.items() if value)
    name = "".join(letter if "!" <= letter <= "~" else "-" for letter in alarm.what)[:32] or "-"
    text = f"{alarm.what}: {alarm.subject}: {alarm.detail}"
    if alarm.explained_by:
        text += f" (could also be: {'; '.join(alarm.explained_by)})"
    return f"<{priority}>1 {alarm.at} - asepsis - {name} [{_ELEMENT} {data}] \ufeff{text}".encode()


def _escaped(value: str) -> str:
    """A parameter's value: three characters need a backslash (6.3.3)."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
