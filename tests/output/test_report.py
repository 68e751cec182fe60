"""The HTML reports: valid, harmless whatever a catalog or a summary holds, and the same bytes every time.

``make golden`` writes the golden page anew; read the difference before you keep it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert
from msgspec.structs import replace

from cohorts import summary_of
from conftest import CASES
from formatpicker import Catalog, compare_offers, load_catalog, recommend
from formatpicker.advice.notices import full_text
from formatpicker.batch.records import FIELDS, FURTHER
from formatpicker.catalog.store import shipped_path
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.html import Html, document_page, element, linked, safe, to_html
from formatpicker.output.json.cohort_types import Summary
from formatpicker.output.json.summary import summary_data
from formatpicker.output.text.cohort_document import cohort_document
from formatpicker.output.text.document_layout import Block, Grid, Heading, Items, Mark, Paragraph, to_markdown
from formatpicker.output.text.format_words import checks
from formatpicker.output.text.offers import TITLE, offers_document, offers_page
from formatpicker.output.text.person_document import person_document, questions
from formatpicker.output.text.sentences import headline
from formatpicker.scoring.answers import written_answers
from formatpicker.scoring.ranking import rounded
from pages import cohort_page, person_page
from people import PEOPLE, recommended
from running import HOSTILE, controls, run_here
from strategies import catalogs, raw_answers

GOLDEN = CASES / "report.html"
GOLDEN_PERSON = {
    "goals": ["explore", "portfolio"],
    "weeks": 14,
    "hours_per_week": 20,
    "pay": "required",
    "region": "us",
}
# Elements that a report is made of; above all no script, no frame, no form, nothing that loads.
KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "div", "h1", "h2", "h3", "p", "a", "span"),
    *("ul", "ol", "li", "label", "input", "table", "thead", "tbody", "tr", "th", "td", "svg", "desc", "rect"),
}
NAME, DAY = "Zoë", "2026-11-25"


def parsed(page: str) -> Element:
    """The page as a browser sees it; a page that is not valid HTML raises."""
    found: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    for each in elements(found):
        each.tag = each.tag.rpartition("}")[2]  # pictures have a namespace of their own
    return found


def elements(root: Element) -> Iterator[Element]:
    return (each for each in root.iter() if isinstance(each.tag, str))


def text_of(root: Element) -> str:
    return " ".join(" ".join(root.itertext()).split())


def check(page: str) -> Element:
    """What holds for every report."""
    root = parsed(page)
    names = [each.tag for each in elements(root)]
    assert set(names) <= KNOWN
    assert {
        key for each in elements(root) for key in each.attrib if key.startswith("on") or key in ("style", "src")
    } == set()
    assert all(
        each.attrib["href"].lower().startswith(("http://", "https://"))
        for each in elements(root)
        if "href" in each.attrib
    )
    assert root.attrib["lang"] == "en"
    headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert all(each.attrib.get("scope") in ("row", "col") for each in elements(root) if each.tag == "th")
    check_pictures(root)
    assert {each.attrib["type"] for each in elements(root) if each.tag == "input"} <= {"checkbox"}
    assert controls(page) == set()
    check_policy(root)
    return root


def check_pictures(root: Element) -> None:
    """Each says in words what it shows, and its number stands beside it as text."""
    for cell in (each for each in elements(root) if each.tag == "td"):
        for picture in cell.findall("svg"):
            assert picture.attrib["role"] == "img"
            words, more = picture.findtext("title") or "", picture.findtext("desc") or ""
            number = "".join(cell.itertext()).removesuffix("".join(picture.itertext()))
            assert number
            assert words.endswith(f": {number}")
            assert more.startswith(("a bar, ", "a line from "))


def check_policy(root: Element) -> None:
    """Nothing may run or load, and the one style sheet is the one that the policy names."""
    (style,) = [each for each in elements(root) if each.tag == "style"]
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    (policy,) = [each.attrib["content"] for each in elements(root) if "http-equiv" in each.attrib]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in (style.text or "")
    assert "@import" not in (style.text or "")


# --- elements ----------------------------------------------------------------------------------------------------


def test_text_is_escaped_and_finished_markup_is_not() -> None:
    assert element("p", 'a < b & "c"', element("b", "x")) == "<p>a &lt; b &amp; &quot;c&quot;<b>x</b></p>"
    assert element("p", "x", title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;">x</p>'
    assert safe(Html("<br>")) == "<br>"


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "file:///etc/passwd",
        "https:example.org",
        "https://",
        "see example.org",
        "",
    ],
)
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    assert linked(text) == text


@pytest.mark.parametrize(
    ("text", "url", "shown", "rest"),
    [
        ("https://example.org/?a=1&b=2", "https://example.org/?a=1&amp;b=2", "example.org/?a=1&amp;b=2", ""),
        ("https://www.example.org/.", "https://www.example.org/", "example.org", "."),
        ("HTTP://example.org/x)", "HTTP://example.org/x", "example.org/x", ")"),
        ('https://x/"onclick="y', "https://x/", "x", "&quot;onclick=&quot;y"),
        ("https://x/<b>", "https://x/", "x", "&lt;b&gt;"),
    ],
)
def test_a_web_address_in_a_text_is_a_link(text: str, url: str, shown: str, rest: str) -> None:
    assert linked(f"See {text}") == f'See <a href="{url}" rel="noopener noreferrer">{shown}</a>{rest}'


# --- documents ---------------------------------------------------------------------------------------------------


def test_a_document_as_html() -> None:
    blocks: list[Block] = [
        Heading("Title", 1),
        Paragraph("Small <print>.", soft=True),
        Heading("List"),
        Items(["first"]),
        Heading("Tick"),
        Items(["yes"], boxes=True),
        Heading("Sources"),
        Items(["A (https://a.example)"], numbered=True),
    ]
    assert to_html(blocks).replace("\n", "") == (
        '<h1>Title</h1><p class="soft">Small &lt;print&gt;.</p>'
        '<div class="columns"><section><h2>List</h2><ul><li>first</li></ul></section>'
        '<section><h2>Tick</h2><ul class="boxes"><li><label><input type="checkbox"><span>yes</span></label></li></ul>'
        "</section></div>"
        '<section><h2>Sources</h2><ol class="sources"><li>A (<a href="https://a.example" rel="noopener noreferrer">'
        "a.example</a>)</li></ol></section>"
    )


def test_a_table_names_its_rows_and_labels_its_cells_for_narrow_screens() -> None:
    # A bar of 250 thousandths; a line from 400 to 600 with a mark of 18 around 500.
    grid = Grid(
        ("Who", "N", "Line"), [("a", "1", "x")], frozenset({1}), {(0, 1): Mark(250), (0, 2): Mark(500, 400, 600)}
    )
    page = to_html([grid])
    assert '<th scope="col">Who</th><th scope="col" class="n">N</th>' in page
    assert '<th scope="row">a</th><td data-label="N" class="n"><span class="v">1</span><svg ' in page
    assert "<title>a: 1</title><desc>a bar, 25% of the whole width</desc>" in page
    assert '<rect class="at" x="0" y="0" width="250" height="12"></rect>' in page
    assert "<desc>a line from 40% to 60% of the whole width, with a mark at 50%</desc>" in page
    assert '<rect class="range" x="400" y="3" width="200" height="6"></rect>' in page
    assert '<rect class="at" x="491" y="0" width="18" height="12"></rect>' in page


# --- one person --------------------------------------------------------------------------------------------------


def test_the_golden_page(shipped: Catalog) -> None:
    assert person_page(recommend(shipped, GOLDEN_PERSON), NAME, DAY) == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("id", PEOPLE)
def test_the_page_of_everybody_is_valid(id: str) -> None:
    root = check(person_page(recommended(id)))
    assert text_of(root).count("Made by formatpicker") == 1


@settings(max_examples=15)
@given(data=st.data())
def test_the_page_of_anybody_under_any_catalog_is_valid(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    check(person_page(recommend(catalog, data.draw(raw_answers(catalog)))))


def test_every_number_of_a_source_leads_to_one(shipped: Catalog) -> None:
    root = check(person_page(recommend(shipped, GOLDEN_PERSON)))
    (sources,) = [each for each in elements(root) if each.attrib.get("class") == "sources"]
    body = text_of(root).partition("Sources")[0]
    cited = {int(number) for marks in re.findall(r"\[(\d[\d, ]*)\]", body) for number in marks.split(",")}
    assert cited == set(range(1, len(sources) + 1))


def test_the_page_says_whom_and_when_it_is_for(shipped: Catalog) -> None:
    found = recommend(shipped, GOLDEN_PERSON)
    assert text_of(check(person_page(found, NAME, DAY))).partition("For Zoë · 25 November 2026 A ")[1]
    assert "For " not in text_of(check(person_page(found))).partition("suits you best")[0]
    assert person_page(found, NAME, DAY).replace("For Zoë · 25 November 2026", "For Ann · 1 May 2027") == person_page(
        found, "Ann", "2027-05-01"
    )


def test_the_page_begins_as_the_screen_does_and_holds_all_answers_in_words(shipped: Catalog) -> None:
    found = recommend(shipped, GOLDEN_PERSON)
    text = text_of(check(person_page(found)))
    assert headline(found) in text
    assert found.best[0].assessment.format.summary in text
    answers = "Goals: Try out roles or industries, Finished work to show Longest time: 14 weeks Hours a week: 20 hours"
    assert answers in text


def test_every_check_has_a_box_to_tick(shipped: Catalog) -> None:
    found = recommend(shipped, GOLDEN_PERSON)
    root = check(person_page(found))
    boxes = [text_of(each) for each in elements(root) if each.tag == "label"]
    for notice in checks(found.best[0]):
        assert any(box.startswith(full_text(notice)) for box in boxes)
    assert to_markdown(person_document(found)).count("- [ ] ") == len(boxes)


@pytest.mark.parametrize("id", PEOPLE)
def test_the_host_is_asked_what_can_differ_and_is_not_checked_anyway(id: str) -> None:
    found = recommended(id)
    if not found.best:
        return
    entry, asked = found.best[0], questions(found)
    checked = {notice.question for notice in checks(entry)}
    assert found.catalog.offers is not None
    asks = {field.attribute: field.ask for field in found.catalog.offers.fields}
    spread = {}
    for term in entry.assessment.terms:
        if term.criterion.id not in checked:
            name = term.rule.attribute
            text = asks.get(name, found.catalog.attributes[name].label)
            spread[text] = term.weight * (term.judgement.high - term.judgement.low)
    moved = [next(weight for label, weight in spread.items() if text.startswith(label)) for text in asked]
    assert moved == sorted(moved, reverse=True)
    assert min(moved, default=1) > 0
    assert len(asked) == min(5, sum(each > 0 for each in spread.values()))


@pytest.mark.parametrize("id", PEOPLE)
def test_points_in_the_page_add_up_to_the_score(id: str) -> None:
    found = recommended(id)
    grids = [block for block in person_document(found) if isinstance(block, Grid) and block.rows[-1][0] == "Sum"]
    assert len(grids) == bool(found.best)
    for grid in grids:
        *rows, (_, *sums) = grid.rows
        for column, total in enumerate(sums, 1):
            parts = [row[column].split(" of ") for row in rows]
            assert sum(round(10 * float(points)) for points, _ in parts) == round(10 * float(total))
            assert abs(sum(float(most) for _, most in parts) - 100) < 0.05 * len(rows) + 0.01


def test_a_standing_is_drawn_at_its_points(shipped: Catalog) -> None:
    found = recommend(shipped, GOLDEN_PERSON)
    (grid,) = [block for block in person_document(found) if isinstance(block, Grid) and block.headings[0] == "Format"]
    for at, entry in enumerate(found.ranking):
        drawn = (grid.marks or {}).get((at, 2))
        assessment = entry.assessment
        if entry.blockers:
            assert drawn is None
            assert grid.rows[at][2].startswith("Ruled out: ")
        else:
            assert drawn is not None
            totals = (assessment.total, assessment.total_low, assessment.total_high)
            assert list(drawn) == [rounded(1000 * total, assessment.scale) for total in totals]


def test_where_nothing_can_be_recommended_the_page_says_what_would_help(toy: Catalog) -> None:
    root = check(person_page(recommend(toy, {"weeks": 2, "certificate": "required"})))
    text = text_of(root)
    assert text.partition("Nothing is open to you as it stands. Smallest change: ")[2]
    assert "What would open a format that is ruled out" in text
    assert "Why" not in [each.text for each in elements(root) if each.tag == "h2"]


def test_where_nothing_was_answered_the_page_says_so(toy: Catalog) -> None:
    assert "Nothing you have answered so far tells the formats apart." in text_of(
        check(person_page(recommend(toy, {})))
    )


EVIL = f"<script>alert(1)</script>\"' onload=x <img src=x onerror=y> {HOSTILE}"


def hostile(catalog: Catalog) -> Catalog:
    """A catalog in which every text that a reader sees tries to be more than that."""
    formats = {
        id: replace(each, name=EVIL, phrase=EVIL, speaks_against=(EVIL,), good_for=(EVIL,))
        for id, each in catalog.formats.items()
    }
    sources = {
        id: replace(each, title=EVIL, publisher=EVIL, url="javascript:alert(1)") for id, each in catalog.sources.items()
    }
    steps = tuple(replace(each, text=EVIL, url='https://x/"><script>') for each in catalog.next_steps)
    questions = {id: replace(each, label=EVIL, text=EVIL) for id, each in catalog.questions.items()}
    return replace(
        catalog,
        title=EVIL,
        version=EVIL,
        updated=EVIL,
        formats=formats,
        sources=sources,
        next_steps=steps,
        questions=questions,
    )


@pytest.mark.parametrize("answers", [{"weeks": 8}, {"weeks": 2, "certificate": "required"}, {}], ids=str)
def test_hostile_texts_stay_text(answers: dict[str, Any], toy: Catalog) -> None:
    page = person_page(recommend(hostile(toy), answers))
    root = check(page)
    assert "<script>" not in page
    assert "<script>alert(1)</script>" in text_of(root)


# --- a cohort ----------------------------------------------------------------------------------------------------


def document(catalog: Catalog, people: list[Any], exact: bool) -> Any:
    return json.loads(json.dumps(summary_data(summary_of(catalog, people, [catalog], exact))))


@pytest.mark.parametrize("exact", [False, True])
def test_the_page_of_a_cohort_is_valid(exact: bool, shipped: Catalog) -> None:
    people = [written_answers(shipped, each) for each in random_people(shipped, 30, "report")]
    data = document(shipped, people, exact)
    text = text_of(check(cohort_page(data)))
    assert "30 rows were read: 30 accepted, 0 rejected." in text
    assert ("is rounded to the nearest 5" in text) is not exact


@pytest.mark.parametrize(
    ("size", "exact", "shares"),
    [
        pytest.param(22, False, False, id="22 round to 20, and 22.5 are needed"),
        pytest.param(23, False, True, id="23 round to 25"),
        pytest.param(2, True, True, id="inside the office"),
    ],
)
def test_shares_are_drawn_where_there_are_people_enough(size: int, exact: bool, shares: bool, toy: Catalog) -> None:
    page = cohort_page(document(toy, [{"weeks": 2}] * size, exact))
    check(page)
    assert ("<svg" in page) is shares


@settings(max_examples=10)
@given(data=st.data())
def test_the_page_of_any_cohort_is_valid(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    people = data.draw(st.lists(raw_answers(catalog), max_size=3))
    check(cohort_page(document(catalog, people, data.draw(st.booleans()))))


def grid_of(blocks: list[Block], heading: str) -> Grid:
    """The table whose first column is called so."""
    (found,) = [block for block in blocks if isinstance(block, Grid) and block.headings[0] == heading]
    return found


# For the toy catalog: two weeks and a certificate that must be close everything; nothing answered decides nothing.
CLOSED, SILENT, OPEN = {"weeks": 2, "certificate": "required"}, {"weeks": 30}, {"weeks": 8, "certificate": "required"}


def test_a_question_without_a_common_answer_has_no_empty_table(toy: Catalog) -> None:
    goals = [goal.id for goal in toy.questions["goals"].goals][:2]
    # Two people for either goal: fewer than three, so that neither is named.
    people: list[Any] = [{"goals": [goal]} for goal in goals for _ in range(2)]
    page = text_of(check(cohort_page(document(toy, people, False))))
    assert "no answer is common enough to be shown" in page
    assert "Named by" not in page


def test_the_page_of_a_cohort_says_what_it_is_and_where_it_is_from(toy: Catalog) -> None:
    page = cohort_page(document(toy, [OPEN] * 30, True), "Class <7>", "summary.json", DAY)
    assert text_of(check(page)).partition("Class <7> · 25 November 2026 · from summary.json Which formats suit 30")[1]


def test_every_format_named_is_defined(shipped: Catalog) -> None:
    people = [written_answers(shipped, each) for each in random_people(shipped, 60, "report")]
    data = document(shipped, people, True)
    text = text_of(check(cohort_page(data)))
    named = {each["format"] for each in (*data["formats"], *data["best_variants"])}
    assert len(named) > 3
    assert {id for id in named if f"{shipped.formats[id].name}: {shipped.formats[id].summary}" not in text} == set()


def test_whom_to_talk_to_first_is_counted_and_found_by_a_column(toy: Catalog) -> None:
    data = document(toy, [CLOSED] * 7 + [OPEN] * 30, True)
    rows = {row[0]: row[1:] for row in grid_of(cohort_document(data), "Who").rows}
    assert rows["Every format is ruled out for them"] == ("7", "eligibility: blocked")
    assert "Several formats are level for them" not in rows or data["top"]["tied"]
    columns = {where.partition(":")[0] for _, where in rows.values()}
    assert columns <= {*FIELDS, *FURTHER, "top and eligibility"}


def test_open_means_one_thing(shipped: Catalog) -> None:
    people = [written_answers(shipped, each) for each in random_people(shipped, 60, "open")]
    grid = grid_of(cohort_document(document(shipped, people, True)), "Format")
    assert grid.headings[1:] == ("Open", "Fits", "On a condition", "Long shot", "Ruled out")
    for _, *counts in grid.rows:
        is_open, fits, conditional, unlikely, blocked = map(int, counts)
        assert is_open == fits + conditional + unlikely
        assert is_open + blocked == 60


def test_a_summary_that_is_split_shows_a_row_of_bars_for_each_group(toy: Catalog) -> None:
    groups = {"A": [OPEN] * 30, "B": [CLOSED] * 10 + [OPEN] * 30}
    data = document(toy, [person for people in groups.values() for person in people], False)
    parts = {name: document(toy, people, False) for name, people in groups.items()}
    data["by"] = "Year"
    data["groups"] = [
        {"group": name, **{key: part[key] for key in ("accepted", "top", "formats")}} for name, part in parts.items()
    ]
    assert convert(data, Summary) == data
    grid = grid_of(cohort_document(data), "Year")
    assert [row[0] for row in grid.rows] == ["A (30 people)", "B (40 people)"]
    closed = grid.headings.index("None: every format is ruled out")
    assert [row[closed] for row in grid.rows] == ["0", "10"]
    # 10 of 40 is a quarter of the bar.
    assert (grid.marks or {})[1, closed] == Mark(250)
    check(cohort_page(data))


def hostile_texts(data: Any) -> Any:
    """A summary of which every text but the schema is hostile."""
    if isinstance(data, dict):
        return {key: value if key == "schema" else hostile_texts(value) for key, value in data.items()}
    if isinstance(data, list):
        return [hostile_texts(each) for each in data]
    return EVIL if isinstance(data, str) else data


def test_a_hostile_summary_stays_text(toy: Catalog) -> None:
    data = hostile_texts(document(toy, [{"weeks": 2}, {"certificate": "required"}], True))
    page = cohort_page(data)
    check(page)
    assert "<script>" not in page


# --- the shape of a summary --------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-13-45", "soon"])
def test_a_summary_counted_on_no_day_is_named(day: str, toy: Catalog, tmp_path: Path) -> None:
    data = document(toy, [{"weeks": 2}], True)
    (tmp_path / "summary.json").write_text(json.dumps({**data, "counted": day}))
    result = run_here("report", "--cohort", str(tmp_path / "summary.json"))
    assert result.code == 2
    told = f"summary.json: counted = {day!r}: not a date; write it as 2026-11-21, or leave it out\n"
    assert result.message.endswith(told)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"schema": "formatpicker/summary/1"}, "Invalid enum value 'formatpicker/summary/1' - at `$.schema`"),
        ({"accepted": "many"}, "Expected `int`, got `str` - at `$.accepted`"),
        ({"accepted": True}, "Expected `int`, got `bool` - at `$.accepted`"),
        ({"accepted": -1}, "Expected `int` >= 0 - at `$.accepted`"),
        ({"formats": {}}, "Expected `array`, got `object` - at `$.formats`"),
        ({"formats": [{}]}, "Object missing required field `format` - at `$.formats[0]`"),
        ({"top": {}}, "Object missing required field `infeasible` - at `$.top`"),
    ],
)
def test_a_document_of_another_shape_is_named(
    change: dict[str, Any], problem: str, toy: Catalog, tmp_path: Path
) -> None:
    data = document(toy, [{"weeks": 2}], True)
    assert convert(data, Summary) == data
    (tmp_path / "summary.json").write_text(json.dumps({**data, **change}))
    result = run_here("report", "--cohort", str(tmp_path / "summary.json"))
    assert result.code == 2
    assert result.message.endswith(f"is no summary; batch --summary FILE writes one ({problem})\n")


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_writes_the_page_whole(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    result = run_here("report", "--set", "goals=explore", "--set", "weeks=4", "-o", str(place))
    assert (result.code, result.out, result.message) == (0, b"", f"The page is in {place}.\n")
    check(place.read_text("utf-8"))
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
    assert run_here("report", "--set", "goals=explore", "--set", "weeks=4").text == place.read_text("utf-8")


def test_the_command_exits_with_1_where_nothing_is_recommended() -> None:
    result = run_here("report", "--set", "weeks=1", "--set", "hours_per_week=1")
    assert result.code == 1
    check(result.text)


def test_the_command_reports_on_a_cohort(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,pay,weeks\n" + "somebody,required,4\n" * 12)
    summary = tmp_path / "summary.json"
    assert (
        run_here("batch", str(tmp_path / "people.csv"), "-o", str(tmp_path / "x.csv"), "--summary", str(summary)).code
        == 0
    )
    result = run_here("report", "--cohort", str(summary))
    assert result.code == 0
    check(result.text)


OFFERS = [
    {"name": "A <b>", "format": "internship", "pay": "18 USD/hour", "notes": "</p><script>"},
    {"name": "B", "format": "flash internship", "weeks": 3},
]


def test_the_page_of_offers_is_valid_and_keeps_what_the_screen_says(shipped: Catalog) -> None:
    comparison = compare_offers(shipped, GOLDEN_PERSON, OFFERS)
    text = text_of(check(document_page(TITLE, offers_page(comparison, NAME, DAY))))
    assert f"For {NAME} · 25 November 2026" in text
    assert all(offer.name in text for offer in comparison.offers)
    assert "Flash internship: Another name" in text
    assert "What you answered" in text
    shown = [block for block in offers_document(comparison) if isinstance(block, Heading)]
    assert all(heading.text in text for heading in shown)


def test_the_command_writes_a_page_of_offers(tmp_path: Path) -> None:
    for name, content in (("offers.json", OFFERS), ("me.json", GOLDEN_PERSON)):
        (tmp_path / name).write_text(json.dumps(content))
    offers, me = str(tmp_path / "offers.json"), str(tmp_path / "me.json")
    texts = []
    for number, answers in enumerate((["--for", me], [me])):
        place = tmp_path / f"{number}.md"
        assert run_here("report", *answers, "--offers", offers, "-o", str(place)).code == 0
        texts.append(place.read_text("utf-8"))
    assert texts[0] == texts[1]
    assert "\n- [ ] " in texts[0]
    for wrong in (["--for", me], [me, "--for", me, "--offers", offers]):
        assert run_here("report", *wrong).code == 2


def test_the_command_writes_markdown_by_the_ending(tmp_path: Path) -> None:
    place = tmp_path / "me.md"
    assert run_here("report", "--set", "goals=explore", "--name", "Zoë", "-o", str(place)).code == 0
    text = place.read_text("utf-8")
    assert re.match(r"For Zoë · \d+ \w+ \d{4}\n\n# \w", text)
    assert "\n- [ ] " in text
    assert "<" not in text


def browser(folder: Path, text: str) -> dict[str, str]:
    """The environment in which a script of the shell is the browser."""
    place = folder / "browser"
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)
    return {"FORMATPICKER_BROWSER": str(place)}


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script of the shell")
def test_the_command_has_a_browser_print_a_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """for each; do case "$each" in --print-to-pdf=*) out=${each#*=};; esac; last=$each; done
echo "%PDF $*" > "$out"; cat "${last#file://}" >> "$out"; ls -ld "$(dirname "$out")" >> "$out"
"""
    for key, value in browser(tmp_path, script).items():
        monkeypatch.setenv(key, value)
    place = tmp_path / "me.pdf"
    assert run_here("report", "--set", "goals=explore", "-o", str(place)).code == 0
    text = place.read_text("utf-8")
    assert text.startswith("%PDF --headless")
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in text
    assert "<!DOCTYPE html>" in text
    assert text.rpartition("\ndrwx")[2].startswith("------")  # the folder is its owner's alone
    (folder,) = re.findall(r"--print-to-pdf=(\S+)/page\.pdf", text)
    assert not Path(folder).exists()


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script of the shell")
@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (None, "was not found; write .html and print that from a browser"),
        ("exit 1", "does not print it; write .html and print that from a browser"),
        ("exit 0", "does not print it; write .html and print that from a browser"),
    ],
)
def test_without_a_browser_that_prints_the_command_says_so(
    script: str | None, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = browser(tmp_path, script) if script else {"FORMATPICKER_BROWSER": str(tmp_path / "none")}
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    place = tmp_path / "me.pdf"
    result = run_here("report", "--set", "goals=explore", "-o", str(place))
    assert result.code == 2
    assert result.message.startswith(f"formatpicker: {place}: ")
    assert result.message.endswith(f"{problem}\n")
    assert not place.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[1]",
            "is no summary; batch --summary FILE writes one (Expected `object`, got `array`)",
        ),
        (
            '{"schema": "formatpicker/record/1"}',
            "Invalid enum value 'formatpicker/record/1' - at `$.schema`",
        ),
        ("{", "not valid YAML or JSON"),
        ("", "is empty"),
    ],
)
def test_what_is_no_summary_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text(text)
    result = run_here("report", "--cohort", str(tmp_path / "summary.json"), "-o", str(tmp_path / "page.html"))
    assert result.code == 2
    assert problem in result.message
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("arguments", [["me.yaml"], ["--set", "weeks=4"]])
def test_a_cohort_and_a_person_do_not_go_together(arguments: list[str]) -> None:
    result = run_here("report", "--cohort", "summary.json", *arguments)
    assert result.code == 2
    assert result.message == "formatpicker: --cohort: stands instead of answers; leave FILE, --set and --offers out\n"


def test_without_answers_there_is_nothing_to_report_on() -> None:
    result = run_here("report")
    assert result.code == 2
    assert result.message.startswith("formatpicker: report: no answers: ")


if __name__ == "__main__":
    GOLDEN.write_text(person_page(recommend(load_catalog(shipped_path()), GOLDEN_PERSON), NAME, DAY), "utf-8")
