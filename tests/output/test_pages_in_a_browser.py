"""The pages in a real browser: on a phone, on a wide screen, on paper; and, where axe-core is given, for everybody.

All pages stand in frames of one document, which a browser without a window runs once. Skipped without Chromium; the
accessibility checks need the file that the environment variable AXE_CORE names (``.ci/pages`` fetches it).
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_report import GOLDEN_PERSON, document

from formatpicker import Catalog, compare_offers, recommend
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.html import document_page
from formatpicker.output.pdf import BROWSERS, printed
from formatpicker.output.text.offers import offers_page
from formatpicker.scoring.answers import written_answers
from pages import cohort_page, person_page

BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
AXE = os.environ.get("AXE_CORE")
WIDTHS = (390, 1280)
EVERYTHING = {
    "goals": ["resume", "network_depth", "immersion", "broad_skills", "confidence"],
    "weeks": 13,
    "hours_per_week": 30,
    "start_within_weeks": 8,
    **dict.fromkeys(("flexible_schedule", "pay", "credential"), "preferred"),
    **dict.fromkeys(("credit", "mentorship"), "required"),
    "location": "any",
    "experience": "some",
    "situation": "full_time_student",
    "region": "us",
    "work_permit": "student_visa",
    "age": 20,
}
CLOSED = {"weeks": 1, "hours_per_week": 1, "goals": ["employment"], "region": "uk", "age": 15, "situation": "school"}
# What a frame is asked: how far the page is wider than the frame, and which cells of a table hold one word a line.
ASK = """
const narrow = cell => {
  const range = cell.ownerDocument.createRange(), words = cell.innerText.trim().split(/\\s+/).length;
  range.selectNodeContents(cell);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
  return words > 3 && lines > 0.8 * words;
};
const measured = async frame => {
  const inside = frame.contentWindow, found = {wider: inside.document.documentElement.scrollWidth - inside.innerWidth};
  found.narrow = [...inside.document.querySelectorAll('td, tbody th')].filter(narrow).map(cell => cell.innerText);
  if (window.axeSource) {
    inside.eval(window.axeSource);
    const {violations} = await inside.axe.run(inside.document, {resultTypes: ['violations']});
    found.axe = violations.map(each => each.id + ': ' + each.nodes[0].html);
  }
  return found;
};
addEventListener('load', async () => {
  const found = {};
  for (const frame of document.querySelectorAll('iframe')) found[frame.id] = await measured(frame);
  document.body.innerHTML = '';
  document.body.append(Object.assign(document.createElement('pre'), {textContent: JSON.stringify(found)}));
});
"""

ALL_BUT_THE_COUNTRY = {
    "goals": ["network_breadth", "explore", "expertise", "employment", "resume"],
    "weeks": 150,
    "hours_per_week": 20,
    "start_within_weeks": 1,
    "flexible_schedule": "required",
    "pay": "not_needed",
    "credit": "required",
    "credential": "preferred",
    "mentorship": "required",
    "location": "in_person_required",
    "experience": "professional",
    "situation": "part_time_student",
    "work_permit": "student_visa",
    "age": 16,
}
ON_A_VISA = {
    "goals": ["portfolio", "explore"],
    "weeks": 6,
    "hours_per_week": 10,
    "pay": "required",
    "location": "remote_preferred",
    "situation": "full_time_student",
    "region": "us",
    "work_permit": "student_visa",
}

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge here")


def pages(catalog: Catalog) -> dict[str, str]:
    people = [written_answers(catalog, each) for each in random_people(catalog, 300, "browser")]
    cohort = document(catalog, people, False)
    half = document(catalog, people[:150], False)
    cohort |= {"by": "Year", "groups": [{"group": name, **half} for name in ("First year", "Second year")]}
    asked: dict[str, dict[str, Any]] = {
        "golden": GOLDEN_PERSON,
        "everything": EVERYTHING,
        "closed": CLOSED,
        "few": {"goals": ["explore"]},
    }
    found = {name: person_page(recommend(catalog, answers), "Zoë", "2026-11-25") for name, answers in asked.items()}
    offers = [
        {"name": "Hafen Logistics", "format": "internship", "pay": "600 EUR/month", "hours": 40, "weeks": 12},
        {"name": "Blick", "format": "flash internship", "pay": "20 EUR/hour", "place": "online"},
        {"name": "Werft", "format": "apprenticeship", "weeks": "3 years"},
    ]
    compared = compare_offers(catalog, {**GOLDEN_PERSON, "mentorship": "required", "region": "de"}, offers)
    found["offers"] = document_page("Your offers", offers_page(compared, "Zoë", "2026-11-25"))
    return {**found, "cohort": cohort_page(cohort, "A class", "summary.json", "2026-11-25")}


def looked_at(shown: dict[str, str], folder: Path) -> dict[str, Any]:
    """What the browser measures in each page at each width."""
    frames = []
    for name, page in shown.items():
        # Its policy would keep out what asks the questions.
        page = re.sub(r"<meta http-equiv=[^>]*>", "", page)
        frames += [
            f'<iframe id="{name} at {width}" width="{width}" height="900" srcdoc="{html.escape(page)}"></iframe>'
            for width in WIDTHS
        ]
    axe = f"window.axeSource = {json.dumps(Path(AXE).read_text('utf-8'))};" if AXE else ""
    scripts = "".join(f"<script>{text.replace('</', '<' + chr(92) + '/')}</script>" for text in (axe, ASK))
    place = folder / "all.html"
    place.write_text(f"<!DOCTYPE html><meta charset=utf-8>{scripts}<body>{''.join(frames)}", "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    options += ["--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile", "--dump-dom"]
    command = [str(BROWSER), *options, "--virtual-time-budget=120000", place.as_uri()]
    dumped = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()
    result: dict[str, Any] = json.loads(html.unescape(re.findall(r"<pre>(.*)</pre>", dumped, re.DOTALL)[0]))
    assert len(result) == len(frames)
    return result


def test_pages_fit_a_phone_and_a_wide_screen_and_are_for_everybody(shipped: Catalog, tmp_path: Path) -> None:
    found = looked_at(pages(shipped), tmp_path)
    assert {name: each for name, each in found.items() if each["wider"] > 0 or each["narrow"] or each.get("axe")} == {}


def test_the_looking_sees_what_is_wrong(tmp_path: Path) -> None:
    cells = "".join(
        f"<td>{word} considerably longer expressions everywhere</td>" for word in ("one", "two", "three") * 6
    )
    page = f"<!DOCTYPE html><html><body><table><tr>{cells}</tr></table><p>{'x' * 2000}</p></body></html>"
    found = looked_at({"bad": page}, tmp_path)["bad at 390"]
    assert found["wider"] > 0
    assert found["narrow"]
    assert bool(found.get("axe")) is bool(AXE)  # no language, no title


def test_a_page_is_printed_on_two_sides(shipped: Catalog) -> None:
    """Those of three people; the longest answers every question but the country, so that rules of all are told."""
    shown = {name: page for name, page in pages(shipped).items() if name == "closed"}
    shown["visa"] = person_page(recommend(shipped, ON_A_VISA), "Zoë", "2026-11-25")
    shown["longest"] = person_page(recommend(shipped, ALL_BUT_THE_COUNTRY), "Zoë", "2026-11-25")
    sides = {name: printed(page, name).count(b"/Type /Page\n") for name, page in shown.items()}
    assert sides == {"closed": 1, "visa": 2, "longest": 2}
