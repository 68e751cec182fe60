"""A catalog as a whole: audit, laws, and what changed between two.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
