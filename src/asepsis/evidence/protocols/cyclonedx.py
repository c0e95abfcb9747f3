"""Words of CycloneDX that mean the same in JSON and XML (ECMA-424). No I/O."""

from __future__ import annotations

VERSIONS = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})
UNNAMED_KINDS = frozenset({"cryptographic-asset", "data", "device", "file"})
"""Kinds of component that are no software: parts only with a package URL or a CPE name."""
NOT_DELIVERED = frozenset({"excluded", "optional"})
COMPLETE = frozenset({"complete", "not_specified", ""})
"""All other aggregates of a composition say that some parts are not named."""
