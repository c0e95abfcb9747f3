"""The labelled exchanges of dose integrity, and what makes them."""
