"""What travels to and from the device, and who can read, change, repeat or invent it."""
