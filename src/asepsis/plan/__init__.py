"""Choose: the cheapest controls that leave no unacceptable harm derivable, with proof. Never hides what remains."""
