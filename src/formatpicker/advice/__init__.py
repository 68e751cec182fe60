"""What is said of a ranking: reasons, certainty, what would change it."""
