"""Ways in: services, consoles and connectors through which the device can be operated."""
