"""What unblob's reports come to, in our words. Imported only in the bounded child process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from unblob import report

from asepsis.guard import trouble
from asepsis.guard.archive_tricks import in_device_folder
from asepsis.guard.opened import PADDING
from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause


class TroubleReport(report.ErrorReport):
    """Our troubles on their way through unblob's reports."""

    severity: report.Severity = report.Severity.WARNING
    packed: str


def as_report(troubles: list[Trouble]) -> TroubleReport:
    """Troubles of one container as one report."""
    return TroubleReport(packed=json.dumps(trouble.pack(troubles), ensure_ascii=True))


def piece_troubles(item: Any) -> tuple[Trouble, ...]:
    """What went wrong with one chunk; an encrypted one stays shut."""
    if item.handler_name == PADDING:
        return ()
    if item.is_encrypted:
        return (Trouble(Cause.NOT_PERMITTED, "is encrypted and there is no password", shut=True),)
    return tuple(found for part in item.extraction_reports for found in troubles_of(part))


def troubles_of(item: Any) -> list[Trouble]:  # noqa: PLR0911, PLR0912, C901 - a table of unblob's reports
    """What one report comes to. The words of programs stay out: they hold this machine's paths."""
    match item:
        case TroubleReport():
            return list(trouble.unpack(json.loads(item.packed)))
        case report.ExtractorDependencyNotFoundReport():
            return [Trouble(Cause.MISSING_TOOL, "", program=name, shut=True) for name in item.dependencies]
        case report.ExtractCommandFailedReport():
            text = (item.stderr + item.stdout)[-65536:].decode("utf-8", "replace")
            return [trouble.diagnose(Path(item.command.split(" ", 1)[0]).name, text, item.exit_code)]
        case report.ExtractorTimedOut():
            return [Trouble(Cause.LIMIT_REACHED, "unpacking took too long")]
        case report.PathTraversalProblem():
            return [Trouble(Cause.NOT_PERMITTED, "wants out of the image; it was kept inside", item.path or "", trouble.PATH_TRAVERSAL)]
        case report.LinkExtractionProblem():
            return [Trouble(Cause.NOT_PERMITTED, "is a link out of the image; it was not made", item.path or "", trouble.LINK_ESCAPE)]
        case report.SpecialFileExtractionProblem():
            name = item.path or ""
            return [] if in_device_folder(name) else [Trouble(Cause.NOT_PERMITTED, "is a device node; it was not made", name, trouble.DEVICE_NODE)]
        case report.ExtendedAttributeExtractionProblem():
            return []
        case report.ExtractionProblem():
            return [Trouble(Cause.BROKEN_INPUT, "could not be read as it stands", item.path or "")]
        case report.CalculateChunkExceptionReport():
            # A pattern matched where there is no such container. If it was one after all, the file's own first bytes say so to the parent.
            found = trouble.diagnose("unblob", str(item.exception))
            return [found] if found.cause is Cause.LIMIT_REACHED else []
        case report.UnknownError():
            return [trouble.diagnose("unblob", str(item.exception))]
        case report.ErrorReport():
            return [Trouble(Cause.OUR_BUG, f"unblob says {type(item).__name__}")]
        case _:
            return []
