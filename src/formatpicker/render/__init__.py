"""Results to text. Nothing here decides or prints: the command line writes what these functions return."""
