"""Links that carry clinical messages, in configuration files of a device's own program."""

from asepsis.evidence.reader import Sureness
from asepsis.evidence.readers.config.clinical_links import ClinicalLinksReader
from asepsis.guard.limits import STANDARD
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Effect, Fact, Flow, Gives, Service
from asepsis.model.where import Where

PATH = "etc/pump/gateway.conf"


def read(text: str, path: str = PATH) -> list[Fact]:
    data, found = text.encode(), []
    if ClinicalLinksReader().recognises(path, data[:4096]) is not Sureness.NO:
        ClinicalLinksReader().read(BoundedSource(data, Where("e1", path), Redactor(bytes(16)), STANDARD), found.append)
    return found


def test_orders_taken_from_whoever_connects_are_a_flow_and_a_service():
    facts = read("[orders]\nprotocol = hl7-mllp\nlisten = 0.0.0.0\nport = 2575\ntls = no\nauthentication = none\nmessages = RDE^O11\nenabled = yes\n")
    flow, service = facts
    assert isinstance(flow, Flow)
    assert (flow.name, flow.effect, flow.where.line) == ("hl7-orders", Effect.COMMAND, 2)
    assert (flow.encrypted, flow.authenticated, flow.replay_protected, flow.accepts_strangers) == (False, False, False, True)
    assert isinstance(service, Service)
    assert (service.name, service.auth, service.port, service.address) == ("hl7", Auth.NONE, 2575, "0.0.0.0")
    assert (service.gives, service.enabled, service.encrypted) == (Gives.COMMAND, True, False)


def test_mutual_tls_is_read_as_such():
    flow, service = read("[orders]\nprotocol=hl7\nlisten=0.0.0.0:2575\nssl=yes\nclient-auth=mutual\nmessages=RDE^O11\n")
    assert (flow.encrypted, flow.authenticated, flow.accepts_strangers) == (True, True, False)
    assert (service.auth, service.port, service.address, service.enabled) == (Auth.MUTUAL, 2575, "0.0.0.0", None)


def test_what_the_file_does_not_say_stays_unknown():
    (flow,) = read("[reports]\nprotocol = hl7\nserver = gateway.example\nmessages = ORU^R01\n")
    assert (flow.effect, flow.peer) == (Effect.READING, "gateway.example")
    assert (flow.encrypted, flow.authenticated, flow.replay_protected, flow.accepts_strangers) == (None, None, None, None)


def test_a_plain_yes_to_authentication_does_not_say_which():
    flow, service = read("protocol = dicom\nlisten = 127.0.0.1\nport = 104\nauthentication = yes\n", "etc/store.cfg")
    assert (flow.name, flow.authenticated, flow.effect) == ("dicom", None, Effect.RECORD)
    assert (service.auth, service.gives, service.address) == (Auth.UNKNOWN, Gives.RECORD, "127.0.0.1")


def test_a_link_that_is_switched_off_is_no_flow_and_a_disabled_service():
    (service,) = read("[orders]\nprotocol = hl7\nlisten = 0.0.0.0\nenabled = no\n")
    assert isinstance(service, Service)
    assert service.enabled is False


def test_sections_that_name_no_clinical_protocol_are_passed_over():
    facts = read("[log]\ntype = syslog\nserver = logs.example\n[labs]\ntype = astm\nserver = lis.example\n")
    assert [(fact.name, fact.where.line) for fact in facts] == [("astm-labs", 5)]


def test_other_files_are_not_ours():
    assert read("[orders]\nprotocol = http\nlisten = 0.0.0.0\n") == []
    assert read("# protocol = hl7\nname = hl7 viewer\n") == []
    assert read("protocol = hl7\n", "usr/share/doc/readme.txt") == []
    assert ClinicalLinksReader().recognises(PATH, b"protocol = hl7\n\0") is Sureness.NO


def test_broken_values_are_not_guessed():
    flow, service = read("[orders]\nprotocol = hl7\nlisten =\nport = ninety\ntls = maybe\nauthentication = sometimes\nmessages = ???\n")
    assert (flow.encrypted, flow.authenticated, flow.effect) == (None, None, Effect.RECORD)
    assert (service.port, service.address, service.auth) == (None, "", Auth.UNKNOWN)


def test_bytes_that_are_no_text_and_endless_lines_cost_nothing():
    data = b"protocol = hl7\nserver = \xff\xfe\n[" + b"x" * 100_000 + b"\n" + b"messages = RDE " * 10_000
    found: list[Fact] = []
    ClinicalLinksReader().read(BoundedSource(data, Where("e1", PATH), Redactor(bytes(16)), STANDARD), found.append)
    assert [(fact.name, fact.effect) for fact in found] == [("hl7", Effect.COMMAND)]
