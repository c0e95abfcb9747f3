"""What stops the device or wears it down."""
