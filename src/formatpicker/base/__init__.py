"""What every room uses: text, durations, files, documents, the terminal.

Private: programs import from ``formatpicker``.
"""

__all__: list[str] = []
