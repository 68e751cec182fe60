"""The catalog: its model, its file's schema, and how one becomes the other.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
