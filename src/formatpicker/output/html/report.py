"""One person's result as a page to print or to send: the answer first, then why, what to check and what to do."""

from __future__ import annotations

from formatpicker.advice.explanation import full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.catalog.model import Catalog, Citation, NextStep
from formatpicker.output.html.html import Html, bar, element, link, listed, page, section, table, together
from formatpicker.output.text.footnotes import Footnotes
from formatpicker.output.text.headline import headline
from formatpicker.output.text.screen import checks, definitions, objections, reasons, variants
from formatpicker.output.text.sentences import (
    certainty_sentences,
    certainty_words,
    relaxation_words,
    step_place,
    what_if_words,
)
from formatpicker.output.text.standings import span_text
from formatpicker.scoring.rounding import score_text

# As many of each as two printed pages have room for; what to check before saying yes is never cut.
MOST_REASONS = 5
MOST_OBJECTIONS = 4
MOST_CHANGES = 5
MOST_VARIANTS = 4
ADVICE = "This is advice, not a prediction, and no legal advice. Check what matters to you before you decide."


def person_page(recommendation: Recommendation) -> str:
    """The whole page."""
    notes = Footnotes(recommendation.catalog)
    best = list(recommendation.best)
    blocks = [
        element("h1", headline(recommendation)),
        *(element("p", text) for text in definitions(recommendation)),
        section("Answers that stand in each other's way", listed([each.text for each in recommendation.conflicts])),
        section("What makes it a long shot", listed(_long_shots(best, notes))),
        section("Why", listed(reasons(best[0], MOST_REASONS) if best else [])),
        section("What speaks against it", listed(objections(best[0], MOST_OBJECTIONS) if best else [])),
        section("How well each one fits you", _standings(recommendation, notes)),
        section("Check before you say yes", listed(_checks(best, notes))),
        section("What would change the answer", listed(_changes(recommendation))),
        section("What would open a format that is ruled out", listed(_openings(recommendation))),
        section("Variants to look at", listed(variants(recommendation, MOST_VARIANTS))),
        section("How sure this is", *_certainty(recommendation)),
        section("What to do next", listed([_step(recommendation, each, notes) for each in recommendation.next_steps])),
        section("Sources", listed(_sources(notes), "ol", class_="sources")),
        element("footer", element("p", ADVICE), element("p", catalog_line(recommendation.catalog))),
    ]
    return page("Which format suits you", *blocks)


def _standings(recommendation: Recommendation, notes: Footnotes) -> Html:
    """A row for each core format: a bar with its score, or all that rules it out; no score where answers are few."""
    few = 100 * recommendation.certainty.coverage < recommendation.catalog.certainty.few_answers
    rows = [_standing(entry, notes, few) for entry in recommendation.ranking]
    return table(
        "Points of 100, and the range within what the sources say",
        ("Format", "Score", "Range", "Bar, or what rules it out"),
        rows,
    )


def _standing(entry: Entry, notes: Footnotes, few: bool) -> list[str]:
    assessment = entry.assessment
    if entry.blockers:
        texts = [noted(full_text(each), each.citations, notes) for each in entry.blockers]
        return [assessment.format.name, "ruled out", "", together(texts, " ")]
    if not assessment.scale:
        return [assessment.format.name, "-", "", "nothing to go by yet"]
    if few:
        return [assessment.format.name, "-", "", "first so far" if entry.rank == 1 else "open"]
    drawn = bar(assessment.total, assessment.scale, f"{score_text(assessment)} of 100")
    shots = [noted(f"Long shot: {full_text(each)}", each.citations, notes) for each in entry.long_shots]
    return [assessment.format.name, score_text(assessment), span_text(assessment), together([drawn, *shots], " ")]


def _certainty(recommendation: Recommendation) -> list[Html]:
    """In words, then in figures."""
    words, figures = certainty_words(recommendation), certainty_sentences(recommendation)
    return [element("p", " ".join(words)), element("p", " ".join(figures.values()), class_="soft")] if words else []


def _long_shots(best: list[Entry], notes: Footnotes) -> list[str]:
    """What only a rare instance of what is recommended meets, each once."""
    found = {full_text(each): each.citations for entry in best for each in entry.long_shots}
    return [noted(text, citations, notes) for text, citations in found.items()]


def _checks(best: list[Entry], notes: Footnotes) -> list[str]:
    """Every condition and caution of what is recommended, each once."""
    found = {full_text(each): each.citations for entry in best for each in checks(entry)}
    return [noted(text, citations, notes) for text, citations in found.items()]


def _changes(recommendation: Recommendation) -> list[str]:
    found = recommendation.what_ifs if recommendation.best else []
    return [what_if_words(recommendation, each) for each in found[:MOST_CHANGES]]


def _openings(recommendation: Recommendation) -> list[str]:
    return [relaxation_words(recommendation, each) for each in recommendation.relaxations[:MOST_CHANGES]]


def _step(recommendation: Recommendation, step: NextStep, notes: Footnotes) -> Html:
    text = link(step.text, step.url)
    return together([step_place(recommendation, step), text, notes.bracketed(step.citations)])


def noted(text: str, citations: tuple[Citation, ...], notes: Footnotes) -> Html:
    """A sentence with the numbers of its sources."""
    return together([text, notes.bracketed(citations)])


def _sources(notes: Footnotes) -> list[str]:
    """Every source that was numbered, its title as a link."""
    texts: list[str] = []
    for citation in notes.cited():
        source = notes.catalog.sources[citation.source]
        origin = ", ".join(filter(None, [source.publisher, source.date]))
        texts.append(
            together([link(source.title, source.url), f" ({origin})", citation.place and f"; {citation.place}"])
        )
    return texts


def catalog_line(catalog: Catalog) -> str:
    """Which catalog a page was made from, and how old it is."""
    return f"Made by formatpicker from: {catalog.title}, version {catalog.version}, updated {catalog.updated}."
