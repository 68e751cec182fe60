"""Many people at once: columns in, records out. Reading and writing of files is in ``readers`` and ``writers``."""
