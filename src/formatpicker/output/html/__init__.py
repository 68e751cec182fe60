"""Results as pages of HTML.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
