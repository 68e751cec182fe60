"""The mapping file, every fault of it by its line, and the mapping that is suggested."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formatpicker import Answers, Catalog, parse_answers
from formatpicker.base.yaml_reader import parse_document
from formatpicker.batch.headers import Mapped, likely_question
from formatpicker.batch.mapping import parse_mapping
from formatpicker.batch.records import Record, Reject
from formatpicker.errors import InputError
from running import run_here
from tabular import answers_in, scored

MAP = """\
columns:
  Ref: id
  Wish one: goals 1
  Wish two: goals 2
  Money: Must it be paid?
  weeks: skip
  Dauer: weeks
values:
  pay:
    ja: required
    "No": not_needed
    weiß nicht: skip
  weeks:
    a term: 15
    for ever: 9 years
  goals:
    "Look around, see things": explore
    Earn: Steady earnings
    Other: skip
"""


def mapped(catalog: Catalog, text: str) -> Mapped:
    return parse_mapping(catalog, parse_document(text.encode(), "map.yaml"))


def table(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_headers_and_texts_stand_for_what_the_file_says(shipped: Catalog, tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        ["Ref", "Wish two", "Wish one", "Money", "weeks", "Dauer"],
        ["r1", "Earn", "look_around, see THINGS", "Ja", "not read", "a term"],
        ["r2", "Other", "explore", "weiss nicht", "", "FOR EVER"],
        ["r3", "", "Other; Earn, Look around, see things", "no", "", "4"],
    )
    expected = [
        ("r1", {"goals": ["explore", "income"], "pay": "required", "weeks": 15}),
        # casefold makes ss of the sharp s
        ("r2", {"goals": ["explore"], "weeks": "9 years"}),
        ("r3", {"goals": ["income", "explore"], "pay": "not_needed", "weeks": 4}),
    ]
    found = answers_in(shipped, path, mapped=mapped(shipped, MAP))
    assert found == [(id, parse_answers(shipped, raw)) for id, raw in expected]


def test_a_mapped_column_counts_before_one_of_the_same_name(shipped: Catalog, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["pay", "Must it be paid?"], ["preferred", "required"])
    [reject] = scored(shipped, path)
    assert isinstance(reject, Reject)
    assert (reject.value, "they differ" in reject.error) == ("preferred / required", True)
    [(_, answers)] = answers_in(shipped, path, mapped=mapped(shipped, "columns: {Must it be paid?: pay}"))
    assert answers == Answers({"pay": "required"})


FAULTS = {
    "no mapping": ("[a]", 1, "must be a mapping of columns and values"),
    "an unknown section": ("columns: {a: pay}\ncolumn: {}\n", 2, "did you mean 'columns'?"),
    "a section that is none": ("columns: pay\n", 1, "columns must be a mapping"),
    "an unknown key": (
        "columns:\n  a: pay\n  b: mentorshp\n",
        3,
        "'b' = 'mentorshp': not a known key; did you mean 'mentorship'?",
    ),
    "a place too far": ("columns:\n  a: goals 14\n", 2, "not a known key"),
    "a header twice": ("columns:\n  A b: pay\n  a_B: weeks\n", 3, "'a_B' is mapped twice (first as 'A b')"),
    "a key twice": ("columns:\n  a: pay\n  b: Must it be paid?\n", 3, "'b' and 'a' are both pay"),
    "an unknown question": ("values:\n  payment: {a: required}\n", 2, "'payment' is not a known question"),
    "a question twice": ("values:\n  pay: {}\n  PAY: {}\n", 3, "pay stands twice"),
    "texts that are none": ("values:\n  pay: required\n", 2, "must be a mapping of texts to answers"),
    "an answer that is none": (
        "values:\n  pay:\n    a: reqired\n",
        3,
        "pay: 'a' = 'reqired': not a known answer; did you mean 'required'?",
    ),
    "a number that is out of range": ("values:\n  age: {a: 7}\n", 2, "out of range: from 13 to 99 years"),
    "a goal that is none": ("values:\n  goals: {a: sailing}\n", 2, "not a known goal"),
    "equal texts": ("values:\n  pay:\n    Oh yes: required\n    oh-yes: preferred\n", 4, "are equal when compared"),
    "a key that stands twice": ("columns:\n  a: pay\n  a: weeks\n", 3, "stands twice"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, kind: str) -> None:
    text, line, words = FAULTS[kind]
    (tmp_path / "map.yaml").write_text(text)
    path = table(tmp_path / "a.csv", ["weeks"], ["4"])
    done = run_here("batch", str(path), "--map", str(tmp_path / "map.yaml"))
    assert (done.code, done.out) == (2, b"")
    assert done.message.startswith(f"formatpicker: {tmp_path / 'map.yaml'}:{line}: ")
    assert words in done.message


def test_a_mapped_header_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("columns: {Monye: pay}")
    path = table(tmp_path / "a.csv", ["weeks", "Money"], ["4", "required"])
    done = run_here("batch", str(path), "--map", str(tmp_path / "map.yaml"))
    assert done.code == 2
    assert "'Monye' is not a known column; did you mean 'Money'?" in done.message


# --- suggested -------------------------------------------------------------------------------------------------------


SURVEY = [
    ["Name", "Matric", "Must it be payd?", "Wishes", "weeks", "Region", "Remarks", "E-mail"],
    [
        "Anna",
        "1",
        "Yes, it must be paid",
        "Try out roles or industries, Steady earnings",
        "4",
        "Unitd States",
        "hm",
        "a@b.example",
    ],
    ["Bert", "2", "Maybe", "Fits beside study, work or family, Sailing", "forever", "us", "why", "b@b.example"],
    ["Cora", "3", "No", "Steady earnings", "3 months", "Narnia", "hm", "c@b.example"],
    ["Dora", "4", "Pay would help", "", "", "", "", ""],
]


def test_a_mapping_is_suggested_from_headers_and_texts(tmp_path: Path) -> None:
    done = run_here("batch", str(table(tmp_path / "a.csv", *SURVEY)), "--suggest-map")
    assert done.code == 0
    lines = done.text.splitlines()[1:]
    assert lines[-2:] == [
        "#   work_permit: Are you allowed to work there?",
        "#   age: How old are you?",
    ]
    assert [line for line in lines if not line.startswith("#")] == [
        "columns:",
        '  # "Name": skip',
        '  # "Matric": skip',
        '  "Must it be payd?": pay  # check this',
        '  "Wishes": goals  # check this',
        '  "weeks": weeks',
        '  "Region": region',
        '  # "Remarks": skip',
        '  # "E-mail": id  # take the first # away to carry this column through',
        "values:",
        "  pay:",
        '    "Maybe": skip  # check this',
        '    "No": not_needed  # check this',
        "  goals:",
        '    "Sailing": skip  # check this',
        "  weeks:",
        '    "forever": skip  # check this',
        "  region:",
        '    "Unitd States": us  # check this',
        '    "Narnia": skip  # check this',
    ]


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("What would you like to get out of the experience? (select all that apply)", "goals"),
        ("What do you hope to gain from this program?", "goals"),
        ("How many hours per week could you work?", "hours_per_week"),
        ("Approximately how long could you commit to it?", "weeks"),
        ("When could you start (roughly)?", "start_within_weeks"),
        ("Does the position have to be paid?", "pay"),
        ("Do you need academic credit for it?", "credit"),
        ("Would you like to have a mentor?", "mentorship"),
        ("Where would you like to work (remote, hybrid, in person)?", "location"),
        ("Please rate your previous experience", "experience"),
        ("Which of these best describes you right now?", "situation"),
        ("Which country will you be living in?", "region"),
        ("What is your visa status?", "work_permit"),
        ("Are you legally authorized to work there?", "work_permit"),
        ("Wie viele Stunden könntest du arbeiten?", "hours_per_week"),
        # Words of two questions, as many of each; and words of none.
        ("Remote or paid?", None),
        ("What did you have for breakfast?", None),
        ("Are you available to work on weekends?", None),
        ("Country of citizenship", None),
    ],
)
def test_the_words_of_a_header_tell_what_it_may_ask(shipped: Catalog, header: str, question: str | None) -> None:
    found = likely_question(header, shipped)
    assert (found.id if found else None) == question


FORM = [
    [
        "What would you like to get out of it? (pick any)",
        "How many hours per week could you work?",
        "Mentor name",
    ],
    ["Career exploration;Meet people", "10", "Ada"],
    ["Meet people;Steady earnings", "20", "Grace"],
    ["", "lots", "Ada"],
]


def test_a_header_is_guessed_and_never_taken(tmp_path: Path) -> None:
    path = str(table(tmp_path / "a.csv", [*FORM[0], "pay"], *[[*row, "required"] for row in FORM[1:]]))
    text = run_here("batch", path, "--suggest-map").text
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        "columns:",
        f'  "{FORM[0][0]}": goals  # check this',
        f'  "{FORM[0][1]}": hours_per_week  # check this',
        # No name in it is an answer, so none is shown.
        '  # "Mentor name": skip',
        '  "pay": pay',
        "values:",
        "  # hours_per_week: 1 more text that is no answer and not shown here",
        "  goals:",
        '    "Meet people": skip  # check this',
    ]
    told = run_here("batch", path).message
    assert "Questions found: pay. Not found: goals," in told
    assert f"'{FORM[0][1]}' may be meant for hours_per_week" in told


def test_what_is_suggested_reads_every_row(shipped: Catalog, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", *SURVEY)
    text = run_here("batch", str(path), "--suggest-map").text
    found = scored(shipped, path, mapped=mapped(shipped, text))
    assert all(isinstance(each, Record) for each in found)


def test_values_of_columns_that_are_no_answers_are_never_shown(tmp_path: Path) -> None:
    text = run_here("batch", str(table(tmp_path / "a.csv", *SURVEY)), "--suggest-map").text
    assert [word for word in ("Anna", "Bert", "b.example", "hm", "why") if word in text] == []
    # "Page" is spelled almost like a question, and half of its numbers could be answers to it.
    path = table(tmp_path / "b.csv", ["weeks", "Page"], *[["4", str(page)] for page in (3, 7, 20, 30)])
    assert "7" not in run_here("batch", str(path), "--suggest-map").text


def test_free_text_is_left_alone(tmp_path: Path) -> None:
    rows = [[f"as long as {number} summers"] for number in range(1, 500)]
    text = run_here("batch", str(table(tmp_path / "a.csv", ["weeks"], *rows)), "--suggest-map").text
    assert "summers" not in text
    assert "  # weeks: 300 or more texts that are no answer" in text


def test_lines_of_objects_are_looked_at_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"Region": "Unitd States", "n": 1, "goals": ["Sailing", "explore"]}\nnonsense\n{"n": {}}\n'
    )
    text = run_here("batch", str(tmp_path / "a.jsonl"), "--suggest-map").text
    assert '    "Unitd States": us  # check this' in text
    assert '    "Sailing": skip  # check this' in text
    assert '  # "n": ' in text


CELLS = st.one_of(
    st.text(max_size=12),
    st.text("ab:#'\"\\{}[]&*!|>%@`,;- \t\x85\u2028\ufeff\ud800\U0001f600é\x07", max_size=10),
    st.sampled_from(["Yes, it must be paid", "required", "Maybe", "4", "us", "weeks", "goals 2", "id"]),
)


@given(st.lists(CELLS, min_size=1, max_size=4), st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4))
@example(["pay", "Must it be paid?"], [["x", "y"]])
@example(["\ud800", "weeks"], [["\ud800"]])
@example(["x" * 2000, "weeks"], [])
def test_what_is_suggested_reads_back(
    shipped: Catalog, tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]]
) -> None:
    header = ["weeks", *header]
    path = tmp_path_factory.mktemp("any") / "a.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream).writerows([header, *[(row + [""] * len(header))[: len(header)] for row in rows]])
    text = run_here("batch", str(path), "--suggest-map").text
    found = mapped(shipped, text)
    assert set(found.values) <= set(shipped.questions)
    try:
        outcomes = scored(shipped, path, mapped=found)
    except InputError as error:
        # Of two columns with the same header no mapping can say which counts.
        if "both hold" not in error.problem:
            raise
    else:
        assert all(isinstance(each, Record | Reject) for each in outcomes)


OPPOSITES = {
    "pay": {
        "Not required": "skip",
        "Must not be paid": "skip",
        "Unpaid": "skip",
        "No": "not_needed",
        "Yes": "required",
    },
    "credit": {"I do not need the credit": "skip", "No, I do not need the credit": "skip"},
    "mentorship": {"I don't need a mentor": "skip", "Guidance would not help": "skip", "Guidance helps": "preferred"},
    "location": {"Not online": "skip", "Not on site": "skip", "Remote": "skip"},
    "situation": {"I do not have a job": "skip", "Not a student": "skip", "I study fulltime": "full_time_student"},
    "work_permit": {
        "I am not on a student visa": "skip",
        "No, with limits": "skip",
        "No": "skip",
        "not quite sure": "skip",
    },
    "hours_per_week": {"10-15": "skip", "at least 20": "skip", "20+": "skip", "~20": '"20"', "40 (full time)": '"40"'},
    "weeks": {"no more than 8 weeks": "skip", "about 3 monts": '"3 months"', "4 weeks or 8 weeks": "skip"},
    "start_within_weeks": {"none": "skip", "ASAP!": "skip"},
    "age": {"under 18": "skip", "20ish": '"20"'},
}


@pytest.mark.parametrize("question", OPPOSITES)
def test_no_answer_is_proposed_for_its_opposite(tmp_path: Path, question: str) -> None:
    path = table(tmp_path / "a.csv", [question], *[[text] for text in OPPOSITES[question]])
    lines = run_here("batch", str(path), "--suggest-map").text.splitlines()
    proposed = [line.strip() for line in lines if line.startswith("    ")]
    assert proposed == [f'"{text}": {answer}  # check this' for text, answer in OPPOSITES[question].items()]
    told = run_here("batch", str(path), "--rejects", str(tmp_path / "r.jsonl")).code
    assert told == 1
    hints = (tmp_path / "r.jsonl").read_text("utf-8").splitlines()
    wrong = [line for line, answer in zip(hints, OPPOSITES[question].values(), strict=True) if answer == "skip"]
    assert [line for line in wrong if "did you mean" in line and "asap" not in line] == []


def test_a_suggestion_keeps_what_was_mapped_and_adds_the_rest(tmp_path: Path) -> None:
    people = table(tmp_path / "a.csv", ["Do they pay?"], ["meh"], ["never ever"])
    (tmp_path / "map.yaml").write_text('columns: {"Do they pay?": pay}\nvalues: {pay: {meh: not_needed}}\n')
    done = run_here("batch", str(people), "--map", str(tmp_path / "map.yaml"), "--suggest-map")
    assert '  "Do they pay?": pay\n' in done.text
    assert '    "meh": not_needed\n' in done.text
    assert '    "never ever": skip  # check this\n' in done.text


def test_the_mapping_proposes_what_the_fault_of_a_row_proposes(tmp_path: Path) -> None:
    rows = [["Yes", "Ja", "168"], ["Yes", "Ja", "3000"]]
    path = table(tmp_path / "a.csv", ["Are you allowed to work there?", "pay", "hours_per_week"], *rows)
    told = run_here("batch", str(path)).message
    assert "did you mean 'unrestricted'?" in told
    text = run_here("batch", str(path), "--suggest-map").text
    for line in (
        '"Yes": unrestricted  # check',
        '"Ja": required  # check',
        '"168": skip  # out of range: from 1 to 60',
    ):
        assert line in text
