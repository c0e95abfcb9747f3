"""DICOM between real programs: DCMTK and pynetdicom send to Orthanc and to DCMTK, captured on the loopback and assessed as anybody's capture is."""

from __future__ import annotations

import base64
import json
import subprocess
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from asepsis.evidence.wire.events import DicomAssociation, DimseSaid, HttpSaid
from asepsis.model.study import Study
from tests.real import loopback
from tests.real.loopback import facts, fields, first_screen, found, found_by, recorded, running

pydicom = pytest.importorskip("pydicom")
pynetdicom = pytest.importorskip("pynetdicom")
pytestmark = loopback.needs("storescp", "storescu", "echoscu", "findscu")

ARCHIVE = loopback.own_address(1)
PATIENT, PASSWORD = "Nobody^Jane", "Quiet-Meadow-58"


def image(folder: Path) -> Path:
    """A slice of a scanner that does not exist."""
    made = pydicom.Dataset()
    made.SOPClassUID, made.SOPInstanceUID = pydicom.uid.CTImageStorage, "1.2.826.0.1.3680043.10.1.1"
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.826.0.1.3680043.10.1", "1.2.826.0.1.3680043.10.1.0"
    made.PatientName, made.PatientID, made.PatientBirthDate, made.Modality = PATIENT, "P-4711", "19500101", "CT"
    made.Manufacturer, made.ManufacturerModelName = "Harbour Imaging", "HI-64"
    made.SoftwareVersions, made.StationName = "4.2.1", "CT-EAST"
    made.Rows = made.Columns = 256
    made.BitsAllocated = made.BitsStored = 16
    made.HighBit, made.PixelRepresentation, made.SamplesPerPixel, made.PhotometricInterpretation = 15, 0, 1, "MONOCHROME2"
    made.PixelData = bytes(2 * 256 * 256)
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    path = folder / "slice.dcm"
    made.save_as(path, enforce_file_format=True)
    return path


def done(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=loopback.PATIENCE)


# --- DCMTK to DCMTK ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def between_dcmtk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """An echo, an image, and an image whose sender logs in."""
    folder = tmp_path_factory.mktemp("dcmtk")
    port, path, picture = loopback.free_port(ARCHIVE), folder / "dcmtk.pcap", str(image(folder))
    to = (ARCHIVE, str(port))
    with recorded(path, f"tcp port {port}"), running(["storescp", "-od", str(folder), "-aet", "ARCHIVE", str(port)], port):
        done("echoscu", "-aet", "CT1", "-aec", "ARCHIVE", *to)
        done("storescu", "-aet", "CT1", "-aec", "ARCHIVE", *to, picture)
        done("storescu", "-aet", "CT1", "-aec", "ARCHIVE", "-usr", "scanner", "-pwd", PASSWORD, *to, picture)
    return path, port


@pytest.fixture(scope="module")
def dcmtk(between_dcmtk: tuple[Path, int]) -> Study:
    return loopback.study_of(between_dcmtk[0])


def test_dcmtk_says_what_tshark_sees(between_dcmtk):
    path, port = between_dcmtk
    loopback.dicom_agrees(path, port)


def test_the_scanner_is_known_by_what_it_writes_into_its_images(dcmtk, between_dcmtk):
    (scanner,) = facts(dcmtk, "NetworkDevice", address="127.0.0.1")
    known = [scanner[name] for name in ("kind", "maker", "model", "version", "name", "shown_by")]
    assert known == ["ct-scanner", "Harbour Imaging", "HI-64", "4.2.1", "CT-EAST", ("dicom",)]
    (archive,) = facts(dcmtk, "NetworkDevice", address=ARCHIVE)
    assert (archive["kind"], archive["name"], archive["services"]) == ("dicom-server", "ARCHIVE", (f"dicom {between_dcmtk[1]}",))
    assert "1 CT scanner" in first_screen(dcmtk)


def test_both_programs_are_known_by_the_name_of_their_implementation(dcmtk):
    named = {(fact["name"], fact["version"]) for fact in facts(dcmtk, "Component")}
    assert ("DCMTK", "3.6.7") in named


def test_the_password_of_an_association_is_told_without_being_shown(dcmtk):
    (secret,) = facts(dcmtk, "OverheardSecret")
    assert (secret["service"], secret["subject"], secret["accepted"]) == ("dicom", "scanner", True)
    assert found_by(dcmtk, "password_sent_in_clear")


def test_images_in_clear_are_told_and_no_patient_is(dcmtk):
    (images,) = facts(dcmtk, "Flow", effect="reading")
    assert (images["protocol"], images["encrypted"], images["authenticated"], images["patient_data"]) == ("dicom", False, False, True)
    assert images["name"] in found_by(dcmtk, "flow_in_clear")
    assert found_by(dcmtk, "patient_data_exposed") == [images["name"]]
    documents = loopback.every_document(dcmtk)
    assert not [word for word in (b"Nobody", b"P-4711", b"19500101", PASSWORD.encode()) if word in documents]


# --- DCMTK over TLS ------------------------------------------------------------------------------------------


def key_and_certificate(folder: Path) -> tuple[str, str]:
    """Of a server that vouches for itself."""
    key, day = rsa.generate_private_key(65537, 2048), datetime(2026, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "archive.ward.example")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, day, day + timedelta(days=3650)).sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain))
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    return str(folder / "key.pem"), str(folder / "cert.pem")


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The same image once more, by a sender who logs in, where nobody can read it."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = key_and_certificate(folder)
    port, path, picture = loopback.free_port(ARCHIVE), folder / "tls.pcap", str(image(folder))
    server = ["storescp", "-od", str(folder), "-aet", "ARCHIVE", "+tls", key, certificate, "-ic", str(port)]
    with recorded(path, f"tcp port {port}"), running(server, port):
        done("storescu", "+tla", "-ic", "-aec", "ARCHIVE", "-usr", "scanner", "-pwd", PASSWORD, ARCHIVE, str(port), picture)
    return path, port


def test_what_tls_protects_is_neither_told_nor_called_in_clear(over_tls):
    study = loopback.study_of(over_tls[0])
    assert not facts(study, "Flow")
    assert not facts(study, "OverheardSecret")
    assert not [rule for rule in ("flow_in_clear", "patient_data_exposed", "password_sent_in_clear") if found_by(study, rule)]


def test_the_version_of_tls_is_the_one_that_tshark_sees(over_tls):
    path, port = over_tls
    (session,) = facts(loopback.study_of(path), "TlsSession")
    (hello,) = fields(path, "tls.handshake.type == 2", "tls.handshake.extensions.supported_version", "tls.handshake.version")
    version = {"0x0304": "TLS 1.3", "0x0303": "TLS 1.2"}[hello[0] or hello[1]]
    assert (session["version"], session["server"]) == (version, f"{ARCHIVE}:{port}")


# --- Orthanc -------------------------------------------------------------------------------------------------


def asked(port: int, path: str) -> bytes:
    """One request to the web interface, with the password in clear."""
    request = urllib.request.Request(f"http://{ARCHIVE}:{port}{path}")
    request.add_header("Authorization", "Basic " + base64.b64encode(f"reader:{PASSWORD}".encode()).decode())
    with urllib.request.urlopen(request, timeout=loopback.PATIENCE) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def with_orthanc(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    """An image stored, a query for all patients, the same by REST and DICOMweb, an association that is refused."""
    if not found("Orthanc"):
        pytest.skip("Orthanc is not installed")
    folder = tmp_path_factory.mktemp("orthanc")
    port, web, path, picture = loopback.free_port(ARCHIVE), loopback.free_port(ARCHIVE), folder / "orthanc.pcap", image(folder)
    settings = {
        "Name": "Ward archive", "StorageDirectory": str(folder), "IndexDirectory": str(folder), "DicomAet": "ARCHIVE", "DicomPort": port,
        "HttpPort": web, "RemoteAccessAllowed": True, "AuthenticationEnabled": True, "RegisteredUsers": {"reader": PASSWORD},
        "DicomAlwaysAllowFind": True, "DicomCheckCalledAet": True, "Plugins": ["/usr/share/orthanc/plugins"], "DicomWeb": {"Enable": True},
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(settings), "utf-8")
    with running(["Orthanc", str(folder / "orthanc.json")], port):
        loopback.eventually(lambda: loopback.listens(web))
        with recorded(path, f"tcp port {port} or tcp port {web}"):
            entity = pynetdicom.AE(ae_title="MODALITY")
            for context in (pydicom.uid.CTImageStorage, "1.2.840.10008.1.1"):
                entity.add_requested_context(context)
            association = entity.associate(ARCHIVE, port, ae_title="ARCHIVE")
            assert association.send_c_echo().Status == 0
            assert association.send_c_store(pydicom.dcmread(picture)).Status == 0
            association.release()
            assert entity.associate(ARCHIVE, port, ae_title="SOMEBODY").is_rejected
            done("findscu", "-P", "-aet", "VIEWER", "-aec", "ARCHIVE", "-k", "QueryRetrieveLevel=PATIENT", "-k", "PatientName=*", ARCHIVE, str(port))
            assert json.loads(asked(web, "/patients"))
            if found_dicomweb := Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so").exists():
                assert json.loads(asked(web, "/dicom-web/studies"))
    return path, port, web * found_dicomweb


@pytest.fixture(scope="module")
def orthanc(with_orthanc: tuple[Path, int, int]) -> Study:
    return loopback.study_of(with_orthanc[0])


def test_orthanc_says_what_tshark_sees(with_orthanc):
    path, port, _ = with_orthanc
    loopback.dicom_agrees(path, port)
    rows = [fields(path, f"tcp and http.{what}", "frame.number") for what in ("request", "response")]
    told = Counter(event.is_request for event in loopback.events_of(path)[0] if isinstance(event, HttpSaid))
    assert [told[True], told[False]] == [len(row) for row in rows]


def test_orthanc_is_an_archive_with_a_name_and_a_web_page(orthanc, with_orthanc):
    (archive,) = facts(orthanc, "NetworkDevice", address=ARCHIVE)
    assert (archive["kind"], archive["name"]) == ("dicom-server", "ARCHIVE")
    assert f"dicom {with_orthanc[1]}" in archive["services"]
    assert "1 DICOM server" in first_screen(orthanc)


def test_both_toolkits_are_known_by_the_names_of_their_implementations(orthanc):
    named = {(fact["name"], fact["version"]) for fact in facts(orthanc, "Component")}
    assert {("DCMTK", "3.6.7"), ("pynetdicom", pynetdicom.__version__)} <= named


def test_a_query_for_every_patient_and_the_refused_title_are_heard(with_orthanc):
    events, _ = loopback.events_of(with_orthanc[0])
    assert [event.called for event in events if isinstance(event, DicomAssociation) and event.kind == "reject"] == ["SOMEBODY"]
    assert any(event.wildcard for event in events if isinstance(event, DimseSaid) and event.command == 0x0020)


def test_dicomweb_and_its_password_are_told(orthanc, with_orthanc):
    if not with_orthanc[2]:
        pytest.skip("Orthanc's plug-in for DICOMweb is not installed")
    assert facts(orthanc, "Flow", protocol="dicomweb", encrypted=False)
    (secret,) = facts(orthanc, "OverheardSecret")
    assert (secret["service"], secret["subject"], secret["how"], secret["accepted"]) == ("http", "reader", "basic", True)
    documents = loopback.every_document(orthanc)
    assert not [word for word in (b"Nobody", b"P-4711", PASSWORD.encode()) if word in documents]
