"""Dose integrity: what pumps are ordered, what they report, and where the two, or two sayings of one order, do not belong together."""
