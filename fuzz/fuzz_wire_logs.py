"""Fuzz what takes logs of network monitors apart: ``python fuzz/fuzz_wire_logs.py`` (with atheris), or ``python fuzz/run.py wire_logs``."""

from io import BytesIO

from harness import EMITTED, main

from asepsis.evidence.wire import logs
from asepsis.evidence.wire.look import Look
from asepsis.evidence.wire.observers import OF_LOGS
from asepsis.guard.limits import Limits
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Fact
from asepsis.model.where import Where

_ENDS = (
    b'"src_ip":"10.0.0.5","src_port":50001,"dest_ip":"10.0.0.9","dest_port":443,"proto":"TCP","timestamp":"2026-06-21T00:00:00.5+0000","flow_id":7'
)
_SAID = (
    b'"event_type":"flow","app_proto":"ssh","flow":{"pkts_toserver":4,"pkts_toclient":3,"state":"closed","start":"2026-06-21T00:00:00+0000"}',
    b'"event_type":"tls","tls":{"version":"TLSv1","certificate":"AAAA","ja3s":{"string":"769,5,1"}}',
    b'"event_type":"ssh","ssh":{"server":{"software_version":"OpenSSH_7.2p1"}}',
    b'"event_type":"http","http":{"status":200,"request_headers":[{"name":"Authorization","value":"Basic cm9vdDp4"}]}',
    b'"event_type":"ftp","ftp":{"command":"PASS","command_data":"x","completion_code":["230"]}',
    b'"event_type":"dns","dns":{"answers":[{"rrtype":"A","rrname":"a.b","rdata":"10.0.0.1"}]}',
    b'"event_type":"dhcp","dhcp":{"assigned_ip":"10.0.0.7","hostname":"PUMP"}',
    b'"event_type":"mqtt","mqtt":{"connect":{"username":"a","password":"b"},"connack":{"return_code":0}}',
    b'"event_type":"stats","stats":{"capture":{"kernel_drops":1}}',
)
_IDS = (
    b"#separator \\x09\n#set_separator\t,\n#unset_field\t-\n#path\t%s\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\t%s\n"
    b"1.5\tC1\t10.0.0.5\t50001\t10.0.0.9\t443\t%s\n"
)
SEEDS = (
    *(b"{%s,%s}\n" % (_ENDS, said) for said in _SAID),
    _IDS % (b"conn", b"proto\tservice\tduration\tconn_state\torig_pkts\tresp_pkts", b"tcp\tssl,http\t1.5\tSF\t4\t3"),
    _IDS % (b"ssl", b"version\tcipher", b"TLSv10\tTLS_RSA_WITH_RC4_128_SHA"),
    _IDS % (b"ftp", b"user\tpassword\tcommand\treply_code", b"root\tx\tPASS\t230"),
    _IDS % (b"ssh", b"client\tserver", b"SSH-2.0-a_1\tSSH-2.0-OpenSSH_7.2p1"),
    b'{"ts":1.5,"host":"10.0.0.9","host_p":22,"software_type":"SSH::SERVER","name":"OpenSSH","version.major":7,"unparsed_version":"OpenSSH_7.2"}\n',
)


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """A log gives facts at its own lines, and never a bug of an observer."""
    facts: list[Fact] = []
    look = Look(lambda line: Where("e1", "x", line=line or None), Redactor(b"k" * 32), Limits(), facts.append, observers=OF_LOGS)
    for line in logs.lines(BytesIO(data), look.complain):
        look.line(line)
    look.finish()
    EMITTED.update(type(fact).__name__ for fact in facts)
    assert not [problem for problem in look.problems if problem.cause.value == "our-bug"]
    assert all(1 <= (fact.where.line or 0) <= data.count(b"\n") + 1 for fact in facts) or data[:2] == b"\x1f\x8b"


if __name__ == "__main__":
    main(TestOneInput)
