"""Whether two labels of a bag can mean one drug: languages, salts, strengths, trade names and the short forms of wards."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST = 200
"""Characters of a drug's label that are remembered; no label is longer."""
_SHORT = 3
"""Letters that are enough to be the beginning of a name."""
_NOISES = (
    "mg mcg ug g ml l unit units iu meq mmol hcl hydrochloride sulfate sulphate bitartrate tartrate natrium in of ns bag iv inj injection infusion"
    " solution syringe premix conc std"
)
"""Salts, forms and measures: they do not make another drug."""
_NOISE = frozenset(_NOISES.split())
_SAME = (
    ("adrenaline", "epinephrine", "suprarenin", "epi"),
    ("noradrenaline", "norepinephrine", "levophed", "arterenol", "norepi", "norad"),
    ("paracetamol", "acetaminophen"),
    ("salbutamol", "albuterol"),
    ("lidocaine", "lignocaine"),
    ("furosemide", "frusemide", "lasix"),
    ("nitroglycerin", "glyceryl trinitrate", "glyceroltrinitrate", "gtn", "ntg"),
    ("pethidine", "meperidine"),
    ("suxamethonium", "succinylcholine"),
    ("propofol", "diprivan"),
    ("midazolam", "versed", "dormicum"),
    ("fluorouracil", "fu"),
    ("potassium chloride", "kcl", "kaliumchlorid"),
    ("sodium chloride", "nacl", "natriumchlorid", "normal saline", "saline"),
    ("magnesium sulfate", "mgso", "magnesiumsulfat", "magnesium"),
    ("glucose", "dextrose"),
    ("vasopressin", "argipressin"),
    ("isoprenaline", "isoproterenol"),
)
"""International and American names, some trade names and short forms of one drug [K]."""
_SPELT = (("ph", "f"), ("th", "t"), ("y", "i"), ("ae", "e"), ("oe", "e"))
_ENDINGS = re.compile(r"(?:um|[aeio])\Z")


def same_drug(first: str, second: str) -> bool | None:
    """Whether two labels can mean one drug: the same name in another spelling, or one that says more or less; None if one gives no name.

    A label that is only a number of somebody's list names nothing.
    """
    ours, theirs = names(first), names(second)
    return _within(ours, theirs) or _within(theirs, ours) if ours and theirs else None


def names(label: str) -> frozenset[str]:
    """The words of a label that name what is in the bag, spelt alike."""
    return _names(label) if len(label) <= _LONGEST else _names.__wrapped__(label)


def _within(few: frozenset[str], many: frozenset[str]) -> bool:
    return all(any(_alike(one, other) for other in many) for one in few)


def _alike(one: str, other: str) -> bool:
    """The same word, or a ward's short form of it."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SHORT and long.startswith(short))


@lru_cache(maxsize=512)
def _names(label: str) -> frozenset[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", label.lower()) if not unicodedata.combining(one))
    words = [word for word in re.findall(r"[^\W_]+", plain) if word.isalpha() and len(word) > 1]
    text = f" {' '.join(map(_spelt, (word for word in words if word not in _NOISE)))} "
    for same in _spelt_alike():
        for name in same[1:]:
            text = text.replace(f" {name} ", f" {same[0]} ")
    return frozenset(text.split())


@lru_cache(maxsize=1)
def _spelt_alike() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(" ".join(_spelt(word) for word in name.split() if word not in _NOISE) for name in same) for same in _SAME)


def _spelt(word: str) -> str:
    """``noradrenaline``, ``Noradrenalin`` and ``noradrenalina`` are spelt alike."""
    for other, letter in _SPELT:
        word = word.replace(other, letter)
    return _ENDINGS.sub("", word) if len(word) > 5 else word  # noqa: PLR2004 - short words have no endings to spare
