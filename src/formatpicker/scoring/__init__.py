"""One person's answers to a ranking.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
