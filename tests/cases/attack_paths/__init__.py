"""Cases of the connecting stage."""
