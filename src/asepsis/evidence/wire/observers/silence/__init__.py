"""Who spoke regularly and fell silent: which pairs there are, what was said in parting, and what is told of it."""
