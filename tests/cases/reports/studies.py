"""Studies made by hand for the reports: a pump with five classes of weakness, the same with published flaws, its mended twin, an empty one with
problems, a hostile one.
"""

from __future__ import annotations

from dataclasses import replace

from asepsis.model.attack import Harm, Path, PathStep
from asepsis.model.claim import claim
from asepsis.model.device import Barrier, BarrierState, Device, Function, HarmEntry, Interface, Link, Mark, Site
from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.evidence import Cause, Coverage, Evidence, EvidenceKind, Problem
from asepsis.model.facts import Confidence, Effect, Gives, Zone
from asepsis.model.finding import Certainty, Finding, NotAssessed, NotFound, Weakness
from asepsis.model.inventory import Item, ItemFile, ItemKind, SupportLevel
from asepsis.model.plan import Actor, ChosenControl, Plan, Proof, Remaining
from asepsis.model.rating import Answer, Rating, SchemeRating
from asepsis.model.record import FactRecord
from asepsis.model.secret import SecretKind
from asepsis.model.shared import PublicHalf, SharedSecret, Sharing
from asepsis.model.software import Justification, VexStatus
from asepsis.model.study import SCHEMA, Knowledge, Study, Tool
from asepsis.model.vulnerability import Feed, Match, Reached
from asepsis.model.where import Where

ROOT = "pump-1.4.bin!rootfs.squashfs!"
DOSE = Harm("pump", "set-dose", Effect.COMMAND, 5, "The pump gives a dose that nobody ordered", many_patients=True)
STOP = Harm("pump", "infuse", Effect.STOP, 5, "The infusion stops while the patient depends on it")
ALARM = Harm("pump", "alarm", Effect.READING, 4, "The pump stays silent when it should raise an alarm")
RECORD = Harm("pump", "record", Effect.RECORD, 2, "A stranger reads the patient's infusion record")


def at(path: str, *, line: int | None = None, offset: int | None = None, packet: int | None = None, evidence: str = "e1") -> Where:
    """A place in the pump's firmware."""
    return Where(evidence, (ROOT if evidence == "e1" else "") + path, offset, line, packet)


DEVICE = Device(
    id="infusion-pump",
    title="Infusion pump",
    functions=(
        Function("set-dose", "Set the dose", (HarmEntry(Effect.COMMAND, 5, DOSE.name, Mark.PROPOSAL, "facts table of harms"),)),
        Function("infuse", "Infuse", (HarmEntry(Effect.STOP, 5, STOP.name, Mark.PROPOSAL),)),
        Function("alarm", "Raise alarms", (HarmEntry(Effect.READING, 4, ALARM.name, Mark.PROPOSAL),)),
        Function("record", "Keep the record", (HarmEntry(Effect.RECORD, 2, RECORD.name, Mark.KNOWLEDGE),)),
    ),
    barriers=(
        Barrier("bedside-confirmation", "A nurse confirms each order at the pump", "set-dose", Effect.COMMAND, ("order",), BarrierState.CLAIMED),
    ),
    interfaces=(Interface("Wi-Fi", Zone.WIFI_RANGE), Interface("Ethernet", Zone.DEVICE_NETWORK, Mark.KNOWLEDGE)),
    source="shipped profile",
    date="2026-11-01",
    note="A large-volume pump on a ward.",
)
SITE = Site(
    "default hospital",
    (Zone.HOSPITAL_NETWORK, Zone.WIFI_RANGE, Zone.SECOND_HAND_UNIT),
    (Link(Zone.HOSPITAL_NETWORK, Zone.DEVICE_NETWORK),),
    (Zone.DEVICE_NETWORK,),
    {"WARD-DEVICES": Zone.DEVICE_NETWORK},
    source="shipped site",
)

WIFI = Finding(
    id="F-000000000001",
    rule="wifi_passphrase_in_clear",
    weakness=Weakness.WIFI_SECRET_STORED,
    cwe=(312, 522),
    title="The passphrase of the Wi-Fi network WARD-DEVICES can be read from the pump",
    subject="WARD-DEVICES",
    certainty=Certainty.ENABLED,
    confidence=Confidence.CONFIRMED,
    locations=(at("etc/wpa_supplicant.conf", line=7),),
    claims=(claim("secret", "this", "5f2a", "wifi", "cleartext"), claim("opens_network", "5f2a", "device_network")),
    shown_by=("wpa_supplicant is started by inittab",),
    facts=("Wi-Fi passphrase, 14 characters, in clear, digest 5f2a61c09d7be314",),
    assumes=("Whoever holds this passphrase gets into the medical-device network",),
    fixed_by=("maker", "hospital"),
)
TELNET = Finding(
    id="F-000000000002",
    rule="telnet_started",
    weakness=Weakness.REMOTE_MAINTENANCE_EXPOSED,
    cwe=(319, 306),
    title="The pump starts a telnet log-in on every network it is attached to",
    subject="telnet",
    certainty=Certainty.REACHABLE,
    confidence=Confidence.CONFIRMED,
    locations=(at("etc/inittab", line=12), at("usr/sbin/telnetd", offset=0)),
    claims=(claim("service", "this", "telnet", "device_network", "password"), claim("service_gives", "this", "telnet", "control")),
    shown_by=("inittab starts telnetd in run level 3", "telnetd listens on port 23 of every address"),
    facts=("telnetd is started by inittab", "A log-in gives a root shell"),
    fixed_by=("maker",),
)
PASSWORD = Finding(
    id="F-000000000003",
    rule="default_password",
    weakness=Weakness.HARD_CODED_CREDENTIAL,
    cwe=(798, 1392),
    title="The account root has a password that is public knowledge, the same in every unit",
    subject="root",
    certainty=Certainty.ENABLED,
    confidence=Confidence.CONFIRMED,
    locations=(at("etc/shadow", line=1),),
    claims=(
        claim("secret", "this", "aa01", "login", "cleartext"),
        claim("same_in_every_unit", "this", "aa01"),
        claim("accepts", "this", "aa01", "telnet"),
    ),
    facts=("md5 hash of root; a generic default matches it",),
)
FLOW = Finding(
    id="F-000000000004",
    rule="orders_in_clear",
    weakness=Weakness.INTERCEPTABLE_COMMUNICATION,
    cwe=(319, 345),
    title="Infusion orders travel unencrypted and unsigned",
    subject="pump server",
    certainty=Certainty.PRESENT,
    confidence=Confidence.LIKELY,
    locations=(Where("e2", "ward.pcap", packet=42),),
    claims=(claim("flow", "this", "orders", "device_network", "command"), claim("alterable", "this", "orders")),
    facts=("HL7 RDE^O11 orders in clear, port 2575",),
    fixed_by=("maker", "hospital"),
)
CRASH = Finding(
    id="F-000000000005",
    rule="crash_on_malformed_input",
    weakness=Weakness.DENIAL_OF_SERVICE,
    cwe=(400,),
    title="One malformed packet makes the pump restart",
    subject="pump-protocol",
    certainty=Certainty.DEMONSTRATED,
    confidence=Confidence.CONFIRMED,
    locations=(Where("e2", "ward.pcap", packet=977),),
    claims=(claim("vulnerable", "this", "restart", "device_network", "stop"),),
    shown_by=("the pump fell silent for 48 s after packet 977",),
    facts=("The pump stopped answering after packet 977 and came back by itself",),
)
OLD = Finding(
    id="F-000000000006",
    rule="unsupported_operating_system",
    weakness=Weakness.OUT_OF_DATE_SOFTWARE,
    cwe=(1104,),
    title="The Linux kernel 3.10 has had no security fixes since 2017",
    subject="linux 3.10",
    certainty=Certainty.PRESENT,
    confidence=Confidence.LIKELY,
    locations=(Where("e1", "pump-1.4.bin", offset=0x40),),
    claims=(claim("out_of_date", "this", "linux-3.10", "device_network"),),
    facts=("Kernel version 3.10.14; support of 3.10 ended on 2017-11-05",),
    assumes=("Unsupported software that can be reached can be taken over [P]",),
)


def step(
    move: str, sentence: str, technique: str = "", *, of: tuple[Finding, ...] = (), score: float = 2.8, assumes: tuple[str, ...] = ()
) -> PathStep:
    """A step that rests on findings."""
    return PathStep(
        move, sentence, technique, tuple(finding.id for finding in of), tuple(c for finding in of for c in finding.claims), score, assumes
    )


JOIN = step(
    "join_network",
    "Read the Wi-Fi passphrase from a second-hand pump and join the medical-device network",
    "T0860",
    of=(WIFI,),
    score=1.8,
    assumes=("The network of the ward uses the passphrase found",),
)
WALK = step(
    "cross_network",
    "Go from the hospital's network to the medical-device network",
    "T0886",
    assumes=("The default site lets the one network reach the other [P]",),
)
LOG_IN = step("log_in", "Log in to the pump over telnet as root with a password everybody knows", "T0859", of=(TELNET, PASSWORD), score=3.9)
TAKE = step("take_control", "Make the pump's own software set the dose", "T0831")
ALTER = step("alter_flow", "Change an infusion order on its way to the pump", "T0830", of=(FLOW,), score=1.6)
MUTE = step("mute", "Switch the alarm off as the pump's own software", "T0878")
SEND = step("crash", "Send the one packet that makes the pump restart", "T0814", of=(CRASH,), score=3.9)
READ = step("read_flow", "Listen to the unencrypted orders", "T0842", of=(FLOW,), score=2.1)


def path(number: int, start: str, harm: Harm, *steps: PathStep, barriers: tuple[str, ...] = (), because: tuple[str, ...] = ()) -> Path:
    """A path; its findings are those of its steps."""
    findings = tuple(sorted({finding for one in steps for finding in one.findings}))
    return Path(f"P-{number:012d}", start, harm, steps, findings, barriers, because)


EVERY_UNIT = ("The root password is the same in every unit",)
PATHS = (
    path(1, Zone.HOSPITAL_NETWORK, DOSE, WALK, LOG_IN, TAKE, because=EVERY_UNIT),
    path(2, Zone.SECOND_HAND_UNIT, DOSE, JOIN, LOG_IN, TAKE, because=EVERY_UNIT),
    path(3, Zone.HOSPITAL_NETWORK, replace(DOSE, many_patients=False), WALK, ALTER, barriers=("A nurse confirms each order at the pump",)),
    path(4, Zone.HOSPITAL_NETWORK, STOP, WALK, SEND),
    path(5, Zone.HOSPITAL_NETWORK, ALARM, WALK, LOG_IN, MUTE),
    path(6, Zone.SECOND_HAND_UNIT, RECORD, JOIN, READ),
)

SCHEMES = (
    SchemeRating(
        "patient_harm",
        "1",
        "unacceptable",
        answers=(Answer("severity", "S5", "profile: a dose nobody ordered"), Answer("feasibility", "high", "weakest hop 2.8")),
    ),
    SchemeRating("cvss4", "4.0", "critical", 9.3, "CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"),
    SchemeRating("cvss3", "3.1", "high", 8.8, "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    SchemeRating(
        "rubric",
        "1.0",
        "complete",
        answers=(
            Answer("XAV: from where can it be reached?", "A", "the service is bound to the medical-device network"),
            Answer("XUI: must a user take part?", "N", "nothing in the evidence asks for one", "worst-case"),
            Answer("XPS: can it hurt a patient?", "Y", "confirmed by the risk manager", "R. Example", "2026-11-20"),
        ),
    ),
    SchemeRating("ssvc", "2025", "immediate (hospital)", answers=(Answer("safety impact", "catastrophic", "S5, many patients"),)),
)


def rating(rank: int, number: int, severity: int, feasibility: str, *, acceptable: bool = False, schemes: tuple[SchemeRating, ...] = ()) -> Rating:
    """A rating with one reason."""
    word = "inside" if acceptable else "beyond"
    reasons = (f"S{severity} × {feasibility} feasibility is {word} the acceptance line",)
    return Rating(f"P-{number:012d}", severity, feasibility, acceptable, rank, reasons, "log_in", 3, Zone.HOSPITAL_NETWORK, "basic", schemes)


RATINGS = (
    rating(1, 1, 5, "high", schemes=SCHEMES),
    rating(2, 4, 5, "high", schemes=SCHEMES[:3]),
    rating(3, 2, 5, "medium", schemes=SCHEMES[:3]),
    rating(4, 3, 5, "medium"),
    rating(5, 5, 4, "high", schemes=SCHEMES[:3]),
    rating(6, 6, 2, "low", acceptable=True),
)
TELNET_OFF = ChosenControl(
    "M03",
    "infusion-pump",
    "Switch telnet off",
    "Take the telnet log-in out of the software",
    (Actor.MAKER,),
    1.0,
    0.0,
    "next release",
    ("P-000000000001", "P-000000000002", "P-000000000005"),
)
SEGMENT = ChosenControl(
    "M12",
    "",
    "Put the pumps behind an allow-list",
    "Let only the pump server reach the medical-device network",
    (Actor.HOSPITAL,),
    2.0,
    0.5,
    "weeks",
    ("P-000000000001", "P-000000000003", "P-000000000004", "P-000000000005"),
    "Remote viewing from other wards needs an exception",
)
MUTUAL_TLS = ChosenControl(
    "M08",
    "infusion-pump",
    "Protect the orders with mutual TLS",
    "Let the pump and its server prove to each other who they are",
    (Actor.MAKER, Actor.HOSPITAL),
    3.0,
    0.0,
    "next release",
    ("P-000000000003",),
)
MEND = ChosenControl(
    "M17",
    "infusion-pump",
    "Mend the component that fails",
    "Ship software that refuses the malformed packet",
    (Actor.MAKER,),
    3.0,
    0.0,
    "next release",
    ("P-000000000004",),
)
MAKER_ALONE = Plan(
    "optimal",
    (TELNET_OFF, MUTUAL_TLS, MEND),
    7.0,
    0.0,
    (),
    Proof("HiGHS integer program", 7.0, 7.0, 0.0, 3, 0, 41),
    only=("maker",),
)
"""Closes ways 1, 2 and 5; 3; 4: all of them."""
HOSPITAL_ALONE = Plan(
    "optimal",
    (SEGMENT,),
    2.0,
    0.5,
    (
        Remaining(
            "pump", "set-dose", "command", 5, DOSE.name, "What would stop it was left out: M03 Switch telnet off (the maker would have to act)."
        ),
    ),
    Proof("HiGHS integer program", 2.5, 2.5, 0.0, 3, 1, 41),
    only=("hospital",),
)
"""Leaves way 2, which begins with a second-hand unit and joins the network behind the allow-list."""
PLAN = Plan(
    status="optimal",
    controls=(TELNET_OFF, SEGMENT),
    cost=3.0,
    loss=0.5,
    remains=(Remaining("pump", "record", "record", 2, RECORD.name, "it is acceptable by the risk matrix"),),
    proof=Proof("HiGHS integer program", 3.5, 3.5, 0.0, 3, 0, 41),
    partial=("M22 Locked rooms and locked ports",),
    forbidden=("M14",),
    only=("hospital", "maker"),
)

FACTS = (
    FactRecord("Account", at("etc/passwd", line=1), {"name": "root", "uid": 0, "can_log_in": True}),
    FactRecord(
        "StoredSecret",
        at("etc/wpa_supplicant.conf", line=7),
        {
            "store": "wpa_supplicant",
            "subject": "WARD-DEVICES",
            "secret": {"kind": "wifi", "form": "cleartext", "length": 14, "digest": "5f2a61c09d7be314", "known_default": False},
        },
    ),
    FactRecord("Service", at("etc/inittab", line=12), {"name": "telnet", "port": 23, "gives": "control"}),
)
PROBLEM = Problem(
    Cause.MISSING_TOOL,
    Where("e1", "pump-1.4.bin!data.ubi", offset=0x40_0000),
    "no tool on this machine opens UBI images",
    "The pump's settings partition was not looked at",
)

NO_RADIO = "RadioLink was not looked for: needs a Bluetooth capture or the design of the device; this version reads firmware only"
DISMISSED = (
    Dismissed("default_password", Exemption.LOCKED, "the password of 'daemon' is locked", at("etc/shadow", line=2)),
    Dismissed("weak_hash", Exemption.LOCKED, "the password of 'daemon' is locked", at("etc/shadow", line=2)),
    Dismissed("private_key_shipped", Exemption.OTHER, "etc/ssl/ca.pem holds only a certificate"),
    Dismissed("wifi_passphrase_in_clear", Exemption.TEMPLATE_VARIABLE, "Wi-Fi password of 'guest': template variable", at("etc/wpa.in", line=3)),
)
SHARED = (
    SharedSecret(
        digest="5f2a61c09d7be314",
        kind=SecretKind.WIFI,
        what="Wi-Fi password",
        sharing=Sharing.ONE,
        evidence=("e1",),
        places=(at("etc/wpa_supplicant.conf", line=7), at("opt/backup/wpa.conf", line=7)),
        findings=("F-000000000001",),
    ),
)
LIBSSL = Item(
    id="sw-00000000000000a1",
    kind=ItemKind.PART,
    name="libssl1.1",
    version="1.1.1n-0+deb11u3",
    supplier="Debian OpenSSL Team",
    purl="pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=armhf&distro=debian-11&upstream=openssl",
    cpe="cpe:2.3:a:openssl:openssl:1.1.1n:*:*:*:*:*:*:*",
    licence="OpenSSL",
    files=(
        ItemFile(at("usr/lib/libcrypto.so.1.1"), "c1" * 32),
        ItemFile(at("usr/lib/libssl.so.1.1"), "c2" * 32),
    ),
    methods=("package list", "version string"),
    confidence=Confidence.CONFIRMED,
    where=(at("usr/lib/libcrypto.so.1.1", offset=512), at("usr/lib/libssl.so.1.1", offset=77), at("var/lib/dpkg/status", line=40)),
    declared=("sw-00000000000000a2",),
    unmet=("debconf",),
    dependencies_known=True,
    support=SupportLevel.NO_LONGER,
    end_of_support="2023-09-11",
    support_source="openssl 1.1.1 (endoflife.date, 2026-08-22) [V]",
)
LIBC = Item(
    id="sw-00000000000000a2",
    kind=ItemKind.PART,
    name="libc6",
    version="2.31-13",
    supplier="GNU Libc Maintainers",
    purl="pkg:deb/debian/libc6@2.31-13?arch=armhf&distro=debian-11",
    licence="see /usr/share/doc/libc6/copyright",
    methods=("package list",),
    confidence=Confidence.CONFIRMED,
    where=(at("var/lib/dpkg/status", line=20),),
    dependencies_known=True,
    support=SupportLevel.MAINTAINED,
    end_of_support="2028-08-31",
    support_source="as a package of debian 11: debian 11 (endoflife.date, 2026-08-22) [V]",
)
LINUX = Item(
    id="sw-00000000000000a3",
    kind=ItemKind.SYSTEM,
    name="Linux",
    version="3.10.14",
    cpe="cpe:2.3:o:linux:linux_kernel:3.10.14:*:*:*:*:*:*:*",
    methods=("version string",),
    where=(Where("e1", "pump-1.4.bin", offset=0x40),),
    support=SupportLevel.NO_LONGER,
    end_of_support="2017-11-05",
    support_source="linux 3.10 (endoflife.date, 2026-08-22) [V]",
)
PUMPD = Item(
    id="sw-00000000000000a4",
    kind=ItemKind.PROGRAM,
    name="pumpd",
    architecture="ARM",
    files=(ItemFile(at("opt/pump/pumpd"), "c4" * 32),),
    confidence=Confidence.CONFIRMED,
    where=(at("opt/pump/pumpd"),),
    linked=("sw-00000000000000a1", "sw-00000000000000a2"),
    dependencies_known=True,
    support_source="not recognised, so its support is not known",
)
INVENTORY = (LIBC, LIBSSL, LINUX, PUMPD)
PUMP = Study(
    schema_=SCHEMA,
    tool=Tool("asepsis", "0.1.0", {"profile": "standard", "fail-on": "S4"}),
    knowledge=Knowledge("2026-11-01", "2026-11-20", ("end-of-support table, CC0, 2026-08-22", "device profiles, Apache-2.0, 2026-11-01")),
    device=DEVICE,
    site=SITE,
    evidence=(
        Evidence("e1", EvidenceKind.FIRMWARE, "pump-1.4.bin", "a3" * 32, 16_777_216),
        Evidence("e2", EvidenceKind.PCAP, "ward.pcap", "b7" * 32, 1_048_576),
    ),
    coverage=Coverage(17_825_792, 15_000_000, 61_000_000, 812, 143, 96, ("pump-1.4.bin!data.ubi",), (EvidenceKind.MDS2, EvidenceKind.SBOM)),
    facts=FACTS,
    findings=(WIFI, TELNET, PASSWORD, FLOW, CRASH, OLD),
    not_found=(NotFound("private_key_shipped", ("etc/ssl/ca.pem holds only a certificate",)),),
    not_assessed=(
        NotAssessed("patient_data_exposed", "PatientDataStore was not looked for: this version does not look into databases and records"),
        NotAssessed("patient_data_exposed", NO_RADIO),
        NotAssessed("radio_link_replayable", NO_RADIO),
        NotAssessed("unsigned_update", "whether update.sh checks a signature is not known (pump-1.4.bin)"),
    ),
    problems=(PROBLEM,),
    paths=PATHS,
    ratings=RATINGS,
    plan=PLAN,
    assumptions=("Harm levels of the infusion pump profile [P]", "The hospital's network reaches the medical-device network [P]"),
    alternatives=(MAKER_ALONE, HOSPITAL_ALONE),
    dismissed=DISMISSED,
    shared=SHARED,
    inventory=INVENTORY,
)

FEEDS = (Feed("nvd", "2026-11-20", 250_000, "11" * 32), Feed("kev", "2026-11-20", 1_500, "22" * 32))
SSL = at("usr/lib/libssl.so.1.0.2")
KERNEL = at("boot/zImage", offset=64)


def _matched(number: int, part: str, version: str, status: VexStatus, by: str, **more: object) -> Match:
    where = KERNEL if part == "Linux" else SSL
    return Match(f"V-{number:012d}", f"CVE-2099-{number}", part, version, status, by, (where,), **more)  # type: ignore[arg-type]


_CONTROL = {"reached": Reached.LISTENING, "zone": Zone.DEVICE_NETWORK, "gives": (Gives.CONTROL, Gives.STOP, Gives.RECORD)}
MATCHES = (
    _matched(
        1001,
        "Linux",
        "4.14.98",
        VexStatus.NOT_AFFECTED,
        "evidence",
        justification=Justification.CODE_NOT_PRESENT,
        against=("net/bluetooth was not compiled: CONFIG_BT is not set (boot/config:12)",),
    ),
    _matched(1002, "Linux", "4.14.98", VexStatus.UNDER_INVESTIGATION, "nobody", against=("which part of the kernel holds it is not known",)),
    _matched(1003, "OpenSSL", "1.0.2k", VexStatus.AFFECTED, "evidence", for_=("by its CPE name, 1.0.2k is affected",), **_CONTROL),
    _matched(
        1004,
        "OpenSSL",
        "1.0.2k",
        VexStatus.AFFECTED,
        "evidence",
        for_=("by its CPE name, 1.0.2k is affected: from 1.0.2 before 1.0.2l (nvd)", "pumpd offers tcp/443, and is switched on"),
        assumes=("CVE-2099-1004: what it gives and from where is taken from its score [P]",),
        sources=("nvd",),
        summary="A packet that is too long writes behind a buffer.",
        cwes=(787,),
        vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        exploited_since="2099-05-01",
        epss=0.5,
        **_CONTROL,
    ),
    _matched(1005, "OpenSSL", "1.0.2k", VexStatus.AFFECTED, "evidence", for_=("by its CPE name, 1.0.2k is affected",), reached=Reached.USED),
    _matched(1006, "OpenSSL", "1.0.2k", VexStatus.FIXED, "maker", against=("Example Pumps says fixed (pump.vex.json)",)),
)
FLAWED_SSL = Finding(
    id="F-000000000007",
    rule="known_vulnerability",
    weakness=Weakness.OUT_OF_DATE_SOFTWARE,
    cwe=(1395, 787),
    title="OpenSSL 1.0.2k is used and has 3 published flaws, among them CVE-2099-1004",
    subject="OpenSSL",
    certainty=Certainty.ENABLED,
    confidence=Confidence.CONFIRMED,
    locations=(SSL,),
    claims=(claim("vulnerable", "this", "OpenSSL 1.0.2k", "device_network", "control"),),
    facts=("known to be used in attacks (CISA KEV): CVE-2099-1004",),
    exploitation="active",
)
EXPLOIT = PathStep(
    "exploit-vulnerability",
    "From the network, exploits OpenSSL 1.0.2k in the pump; that gives control",
    "T0866",
    (FLAWED_SSL.id,),
    (claim("vulnerable", "infusion-pump", "OpenSSL 1.0.2k", "device_network", "control"),),
    3.9,
)
FLAWED = replace(
    PUMP,
    knowledge=replace(PUMP.knowledge, feeds=FEEDS, warnings=("nvd is 40 days old [P]",)),
    findings=(*PUMP.findings, FLAWED_SSL),
    paths=(*PUMP.paths, path(7, Zone.HOSPITAL_NETWORK, DOSE, WALK, EXPLOIT, TAKE)),
    vulnerabilities=MATCHES,
)
"""The pump after published flaws were looked up: one known to be used in attacks lies on a way to harm, others are undecided or closed."""

MENDED = replace(
    PUMP,
    evidence=(Evidence("e1", EvidenceKind.FIRMWARE, "pump-2.0.bin", "c4" * 32, 16_777_216), PUMP.evidence[1]),
    coverage=Coverage(17_825_792, 17_825_792, 64_000_000, 820, 140, 120),
    facts=(),
    findings=(),
    not_assessed=(),
    problems=(),
    paths=(),
    ratings=(),
    plan=Plan("none-needed", (), 0.0, 0.0, (), Proof("nothing to cut", 0.0, 0.0, 0.0, 0, 0, 12)),
    assumptions=(),
    alternatives=(),
    not_found=tuple(NotFound(finding.rule) for finding in PUMP.findings),
    dismissed=(),
    shared=(),
    inventory=(LIBC, replace(LIBSSL, licence="OpenSSL AND MIT")),
)
EMPTY = replace(
    MENDED,
    evidence=(Evidence("e1", EvidenceKind.FIRMWARE, "mystery.bin", "00" * 32, 4096),),
    coverage=Coverage(4096, 0, 0, 0, 0, 0, ("mystery.bin",), (EvidenceKind.PCAP,)),
    not_found=(),
    not_assessed=(
        NotAssessed("default_password", "no file of accounts could be read"),
        NotAssessed("telnet_started", "no start-up files could be read"),
        NotAssessed("wifi_passphrase_in_clear", "no start-up files could be read"),
    ),
    problems=(Problem(Cause.BROKEN_INPUT, Where("e1", "mystery.bin"), "no known format was recognised", "Nothing in this image was looked at"),),
    dismissed=(),
    shared=(),
    inventory=(),
)

SSH, MODULE = at("usr/sbin/sshd", offset=0x100), at("boot/config", line=12)
FLAWED_SSH = replace(
    FLAWED_SSL,
    id="F-00000000f1a3",
    title="OpenSSH 7.2p1 is used and has 1 published flaw",
    subject="OpenSSH",
    locations=(SSH,),
    claims=(claim("vulnerable", "this", "OpenSSH 7.2p1", "device_network", "control"),),
    facts=("known to be used in attacks (CISA KEV): CVE-2099-1000",),
)
FLAWS = replace(
    PUMP,
    knowledge=replace(PUMP.knowledge, feeds=(Feed("nvd", "2026-11-19", 250_000),), warnings=("the feed nvd is of 2026-11-19",)),
    facts=(*FACTS, FactRecord("Component", SSH, {"name": "OpenSSH", "version": "7.2p1", "sha256": "5e" * 32})),
    findings=(
        *PUMP.findings,
        FLAWED_SSH,
    ),
    paths=(path(1, Zone.HOSPITAL_NETWORK, DOSE, WALK, step("exploit-vulnerability", "Exploits OpenSSH 7.2p1", of=(FLAWED_SSH,)), TAKE), *PATHS[1:]),
    not_assessed=(*PUMP.not_assessed, NotAssessed("known_vulnerability", "1 published flaw in 1 part could not be decided: libexample 1.5")),
    vulnerabilities=(
        Match(
            id="V-000000000001",
            vulnerability="CVE-2099-1000",
            component="OpenSSH",
            version="7.2p1",
            status=VexStatus.AFFECTED,
            decided_by="evidence",
            where=(SSH,),
            reached=Reached.LISTENING,
            zone=Zone.DEVICE_NETWORK,
            gives=(Gives.CONTROL,),
            cpe="cpe:2.3:a:openbsd:openssh:7.2:p1:*:*:*:*:*:*",
            for_=("by its CPE name, 7.2p1 is affected: before 7.3 (nvd)", "sshd offers ssh, and is switched on"),
            sources=("nvd",),
            summary="A stranger runs programs.",
            cwes=(787,),
            vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            exploited_since="2099-02-01",
        ),
        Match(
            id="V-000000000002",
            vulnerability="CVE-2099-1001",
            component="Linux",
            version="4.14.98",
            status=VexStatus.NOT_AFFECTED,
            decided_by="evidence",
            where=(at("boot/zImage", offset=4), MODULE),
            justification=Justification.CODE_NOT_PRESENT,
            reached=Reached.STARTED,
            cpe="cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*",
            against=("net/bluetooth was not compiled: CONFIG_BT is not set (boot/config:12)",),
            sources=("nvd",),
        ),
        Match(
            id="V-000000000003",
            vulnerability="CVE-2099-1002",
            component="libssl1.1",
            version="1.1.1n-0+deb11u3",
            status=VexStatus.FIXED,
            decided_by="source",
            where=(at("var/lib/dpkg/status", line=90),),
            purl="pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?distro=debian-11",
            against=("by the distribution's own advisory, 1.1.1n-0+deb11u3 is mended: from the first before 1.1.1n-0+deb11u2 (osv)",),
            sources=("osv",),
        ),
        Match(
            id="V-000000000004",
            vulnerability="CVE-2099-1003",
            component="libexample",
            version="1.5",
            status=VexStatus.UNDER_INVESTIGATION,
            decided_by="nobody",
            where=(at("usr/lib/libexample.so.1"),),
            against=("nothing shows that it is started, or that anything started loads it",),
            sources=("nvd",),
        ),
        Match(
            id="V-000000000005",
            vulnerability="CVE-2099-1004",
            component="libexample",
            version="1.5",
            status=VexStatus.NOT_AFFECTED,
            decided_by="maker",
            where=(at("usr/lib/libexample.so.1"),),
        ),
    ),
)
"""The last one is said to be not affected, and nothing says why: no document may pass that on."""

_DAY = 1_782_000_000
"""A morning in June 2026."""


def heard(packet: int, client: str, server: str, port: int, protocol: str, **more: object) -> FactRecord:
    """A conversation of the ward: of an hour, unless ``more`` says otherwise."""
    said = {"client": client, "server": server, "port": port, "protocol": protocol, "packets": 40, "began": _DAY, "ended": _DAY + 3600}
    return FactRecord("Conversed", Where("e1", "ward.pcapng", packet=packet), {**said, **more})  # type: ignore[arg-type]


def _on_the_network(packet: int, address: str, kind: str, **more: object) -> FactRecord:
    return FactRecord("NetworkDevice", Where("e1", "ward.pcapng", packet=packet), {"address": address, "kind": kind, **more})  # type: ignore[arg-type]


WARD = replace(
    MENDED,
    evidence=(Evidence("e1", EvidenceKind.PCAP, "ward.pcapng", "77" * 32, 81_920),),
    coverage=Coverage(81_920, 81_920, kinds_not_given=(EvidenceKind.FIRMWARE,)),
    facts=(
        _on_the_network(5, "10.0.0.5", "infusion-pump", maker="Acme", model="Drip 2"),
        _on_the_network(9, "10.0.0.6", "ultrasound", name="US-3"),
        _on_the_network(2, "10.0.0.10", "gateway"),
        _on_the_network(7, "fd00::8", "ventilator"),
        heard(2, "10.0.0.10", "10.0.0.5", 3000, "hl7", says=("RGV^O15",), answers=("ACK^O15", "RRG^O16")),
        heard(4, "10.0.0.5", "10.0.0.10", 2575, "hl7", says=("ORU^R01",), answers=("ACK^R01",)),
        heard(9, "10.0.0.6", "10.0.0.20", 104, "dicom", says=("C-ECHO", "C-STORE")),
        heard(12, "10.0.0.5", "10.0.0.2", 53, "dns", transport="udp"),
        heard(13, "fd00::8", "fd00::10", 6464, "", guessed=True),
        heard(14, "10.0.0.9", "10.0.0.5", 23, "telnet"),
        heard(15, "10.0.0.5", "8.8.8.8", 443, "tls", ended=_DAY + 7200),
        heard(16, "10.0.0.30", "10.0.0.31", 445, "smb"),
    ),
    problems=(Problem(Cause.BROKEN_INPUT, Where("e1", "ward.pcapng", packet=77), "the packet is cut short", "the rest of the capture was read"),),
    not_assessed=(NotAssessed("default_password", "Account was not looked for: a capture shows no accounts"),),
    not_found=(),
    inventory=(),
)
"""An hour on a ward: a pump with its gateway, an ultrasound, a ventilator of IPv6, a technician, a cloud, and an office beside them."""

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
MARKS = "\u202egnp.exe\u2066 \u200b\ufeff\u00ad"
NASTY = f"{SCRIPT}'\"><svg onload=alert(1)> \x00\x1b[31m\x7f\x9b {MARKS} \udcff\ud800 {{{{7*7}}}} [x](javascript:alert(1)) ]]> --> ␛DCFF"
HUGE = "A" * 1_000_000


HOSTILE_TRAFFIC = (
    FactRecord("NetworkDevice", Where("e1", NASTY, packet=1), {"address": "10.9.0.1", "kind": NASTY, "maker": HUGE, "name": NASTY}),
    FactRecord("NetworkDevice", Where("e1", NASTY, packet=2), {"address": f"10.9.0.2 accept {NASTY}", "kind": "infusion-pump"}),
    FactRecord(
        "Conversed",
        Where("e1", NASTY, packet=3),
        {
            "client": "10.9.0.1",
            "server": "10.9.0.3",
            "port": 2575,
            "protocol": NASTY,
            "says": ("RGV^O15", NASTY),
            "answers": (HUGE,),
            "began": -1,
            "ended": 10**15,
            "packets": 3,
        },
    ),
    FactRecord("Conversed", Where("e1", NASTY, packet=4), {"client": NASTY, "server": "10.9.0.1", "port": 23}),
    FactRecord("Conversed", Where("e1", NASTY, packet=5), {"client": "10.9.0.4", "server": "10.9.0.1", "port": 99_999}),
    FactRecord("Conversed", Where("e1", NASTY, packet=6), {"client": "10.9.0.4", "server": "10.9.0.1", "port": 23, "transport": NASTY}),
    FactRecord("Conversed", Where("e1", NASTY, packet=7), {"client": "10.9.0.4", "server": "fe80::1%eth0", "port": 23}),
)
"""Names, protocols, places and addresses that try to become rules of a firewall."""


def _hostile() -> Study:
    halves = (PublicHalf(NASTY, NASTY, Where("e1", NASTY)),)
    wicked = replace(
        WIFI,
        title=NASTY,
        subject=NASTY,
        facts=(NASTY, HUGE),
        shown_by=(NASTY,),
        assumes=(NASTY,),
        locations=(
            Where("e1", HUGE),
            Where("e1", f"bad.bin!{NASTY}", line=3),
            Where("e1", "javascript:alert(1)"),
            Where("e1", "//evil.example/x!../../etc/passwd"),
            Where("e9", "no such evidence"),
        ),
    )
    lure = step("join_network", NASTY, "T0000", of=(wicked,), assumes=(NASTY,))
    harm = Harm("pump", NASTY, Effect.COMMAND, 5, NASTY, many_patients=True)
    long = step("walk", "W" * 900 + " " + "once upon a time " * 30, "T0001", of=(wicked,))
    paths = (
        Path("P-h1", NASTY, harm, (lure, long), (wicked.id,), (NASTY,), (NASTY,)),
        Path("P-h2", NASTY, harm, (long, lure), ("F-dangling",)),
        Path("P-h3", "touch", harm, (), ()),
    )
    left = Remaining("pump", NASTY, NASTY, 5, NASTY, NASTY)
    chosen = replace(TELNET_OFF, title=NASTY, do=NASTY, lag=NASTY, loss_note=NASTY, cuts=("P-h1", "P-dangling"))
    answers = (Answer(NASTY, NASTY, NASTY, NASTY, NASTY),)
    return replace(
        PUMP,
        tool=Tool("asepsis", "0.1.0", {NASTY: NASTY}),
        device=replace(DEVICE, title=NASTY, note=NASTY),
        site=replace(SITE, name=NASTY, wifi={NASTY: NASTY, "\udcff": "x"}),
        evidence=(Evidence("e1", EvidenceKind.FIRMWARE, NASTY, "00" * 32, 12), Evidence("e2", EvidenceKind.DIR, HUGE, "11" * 32, 12)),
        coverage=Coverage(24, 99, 1, 1, 0, 0, (NASTY, HUGE)),
        facts=(FactRecord("Account", Where("e1", NASTY), {"name": NASTY, "\udcff": {NASTY: NASTY}}), *HOSTILE_TRAFFIC),
        findings=(wicked,),
        not_found=(NotFound(NASTY, (NASTY,)),),
        not_assessed=(NotAssessed(NASTY, NASTY), NotAssessed(HUGE, f"{NASTY} was not looked for: {HUGE}")),
        problems=(Problem(Cause.BROKEN_INPUT, Where("e1", NASTY), NASTY, HUGE), Problem(Cause.OUR_BUG, None, NASTY, NASTY)),
        paths=paths,
        ratings=(Rating("P-h1", 5, "high", False, 1, (NASTY,), NASTY, 2, NASTY, NASTY, (SchemeRating(NASTY, NASTY, NASTY, 9.9, NASTY, answers),)),),
        dismissed=(Dismissed(NASTY, Exemption.OTHER, NASTY, Where(NASTY, NASTY)),),
        knowledge=replace(PUMP.knowledge, sources=(NASTY,), feeds=(Feed(NASTY, NASTY, 1),), warnings=(NASTY,)),
        vulnerabilities=tuple(_hostile_match(status) for status in VexStatus),
        shared=(SharedSecret(NASTY, SecretKind.KEY, NASTY, Sharing.UNITS, (NASTY, "e1"), (Where(NASTY, NASTY),), 3, halves),),
        plan=replace(PLAN, status="feasible", controls=(chosen,), remains=(left,), partial=(NASTY,)),
        alternatives=(replace(HOSPITAL_ALONE, controls=(chosen,), remains=(left, left), only=(NASTY,)), replace(MAKER_ALONE, controls=())),
        assumptions=(NASTY,),
        inventory=(_nasty_item(), replace(_nasty_item(), id="sw-2", kind=ItemKind.PROGRAM, purl="", cpe=f"cpe:2.3:a:{NASTY}:x:1")),
    )


def _nasty_item() -> Item:
    return Item(
        id="sw-1",
        kind=ItemKind.PART,
        name=NASTY,
        version=HUGE,
        supplier=NASTY,
        purl=f"pkg:generic/{NASTY}@1",
        cpe=NASTY,
        licence=NASTY,
        architecture=NASTY,
        files=(ItemFile(Where("e1", NASTY), "dd" * 32), ItemFile(Where("e1", ""), "ee" * 32)),
        methods=(NASTY,),
        where=(Where("e1", NASTY, line=3), Where("e9", HUGE, offset=0), Where("e1", "")),
        declared=("sw-2",),
        linked=("sw-2",),
        unmet=(NASTY, HUGE),
        dependencies_known=True,
        end_of_support="2020-01-01",
        support_source=NASTY,
    )


def _hostile_match(status: VexStatus) -> Match:
    said = {"for_": (NASTY, HUGE), "against": (NASTY,), "assumes": (NASTY,), "sources": (NASTY,), "summary": HUGE, "vector": NASTY}
    why = Justification.CODE_NOT_PRESENT if status is VexStatus.NOT_AFFECTED else None
    places = (Where("e1", NASTY), Where("e2", HUGE))
    names = {"purl": NASTY, "cpe": NASTY, "exploited_since": NASTY}
    return Match(f"V-h{status}", f"{NASTY}{status}", NASTY, NASTY, status, NASTY, places, why, **names, **said)  # type: ignore[arg-type]


HOSTILE = _hostile()
ALL = {"pump": PUMP, "flawed": FLAWED, "mended": MENDED, "empty": EMPTY, "hostile": HOSTILE, "flaws": FLAWS, "ward": WARD}
