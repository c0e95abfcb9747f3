"""How well the reading stage finds credentials in text, on sets that others labelled, beside detect-secrets on the same inputs.

    python bench/text_secrets.py [--data ../shared/data] [--peer PYTHON] [--list]

The sets lie under DATA/g_secrets (or under ASEPSIS_SHARED_DATA), and are not part of this project; a set that is not there is left out, with a
line. Scoring:

A secret that is said with the reason why it is none (a placeholder, a made-up token) is *dismissed*: a user can list it, and it opens nothing.
It counts as missed, and is shown in a column of its own.

The sets label documentation values and defused keys as secrets, too. *recall* is over all labels; *apart* are the labels that hold no secret by their
own words (the criteria of ``labels_without_secret.py``, which know nothing of Asepsis), found or not; *of rest* is the recall over the others. A
label of a line is judged by its line.

- rule examples (Nosey Parker, Kingfisher): one text each, labelled *holds a secret* or *holds none*. Found means that at least one secret,
  key or hash is said of the text that is not dismissed as a placeholder. A negative example in which anything is said is a false alarm. A negative
  example of one rule that is a positive one of another is left out; the rest may still hold a secret that the rule is not about.
- files (CredSweeper, detect-secrets): line by line. A line that the set names counts as found if something is said of that line; a
  line that the set does not name and of which something is said is a false alarm. What CredSweeper names is its own reference output,
  except for files called ``…_n`` and ``…_p``, which people labelled. Only files that are text are scored: the others need unpacking.

Each text is scored as *in scope* (what a medical device can hold: see SCOPE) or as *other services*: the keys of some three hundred web
services that have no form of their own, for which a rule would be a guess by the service's name. Identifiers and public keys, which some
sets label as secrets, are out of scope too: nobody can do anything with them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from labels_without_secret import reason

from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.guard.limits import STANDARD
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import PasswordHash, PrivateKey, StoredSecret
from asepsis.model.where import Where

ROOT = Path(__file__).parents[1]
FACTS = 10_000
SCOPE = re.compile(
    r"age|aiven|artifac\w+|auth0|aws|azure|azurestorage|blynk|cloudflare|confluent|credentials|databricks|datadog|digitalocean|django|dockerhub|dynatrace"
    r"|ecostruxureit|elasticemail|gcp|generic|github|gitlab|google|gradle|grafana|hashicorp|honeycomb|http|ibm|jenkins|jwt|kubernetes"
    r"|mailchimp|mailgun|mandrill|microsoftteamswebhook|mongodb|msteams|netrc|newrelic|npm|nuget|odbc|okta|opsgenie|packagecloud|pagerduty|particleio"
    r"|pem|phpmailer|postgres|postmark|privkey|psexec|pubnub|pwhash|pypi|rabbitmq|rubygems|scaleway|sendgrid|sendinblue|slack|snowflake|sonarqube"
    r"|sparkpost|splunk|stripe|tailscale|telegram|thingsboard|truenas|twilio|ubidots|uri|vmware|wireguard|zerotier"
)
"""Families of rules whose secrets a device can hold: clouds, IoT, databases, mail, alarms, telemetry, log-ins, source, packages, networks."""
IDENTIFIERS = re.compile(
    r"\b(?:client id|account id|account name|app id|username|user name|user id|public key|recipient|bucket|hostname|host|url|domain|endpoint"
    r"|access key id|session id|api key id|organization id|org name|account identifier|email|base)\b(?!.*(?:secret|webhook))|^np\.(?:s3|gcs)\.",
    re.IGNORECASE,
)
"""Names of rules that find something nobody can use by itself."""


@dataclass(slots=True)
class Score:
    """Counts of one set in one scope."""

    found: int = 0
    dismissed: int = 0
    missed: int = 0
    alarms: int = 0
    silent: int = 0
    apart: int = 0
    found_apart: int = 0
    notes: list[str] = field(default_factory=list)

    def label(self, text: str, *, found: bool, dismissed: bool) -> str:
        """Count a label; how it went, for the list."""
        why = reason(text)
        self.found += found
        self.dismissed += dismissed and not found
        self.missed += not found and not dismissed
        self.apart += bool(why)
        self.found_apart += bool(why) and found
        went = "" if found else "dismissed" if dismissed else "missed"
        return f"{went} (the sample {why})" if went and why else went

    def row(self, name: str) -> str:
        """One line of the table."""
        positives = self.found + self.dismissed + self.missed
        recall, rest = _share(self.found, positives), _share(self.found - self.found_apart, positives - self.apart)
        none, precision = self.silent + self.alarms, _share(self.found, self.found + self.alarms)
        return f"{name:44} {positives:5} {none:5}   {recall:>6} {self.apart:6} {rest:>8} {self.dismissed:9} {precision:>9} {self.alarms:7}"


def _share(some: int, everything: int) -> str:
    return f"{some / everything:.3f}" if everything else "-"


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text: lines (from 1) that hold a secret, or None where only the whole is labelled, as ``secret``."""

    name: str
    scope: str
    path: str
    data: bytes
    secret: bool
    lines: frozenset[int] | None = None


Said = tuple[frozenset[int], frozenset[int]]
"""The lines of a text of which a secret is said, and those of which one is said and dismissed."""


def ours(texts: Iterable[Text]) -> Iterator[Said]:
    """The lines of each text of which a secret, key or hash is said."""
    patterns = PatternPass(PATTERN_READERS)
    for text in texts:
        source = BoundedSource(text.data, Where("e1", text.path), Redactor(b"0123456789abcdef"), STANDARD)
        look = Look(source, FACTS)
        look.with_readers(FILE_READERS)
        look.with_patterns(patterns)
        facts = [fact for fact in look.facts if isinstance(fact, (StoredSecret, PrivateKey, PasswordHash))]
        yield _lines(text, [one for one in facts if not _is_none(one)]), _lines(text, [one for one in facts if _is_none(one)])


def _is_none(fact: StoredSecret | PrivateKey | PasswordHash) -> bool:
    return bool(fact.secret.placeholder) or (isinstance(fact, PrivateKey) and bool(fact.public_test_key))


def _lines(text: Text, facts: Iterable[StoredSecret | PrivateKey | PasswordHash]) -> frozenset[int]:
    return frozenset(fact.where.line or text.data[: fact.where.offset or 0].count(b"\n") + 1 for fact in facts)


def peers(texts: list[Text], python: Path) -> Iterator[Said]:
    """The same from detect-secrets, run once over all texts as files, with its defaults."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            path = Path(folder, str(number), Path(text.path).name)
            path.parent.mkdir()
            path.write_bytes(text.data)
        command = [str(python), "-m", "detect_secrets", "scan", "--all-files", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
        results = json.loads(done.stdout)["results"]
    by_number: dict[str, set[int]] = {}
    for name, secrets in results.items():
        by_number.setdefault(name.split("/")[0], set()).update(secret["line_number"] for secret in secrets)
    for number in range(len(texts)):
        yield frozenset(by_number.get(str(number), ())), frozenset()


def score(texts: list[Text], said: Iterable[Said]) -> dict[str, Score]:
    """Counts by scope."""
    scores: dict[str, Score] = {}
    for text, (lines, dismissed) in zip(texts, said, strict=True):
        one = scores.setdefault(text.scope, Score())
        if text.lines is None:
            _whole(text, lines, dismissed, one)
        else:
            _by_line(text, text.lines, lines, dismissed, one)
    return scores


def _whole(text: Text, lines: frozenset[int], dismissed: frozenset[int], one: Score) -> None:
    sample = text.data.decode("utf-8", "replace")
    if text.secret:
        what = one.label(sample, found=bool(lines), dismissed=bool(dismissed))
    else:
        one.alarms += bool(lines)
        one.silent += not lines
        what = "alarm" if lines else ""
    if what:
        one.notes.append(f"{what} {text.name}: {sample[:160]!r}")


def _by_line(text: Text, wanted: frozenset[int], said: frozenset[int], dismissed: frozenset[int], one: Score) -> None:
    rows = text.data.split(b"\n")
    one.alarms += len(said - wanted)
    one.silent += len(rows) - len(wanted | said)
    for number in sorted(wanted | said):
        row = rows[number - 1] if number <= len(rows) else b""
        found, none = number in said, number in dismissed
        what = one.label(row.decode("utf-8", "replace"), found=found, dismissed=none) if number in wanted else "alarm"
        if what:
            one.notes.append(f"{what} {text.name}:{number}: {row[:160]!r}")


def rule_examples(file: Path) -> Iterator[Text]:
    """Nosey Parker's and Kingfisher's examples."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    secrets = {row["text"].strip() for row in rows if row["secret"]}
    for row in rows:
        if not row["secret"] and row["text"].strip() in secrets:
            continue
        family = row["rule"].split(".")[1]
        scope = (
            "identifiers"
            if IDENTIFIERS.search(row["name"]) or IDENTIFIERS.search(row["rule"])
            else "in scope"
            if SCOPE.fullmatch(family)
            else "other services"
        )
        yield Text(f"{row['rule']} ({row['name']})", scope, "opt/sample", row["text"].encode(), bool(row["secret"]))


NO_SECRET = re.compile(r"UUID|ID$|Nonce|IPv")


def credsweeper(folder: Path, truth: Path) -> Iterator[Text]:
    """CredSweeper's sample files that are text."""
    for name, entry in sorted(json.loads(truth.read_text("utf-8")).items()):
        file = folder / name
        data = file.read_bytes() if file.is_file() else b"\0"
        if b"\0" in data:
            continue
        expected = [one for one in entry["expected"] if not NO_SECRET.search(one["rule"])]
        lines = frozenset(int(one["line"]) for one in expected if one.get("line"))
        labelled = name.removesuffix(".template").endswith(("_n", "_p", "_f"))
        yield Text(name, "labelled by people" if labelled else "reference output", f"opt/{name}", data, bool(lines), lines)


def detect_secrets(folder: Path) -> Iterator[Text]:
    """detect-secrets' own test files, by its baseline."""
    results = json.loads((folder / "baseline.file").read_text("utf-8"))["results"]
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {"baseline.file", "word_list.txt"}):
        name = str(file.relative_to(folder))
        lines = frozenset(one["line_number"] for one in results.get(name, ()))
        yield Text(name, "its own baseline", f"opt/{name}", file.read_bytes(), bool(lines), lines)


def sets(data: Path) -> Iterator[tuple[str, list[Text]]]:
    """Every set that is there; a line for each that is not."""
    base = data / "g_secrets"
    makers: dict[str, tuple[Path, Callable[[], Iterator[Text]]]] = {
        "Nosey Parker": (base / "noseyparker_rule_examples.jsonl", lambda: rule_examples(base / "noseyparker_rule_examples.jsonl")),
        "Kingfisher": (base / "kingfisher_rule_examples.jsonl", lambda: rule_examples(base / "kingfisher_rule_examples.jsonl")),
        "CredSweeper": (base / "credsweeper_samples", lambda: credsweeper(base / "credsweeper_samples", base / "credsweeper_samples.truth.json")),
        "detect-secrets": (base / "detect_secrets_test_data", lambda: detect_secrets(base / "detect_secrets_test_data")),
    }
    for name, (place, make) in makers.items():
        if place.exists():
            yield name, list(make())
        else:
            print(f"{name}: not present, left out")


def main() -> int:
    """Print the table; 1 if no set is there."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(os.environ.get("ASEPSIS_SHARED_DATA", ROOT.parent / "shared" / "data")))
    arguments.add_argument("--peer", type=Path, help="a Python in whose environment detect-secrets is installed")
    arguments.add_argument("--list", action="store_true", help="name every miss and false alarm")
    options = arguments.parse_args()
    head = f"{'set, scope, tool':44} {'with':>5} {'none':>5}   {'recall':>6} {'apart':>6} {'of rest':>8}"
    print(f"{head} {'dismissed':>9} {'precision':>9} {'alarms':>7}")
    scored = 0
    for name, texts in sets(options.data):
        tools = [("asepsis", score(texts, ours(texts)))]
        if options.peer:
            tools.append(("detect-secrets", score(texts, peers(texts, options.peer))))
        for scope in sorted({text.scope for text in texts}):
            for tool, scores in tools:
                print(scores[scope].row(f"{name}, {scope}, {tool}"))
        for note in (note for one in tools[0][1].values() for note in one.notes) if options.list else ():
            print(f"    {note}")
        scored += len(texts)
    if not options.peer:
        print("detect-secrets: not run (--peer names a Python that has it)")
    return 0 if scored else 1


if __name__ == "__main__":
    sys.exit(main())
