"""What a cohort comes to: counts, and what of them may be shown.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
