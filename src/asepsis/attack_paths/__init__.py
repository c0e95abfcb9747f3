"""Connect: from findings, device and site to the ways a patient could be hurt. Never invents findings."""
