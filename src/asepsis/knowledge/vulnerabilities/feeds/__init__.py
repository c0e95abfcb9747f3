"""Every format of a feed: one explicit list each for documents of JSON and for text."""

from __future__ import annotations

from asepsis.knowledge.vulnerabilities.feed import JsonFormat, TextFormat
from asepsis.knowledge.vulnerabilities.feeds.bundled import BundledDocument
from asepsis.knowledge.vulnerabilities.feeds.csaf import CsafAdvisory
from asepsis.knowledge.vulnerabilities.feeds.cve import CveRecord
from asepsis.knowledge.vulnerabilities.feeds.endoflife import ProductJson, ProductPage
from asepsis.knowledge.vulnerabilities.feeds.exploited import EpssCsv, KevCsv, KevJson
from asepsis.knowledge.vulnerabilities.feeds.linux import StreamFixes
from asepsis.knowledge.vulnerabilities.feeds.nvd import Nvd1, Nvd2, NvdOverride
from asepsis.knowledge.vulnerabilities.feeds.osv import OsvRecord

JSON_FORMATS: tuple[JsonFormat, ...] = (
    BundledDocument,
    CveRecord,
    CsafAdvisory,
    NvdOverride,
    Nvd2,
    Nvd1,
    KevJson,
    OsvRecord,
    ProductJson,
    StreamFixes,
)
TEXT_FORMATS: tuple[TextFormat, ...] = (KevCsv, EpssCsv, ProductPage)
