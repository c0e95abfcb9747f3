"""Read: from artefacts to typed facts, each with its place. Never decides what is bad."""
