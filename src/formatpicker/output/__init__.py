"""Results for people and programs: text, HTML, JSON.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
