"""Many people at once: columns in, records out.

In the order in which a table goes through them: ``readers`` give rows; ``header_row`` finds the header, ``headers``
says what each one means, ``sheet`` what the table has; ``cells`` makes answers of cells, ``effects`` a record of
answers; ``row_scorer`` leads through them row by row, ``columns`` by whole columns; ``workers`` encodes what comes of
it, ``tally`` counts it, ``writers`` write it. ``run`` puts all of it together for a ``job``.

Terms: a *kept* column goes into the output as it stands. An *index* is that of a column in a table, a *position* that
of a cell among the different ones of a column, a *code* that of an answer among those met, a *rank* that of a goal or a
reason (the first one is the most important), a *standing* what formats are ranked by.

Private but for ``arrow``: programs import that, or from ``formatpicker``.
"""

__all__: list[str] = []
