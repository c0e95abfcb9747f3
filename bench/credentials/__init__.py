"""A labelled corpus of credentials and weaknesses in firmware, made by scripts, and how well a tool finds them (docs/benchmark-corpus.md)."""
