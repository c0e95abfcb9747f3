"""Published flaws: which of them concern a part of this device, and which of those matter."""
