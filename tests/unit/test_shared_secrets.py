"""One secret in two images, on the whole road: found, told without saying it, and no longer assumed to be the same in every unit."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from asepsis.cli.main import cli
from asepsis.model.finding import Finding
from asepsis.model.shared import Sharing
from asepsis.model.study import Study
from asepsis.reports.explain import explain
from asepsis.reports.summary import COLUMNS, LINES, summary
from asepsis.reports.tell import tell
from asepsis.story import Options, run

PASSPHRASE, OTHER = "quiet-lantern-73", "velvet-anchor-58"
ASSUMED = "is taken to be the same in every unit"


def _key() -> str:
    return ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


KEY = _key()


def wifi(passphrase: str) -> str:
    return f'network={{\n  ssid="ward"\n  psk="{passphrase}"\n}}\n'


def image(path: Path, **files: str) -> str:
    with tarfile.open(path, "w") as archive:
        for name, text in {"etc/hostname": f"{path.name}\n", **{key.replace("__", "/"): text for key, text in files.items()}}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return str(path)


def unit(path: Path, *, key: str = KEY, passphrase: str = PASSPHRASE, service: str = "") -> str:
    files = {"etc__ssh__ssh_host_ed25519_key": key, "etc__wpa_supplicant.conf": wifi(passphrase)}
    return image(path, **files, **({"etc__wpa_supplicant-service.conf": wifi(service)} if service else {}))


def of(study: Study, rule: str) -> Finding:
    return next(finding for finding in study.findings if finding.rule == rule)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("units")
    pieces = [unit(folder / "unit-a.bin", service=OTHER), unit(folder / "unit-b.bin", service="amber-kettle-19")]
    return run(pieces, Options())


def test_both_shared_secrets_are_listed_and_the_different_one_is_not(two: Study):
    assert sorted((one.what, one.sharing, one.evidence) for one in two.shared) == [
        ("Wi-Fi password", Sharing.UNITS, ("e1", "e2")),
        ("private key", Sharing.UNITS, ("e1", "e2")),
    ]
    key = next(one for one in two.shared if one.what == "private key")
    assert [str(place) for place in key.places] == [f"unit-{name}.bin!etc/ssh/ssh_host_ed25519_key@0x0" for name in "ab"]
    assert key.findings == (of(two, "private_key_in_image").id,)


def test_that_every_unit_has_it_is_shown_and_not_assumed(two: Study):
    key = of(two, "private_key_in_image")
    assert "the same private key lies in both units (unit-a.bin, unit-b.bin)" in key.facts
    assert any("equal keyed digests show" in line for line in key.shown_by)
    assert not any(ASSUMED in text for text in key.assumes)
    assert any("taken to come from different units" in text for text in key.assumes)
    assert any(claim.predicate == "same_in_every_unit" for claim in key.claims)
    (different,) = (one for one in two.findings if one.rule == "wifi_secret_in_clear" and "service" in one.locations[0].path)
    assert any(ASSUMED in text for text in different.assumes)


def test_the_first_screen_says_it(two: Study):
    lines = summary(two, [("html", "report.html")])
    assert len(lines) <= LINES
    assert all(len(line) <= COLUMNS for line in lines)
    said = " ".join(" ".join(lines).split())
    assert "1 Wi-Fi password and 1 private key are in both units (unit-a.bin and unit-b.bin): whoever opens one has the other" in said


def test_explain_tells_it_by_digest_and_of_the_finding(two: Study):
    key = next(one for one in two.shared if one.what == "private key")
    assert explain(two, key.digest)[0] == (
        f"{key.digest}  One private key is in both units (unit-a.bin and unit-b.bin): whoever opens one has the other."
    )
    assert explain(two, key.digest) == [line for line in explain(two, "shared") if line in explain(two, key.digest)]
    assert any(key.digest in line and "elsewhere" in line for line in explain(two, key.findings[0]))


@pytest.mark.parametrize("format_", ["html", "json", "sarif"])
def test_every_report_says_it_and_no_secret(two: Study, format_: str):
    document = tell(two, format_).decode()
    assert "in both units (unit-a.bin" in document
    for secret in (PASSPHRASE, OTHER, KEY.splitlines()[2]):
        assert secret not in document


def test_a_secret_twice_in_one_image_is_no_other_unit(tmp_path: Path):
    study = run([unit(tmp_path / "unit-a.bin", service=PASSPHRASE)], Options())
    (wifi_password,) = study.shared
    assert (wifi_password.sharing, wifi_password.evidence, len(wifi_password.places)) == (Sharing.ONE, ("e1",), 2)
    assert not any("both units" in line for line in summary(study, []))
    assert any(ASSUMED in text for finding in study.findings for text in finding.assumes)
    assert "One Wi-Fi password lies in 2 places of unit-a.bin." in explain(study, wifi_password.digest)[0]


def test_an_image_and_its_own_tree_are_not_two_units(tmp_path: Path):
    packed = unit(tmp_path / "unit-a.bin")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "tree", filter="data")
    study = run([packed, str(tmp_path / "tree")], Options())
    assert {one.sharing for one in study.shared} == {Sharing.PIECES}
    assert "both pieces of evidence" in " ".join(summary(study, []))
    assert any(ASSUMED in text for text in of(study, "private_key_in_image").assumes)


def test_the_same_file_given_twice_is_one_unit(tmp_path: Path):
    first = unit(tmp_path / "unit-a.bin")
    copy = tmp_path / "copy.bin"
    copy.write_bytes(Path(first).read_bytes())
    assert run([first, str(copy)], Options()).shared == ()


@pytest.mark.parametrize("passphrase", ["", "your-password-here", "${WIFI_PSK}", "password"], ids=["empty", "example", "variable", "default"])
def test_what_everybody_has_and_what_is_no_secret_is_not_shared(tmp_path: Path, passphrase: str):
    pieces = [unit(tmp_path / f"unit-{name}.bin", key=_key(), passphrase=passphrase) for name in "ab"]
    assert run(pieces, Options()).shared == ()


def test_what_was_dismissed_is_printed_on_demand(tmp_path: Path):
    packed = unit(tmp_path / "unit-a.bin", passphrase="${WIFI_PSK}")
    answer = CliRunner().invoke(cli, ["assess", packed, "-q", "--show-dismissed"], catch_exceptions=False)
    assert "template-variable: " in answer.output
    assert "Wi-Fi password of 'ward': template variable — unit-a.bin!etc/wpa_supplicant.conf:3" in answer.output
