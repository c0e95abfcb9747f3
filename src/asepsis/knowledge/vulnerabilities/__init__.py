"""Published flaws: taken in from the feeds of others, kept in one file, asked by what is in a device."""
