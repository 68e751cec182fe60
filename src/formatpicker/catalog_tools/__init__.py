"""A catalog as a whole: audit, laws, and what changed between two."""
