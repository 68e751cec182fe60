"""Results as text for people.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
