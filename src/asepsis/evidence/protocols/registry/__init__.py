"""The Windows registry: its two file formats, and what its settings mean. Codecs; no input or output."""
