"""Tell: documents made from a study. Computes nothing new."""
