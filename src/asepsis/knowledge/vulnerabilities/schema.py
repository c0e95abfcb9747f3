"""The tables of the store. Another ``VERSION`` is another format: a store of an older one is not read but made anew from its feeds."""

from __future__ import annotations

VERSION = 1
APPLICATION = 0x41736570
"""``Asep``: so that no other program's database is taken for ours (``PRAGMA application_id``)."""

TABLES = """
CREATE TABLE document(number INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, modified TEXT NOT NULL, UNIQUE(source, id));
CREATE TABLE vulnerability(id TEXT NOT NULL, document INTEGER NOT NULL, withdrawn INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE alias(alias TEXT NOT NULL, id TEXT NOT NULL, document INTEGER NOT NULL);
CREATE TABLE affected(key TEXT NOT NULL, vulnerability TEXT NOT NULL, document INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE product(id TEXT NOT NULL, document INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE feed(name TEXT PRIMARY KEY, date TEXT NOT NULL, records INTEGER NOT NULL, sha256 TEXT NOT NULL, licence TEXT NOT NULL);
CREATE TABLE download(address TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL, state TEXT NOT NULL);
CREATE INDEX vulnerability_id ON vulnerability(id);
CREATE INDEX vulnerability_document ON vulnerability(document);
CREATE INDEX alias_alias ON alias(alias);
CREATE INDEX alias_document ON alias(document);
CREATE INDEX affected_key ON affected(key);
CREATE INDEX affected_document ON affected(document);
CREATE INDEX product_document ON product(document);
"""

OF_DOCUMENTS = ("vulnerability", "alias", "affected", "product")
"""The tables whose rows belong to a document."""
