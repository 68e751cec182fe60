"""What changed between two catalogs, and whose result it moves."""
