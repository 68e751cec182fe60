"""Where formats open along a number: what is told must be so when it is run."""

from __future__ import annotations

import pytest

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.advice.answer_ranges import round_answers
from formatpicker.advice.questionnaire import openings
from formatpicker.scoring.tables import EffectTable


@pytest.mark.parametrize("question", ["weeks", "hours_per_week", "start_within_weeks", "age"])
@pytest.mark.parametrize("given", [{}, {"hours_per_week": 12}, {"region": "uk", "weeks": "1 year"}], ids=str)
def test_a_format_opens_exactly_there(question: str, given: dict[str, object], shipped: Catalog) -> None:
    answers = parse_answers(shipped, given)
    asked = shipped.questions[question]
    points = round_answers(asked)

    def is_open(format: str, answer: int) -> bool:
        found = recommend(shipped, answers.replaced(shipped, question, answer))
        return next(entry for entry in found.ranking if entry.id == format).rank is not None

    found = openings(EffectTable(shipped, shipped.core), answers, asked)
    assert [each.least for each in found] == sorted(each.least for each in found)
    for each in found:
        id, at = each.format.id, points.index(each.least)
        assert is_open(id, each.least)
        assert is_open(id, each.most)
        assert at == 0 or not is_open(id, points[at - 1])
        assert each.most == points[-1] or not is_open(id, points[points.index(each.most) + 1])


def test_a_choice_opens_nothing_along_a_number(shipped: Catalog) -> None:
    assert openings(EffectTable(shipped, shipped.core), parse_answers(shipped, {}), shipped.questions["pay"]) == []
