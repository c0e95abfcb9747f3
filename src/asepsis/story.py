"""The six verbs in order: the only place that knows all stages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from operator import attrgetter
from pathlib import Path as FilePath
from typing import Protocol

from asepsis.attack_paths.connect import Connected, connect, ways_left, with_paths
from asepsis.evidence.artefacts import CannotRead
from asepsis.evidence.read import read
from asepsis.evidence.rule_patterns import RuleFile, failures, user_rules
from asepsis.findings.accepted import counted, triage
from asepsis.findings.judge import judge
from asepsis.findings.rule import Context
from asepsis.findings.rules import RULES
from asepsis.findings.user_rules import rules_of
from asepsis.guard.limits import PROFILES
from asepsis.knowledge.load import KnowledgeBase, KnowledgeError, load, load_device, load_site, load_with_store
from asepsis.knowledge.pattern_rules import shipped_rules
from asepsis.knowledge.risk_data import RiskMatrix, load_answers, load_matrix
from asepsis.knowledge.stated_doses import load_stated_doses
from asepsis.knowledge.toml_file import read_text
from asepsis.knowledge.triage_file import load_triage
from asepsis.model.attack import Path
from asepsis.model.device import Device, Site
from asepsis.model.dose_assumptions import ASSUMED, DoseAssumptions
from asepsis.model.facts import DoseTraffic
from asepsis.model.finding import Finding
from asepsis.model.pattern_rule import PatternRule
from asepsis.model.plan import Actor, Control, Plan
from asepsis.model.rating import Answer, Rating
from asepsis.model.reading import Reading
from asepsis.model.record import to_record
from asepsis.model.study import SCHEMA, Study, Tool
from asepsis.model.triage import Accepted, AcceptedHarm, Triaged
from asepsis.plan.accepted import Told, accepted_harms, left_open
from asepsis.plan.choose import choose
from asepsis.plan.control import measures, priced
from asepsis.reports.study_file import StudyError
from asepsis.reports.study_file import load as load_study
from asepsis.risk.assumed import taken_for_granted
from asepsis.risk.rate import rate
from asepsis.version import __version__

Controls = tuple[Control, ...]
STAGES = ("read", "judge", "connect", "rate", "choose", "tell")


class CannotAssess(Exception):
    """The user asked for something that cannot be done; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose. ``as_of`` None is the knowledge's own date; ``digest_key`` None derives it from the evidence."""

    device: str = "generic"
    site: str | None = None
    profile: str = "standard"
    as_of: date | None = None
    digest_key: bytes | None = None
    matrix: str | None = None
    answers: str | None = None
    triage: str | None = None
    forbid: frozenset[str] = frozenset()
    only: frozenset[Actor] | None = None
    rules: tuple[str, ...] = ()
    db: str | None = None
    support: str | None = None
    publisher: str | None = None
    doses: str | None = None


class Watcher(Protocol):
    """Is told what happens; the command line shows it."""

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Entered when a stage starts, left when it ends."""

    def notice(self, text: str) -> None:
        """A line about the work in progress."""


class Silent:
    """Watches nothing."""

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Nothing."""
        return nullcontext(name)

    def notice(self, text: str) -> None:
        """Nothing."""


def run(evidence: Sequence[str], options: Options, watch: Watcher | None = None) -> Study:
    """Read, judge, connect, rate and choose. Raises ``CannotAssess``."""
    watch = watch or Silent()
    try:
        setting = prepare(options)
        with watch.stage("read"):
            reading = read(
                evidence,
                limits=PROFILES[options.profile],
                digest_key=options.digest_key,
                notice=watch.notice,
                rules=setting.rule_files,
                doses=setting.doses,
            )
        return conclude(reading, setting, watch)
    except (KnowledgeError, CannotRead) as error:
        raise CannotAssess(str(error)) from error


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything a study rests on beside the evidence."""

    options: Options
    knowledge: KnowledgeBase
    device: Device
    site: Site
    as_of: date
    matrix: RiskMatrix | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    rule_files: tuple[RuleFile, ...] = ()
    rules: tuple[PatternRule, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    doses: DoseAssumptions = ASSUMED

    @property
    def controls(self) -> Controls:
        """The counter-measures at what they cost the patients of this device."""
        return priced(self.knowledge.controls(), self.device.losses)


def prepare(options: Options) -> Setting:
    """Load what the options name. Raises ``KnowledgeError`` or ``CannotAssess`` before any evidence is touched."""
    knowledge = load_with_store(options.db, options.support)
    own = options.device.endswith(".toml") or "/" in options.device  # rather than the id of a shipped one
    device = load_device(FilePath(options.device)) if own else knowledge.device(options.device)
    _check_controls(knowledge, (*options.forbid, *(loss.control for loss in device.losses)))
    site = load_site(FilePath(options.site)) if options.site else knowledge.site()
    matrix = load_matrix(FilePath(options.matrix)) if options.matrix else None
    answers = load_answers(FilePath(options.answers)) if options.answers else {}
    rule_files = tuple((name, read_text(FilePath(name))) for name in options.rules)
    rules = user_rules(rule_files)
    accepted = load_triage(FilePath(options.triage)) if options.triage else ()
    doses = load_stated_doses(FilePath(options.doses)) if options.doses else ASSUMED
    return Setting(options, knowledge, device, site, options.as_of or knowledge.date, matrix, answers, rule_files, rules, accepted, doses)


def conclude(reading: Reading, setting: Setting, watch: Watcher | None = None) -> Study:
    """The five verbs after reading."""
    watch = watch or Silent()
    with watch.stage("judge"):
        context = Context(setting.knowledge, setting.as_of, setting.knowledge.vulnerabilities, device=setting.device, doses=setting.doses)
        judged = judge(reading, context, (*RULES, *rules_of(setting.rules)))
        triaged = triage(setting.accepted, judged.findings, setting.as_of)
        findings = counted(judged.findings, triaged)
    with watch.stage("connect"):
        connected = connect(findings, setting.device, setting.site)
    with watch.stage("rate"):
        ratings = _rate(connected, findings, setting)
    with watch.stage("choose"):
        plans = _plans(connected, ratings, setting)
        told = _with_reasons(connected, ratings, plans, findings, setting)
        if told.paths != connected.paths:
            connected, ratings = told, _rate(told, findings, setting)
            plans = _plans(connected, ratings, setting)
        beside = _accepted_harms(connected, ratings, plans[0], triaged, judged.findings, setting)
    return Study(
        schema_=SCHEMA,
        tool=Tool("asepsis", __version__, _options(setting)),
        knowledge=setting.knowledge.used(setting.as_of),
        device=setting.device,
        site=setting.site,
        evidence=reading.evidence,
        coverage=reading.coverage,
        facts=tuple(map(to_record, reading.facts)),
        findings=judged.findings,
        not_found=judged.not_found,
        not_assessed=judged.not_assessed,
        problems=tuple(sorted({*reading.problems, *judged.problems}, key=lambda problem: problem.sort_key)),
        paths=connected.paths,
        ratings=ratings,
        plan=plans[0],
        assumptions=taken_for_granted(findings, connected.paths, setting.device, setting.site, setting.matrix, _of_doses(reading, setting)),
        alternatives=plans[1:],
        dismissed=judged.dismissed,
        triage=triaged,
        accepted_harms=beside,
        shared=judged.shared,
        vulnerabilities=judged.matches,
        inventory=judged.inventory,
    )


def replan(study: Study, *, forbid: frozenset[str] = frozenset(), only: frozenset[Actor] | None = None) -> Study:
    """The same study with another plan: connect and rate again from its findings, then choose under the user's wishes."""
    knowledge = load()
    _check_controls(knowledge, forbid)
    connected = with_paths(connect(counted(study.findings, study.triage), study.device, study.site), study.paths)
    controls = priced(knowledge.controls(), study.device.losses)
    plan = _plan(connected, study.ratings, controls, forbid, only)
    setting = Setting(Options(), knowledge, study.device, study.site, date.fromisoformat(study.knowledge.as_of))
    beside = _accepted_harms(connected, study.ratings, plan, study.triage, study.findings, setting)
    key = attrgetter("function", "effect", "feasibility", "many_patients")
    said = {key(one): one.acceptable for one in study.accepted_harms}  # by the user's own matrix
    beside = tuple(replace(one, acceptable=said.get(key(one), one.acceptable)) for one in beside)
    return replace(study, plan=plan, alternatives=_alternatives(connected, study.ratings, controls, forbid), accepted_harms=beside)


def open_study(path: FilePath) -> Study:
    """The study in a file that ``assess -o json=…`` wrote. Raises ``CannotAssess``."""
    try:
        return load_study(path.read_bytes())
    except OSError as error:
        raise CannotAssess(f"cannot open {path}: {error.strerror}") from error
    except StudyError as error:
        raise CannotAssess(f"{path}: {error}") from error


def _options(setting: Setting) -> dict[str, str]:
    """The choices that change a result, by name. Paths of the user's machine are none of them."""
    options = setting.options
    chosen = {
        "device": setting.device.id,
        "site": setting.site.name,
        "profile": options.profile,
        "digest_key": "of the project" if options.digest_key else "of the evidence",
        "forbid": ",".join(sorted(options.forbid)),
        "only": ",".join(sorted(options.only or ())),
        "rules": ",".join(f"SHA-256 {sha256(text.encode()).hexdigest()}" for _, text in setting.rule_files),
        "support": f"SHA-256 {setting.knowledge.stated.digest}" if options.support else "",
        "publisher": options.publisher or "",
        "doses": ",".join(f"{name} {getattr(setting.doses, name):g}" for name in setting.doses.stated),
    }
    return {name: value for name, value in chosen.items() if value}


def _rate(connected: Connected, findings: Sequence[Finding], setting: Setting) -> tuple[Rating, ...]:
    """Rate, with people's answers. An answer to a question that no scheme asks is the user's mistake, so it is said as such."""
    try:
        return rate(connected.paths, findings, setting.device, setting.site, overrides=setting.answers, matrix=setting.matrix)
    except ValueError as error:
        if not setting.answers:
            raise
        raise CannotAssess(f"{setting.options.answers}: {error}") from error


def _of_doses(reading: Reading, setting: Setting) -> tuple[str, ...]:
    """What was taken for granted when doses were compared, if any were."""
    return setting.doses.said() if any(isinstance(fact, DoseTraffic) for fact in reading.facts) else ()


def _check_controls(knowledge: KnowledgeBase, named: Iterable[str]) -> None:
    known = {control.id for control in knowledge.controls()}
    unknown = sorted(set(named) - known)
    if unknown:
        raise CannotAssess(f"no such control: {', '.join(unknown)} (`asepsis controls` lists them)")


def _plan(connected: Connected, ratings: Sequence[Rating], controls: Controls, forbid: frozenset[str], only: frozenset[Actor] | None) -> Plan:
    """A harm is unacceptable if one of its paths is rated so."""
    return choose(connected.graph, _unacceptable(connected, ratings), controls, paths=connected.paths, forbid=forbid, only=only)


def _unacceptable(connected: Connected, ratings: Sequence[Rating]) -> list[int]:
    bad = {rating.path for rating in ratings if not rating.acceptable}
    harms = {(path.harm.device, path.harm.function, path.harm.effect) for path in connected.paths if path.id in bad}
    return [node.atom for node in connected.graph.harms if (node.device, node.function, node.effect) in harms]


def _plans(connected: Connected, ratings: Sequence[Rating], setting: Setting) -> tuple[Plan, ...]:
    """The plan, and its alternatives."""
    forbid = setting.options.forbid
    plan = _plan(connected, ratings, setting.controls, forbid, setting.options.only)
    return (plan, *_alternatives(connected, ratings, setting.controls, forbid))


def _with_reasons(connected: Connected, ratings: Sequence[Rating], plans: Iterable[Plan], findings: Sequence[Finding], setting: Setting) -> Connected:
    """For each control of a plan that closes none of the told paths, the path that stays open without it: nobody should act without a reason."""
    taken = {measure.key: measure.leaves for measure in measures(connected.graph, setting.controls)}
    goals = _unacceptable(connected, ratings)
    more: list[Path] = []
    for plan in plans:
        for control in (one for one in plan.controls if not one.cuts):
            others = frozenset().union(*(taken[one.id, one.device] for one in plan.controls if one != control))
            more += ways_left(connected, findings, setting.device, goals, others)[:1]
    return with_paths(connected, more)


def _accepted_harms(
    connected: Connected, ratings: Sequence[Rating], plan: Plan, triaged: Sequence[Triaged], findings: Sequence[Finding], setting: Setting
) -> tuple[AcceptedHarm, ...]:
    """What stays possible after the plan because findings were accepted, seen in the graph of all findings."""
    accepted = {finding.id for finding in findings} - {finding.id for finding in counted(findings, triaged)}
    if not accepted:
        return ()
    whole = connect(findings, setting.device, setting.site)
    left = left_open(whole.graph, plan, setting.controls)
    paths = (*ways_left(whole, findings, setting.device, left.atoms, left.taken), *left.untouched(whole.paths))
    ways = tuple({path.id: path for path in paths}.values())
    told = Told(left_open(connected.graph, plan, setting.controls), connected.paths, ratings)
    return accepted_harms(ways, _rate(replace(connected, paths=ways), findings, setting), told, accepted)


def _alternatives(connected: Connected, ratings: Sequence[Rating], controls: Controls, forbid: frozenset[str]) -> tuple[Plan, ...]:
    """What the maker alone and the hospital alone can do; nothing if no plan is needed."""
    if all(rating.acceptable for rating in ratings):
        return ()
    return tuple(_plan(connected, ratings, controls, forbid, frozenset({actor})) for actor in (Actor.MAKER, Actor.HOSPITAL))


@dataclass(frozen=True, slots=True)
class Page:
    """What Asepsis knows of one thing: its id, title, and a text to read."""

    id: str
    title: str
    text: str


def rule_pages() -> tuple[Page, ...]:
    """The rules; the text is the page that the rule's own documentation makes."""
    from asepsis.findings.pages import page

    return tuple(Page(rule.INFO.id, rule.INFO.title, page(rule).partition("\n\n")[2]) for rule in RULES)


def pattern_pages() -> tuple[Page, ...]:
    """The shipped pattern rules, with what they look for and when it counts."""
    return tuple(Page(rule.id, rule.title, _pattern_text(rule)) for rule in shipped_rules())


def _pattern_text(rule: PatternRule) -> str:
    said = rule.emits.kind.value if rule.emits.kind else f"{rule.emits.weakness}, CWE-{rule.emits.cwe}"
    lines = [
        f"{rule.id}  {rule.title}",
        f"  says:       {said}, {rule.emits.confidence.value}" + (f", for {rule.emits.opens}" if rule.emits.opens else ""),
    ]
    lines += [f"  looks for:  {one.regex}" for one in rule.pattern]
    lines += [f"  not if:     {one.reason} ({one.name})" for one in rule.exemptions]
    lines += [f"  reference:  {one}" for one in rule.references]
    return "\n".join(lines)


def check_rules(files: Sequence[str]) -> tuple[int, int, tuple[str, ...]]:
    """How many rules and examples the files hold, and a line for each example that fails. Raises ``CannotAssess`` for a broken file."""
    try:
        rules = user_rules(tuple((name, read_text(FilePath(name))) for name in files))
    except KnowledgeError as error:
        raise CannotAssess(str(error)) from error
    lines = tuple(f"{failure.rule}: example {failure.number}: {failure.what}" for failure in failures(rules))
    return len(rules), sum(len(rule.example) for rule in rules), lines


def move_pages() -> tuple[Page, ...]:
    """The moves; the text is the move file."""
    from asepsis.attack_paths.move import moves

    return tuple(Page(move.id, move.title, move.text) for move in moves())


def control_pages() -> tuple[Page, ...]:
    """The counter-measures, with cost, loss and what they cut."""
    return tuple(Page(control.id, control.title, _control_text(control)) for control in load().controls())


def _control_text(control: Control) -> str:
    cuts = [f"    {cut.predicate}({', '.join(cut.args)})" for cut in control.cuts] or ["    nothing: it only raises the effort"]
    lines = [
        f"{control.id}  {control.title}",
        f"  do:     {control.do}",
        f"  who:    {', '.join(control.actors)}   lag: {control.lag}   once for each: {control.scope}",
        f"  cost:   {control.cost:g} of 5   clinical loss: {control.loss:g} of 3   {control.loss_note}".rstrip(),
        f"  FDA:    {', '.join(control.fda)}   IEC 62443-4-2: {', '.join(control.iec62443)}   MDS2: {', '.join(control.mds2)}",
        f"  source: {control.source} [{control.mark}]" + ("   partial: never counted as closing a path" if control.partial else ""),
        "  takes away:",
    ]
    return "\n".join(lines + cuts)
