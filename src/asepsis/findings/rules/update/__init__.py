"""How software gets onto the device, and who else could put some there."""
