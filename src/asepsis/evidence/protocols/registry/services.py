r"""What Windows starts by itself: services, and programs at log-on. No I/O.

``Services\NAME``: ``Type`` 0x10 and 0x20 are programs (1 and 2 drivers), ``Start`` 2 is at start, 3 on request, 4 never; ``ImagePath`` is the command
line, ``ObjectName`` the account. ``CurrentVersion\Run`` holds a command line in each value.
"""

from __future__ import annotations

from asepsis.evidence.protocols.registry.key import Key
from asepsis.evidence.protocols.registry.security_software import AT_START, NEVER, ON_REQUEST, security_software
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.protocols.shown import shown
from asepsis.evidence.protocols.started import service
from asepsis.evidence.protocols.windows_commands import in_command
from asepsis.evidence.protocols.windows_programs import HOSTS, command_words, file_name, way_of
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StartedProgram, StoredSecret
from asepsis.model.secret import SecretForm
from asepsis.model.where import Where

_PROGRAM_TYPES = 0x30


def one_service(source: BoundedSource, key: Key, emit: Emit) -> None:
    """One service of Windows: started, the way in it opens, secrets in its command line."""
    start, kind = key.number("start"), key.number("type")
    words = command_words(key.text("imagepath"))
    if start is not None:
        security_software(key, words, start, emit)
    if start is None or not (kind or 0) & _PROGRAM_TYPES:
        return
    where = key.place("imagepath", "start")
    _emit_secrets(source, where, words, emit)
    way = way_of(words, key.name)
    if start != ON_REQUEST and words and (way or file_name(words[0]) not in HOSTS):
        _emit_start(where, words, "windows-service", enabled=start <= AT_START, user=key.text("objectname"), emit=emit)
    if way:
        by_name = not words or file_name(words[0]) in HOSTS
        program = key.name if by_name else words[0].rsplit("/", 1)[-1]
        emit(service(where, way, program, None if start == ON_REQUEST else start != NEVER))


def at_log_on(source: BoundedSource, key: Key, emit: Emit) -> None:
    """Programs that start when somebody logs on."""
    for _, value in sorted(key.values.items()):
        words = command_words(value.text)
        if not words:
            continue
        _emit_secrets(source, value.where, words, emit)
        _emit_start(value.where, words, "registry-run", enabled=True, user="", emit=emit)
        way = way_of(words)
        if way:
            emit(service(value.where, way, words[0].rsplit("/", 1)[-1], enabled=True))


def _emit_start(where: Where, words: tuple[str, ...], by: str, *, enabled: bool, user: str, emit: Emit) -> None:
    emit(StartedProgram(where, words[0][:256], shown(words, (found.secret for found in in_command(words))), by, enabled, "", user[:64]))


def _emit_secrets(source: BoundedSource, where: Where, words: tuple[str, ...], emit: Emit) -> None:
    for found in in_command(words):
        redacted = stored(source, found.kind, SecretForm.CLEARTEXT, found.secret)
        emit(StoredSecret(where, redacted, "script", found.subject[:64], found.key_name[:64], found.opens))


_RUN = "software\\microsoft\\windows\\currentversion\\run"
MEANINGS = (
    ("system\\current\\services\\*", one_service),
    (_RUN, at_log_on),
    (_RUN + "once", at_log_on),
    (_RUN + "services", at_log_on),
    ("software\\microsoft\\windows\\currentversion\\policies\\explorer\\run", at_log_on),
)
