"""Many people at once: columns in, records out. Reading and writing of files is in ``readers`` and ``writers``.

Private but for ``arrow``: programs import that, or from ``formatpicker``.
"""

__all__: list[str] = []
