"""Command lines of Windows, and what its programs open."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.windows_programs import command_words, file_name, way_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r'"C:\Program Files\X\x.exe" -service', ("C:/Program Files/X/x.exe", "-service")),
        (r"C:\Program Files\X\x.exe -k a", ("C:/Program Files/X/x.exe", "-k", "a")),
        (r"%SystemRoot%\System32\svchost.exe -k netsvcs", ("%SystemRoot%/System32/svchost.exe", "-k", "netsvcs")),
        (r"C:\tools\run.bat", ("C:/tools/run.bat",)),
        ("agent", ("agent",)),
        ('"unclosed -x', ("unclosed -x",)),
        ("", ()),
        ("   ", ()),
    ],
)
def test_a_command_line_is_one_text(text: str, words: tuple[str, ...]):
    assert command_words(text) == words


def test_many_words_are_cut():
    assert len(command_words("a " * 5000)) == 64


@pytest.mark.parametrize(
    ("program", "name", "port"),
    [
        ("C:/x/TeamViewer_Service.exe", "remote-support", 5938),
        ("C:/x/RSERVER3.EXE", "remote-support", 4899),
        ("C:/Windows/dwrcs.exe", "remote-support", 6129),
        ("C:/x/awhost32.exe", "remote-support", 5631),
        ("C:/Axeda/EServer.exe", "remote-support", 56120),
        ("C:/x/AxedaDesktopServer.exe", "vnc", 5920),
        ("C:/x/tlntsvr.exe", "telnet", 23),
        ("C:/OpenSSH/sshd.exe", "ssh", 22),
    ],
)
def test_a_program_is_known_by_its_file_name(program: str, name: str, port: int):
    way = way_of((program,))
    assert way is not None
    assert (way.name, way.port) == (name, port)


def test_a_program_that_nobody_knows_opens_nothing():
    assert way_of(("C:/x/viewer.exe",)) is None
    assert way_of(()) is None
    assert way_of(("C:/Windows/System32/svchost.exe",), "Themes") is None


def test_the_folder_and_the_case_of_a_name_do_not_count():
    assert file_name(r"C:\X\NET.EXE") == file_name("c:/x/net") == "net"
