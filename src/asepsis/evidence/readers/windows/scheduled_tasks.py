"""Scheduled tasks of Windows: ``Windows/System32/Tasks/…`` and exported ``.xml``.

XML in the name space ``http://schemas.microsoft.com/windows/2004/02/mit/task`` ([MS-TSCH] 2.5), mostly UTF-16: ``Principals/Principal`` says as whom,
``Triggers`` when, ``Actions/Exec`` what. The password of a task lies in the system's own store, not here.

Known ways it lies: a task that is switched off has ``Settings/Enabled`` false; a trigger may have ended; older tasks
(``.job``) are binary and not read.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.credentials import Credential
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.shown import shown
from asepsis.evidence.protocols.started import service
from asepsis.evidence.protocols.windows_commands import command_lines, in_command
from asepsis.evidence.protocols.windows_programs import command_words, file_name, way_of
from asepsis.evidence.protocols.xml import Element, parse
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Service, StartedProgram, StoredSecret
from asepsis.model.secret import SecretForm

_TASK = re.compile(rb"mit/task|m\0i\0t\0/\0t\0a\0s\0k")
_SIGN = re.compile(rb"schemas\.microsoft\.com/windows/2004/02/mit/task")
_STARTS = frozenset({"BootTrigger", "LogonTrigger", "CalendarTrigger", "TimeTrigger", "EventTrigger", "RegistrationTrigger", "IdleTrigger"})


class ScheduledTasksReader:
    """Emits a :class:`StartedProgram` for each program, with the way in that it opens and the secrets in its command."""

    info = ReaderInfo("scheduled_tasks", "Scheduled tasks of Windows", (StartedProgram, Service, StoredSecret), ("Windows/System32/Tasks/*",))
    signs = Signs(heads=(_TASK,))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - tasks have no extension
        """By the name space."""
        return Sureness.YES if _TASK.search(head) and _SIGN.search(head.replace(b"\0", b"")) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` where the XML breaks, after what was read before."""
        tree = parse(source.content())
        if tree.root is None or tree.root.tag not in {"Task", "Tasks"}:
            raise NotThisFormat
        for task in tree.root.walk():
            if task.tag == "Task":
                _read_task(source, task, emit)
        if tree.broken:
            raise Malformed(tree.broken, line=tree.line)


def _read_task(source: BoundedSource, task: Element, emit: Emit) -> None:
    triggers = task.get("Triggers")
    starts = triggers is not None and any(child.tag in _STARTS for child in triggers.children)
    enabled = starts and task.text_of("Settings", "Enabled").lower() != "false"
    user = task.text_of("Principals", "Principal", "UserId") or task.text_of("Principals", "Principal", "GroupId")
    actions = task.get("Actions")
    for action in actions.children if actions else ():
        if action.tag == "Exec" and action.text_of("Command"):
            _read_action(source, action, user, emit, enabled=enabled)


def _read_action(source: BoundedSource, action: Element, user: str, emit: Emit, *, enabled: bool) -> None:
    program, arguments = action.text_of("Command").strip('"'), action.text_of("Arguments")
    where = source.where(line=action.line)
    words = command_words(f'"{program}" {arguments}')
    secrets: list[Credential] = [found for line in command_lines(f"{file_name(program)} {arguments}") for found in in_command(line)]
    for found in secrets:
        redacted = stored(source, found.kind, SecretForm.CLEARTEXT, found.secret)
        emit(StoredSecret(where, redacted, "script", found.subject[:64], found.key_name[:64], found.opens))
    emit(StartedProgram(where, words[0][:256], shown(words, (found.secret for found in secrets)), "scheduled-task", enabled, "", user[:64]))
    way = way_of(words)
    if way:
        emit(service(where, way, words[0].rsplit("/", 1)[-1], enabled))
