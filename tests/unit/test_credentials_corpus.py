"""The corpus of credentials: its encoders against independent readers and worked examples, its tables, and the scorer's arithmetic."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key, load_ssh_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def corpus() -> Iterator[SimpleNamespace]:
    """The modules of the corpus, which is no part of the installed program."""
    sys.path.insert(0, str(BENCH))
    try:
        from credentials import archives, base, build, fit, hexes, keys, makers, match, nvs, peers, plan, regf, score, stores, values

        yield SimpleNamespace(**{module.__name__.rpartition(".")[2]: module for module in (archives, base, build, fit, hexes, keys)} | {
            module.__name__.rpartition(".")[2]: module for module in (makers, match, nvs, peers, plan, regf, score, stores, values)
        })  # fmt: skip
    finally:
        sys.path.remove(str(BENCH))


# --- encoders ------------------------------------------------------------------------------------------------


def test_an_nvs_partition_is_byte_for_byte_what_espressifs_generator_writes(corpus: SimpleNamespace) -> None:
    """Its own generator, 0.3.0, gave this digest for the same two keys."""
    made = corpus.nvs.partition({"phy": {"cal_version": 4}, "app": {"mode": "station"}})
    assert len(made) == 0x6000
    assert hashlib.sha256(made).hexdigest() == "ecbd9e7c573817dc30a0b06969f19fd7c010a3b8942ca8417f417e9b3e65b286"


def test_an_nvs_page_counts_its_entries_and_a_changed_byte_breaks_a_crc(corpus: SimpleNamespace) -> None:
    made = corpus.nvs.partition({"nvs.net80211": corpus.nvs.wifi_station("WARD", "secret words")})
    entries = [made[start : start + 32] for start in range(64, 4096, 32)]
    first = entries[0]
    assert struct.unpack_from("<I", first, 4)[0] == zlib.crc32(first[:4] + first[8:], 0xFFFFFFFF)
    assert first[8:24].rstrip(b"\0") == b"nvs.net80211"
    written = [place for place in range(126) if made[32 + place // 4] >> 2 * (place % 4) & 3 == 2]
    assert written == list(range(sum(entry != b"\xff" * 32 for entry in entries)))


def test_too_many_nvs_values_for_a_page_are_refused_and_not_cut(corpus: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        corpus.nvs.partition({"app": {f"key{number}": "x" * 60 for number in range(60)}})


def _hive_values(data: bytes, *path: str) -> dict[str, bytes]:
    """A reader of hives of its own: follows keys from the root and gives the raw values of the last."""

    def cell(offset: int) -> bytes:
        size = -struct.unpack_from("<i", data, 4096 + offset)[0]
        assert size > 0
        assert size % 8 == 0
        return data[4096 + offset + 4 : 4096 + offset + size]

    key = cell(struct.unpack_from("<I", data, 36)[0])
    for name in path:
        (below,) = struct.unpack_from("<I", key, 28)
        (count,) = struct.unpack_from("<H", cell(below), 2)
        children = [cell(struct.unpack_from("<I", cell(below), 4 + 8 * number)[0]) for number in range(count)]
        (key,) = [child for child in children if child[76 : 76 + struct.unpack_from("<H", child, 72)[0]] == name.encode()]
    count, places = struct.unpack_from("<II", key, 36)
    values = {}
    for (place,) in struct.iter_unpack("<I", cell(places)[: 4 * count]):
        entry = cell(place)
        length, size, offset = struct.unpack_from("<HII", entry, 2)
        raw = struct.pack("<I", offset)[: size & 0x7FFFFFFF] if size & 0x80000000 else cell(offset)[:size]
        values[entry[20 : 20 + length].decode()] = raw
    return values


def test_a_hive_holds_its_keys_and_values_at_the_places_of_the_format(corpus: SimpleNamespace) -> None:
    made = corpus.regf.hive({"A\\Winlogon": {"DefaultPassword": "Grün-1", "On": 1, "Two": "1"}, "B": {"raw": b"123456"}})
    assert len(made) % 4096 == 0
    assert struct.unpack_from("<I", made, 40)[0] == len(made) - 4096
    assert _hive_values(made, "A", "Winlogon") == {"DefaultPassword": "Grün-1\0".encode("utf-16-le"), "On": b"\1\0\0\0", "Two": b"1\0\0\0"}
    assert _hive_values(made, "B") == {"raw": b"123456"}


def test_the_checksum_of_a_hive_is_the_exclusive_or_of_its_first_127_words(corpus: SimpleNamespace) -> None:
    made = corpus.regf.hive({"A": {"x": "y"}})
    total = 0
    for (word,) in struct.iter_unpack("<I", made[:508]):
        total ^= word
    assert struct.unpack_from("<I", made, 508)[0] == total


def test_the_cells_of_a_hive_fill_its_bin_without_a_gap(corpus: SimpleNamespace) -> None:
    made = corpus.regf.hive({f"Key{number}": {"value": "x" * number} for number in range(200)})
    place = 4096 + 32
    while place < len(made):
        size = abs(struct.unpack_from("<i", made, place)[0])
        assert size >= 8
        place += size
    assert place == len(made)


def test_the_head_of_a_virus_database_has_512_bytes_of_text_and_its_date(corpus: SimpleNamespace) -> None:
    arguments = {"date": "12 Mar 2019 09-30 -0400", "version": 25385, "signatures": 5, "stime": 1552397400}
    made = corpus.makers.clamav(corpus.values.Values(1, "p"), arguments)
    fields = made[:512].decode("ascii").rstrip().split(":")
    assert (fields[:4], fields[-2:]) == (["ClamAV-VDB", "12 Mar 2019 09-30 -0400", "25385", "5"], ["builder", "1552397400"])
    assert made[512:514] == b"\x1f\x8b"


def test_intel_hex_records_are_those_of_the_specification(corpus: SimpleNamespace) -> None:
    lines = corpus.hexes.intel_hex(bytes(range(18)), 0x08000000).decode().split()
    assert lines == [":020000040800F2", ":10000000000102030405060708090A0B0C0D0E0F78", ":020010001011CD", ":00000001FF"]


def test_s_records_add_up_to_ff(corpus: SimpleNamespace) -> None:
    lines = corpus.hexes.s_records(b"pump", 0x08000000).decode().split()
    assert [line[:2] for line in lines] == ["S0", "S3", "S7"]
    assert all(sum(bytes.fromhex(line[2:])) & 255 == 255 and bytes.fromhex(line[2:])[0] == len(line) // 2 - 2 for line in lines)


def test_every_form_of_a_key_can_be_opened_by_another_library(corpus: SimpleNamespace) -> None:
    def made(form: str) -> bytes:
        data: bytes = corpus.keys.MAKERS[form](random.Random(7))
        return data

    for form in ("pem-pkcs1", "pem-sec1", "pem-pkcs8"):
        load_pem_private_key(made(form), None)
    load_der_private_key(made("der-pkcs8"), None)
    load_ssh_private_key(made("openssh"), None)
    with pytest.raises(TypeError, match=r"[Pp]assword"):
        load_pem_private_key(made("pem-encrypted"), None)
    assert load_pkcs12(corpus.stores.pkcs12(random.Random(7), ""), b"").key is not None


def test_an_encrypted_key_opens_with_its_own_password_only(corpus: SimpleNamespace) -> None:
    draw = random.Random(7)
    private = corpus.keys.rsa_key(draw)
    sealed = corpus.keys.encrypted_pem(private, b"right", draw)
    assert load_pem_private_key(sealed, b"right").private_numbers() == private.private_numbers()  # type: ignore[union-attr,call-arg]
    with pytest.raises(ValueError, match=r"."):
        load_pem_private_key(sealed, b"wrong")


def test_a_java_key_store_ends_in_the_digest_of_its_password(corpus: SimpleNamespace) -> None:
    made = corpus.stores.jks(random.Random(7), "changeit")
    assert made[:8] == bytes.fromhex("feedfeed00000002")
    assert made[-20:] == hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + made[:-20]).digest()


def test_rfb_passwords_are_scrambled_as_vnc_does_it(corpus: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.values.Values, "password", lambda *_: "password")
    assert corpus.values.Values(1, "p").value("any", "vnc") == "dbd83cfd727a1458"  # the published example


def test_a_rom_file_system_adds_up_to_nothing(corpus: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "shadow").write_bytes(b"root:*:\n")
    (tmp_path / "init").write_bytes(b"x" * 40)
    made = corpus.archives.romfs(tmp_path)
    assert sum(word for (word,) in struct.iter_unpack(">I", made[:512])) & 0xFFFFFFFF == 0
    assert made[:8] == b"-rom1fs-"
    first = 32
    following = struct.unpack_from(">I", made, first)[0]
    assert (following & 7, made[first + 16 : first + 20]) == (1, b"etc\0")
    assert made[(following & ~15) + 16 :][:5] == b"init\0"


# --- tables --------------------------------------------------------------------------------------------------


def test_there_are_at_least_sixty_pairs_over_at_least_twelve_containers(corpus: SimpleNamespace) -> None:
    pairs = corpus.plan.pairs()
    assert len(pairs) >= 60
    assert len({pair.container for pair in pairs}) >= 12
    assert all(pair.says and pair.mend and pair.planted for pair in pairs)


def test_every_class_that_the_scorer_counts_is_planted_somewhere(corpus: SimpleNamespace) -> None:
    planted = {name for pair in corpus.plan.pairs() for label in pair.planted for name in label.classes}
    assert planted >= corpus.match.COUNTED


def test_every_further_true_statement_has_its_reason(corpus: SimpleNamespace) -> None:
    assert [pair.id for pair in corpus.plan.pairs() for label in pair.also if len(label.why) < 10] == []


def test_every_image_of_a_system_has_tempting_things_with_their_reason(corpus: SimpleNamespace) -> None:
    for name, least in (("linux", 20), ("windows", 4), ("android", 3)):
        _, decoys = corpus.base.files(name, corpus.values.Values(1, "p"))
        assert len(decoys) >= least
        assert all(decoy.what for decoy in decoys)


def test_another_seed_gives_other_secrets_in_the_same_places(corpus: SimpleNamespace) -> None:
    first, again, other = (corpus.values.Values(seed, "p").fill("<<ward:password>> <<ward:password>> <<x:hex64>>") for seed in (1, 1, 2))
    assert first == again
    assert first.split()[0] == first.split()[1]
    assert not set(first.split()) & set(other.split())
    assert all(len(set(corpus.values.Values(1, "p").value("x", kind))) > 2 for kind in corpus.values.KINDS)


def test_a_table_with_an_unknown_word_or_a_label_without_a_line_is_refused(corpus: SimpleNamespace) -> None:
    entry = {"id": "x", "group": "g", "container": "zip", "says": "s", "mend": "m", "planted": [{"path": "a", "class": "nonsense"}]}
    with pytest.raises(ValueError, match="unknown class"):
        corpus.plan.pair(entry, "t.toml")
    with pytest.raises(ValueError, match="unknown"):
        corpus.plan.pair(entry | {"vulnerabel": {}}, "t.toml")
    with pytest.raises(ValueError, match="2 lines"):
        corpus.plan.line_of(b"psk=a\npsk=b\n", "psk=")


# --- scoring -------------------------------------------------------------------------------------------------

LABEL = {"path": "etc/shadow", "classes": ["hard-coded-credential"], "line": 2, "offset": None}


def hit(corpus: SimpleNamespace, weakness: str = "hard-coded-credential", path: str = "a.img!etc/shadow", line: int | None = 2) -> object:
    return corpus.match.Hit(weakness, "title", (corpus.match.Place(path, line),))


@pytest.mark.parametrize(
    ("weakness", "path", "line", "same"),
    [
        ("hard-coded-credential", "a.img!etc/shadow", 2, True),
        ("hard-coded-credential", "a.img!b.cpio!./etc/shadow", 8, True),
        ("hard-coded-credential", "etc/shadow", None, True),
        ("", "etc/shadow", 2, True),
        ("weak-password-hash", "etc/shadow", 2, False),
        ("hard-coded-credential", "etc/gshadow", 2, False),
        ("hard-coded-credential", "a.img!usr/share/doc/etc/shadow.txt", 2, False),
        ("hard-coded-credential", "etc/shadow", 9, False),
    ],
)
def test_a_finding_matches_by_class_path_and_line(corpus: SimpleNamespace, weakness: str, path: str, line: int | None, same: bool) -> None:
    assert corpus.match.matches(hit(corpus, weakness, path, line), LABEL) is same


def test_what_is_not_labelled_is_a_false_alarm_only_in_the_counted_classes(corpus: SimpleNamespace) -> None:
    hits = [hit(corpus), hit(corpus, path="etc/passwd"), hit(corpus, "out-of-date-software", "usr/lib/x")]
    scored = corpus.match.score(hits, {"planted": [LABEL], "also_true": []})
    assert (len(scored.found), scored.missed, scored.true, len(scored.alarms)) == (1, (), 1, 1)


def test_a_pair_is_told_apart_only_if_the_mended_twin_is_quiet(corpus: SimpleNamespace) -> None:
    found = corpus.match.score([hit(corpus)], {"planted": [LABEL], "also_true": []})
    missed = corpus.match.score([], {"planted": [LABEL], "also_true": []})
    still = [hit(corpus, line=40)]
    assert corpus.match.told_apart(found, [], [LABEL], [])
    assert not corpus.match.told_apart(missed, [], [LABEL], [])
    assert not corpus.match.told_apart(found, still, [LABEL], [])
    assert corpus.match.told_apart(found, still, [LABEL], [LABEL | {"line": 40}])


def test_the_sums_are_those_of_the_twins(corpus: SimpleNamespace) -> None:
    labels = {
        f"p.{twin}": {
            "pair": "p",
            "twin": twin,
            "group": "g",
            "container": "zip",
            "planted": [LABEL] if twin == "vulnerable" else [],
            "also_true": [],
        }
        for twin in ("vulnerable", "mended")
    }
    results = corpus.score.results({"p.vulnerable": [hit(corpus)], "p.mended": [hit(corpus, path="etc/passwd")]}, labels)
    sums = corpus.score.total(results)
    assert (sums.recall, sums.precision, sums.pair_score) == (1.0, 0.5, 1.0)
    assert corpus.score.listed(results) == ["ALARM title at etc/passwd:2: 1 images, p.mended"]


# --- a few pairs, whole --------------------------------------------------------------------------------------

SMALL = ["weak-hash-des", "telnet-shell", "sshd-root-password", "web-config-connection"]
"""Pairs in romfs, cpio, tar and zip: written without any program."""


def test_building_twice_gives_the_same_bytes_and_the_labels_point_at_what_was_planted(corpus: SimpleNamespace, tmp_path: Path) -> None:
    digests = []
    for name in ("first", "second"):
        assert corpus.build.build(tmp_path / name, only=["weak-hash-des", "web-config-connection"]) == []
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        digests.append([(path.relative_to(tmp_path / name).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files])
    assert digests[0] == digests[1]
    label = json.loads((tmp_path / "first/labels/weak-hash-des.vulnerable.json").read_text())
    (planted,) = label["planted"]
    line = (tmp_path / "first" / label["tree"] / planted["path"]).read_text().splitlines()[planted["line"] - 1]
    assert line.startswith("service:")
    assert json.loads((tmp_path / "first/labels/weak-hash-des.mended.json").read_text())["planted"] == []


def test_a_pair_whose_program_is_missing_is_skipped_and_said(corpus: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("credentials.containers.SBIN", str(tmp_path))
    skipped = corpus.build.build(tmp_path / "out", only=["root-empty-password", "weak-hash-des"])
    assert [(one.pair, one.reason) for one in skipped] == [("root-empty-password", "mkfs.jffs2 not installed")]
    assert json.loads((tmp_path / "out/corpus.json").read_text())["pairs"] == ["weak-hash-des"]


@pytest.mark.slow
def test_a_few_pairs_are_told_apart_without_a_false_alarm(corpus: SimpleNamespace, tmp_path: Path) -> None:
    corpus.build.build(tmp_path / "out", only=SMALL)
    _, mistakes, sums = corpus.score.report(tmp_path / "out", [], 0)
    assert mistakes == []
    assert (sums.pairs, sums.recall, sums.precision, sums.pair_score) == (len(SMALL), 1.0, 1.0, 1.0)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mksquashfs") is None, reason="mksquashfs is not installed")
def test_the_scorer_runs_as_a_program_and_its_exit_code_follows_the_targets(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": ""}
    build, score = (str(BENCH / "credentials" / name) for name in ("build.py", "score.py"))
    subprocess.run([sys.executable, build, str(tmp_path / "out"), "--only", "tls-key-pem"], check=True, capture_output=True, env=environment)
    done = subprocess.run([sys.executable, score, str(tmp_path / "out"), "--list"], check=False, capture_output=True, text=True, env=environment)
    assert "| keys | 1 | 1/1 | 1.00 |" in done.stdout
    assert done.returncode == 0
    for path in (tmp_path / "out" / "labels").glob("*.vulnerable.json"):
        record = json.loads(path.read_text())
        record["planted"][0]["path"] = "nowhere"
        path.write_text(json.dumps(record))
    done = subprocess.run([sys.executable, score, str(tmp_path / "out"), "--list"], check=False, capture_output=True, text=True, env=environment)
    assert "MISSED tls-key-pem" in done.stdout
    assert done.returncode == 1


def test_a_database_holds_what_its_statements_say(corpus: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(corpus.makers.sqlite(corpus.values.Values(1, "p"), {"sql": "CREATE TABLE u (n TEXT); INSERT INTO u VALUES ('a');"}))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT n FROM u").fetchall() == [("a",)]
    connection.close()


def test_an_image_tree_has_its_sizes_right_and_holds_its_file(corpus: SimpleNamespace) -> None:
    made = corpus.fit.image_tree(b"hsqs" + bytes(100), 1)
    magic, total, start, names, _, version = struct.unpack_from(">6I", made)
    assert (magic, total, version) == (0xD00DFEED, len(made), 17)
    assert start < made.index(b"hsqs") < names
    assert made[-len(made) + names :].split(b"\0")[0] == b"timestamp"


def test_a_peer_that_does_not_finish_is_said_so_and_its_pair_left_out(corpus: SimpleNamespace, tmp_path: Path):
    labels = {
        f"{pair}.{twin}": {"pair": pair, "group": "g", "container": "tar", "tree": f"{pair}.{twin}", "planted": [], "also_true": []}
        for pair in ("a", "b")
        for twin in ("vulnerable", "mended")
    }
    name, kept = corpus.score.of_peer("slow", lambda tree, _: None if tree.name == "b.mended" else [], tmp_path, labels, 9)
    assert name == "slow, on the plain files; 1 of 4 trees unfinished after 9 s, pairs left out: 1"
    assert [one.pair for one in kept] == ["a"]
    assert corpus.score.row("slow", corpus.score.total([])) == "| slow | 0 | - | - | - | - | - | - |"


def test_what_cve_bin_tool_names_is_out_of_date_software_in_that_file(corpus: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    scanner = tmp_path / "scanner.py"
    says = '{name: [["openssl", "openssl", "1.0.2"]] for name, (path,) in given.items() if b"OpenSSL" in open(path, "rb").read()}'
    scanner.write_text(f"import json, sys\ngiven = json.load(sys.stdin)\njson.dump({{'said': {says}, 'seconds': 1}}, sys.stdout)\n")
    monkeypatch.setattr(corpus.peers, "SCANNER", scanner)
    monkeypatch.setattr(corpus.peers, "CVE_BIN_TOOL", Path(sys.executable))
    library = tmp_path / "tree" / "usr" / "lib" / "libcrypto.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"OpenSSL 1.0.2")
    (library.parent / "other").symlink_to("libcrypto.so")
    (library.parent / "script").write_text("PASSWORD=x")
    (hit,) = corpus.peers.cve_bin_tool(tmp_path / "tree", 60)
    assert (hit.weakness, hit.title, hit.places) == (
        "out-of-date-software",
        "openssl openssl 1.0.2",
        (corpus.match.Place("usr/lib/libcrypto.so", None),),
    )
    label = {"path": "usr/lib/libcrypto.so", "line": None}
    scored = corpus.match.score(
        [hit], {"planted": [{**label, "classes": ["out-of-date-software"]}, {**label, "classes": ["private-key-shipped"]}], "also_true": []}
    )
    assert (len(scored.found), len(scored.missed), scored.true, scored.alarms) == (1, 1, 0, ())
    assert "| 0 | - |" in corpus.score.row("peer", corpus.score.Total(1, 0, 2, 1, 0, 0))


def test_a_peer_is_ended_with_all_that_it_started(corpus: SimpleNamespace, tmp_path: Path):
    assert corpus.peers.finished(["sh", "-c", "sleep 30 & sleep 30"], tmp_path, 0.2) is None
    assert corpus.peers.finished(["sh", "-c", "echo so"], tmp_path, 30) == "so\n"
    with pytest.raises(RuntimeError, match="no such thing"):
        corpus.peers.finished(["sh", "-c", "echo no such thing >&2; exit 3"], tmp_path, 30)
