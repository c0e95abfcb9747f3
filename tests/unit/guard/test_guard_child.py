"""What a child says it could not give up."""

import os

import pytest

from asepsis.guard import child, confine

HEADER = {"writable": [], "bounds": {"heap_bytes": 0, "memory_bytes": 1 << 30, "cpu_seconds": 10, "file_bytes": 1 << 20, "open_files": 64}}


@pytest.mark.parametrize(
    ("apart", "files", "tcp", "said"),
    [
        (True, True, True, []),
        (True, True, False, []),
        (False, True, True, [confine.NO_UDP_ISOLATION]),
        (False, True, False, [confine.NO_NETWORK_ISOLATION]),
        (True, False, False, [confine.NO_WRITE_PROTECTION]),
    ],
)
def test_every_right_that_stays_is_named(monkeypatch, apart, files, tcp, said):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setattr(confine, "leave_network", lambda: apart)
    monkeypatch.setattr(confine, "restrict_writes", lambda _writable: (files, tcp))
    monkeypatch.setattr(confine, "forbid_new_privileges", lambda: None)
    monkeypatch.setattr(confine, "limit_resources", lambda **_bounds: None)
    assert child.confine_self(HEADER) == said
