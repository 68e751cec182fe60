"""Tables by whole columns of Arrow: the same records as row by row, out of arrays. Needs pyarrow and numpy.

``cells`` reads the columns, ``codes`` numbers the answers in them, ``lookups`` finds what answers do, ``records`` adds
it up and makes columns of it; ``scorer`` leads from one to the next.
"""

__all__: list[str] = []
