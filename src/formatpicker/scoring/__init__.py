"""One person's answers to a ranking."""
