"""What is said of a ranking: reasons, certainty, what would change it.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
