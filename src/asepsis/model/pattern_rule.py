"""A pattern rule: what to search for in any file, when it counts, what it then says, and the examples that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field

from asepsis.model.fact import Confidence
from asepsis.model.finding import Weakness
from asepsis.model.secret import SecretForm, SecretKind


@dataclass(frozen=True, slots=True)
class Expression:
    """One byte regex of a rule, in the syntax of Python's ``re``.

    Its groups ``secret``, ``subject`` (whose it is) and ``name`` (what the file calls it) are told apart. ``engine`` is what the pattern
    engine looks for; without it, the regex less its look-arounds. It may end earlier than the regex does, but inside it. ``before`` must
    cover the longest match, ``after`` what the regex looks at behind the engine's end; both in bytes.
    """

    regex: str
    name: str = ""
    engine: str = ""
    any_case: bool = False
    before: int = 256
    after: int = 64


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a match is none: ``regex`` is searched in a part ``of`` it (``secret``, ``name``, ``line``, ``comment``, ``path``).

    The ``comment`` is what precedes it in a comment of several lines, in XML or C. ``listed`` ones are kept as dismissed; the others
    would be noise.
    """

    name: str
    reason: str
    regex: str
    of: str = "secret"
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """When a match counts.

    ``paths`` and ``not_paths`` are globs, of the file's name or, with a slash, of its whole path, in small letters. ``content`` is ``text``,
    ``binary`` or ``any``. Each pattern named in ``near`` must match within ``within`` bytes, none of ``absent`` may. ``length`` bounds
    the secret's characters, ``min_distinct`` how many of them differ, ``min_entropy`` its bits a character (Shannon).
    """

    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()
    content: str = "any"
    near: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    within: int = 512
    length: tuple[int, ...] = ()
    min_distinct: int = 0
    min_entropy: float = 0.0


@dataclass(frozen=True, slots=True)
class Emission:
    """What a match says: a stored secret of a ``kind``, or a ``weakness`` of a class with its CWE number.

    ``opens`` is the service that the secret is for, ``store`` the format that holds it, ``subject`` whose it is where the match does not
    say, ``decode`` what is undone before (``base64``, ``pair``: USER:SECRET).
    """

    kind: SecretKind | None = None
    weakness: Weakness | None = None
    cwe: int = 0
    form: SecretForm = SecretForm.CLEARTEXT
    opens: str = ""
    store: str = "source"
    subject: str = ""
    decode: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class Example:
    """A ``text``, and the secrets (or, for a weakness, the matches) that must be found in it: none if it is a negative one."""

    text: str
    finds: tuple[str, ...] = ()
    path: str = "opt/device/settings"


@dataclass(frozen=True, slots=True)
class PatternRule:
    """A rule. ``generic`` ones yield to others where both match; ``exempt`` names exemptions of its file or of the shipped ones."""

    id: str
    title: str
    pattern: tuple[Expression, ...]
    emits: Emission
    example: tuple[Example, ...]
    when: Condition = field(default_factory=Condition)
    exempt: tuple[str, ...] = ()
    generic: bool = False
    references: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    """Filled in when the file is read: those that ``exempt`` names."""
