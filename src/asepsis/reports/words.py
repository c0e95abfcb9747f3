"""The plain words for levels, places, certainty and causes: what a clinical engineer reads instead of our ids."""

from __future__ import annotations

from asepsis.model.device import Mark
from asepsis.model.dismissed import Exemption
from asepsis.model.evidence import Cause, EvidenceKind
from asepsis.model.facts import Effect, Gives, Zone
from asepsis.model.finding import Certainty, Weakness
from asepsis.model.software import VexStatus
from asepsis.model.vulnerability import Reached

LEVELS: dict[int, str] = {
    1: "inconvenience",
    2: "minor, passing harm",
    3: "harm that needs treatment",
    4: "permanent or life-threatening harm",
    5: "death",
}
"""The five steps of ISO/TR 24971, in the words of their outcome."""

BRIEF_LEVELS: dict[int, str] = {1: "inconvenience", 2: "minor", 3: "needs treatment", 4: "lasting or life-threatening", 5: "death"}
"""The same, for a line that has no room."""

ZONES: dict[str, str] = {
    Zone.INTERNET: "Anywhere on the internet",
    Zone.HOSPITAL_NETWORK: "On the hospital's network",
    Zone.DEVICE_NETWORK: "On the medical-device network",
    Zone.WIFI_RANGE: "Within Wi-Fi range",
    Zone.BLUETOOTH_RANGE: "Within Bluetooth range",
    Zone.RADIO_RANGE: "Within radio range",
    Zone.INDUCTIVE_RANGE: "A hand's breadth from the patient",
    Zone.TOUCH: "With the device in hand",
    Zone.SECOND_HAND_UNIT: "Holding a second-hand unit of the same model",
    Zone.SUPPLY_CHAIN: "In the supply chain",
}

WEAKNESSES: dict[Weakness, str] = {
    Weakness.WIFI_SECRET_STORED: "Stored Wi-Fi secret",
    Weakness.HARD_CODED_CREDENTIAL: "Hard-coded credential",
    Weakness.WEAK_PASSWORD_HASH: "Weak password hash",
    Weakness.PRIVATE_KEY_SHIPPED: "Shipped private key",
    Weakness.REMOTE_MAINTENANCE_EXPOSED: "Exposed remote maintenance",
    Weakness.UNAUTHENTICATED_INTERFACE: "Interface that asks for no log-in",
    Weakness.INTERCEPTABLE_COMMUNICATION: "Communication that can be intercepted",
    Weakness.DOSE_TAMPERING_OBSERVED: "Dose tampering observed",
    Weakness.DENIAL_OF_SERVICE: "Denial of service",
    Weakness.OUT_OF_DATE_SOFTWARE: "Out-of-date software",
    Weakness.UNSIGNED_UPDATE: "Unsigned update",
    Weakness.PATIENT_DATA_EXPOSED: "Exposed patient data",
    Weakness.MISSING_HARDENING: "Missing hardening",
    Weakness.UNDECLARED_BEHAVIOUR: "Undeclared behaviour",
}

CERTAINTIES: dict[Certainty, str] = {
    Certainty.DECLARED: "The maker's design says so",
    Certainty.PRESENT: "It is there",
    Certainty.ENABLED: "It is switched on",
    Certainty.REACHABLE: "It can be reached",
    Certainty.DEMONSTRATED: "It was made to happen",
}

BRIEF_CERTAINTIES: dict[Certainty, str] = {
    Certainty.DECLARED: "only declared",
    Certainty.PRESENT: "only present",
    Certainty.ENABLED: "switched on",
    Certainty.REACHABLE: "reachable",
    Certainty.DEMONSTRATED: "demonstrated",
}
"""How far the weaknesses of a way were shown, for a line that has no room."""

NEXT_STEP: dict[Certainty, str] = {
    Certainty.DECLARED: "evidence of the device itself (software, traffic, an answer) would raise it to “present” or higher",
    Certainty.PRESENT: "evidence that the device switches it on would raise it to “enabled”",
    Certainty.ENABLED: "evidence that it listens where others can reach it would raise it to “reachable”",
    Certainty.REACHABLE: "a bench test that makes it happen would raise it to “demonstrated”",
    Certainty.DEMONSTRATED: "only a change of the device makes it go away",
}
"""What would raise the certainty of a finding."""

FALLS: dict[Certainty, str] = {
    Certainty.DECLARED: "a design that says otherwise, with the test that shows it, would dismiss it",
    Certainty.PRESENT: "evidence that the device never uses it would dismiss it",
    Certainty.ENABLED: "evidence that nothing switches it on would lower it to “present”",
    Certainty.REACHABLE: "evidence that it answers the device itself only, or that a loaded firewall drops it, would lower it to “enabled”",
    Certainty.DEMONSTRATED: "a repetition of the test that fails would lower it to “reachable”",
}
"""What would lower it."""

CAUSES: dict[Cause, str] = {
    Cause.BROKEN_INPUT: "the input is broken",
    Cause.LIMIT_REACHED: "a limit was reached",
    Cause.NOT_PERMITTED: "not permitted",
    Cause.MISSING_TOOL: "a tool is missing on this machine",
    Cause.UNREACHABLE: "it could not be reached",
    Cause.OUR_BUG: "a fault of Asepsis itself",
}

EFFECTS: dict[Effect, str] = {
    Effect.COMMAND: "commanded by a stranger",
    Effect.READING: "fed or shows something false",
    Effect.STOP: "stopped or delayed",
    Effect.RECORD: "read or altered on record",
}

GIVES: dict[Gives, str] = {
    Gives.CONTROL: "control of the device",
    Gives.COMMAND: "commands to the device",
    Gives.READING: "false readings",
    Gives.STOP: "a stopped device",
    Gives.RECORD: "reading or altering what is kept",
}
"""What a published flaw gives to whoever uses it."""

REACHED: dict[Reached, str] = {
    Reached.LISTENING: "it listens for others, or is loaded by what does",
    Reached.STARTED: "it is started",
    Reached.USED: "something that is started loads it",
    Reached.PRESENT: "it lies in the device, and nothing shows that it is used",
}
"""How far use of a part was shown."""

VERDICTS: dict[VexStatus, str] = {
    VexStatus.AFFECTED: "open: this device has it",
    VexStatus.UNDER_INVESTIGATION: "undecided: somebody has to look",
    VexStatus.FIXED: "closed: mended",
    VexStatus.NOT_AFFECTED: "closed: this device does not have it",
}
"""The verdict on a published flaw."""

DECIDED_BY: dict[str, str] = {
    "evidence": "evidence of the device",
    "maker": "the maker's word",
    "source": "a source of the flaw, which calls this version mended",
    "nobody": "nobody",
}
"""Who decided on a published flaw."""

KINDS: dict[EvidenceKind, str] = {
    EvidenceKind.FIRMWARE: "a firmware image",
    EvidenceKind.DIR: "an unpacked software tree",
    EvidenceKind.PCAP: "a network capture",
    EvidenceKind.NETLOG: "a network monitor's log",
    EvidenceKind.BTSNOOP: "a Bluetooth capture",
    EvidenceKind.SBOM: "a software bill of materials",
    EvidenceKind.VEX: "what makers say of published flaws (VEX)",
    EvidenceKind.MDS2: "the maker's MDS2 form",
    EvidenceKind.DESIGN: "a design description",
    EvidenceKind.TARGET: "the running device",
}

LOOKED_FOR: dict[str, str] = {
    "Account": "the accounts that can log in",
    "PasswordHash": "how passwords are kept",
    "StoredSecret": "stored passwords and Wi-Fi secrets",
    "PrivateKey": "private keys",
    "StartedProgram": "what starts with the device",
    "Service": "the services it offers on the network",
    "Listener": "open network ports",
    "OperatingSystem": "the operating system and its support",
    "Component": "the software parts and their support",
    "UnidentifiedProgram": "programs that nobody knows",
    "Program": "programs with known parts",
    "Linkage": "what programs are linked with",
    "PackagedFiles": "which package a program is of",
    "ProgramNames": "the names that programs are started by",
    "KernelOption": "how the kernel was built",
    "KernelModule": "the modules of the kernel",
    "VexClaim": "what makers say of published flaws",
    "Flow": "clinical traffic, its encryption and whom the device believes",
    "RadioLink": "radio links",
    "SystemPart": "the other parts of the device's system",
    "UpdateMechanism": "how software is updated",
    "KnownVulnerability": "published flaws",
    "MalformedInputEffect": "what malformed messages do",
    "OverheardSecret": "passwords sent in clear",
    "TlsSession": "how connections are encrypted",
    "ServiceUse": "what services do for whoever asks",
    "ShownKey": "the keys that servers show",
    "NetworkDevice": "devices on the network",
    "Conversed": "who speaks with whom on the network",
    "Disturbance": "denial of service",
    "DoseSign": "orders to pumps",
    "DoseDoubt": "orders to pumps",
    "OrderSeen": "orders to pumps",
    "ReportSeen": "orders to pumps",
    "DoseTraffic": "orders to pumps",
    "RadioDevice": "devices on the air",
    "RadioAdvertised": "what devices tell everybody in radio range",
    "RadioPairing": "how devices pair by radio",
    "RadioConnection": "radio connections and their encryption",
    "AttributeAccess": "what is read and commanded by radio",
    "GattCharacteristic": "what devices offer by radio",
    "RepeatedCommand": "radio commands that work twice",
    "PatientDataStore": "stored patient data",
    "Protection": "security software",
    "Hardening": "hardening of its programs",
    "HardwareAccess": "connectors and debug ports",
    "HostileContainer": "archives made to harm whoever opens them",
    "AuthorizedKey": "whose keys may log in",
    "Certificate": "certificates",
    "FirewallRule": "firewall rules",
    "UncheckedPeer": "connections that check nobody",
    "KeyReference": "settings that name a private key",
    "Group": "groups of accounts",
    "LogInPolicy": "what programs that let people in are told",
    "UnitPreset": "units that systemd switches on at its first boot",
    "SourcedSettings": "settings that start scripts take in",
    "UnsettledStart": "starts whose options stand in another file",
    "RuleMatch": "what your own rules describe",
}
"""What each kind of fact is about, by the kind's name: what was missed when it was not looked for."""

EXEMPTIONS: dict[Exemption, str] = {
    Exemption.EXAMPLE: "a text of an example, or a made-up value",
    Exemption.PLACEHOLDER: "stands for a value and is none",
    Exemption.TEMPLATE_VARIABLE: "a variable of a template or script; its value is kept elsewhere",
    Exemption.MASKED: "blacked out",
    Exemption.COMMENTED_OUT: "nothing reads a line that is commented out",
    Exemption.NOT_A_SECRET: "no secret",
    Exemption.HASH_ONLY: "only its hash is there, which nothing accepts",
    Exemption.LOCKED: "no password matches",
    Exemption.SEALED: "encrypted, or under a passphrase that was not found",
    Exemption.PUBLIC_TEST_KEY: "a published test key, in no use that was seen",
    Exemption.LIBRARY_TEST: "a library tests itself with it",
    Exemption.DOCUMENTATION: "in a manual or example, which nothing on the device reads",
    Exemption.BACKUP_COPY: "in a backup copy that the device does not ask",
    Exemption.CANNOT_LOG_IN: "the account cannot log in",
    Exemption.RESTRICTED: "it opens no shell to anybody outside",
    Exemption.SWITCHED_OFF: "installed, but switched off",
    Exemption.LOOPBACK_ONLY: "it answers the device itself only",
    Exemption.PROTECTED: "what is needed to protect it is there",
    Exemption.SUPPORTED: "up to date on the day of the assessment",
    Exemption.MENDED: "a published flaw that this version does not have any more",
    Exemption.NOT_AFFECTED: "a published flaw that this device does not have",
    Exemption.HARMLESS: "usual, or without effect",
    Exemption.OTHER: "dismissed for the reason given",
}
"""Why something is no weakness, by the exemption's name."""

ACTORS: dict[str, str] = {"maker": "the maker", "hospital": "the hospital", "clinician": "the clinician"}

FEASIBILITY: dict[str, str] = {"high": "easy to carry out", "medium": "takes some effort", "low": "hard to carry out"}
"""Feasibility in words: exploitability, never probability."""

BRIEF_FEASIBILITY: dict[str, str] = {"high": "easy", "medium": "some effort", "low": "hard"}

SCHEMES: dict[str, str] = {
    "patient_harm": "Patient-harm matrix",
    "cvss4": "CVSS 4.0",
    "cvss3": "CVSS 3.1",
    "rubric": "Medical-device rubric for CVSS",
    "ssvc": "SSVC",
}

MARKS: dict[Mark, str] = {
    Mark.VERIFIED: "verified in a source [V]",
    Mark.SECOND_HAND: "read second-hand [V2]",
    Mark.KNOWLEDGE: "general knowledge [K]",
    Mark.PROPOSAL: "a proposal [P]",
    Mark.UNVERIFIED: "not verified [U]",
    Mark.USER: "your own profile",
}
"""How well a fact of the profile is founded."""

ANSWERED_BY: dict[str, str] = {
    "evidence": "from evidence",
    "worst-case": "worst case assumed",
    "assumption": "assumed",
    "profile": "from the device profile",
}


def zone(name: str) -> str:
    """A starting place in words; a zone of the user's own site by its name."""
    return ZONES.get(name, name.replace("_", " "))


def harm_level(level: int) -> str:
    """``S5 · death``."""
    return f"S{level} · {LEVELS[level]}"


def actor(name: str) -> str:
    """Who acts, in words."""
    return ACTORS.get(name, name)


def as_words(name: str) -> str:
    """A rule id as words: ``Default password`` reads better than ``default_password``."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]
