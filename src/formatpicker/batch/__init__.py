"""Many people at once: columns in, records out.

In the order in which a table goes through them: ``readers`` give rows; ``headers`` says what each header means,
``sheet`` what the table has; ``cells`` makes answers of cells, ``effects`` a record of answers; ``row_scorer`` leads
through them row by row, ``columns`` by whole columns; ``tally`` counts what comes of it, ``writers`` write it. ``run``
has what is asked for, and puts all of it together.

Terms: a *kept* column goes into the output as it stands. An *index* is that of a column in a table, a *position* that
of a cell among the different ones of a column, a *code* that of an answer among those met, a *rank* that of a goal or a
reason (the first one is the most important), a *standing* what formats are ranked by.

Private but for ``arrow``: programs import that, or from ``formatpicker``.
"""

__all__: list[str] = []
