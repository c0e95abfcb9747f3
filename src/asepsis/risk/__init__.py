"""Rate: severity, feasibility and scores of each path, with the reasons. Never drops a path."""
