"""Results as JSON, and its schemas.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
