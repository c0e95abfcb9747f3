"""Everything that faces hostility: limits, bounded sources, the sandbox, unpacking, safe paths, redaction."""
