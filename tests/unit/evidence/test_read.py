"""Reading whole pieces of evidence, through the real child."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import tarfile
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from asepsis.evidence import pool
from asepsis.evidence import read as read_module
from asepsis.evidence.artefacts import parse
from asepsis.evidence.read import CannotRead, UnsupportedEvidence, read
from asepsis.guard.limits import STANDARD, Limits
from asepsis.model.evidence import Cause, EvidenceKind
from asepsis.model.facts import FACT_KINDS, Account, PasswordHash, Protection, RuleMatch, Service, StartedProgram, StoredSecret, VexClaim
from asepsis.model.reading import Reading
from tests.unit.evidence.wire import frames

PASSWD = "root:x:0:0:root:/root:/bin/sh\n"
WPA = 'network={\n\tssid="ward"\n\tpsk="one secret of all"\n}\n'


def tree(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def image(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content.encode()))
    return path


def reading(*artefacts: object, limits: Limits = STANDARD, digest_key: bytes | None = None) -> Reading:
    return read([str(artefact) for artefact in artefacts], limits=limits, digest_key=digest_key, notice=lambda _: None)


def looked(result: Reading) -> dict[str, bool]:
    return {entry.kind: entry.looked for entry in result.looked_for}


def test_a_directory_is_read_with_places_relative_to_it(tmp_path: Path):
    result = reading(tree(tmp_path / "root", {"etc/passwd": PASSWD, "etc/wpa_supplicant.conf": WPA}))
    (evidence,) = result.evidence
    assert (evidence.id, evidence.kind, evidence.name) == ("e1", EvidenceKind.DIR, "root")
    assert [(type(fact).__name__, str(fact.where)) for fact in result.facts] == [
        ("Account", "etc/passwd:1"),
        ("StoredSecret", "etc/wpa_supplicant.conf:3"),
    ]
    assert (result.coverage.files, result.coverage.bytes_read) == (2, len(PASSWD) + len(WPA))
    assert result.coverage.bytes_understood == result.coverage.bytes_total


def test_every_kind_of_fact_is_answered_for(tmp_path: Path):
    result = reading(tree(tmp_path / "root", {"etc/passwd": PASSWD}))
    assert [entry.kind for entry in result.looked_for] == [kind.__name__ for kind in FACT_KINDS if kind is not RuleMatch]
    assert all(bool(entry.reason) is not entry.looked for entry in result.looked_for)
    assert looked(result)["Service"]
    assert looked(result)["PrivateKey"]
    assert not looked(result)["RadioLink"]
    assert not looked(result)["KnownVulnerability"]


def test_a_container_whose_head_says_something_is_looked_at_besides_its_members(tmp_path: Path):
    noise = b"".join(sha256(bytes([number])).digest() for number in range(200))
    definitions = b"ClamAV-VDB:07 Mar 2017 08-02 -0500:1:1:63:X:X:neo:1488891746".ljust(512) + gzip.compress(noise, mtime=0)
    with tarfile.open(tmp_path / "fw.tar", "w") as archive:
        entry = tarfile.TarInfo("var/lib/clamav/daily.cvd")
        entry.size = len(definitions)
        archive.addfile(entry, io.BytesIO(definitions))
    result = reading(tmp_path / "fw.tar")
    assert [(str(fact.where), str(fact.definitions_date)) for fact in result.facts if isinstance(fact, Protection)] == [
        ("fw.tar!var/lib/clamav/daily.cvd@0x0", "2017-03-07")
    ]
    assert result.coverage.unopened == ()


def test_an_image_keeps_its_container_chain(tmp_path: Path):
    result = reading(image(tmp_path / "pump.tar.gz", {"etc/passwd": PASSWD}))
    (account,) = result.facts
    assert account.where.path == "pump.tar.gz!pump.tar!etc/passwd"
    assert account.where.line == 1


def test_an_image_that_stays_shut_was_not_looked_at(tmp_path: Path):
    blob = tmp_path / "pump.bin"
    blob.write_bytes(os.urandom(200_000))
    result = reading(blob)
    reasons = {entry.kind: entry.reason for entry in result.looked_for if not entry.looked}
    assert reasons["Service"] == "nothing could be unpacked from pump.bin"
    assert "PrivateKey" in reasons
    assert "Component" in reasons
    assert result.coverage.unopened == ("pump.bin",)
    assert not result.coverage.complete


def test_a_single_file_of_a_known_format_is_understood(tmp_path: Path):
    dump = tmp_path / "nvram.txt"
    dump.write_text("wl0_ssid=Ward\nwl0_wpa_psk=one secret of all\n")
    result = reading(dump)
    assert [fact.subject for fact in result.facts] == ["Ward"]
    assert result.coverage.complete
    assert looked(result)["StoredSecret"]
    assert not looked(result)["Account"]


def test_the_same_secret_in_two_pieces_has_one_digest_and_the_order_does_not_matter(tmp_path: Path):
    first = tree(tmp_path / "a", {"etc/wpa_supplicant.conf": WPA})
    second = tree(tmp_path / "b", {"nvram": "wl0_ssid=x\nlan_ifname=y\nwl0_wpa_psk=one secret of all\n"})
    there, back = reading(first, second), reading(second, first)
    assert {fact.where.evidence for fact in there.facts} == {"e1", "e2"}
    digests = {fact.secret.digest for result in (there, back) for fact in result.facts if isinstance(fact, StoredSecret)}
    assert len(digests) == 1


def test_a_project_key_makes_digests_comparable_between_studies(tmp_path: Path):
    first = tree(tmp_path / "a", {"etc/wpa_supplicant.conf": WPA})
    second = tree(tmp_path / "b", {"etc/wpa_supplicant.conf": WPA, "etc/passwd": PASSWD})
    key = b"sixteen bytes or more"
    with_key = {fact.secret.digest for root in (first, second) for fact in reading(root, digest_key=key).facts if isinstance(fact, StoredSecret)}
    without = {fact.secret.digest for root in (first, second) for fact in reading(root).facts if isinstance(fact, StoredSecret)}
    assert (len(with_key), len(without)) == (1, 2)


def test_the_same_evidence_gives_the_same_reading(tmp_path: Path):
    root = tree(
        tmp_path / "root", {"etc/passwd": PASSWD, "etc/shadow": "root::0:0:::::\n", "bin/x": b"\x7fELF\1\1\1" + bytes(9) + b"\2\0\x28\0" + bytes(99)}
    )
    assert reading(root) == reading(root)


def test_a_broken_piece_does_not_cost_the_findings_of_the_others(tmp_path: Path):
    bad = tmp_path / "update.gz"
    bad.write_bytes(gzip.compress(b"x" * 100_000)[:60])
    result = reading(bad, tree(tmp_path / "root", {"etc/passwd": PASSWD}))
    assert [fact.where.evidence for fact in result.facts] == ["e2"]
    assert result.coverage.unopened
    assert not result.coverage.complete


def test_a_capture_without_a_packet_is_a_problem_and_the_rest_goes_on(tmp_path: Path):
    capture = tmp_path / "ward.pcap"
    capture.write_bytes(frames.pcap())
    result = reading(capture, tree(tmp_path / "root", {"etc/passwd": PASSWD}))
    assert [evidence.kind for evidence in result.evidence] == [EvidenceKind.PCAP, EvidenceKind.DIR]
    assert [(problem.what, problem.where.path) for problem in result.problems] == [("no packet is in it", "ward.pcap")]
    assert EvidenceKind.PCAP not in result.coverage.kinds_not_given
    assert result.coverage.unopened == ("ward.pcap",)
    assert len(result.facts) == 1


def test_packets_that_whoever_captured_lost_are_told(tmp_path: Path) -> None:
    capture = tmp_path / "ward.pcapng"
    lost = frames.block(5, struct.pack("<III", 0, 0, 0) + frames.option(5, struct.pack("<Q", 20)))
    packet = frames.enhanced(frames.ethernet(frames.ipv4(frames.udp(b"hello"), 17)), 1)
    capture.write_bytes(frames.section() + frames.interface() + packet + lost)
    said = [(problem.what, problem.where.path) for problem in reading(capture).problems]
    assert ("20 packets are missing: whoever captured could not keep up with the traffic", "ward.pcapng") in said


@pytest.mark.parametrize("packed", ["gzip", "backports.zstd"])
@pytest.mark.parametrize("content", [bytes(1000), random.Random(1).randbytes(200_000)], ids=["small", "a block that is larger than a head"])
def test_a_compressed_capture_is_known_without_being_told(tmp_path: Path, packed: str, content: bytes) -> None:
    pack = pytest.importorskip(packed).compress
    (tmp_path / "ward").write_bytes(pack(b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(12) + b"\x01\0\0\0" + content))
    assert parse(str(tmp_path / "ward")).kind is EvidenceKind.PCAP


@pytest.mark.parametrize("packed", ["gzip", "backports.zstd"])
def test_compressed_firmware_stays_firmware_however_much_it_is_of_it(tmp_path: Path, packed: str) -> None:
    pack = pytest.importorskip(packed).compress
    (tmp_path / "pump.bin").write_bytes(pack(bytes(50_000_000)))  # a bomb's beginning: nothing of it is kept but what is asked for
    tracemalloc.start()
    assert parse(str(tmp_path / "pump.bin")).kind is EvidenceKind.FIRMWARE
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
    (tmp_path / "cut").write_bytes(pack(b"\xd4\xc3\xb2\xa1" + bytes(1000))[:9])
    assert parse(str(tmp_path / "cut")).kind is EvidenceKind.FIRMWARE


VEX = """{"@context": "https://openvex.dev/ns/v0.2.0", "author": "A", "statements": [
{"vulnerability": {"name": "CVE-2099-1"}, "products": [{"@id": "pkg:npm/a@1"}], "status": "fixed"}]}"""


@pytest.mark.parametrize("prefix", ["", "vex:"])
def test_what_a_maker_says_is_evidence_beside_the_device(tmp_path: Path, prefix: str):
    (tmp_path / "maker.json").write_text(VEX)
    result = reading(tree(tmp_path / "root", {"etc/passwd": PASSWD}), f"{prefix}{tmp_path / 'maker.json'}")
    assert [evidence.kind for evidence in result.evidence] == [EvidenceKind.DIR, EvidenceKind.VEX]
    assert [fact.where.line for fact in result.facts if isinstance(fact, VexClaim)] == [2]
    assert (result.problems, result.coverage.complete, result.coverage.unopened) == ((), True, ())


def test_what_a_maker_says_alone_is_no_look_at_a_device(tmp_path: Path):
    (tmp_path / "maker.json").write_text(VEX)
    result = reading(f"vex:{tmp_path / 'maker.json'}")
    assert {entry.kind for entry in result.looked_for if entry.looked} == {"VexClaim"}
    assert EvidenceKind.FIRMWARE in result.coverage.kinds_not_given


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_bare_vex_document_is_known_in_every_encoding_and_read(tmp_path: Path, codec: str):
    path = tmp_path / "maker.json"
    path.write_bytes(VEX.encode(codec))
    result = reading(path)
    assert [evidence.kind for evidence in result.evidence] == [EvidenceKind.VEX]
    assert ([type(fact) for fact in result.facts], result.problems) == ([VexClaim], ())


def test_a_vex_document_that_nobody_knows_is_a_problem(tmp_path: Path):
    (tmp_path / "maker.json").write_text('{"hello": 1}')
    (problem,) = reading(f"vex:{tmp_path / 'maker.json'}").problems
    assert "no VEX document" in problem.what


def test_many_statements_are_read(tmp_path: Path):
    one = '{"vulnerability": {"name": "CVE-2099-%d"}, "products": [{"@id": "pkg:npm/a@1"}], "status": "under_investigation"}'
    whole = VEX.partition("\n")[0] + ",\n".join(one % number for number in range(10_000)) + "]}"
    (tmp_path / "maker.json").write_text(whole)
    result = reading(tmp_path / "maker.json")
    assert (len(result.facts), result.problems) == (10_000, ())


@pytest.mark.parametrize("argument", ["target:10.0.0.1", "mds2:x.json"])
def test_a_kind_without_a_reader_is_refused_with_what_is_supported(argument: str):
    kinds = "firmware:PATH, dir:PATH, pcap:PATH, netlog:PATH, btsnoop:PATH, sbom:PATH, vex:PATH and design:PATH"
    with pytest.raises(UnsupportedEvidence, match=f"cannot be read yet; this version reads {kinds}"):
        reading(argument)


def test_what_is_not_there_or_not_what_it_is_called_is_refused(tmp_path: Path):
    with pytest.raises(UnsupportedEvidence, match="no such kind"):
        reading("thing:x")
    with pytest.raises(CannotRead, match="there is no such file"):
        reading(tmp_path / "nothing")
    with pytest.raises(CannotRead, match="is no directory"):
        reading(f"dir:{tree(tmp_path, {'a': 'b'}) / 'a'}")
    with pytest.raises(CannotRead, match="was given as firmware"):
        reading(f"firmware:{tmp_path}")
    with pytest.raises(CannotRead, match="no evidence"):
        reading()
    with pytest.raises(CannotRead, match="digest key"):
        reading(tmp_path, digest_key=b"short")


def test_a_path_that_looks_like_a_kind_is_still_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, {"pcap:x": PASSWD})
    assert reading("pcap:x").evidence[0].name == "pcap:x"


def test_a_name_that_is_no_text_is_written_out(tmp_path: Path):
    root = tree(tmp_path / "root", {"etc/passwd": PASSWD})
    (root / "etc" / "passwd").rename(root / "etc" / os.fsdecode(b"passwd-\xff\x01"))
    (account,) = reading(root).facts
    assert account.where.path == "etc/passwd-\\xff\x01"


def test_text_that_is_no_unicode_stays_readable(tmp_path: Path):
    root = tree(tmp_path / "root", {"etc/passwd": b"caf\xe9:x:0:0:root:/root:/bin/sh\n"})
    (account,) = reading(root).facts
    assert account.name == "caf\\xe9"


def test_evidence_beyond_its_limit_is_not_read(tmp_path: Path):
    result = reading(tree(tmp_path / "root", {"etc/passwd": PASSWD}), limits=replace(STANDARD, evidence_bytes=3))
    assert result.facts == ()
    assert [problem.cause for problem in result.problems] == [Cause.LIMIT_REACHED]
    assert not looked(result)["Account"]


def test_too_many_facts_are_a_problem(tmp_path: Path):
    result = reading(tree(tmp_path / "root", {"etc/passwd": PASSWD * 50}), limits=replace(STANDARD, facts=7))
    assert len(result.facts) == 7
    assert any(problem.cause is Cause.LIMIT_REACHED and "facts" in problem.what for problem in result.problems)


def test_a_file_too_large_to_parse_is_a_problem_and_still_searched(tmp_path: Path):
    text = PASSWD + "#" * 2000 + "\nftp://pump:url-secret-1@updates.hospital.net\n"
    result = reading(tree(tmp_path / "root", {"etc/passwd": text}), limits=replace(STANDARD, parse_file_bytes=1000))
    assert [type(fact) for fact in result.facts] == [StoredSecret]
    assert any("parse_file_bytes" in problem.what and problem.where.path == "etc/passwd" for problem in result.problems)


@pytest.mark.parametrize("size", [0, 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 200_000])
def test_a_file_is_read_to_its_end_whether_it_is_mapped_or_not(tmp_path: Path, size: int):
    text = "admin:$1$abcdefgh$" + "a" * 22 + "\n"
    result = reading(tree(tmp_path / "t", {"opt/list": "\n" * max(0, size - len(text)) + (text if size > 1 else "x" * size)}))
    assert [fact.where.path for fact in result.facts if isinstance(fact, PasswordHash)] == ["opt/list"] * (size > 1)
    assert result.coverage.bytes_read == size


def test_an_unreadable_or_special_file_costs_only_itself(tmp_path: Path):
    root = tree(tmp_path / "root", {"etc/passwd": PASSWD})
    os.mkfifo(root / "etc" / "shadow")
    (root / "etc" / "inittab").symlink_to("/etc/passwd")
    result = reading(root)
    assert [type(fact).__name__ for fact in result.facts] == ["Account"]


def test_a_start_script_that_another_one_calls_is_switched_on(tmp_path: Path):
    files = {
        "etc/inittab": "::sysinit:/etc/init.d/rcS\n",
        "etc/init.d/rcS": "#!/bin/sh\n/etc/init.d/net start\n",
        "etc/init.d/net": "#!/bin/sh\n/etc/init.d/telnet start\n",
        "etc/init.d/telnet": "#!/bin/sh\n/usr/sbin/telnetd\n",
        "etc/init.d/unused": "#!/bin/sh\n/usr/sbin/telnetd -p 99\n",
    }
    for result in (reading(tree(tmp_path / "root", files)), reading(image(tmp_path / "x.tgz", files))):
        services = {fact.where.member: fact.enabled for fact in result.facts if isinstance(fact, Service)}
        assert services == {"etc/init.d/telnet": True, "etc/init.d/unused": None}
        programs = {fact.where.member: fact.enabled for fact in result.facts if isinstance(fact, StartedProgram)}
        assert programs["etc/init.d/telnet"]
        assert not programs["etc/init.d/unused"]


def test_links_between_init_scripts_are_seen_in_an_image(tmp_path: Path):
    path = tmp_path / "fw.tar"
    with tarfile.open(path, "w") as archive:
        script = b"#!/bin/sh\n/usr/sbin/telnetd\n"
        entry = tarfile.TarInfo("etc/init.d/telnet")
        entry.size = len(script)
        archive.addfile(entry, io.BytesIO(script))
        link = tarfile.TarInfo("etc/rc3.d/S20telnet")
        link.type, link.linkname = tarfile.SYMTYPE, "../init.d/telnet"
        archive.addfile(link)
    (service,) = [fact for fact in reading(path).facts if isinstance(fact, Service)]
    assert (service.name, service.enabled) == ("telnet", True)


class TestAChildThatDies:
    @pytest.fixture(autouse=True)
    def _dying(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pool, "CHILD", "tests.unit.evidence.dying_child")

    @pytest.mark.parametrize(
        ("name", "cause", "said"),
        [
            ("kill-me", Cause.OUR_BUG, "signal 9"),
            ("raise-me", Cause.OUR_BUG, "ZeroDivisionError"),
            ("fill-me", Cause.LIMIT_REACHED, "read_memory_bytes"),
            ("lie-to-me", Cause.OUR_BUG, "the reading process ended"),
        ],
    )
    def test_it_costs_the_file_it_died_on_and_nothing_else(self, tmp_path: Path, name: str, cause: Cause, said: str):
        result = reading(
            tree(tmp_path / "root", {"a/passwd": PASSWD, f"b/{name}": "x", f"c/{name}": "x", "d/passwd": PASSWD, "e/shadow": "root::1:::::\n"})
        )
        assert [fact.where.path for fact in result.facts] == ["a/passwd", "d/passwd", "e/shadow"]
        assert isinstance(result.facts[2], PasswordHash)
        assert [(problem.cause, problem.where.path) for problem in result.problems] == [(cause, f"b/{name}"), (cause, f"c/{name}")]
        assert all(said in problem.what for problem in result.problems)
        assert result.coverage.files == 3

    def test_it_is_started_again_only_so_often(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(pool, "MOST_RESTARTS", 1)
        result = reading(tree(tmp_path / "root", {"a/kill-me": "x", "b/kill-me": "x", "c/passwd": PASSWD}))
        assert result.facts == ()
        assert any(problem.consequence == "this file and 1 after it were not looked at" for problem in result.problems)
        assert not looked(result)["Account"]


def test_the_time_for_one_file_is_bounded(tmp_path: Path):
    limits = replace(STANDARD, read_one_file_seconds=1)
    hashes = "".join(f"u{number}:$6$salt{number}$" + "a" * 86 + ":1:::::\n" for number in range(40))
    result = reading(tree(tmp_path / "root", {"etc/shadow": hashes, "z/passwd": PASSWD}), limits=limits)
    assert any(problem.cause is Cause.LIMIT_REACHED and "read_one_file_seconds" in problem.what for problem in result.problems)
    assert any(fact.where.path == "z/passwd" for fact in result.facts)


def test_a_file_with_a_small_archive_in_its_middle_is_searched_whole_and_not_called_understood(tmp_path: Path):
    flash = tmp_path / "flash.bin"
    noise = bytes(i * i % 251 for i in range(100_000))
    flash.write_bytes(noise + b"\0telnetd -l\0ftp://pump:Zq7-drip@update.net\0" + gzip.compress(b"<html>" + noise[:4000], mtime=0) + noise)
    result = reading(flash)
    assert [fact.where.path for fact in result.facts if isinstance(fact, StoredSecret)] == ["flash.bin"]
    assert result.coverage.unopened == ("flash.bin",)


class TestReadingWhileUnpacking:
    """What is read early must be what would have been read late."""

    @pytest.fixture
    def early(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The files that were handed to the children before unpacking had ended."""
        handed: list[str] = []
        real = pool.Pool.put

        def put(self: pool.Pool, files: Sequence[pool.ToLookAt]) -> list[pool.ToLookAt]:
            handed.extend(file.where.path for file in files if self._more_may_come and len(files) == 1)
            return real(self, files)

        monkeypatch.setattr(pool.Pool, "put", put)
        return handed

    def test_files_of_an_image_are_handed_over_as_they_come_out(self, tmp_path: Path, early: list[str]):
        result = reading(image(tmp_path / "x.tgz", {"etc/passwd": PASSWD, "etc/wpa_supplicant.conf": WPA}))
        assert sorted(early) == [fact.where.path for fact in result.facts]
        assert [type(fact) for fact in result.facts] == [Account, StoredSecret]

    def test_files_of_a_directory_are_handed_over_while_its_containers_are_opened(self, tmp_path: Path, early: list[str]):
        root = tree(tmp_path / "root", {"etc/passwd": PASSWD})
        image(root / "update.tgz", {"etc/passwd": PASSWD})
        assert len(reading(root).facts) == 2
        assert "etc/passwd" in early

    @pytest.mark.parametrize("seconds", [0, 1.5], ids=["before it was read", "after it was read"])
    def test_a_file_that_was_swapped_behind_our_back_is_read_again(self, seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        path = image(tmp_path / "x.tgz", {"etc/passwd": PASSWD})
        real = read_module.unpack

        def unpack_and_swap(*args: object) -> object:
            result = real(*args)
            time.sleep(seconds)
            for file in result.files:
                file.host.unlink()
                file.host.write_text(PASSWD.replace("root", "toor", 1))
            return result

        monkeypatch.setattr(read_module, "unpack", unpack_and_swap)
        (account,) = reading(path).facts
        assert account.name == "toor"
