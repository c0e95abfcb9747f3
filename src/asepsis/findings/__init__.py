"""Judge: from facts to findings. Never reads files, never rates risk."""
