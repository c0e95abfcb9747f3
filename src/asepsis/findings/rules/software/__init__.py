"""Software and protection that nobody mends any more."""
