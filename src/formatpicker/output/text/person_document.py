"""One person's result as documents: a page to keep, print or send, and the whole reasoning, to be checked by hand."""

from __future__ import annotations

from collections.abc import Iterable

from formatpicker.advice.certainty import disagreements
from formatpicker.advice.notices import Blocker, Notice, full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.catalog.attributes import value_phrase
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.output.text import sentences
from formatpicker.output.text.catalog import Footnotes, known_text, value_text
from formatpicker.output.text.document_layout import (
    Block,
    Grid,
    Heading,
    Items,
    Mark,
    Paragraph,
    day_words,
    heading_blocks,
    listed,
    thousandths,
)
from formatpicker.output.text.format_words import (
    TITLE_CLOSED,
    checks,
    contending,
    contest_words,
    definitions,
    foremost_checks,
    objections,
    place_so_far,
    place_words,
    reasons,
    ruled_out_words,
    span_text,
    told_of_each,
    variants,
)
from formatpicker.scoring.answers import MOST_IMPORTANCE, Goals, answer_text
from formatpicker.scoring.ranking import Assessment, Term, in_tenths, score_text
from formatpicker.scoring.rules import ONE
from formatpicker.scoring.weights import region_of

TITLE = "Which format suits you"
# As many of each as two printed pages have room for; what to check before saying yes is never cut.
MOST_REASONS = 5
MOST_OBJECTIONS = 4
MOST_CHANGES = 3
MOST_VARIANTS = 3
MOST_QUESTIONS = 5
MOST_COMPARED = 4
MOST_CRITERIA = 6
# Sources numbered for one sentence, the first ones; the reasoning has them all.
MOST_CITED = 1
ADVICE = "This is advice, not a prediction, and no legal advice. Check what matters to you before you decide."
RANGE = "Points of 100. The line shows how far they could move within what the sources say."
POINTS = "What you answered weighs; the points of a format add up to its score."
ONE_SOURCE = "One source for each sentence or value; the commands explain and compare name all of them."


def person_document(recommendation: Recommendation, name: str = "", day: str = "") -> list[Block]:
    """The whole document; whom it is for and the day (YYYY-MM-DD) may be empty. Nothing else depends on the day."""
    notes = Footnotes(recommendation.catalog, MOST_CITED)
    best = recommendation.best
    blocks = _opening(recommendation, name and f"For {name}", day_words(day))
    blocks += _standings(recommendation, notes)
    blocks += listed("What makes it a long shot", _noted((each for e in best for each in e.long_shots), notes))
    if best:
        blocks += listed("Fits because", told_of_each(recommendation, reasons, MOST_REASONS))
        blocks += listed("What speaks against it", told_of_each(recommendation, objections, MOST_OBJECTIONS))
    told = sentences.step_words(recommendation, recommendation.next_steps)
    steps = [text + notes.bracketed(step.citations) for text, step in zip(told, recommendation.next_steps, strict=True)]
    blocks += listed("Do this week", steps[:1])
    to_check = (each for entry in contending(recommendation) for each in foremost_checks(recommendation, entry))
    blocks += listed("Check before you say yes", _noted(to_check, notes), boxes=True)
    blocks += listed("Ask the host: is it so here?", questions(recommendation) if best else [], boxes=True)
    changes = sentences.what_if_words(recommendation, recommendation.what_ifs[:MOST_CHANGES]) if best else []
    blocks += listed("What would change the answer", changes)
    openings = sentences.relaxation_words(recommendation, recommendation.relaxations[:MOST_CHANGES])
    blocks += listed("What would open a format that is ruled out", openings)
    blocks += listed("Also look at", variants(recommendation, MOST_VARIANTS))
    blocks += _points(recommendation)
    blocks += _side_by_side(recommendation, notes)
    blocks += answers_given(recommendation)
    blocks += listed("How sure this is", sentences.certainty_words(recommendation))
    blocks += listed("Where to look next", steps[1:])
    if notes.places:
        blocks += [Heading("Sources"), Paragraph(ONE_SOURCE, soft=True), Items(notes.texts(), numbered=True)]
    return [*blocks, Paragraph(ADVICE, soft=True), Paragraph(catalog_line(recommendation.catalog), soft=True)]


def _opening(recommendation: Recommendation, *origins: str) -> list[Block]:
    """The answer, what it is, and wishes that stand in each other's way."""
    return [
        *heading_blocks(sentences.headline(recommendation), *origins),
        *map(Paragraph, definitions(recommendation)),
        *listed("Answers that stand in each other's way", [each.text for each in recommendation.conflicts]),
    ]


def questions(recommendation: Recommendation) -> list[str]:
    """What is usual for the first format and may be otherwise at one host, what moves its score most first.

    What has to be checked anyway is left out, and so is what never differs.
    """
    entry = recommendation.best[0]
    checked = {notice.question for notice in checks(entry)}
    open_terms = [
        each.term
        for each in entry.contributions
        if each.term.judgement.low != each.term.judgement.high and each.term.criterion.id not in checked
    ]
    open_terms.sort(key=lambda term: -term.weight * (term.judgement.high - term.judgement.low))
    texts = dict.fromkeys(_usual(recommendation, entry, term) for term in open_terms)
    return list(texts)[:MOST_QUESTIONS]


def _usual(recommendation: Recommendation, entry: Entry, term: Term) -> str:
    """A question to a host, and what is usual: ``Who will guide me? Usual: an internship rarely ...``."""
    catalog, name = recommendation.catalog, term.rule.attribute
    fields = catalog.offers.fields if catalog.offers else ()
    ask = next((field.ask for field in fields if field.attribute == name), "")
    attribute, format = catalog.attributes[name], entry.assessment.format
    value = catalog.regional(format, name).within(region_of(catalog, recommendation.answers))
    phrase = value_phrase(attribute, value.typical)
    usual = f"{format.phrase} {phrase}" if phrase else value_text(catalog, name, value)
    return f"{ask} Usual: {usual}." if ask else f"{attribute.label}: {usual}"


def _noted(notices: Iterable[Notice | Blocker], notes: Footnotes) -> list[str]:
    """Notices with the numbers of their sources, each once."""
    return notes.noted({full_text(each): each for each in notices}.values())


def _standings(recommendation: Recommendation, notes: Footnotes) -> list[Block]:
    """A row for each core format: its points and how far they could move, or all that rules it out.

    Where the answers are few no points are shown.
    """
    few = sentences.answered_little(recommendation)
    rows, marks = [], {}
    for at, entry in enumerate(recommendation.ranking):
        assessment = entry.assessment
        points, words = _place(entry, notes, place_so_far(recommendation, entry) if few else "")
        rows.append((assessment.format.name, points, words))
        if not few and not entry.blockers and assessment.scale:
            marks[at, 2] = range_mark(assessment)
    scored = [Paragraph(RANGE, soft=True)] if marks else []
    heading = "Range, or what rules it out" if scored else "Where it stands"
    title = "How well each one fits you" if any(entry.rank for entry in recommendation.ranking) else TITLE_CLOSED
    return [Heading(title), Grid(("Format", "Points", heading), rows, frozenset({1}), marks), *scored]


def _place(entry: Entry, notes: Footnotes, so_far: str) -> tuple[str, str]:
    """The points of a format, or where it stands ``so_far``, and what stands beside them."""
    if entry.blockers:
        return "", f"Ruled out: {' '.join(_noted(entry.blockers, notes))}"
    if not entry.assessment.scale:
        return "", "nothing to go by yet"
    shots = [f"Long shot: {text}" for text in _noted(entry.long_shots, notes)]
    if so_far:
        return "", " ".join(shots) or so_far
    return score_text(entry.assessment), " ".join([span_text(entry.assessment) + "." * bool(shots), *shots])


def range_mark(assessment: Assessment) -> Mark:
    """The points of a format on the line of all that they could be."""
    totals = (assessment.total, assessment.total_low, assessment.total_high)
    return Mark(*(thousandths(total, assessment.scale) for total in totals))


def _points(recommendation: Recommendation) -> list[Block]:
    """What each answer adds to each format, beside the most that it can add; what weighs least in one row."""
    entries = [entry for entry in recommendation.ranking if entry.assessment.scale]
    if not entries or not recommendation.best:
        return []
    scale = entries[0].assessment.scale
    terms = [term for term in entries[0].assessment.terms if term.weight]
    terms.sort(key=lambda term: -term.weight)
    said = MOST_CRITERIA if len(terms) > MOST_CRITERIA + 1 else len(terms)
    catalog = recommendation.catalog
    rows = [[f"{term.criterion.label} ({_answer_text(catalog, term)})"] for term in terms[:said]]
    groups = [[term] for term in terms[:said]]
    if terms[said:]:
        rows.append([f"{len(terms) - said} more that weigh less"])
        groups.append(terms[said:])
    weights = [sum(term.weight for term in group) for group in groups]
    marks = {}
    for column, entry in enumerate(entries, 1):
        points = entry.points
        products = {term.criterion.id: term.product for term in entry.assessment.terms}
        for at, (group, weight) in enumerate(zip(groups, weights, strict=True)):
            ids = [term.criterion.id for term in group]
            earned = sum(points[id] for id in ids)
            whole = max(earned, in_tenths(ONE * weight, scale) or 0)
            rows[at].append(f"{earned:.1f} of {whole:.1f}")
            marks[at, column] = Mark(thousandths(sum(products[id] for id in ids), ONE * max(weights)))
    sums = [f"{sum(entry.points.values()):.1f}" for entry in entries]
    names = [f"{entry.name}{', ruled out' * bool(entry.blockers)}" for entry in entries]
    grid = Grid(("What you answered", *names), [*rows, ("Sum", *sums)], frozenset(range(1, len(names) + 1)), marks)
    return [Heading("Where the points come from"), Paragraph(POINTS, soft=True), grid]


def _side_by_side(recommendation: Recommendation, notes: Footnotes) -> list[Block]:
    """What decides between the first two, and all that questions are about, format by format."""
    catalog, entries = recommendation.catalog, recommendation.ranking[:MOST_COMPARED]
    formats = [entry.assessment.format for entry in entries]
    region = region_of(catalog, recommendation.answers)
    rows = [("What it is", *(format.summary for format in formats))]
    for name in _compared(recommendation):
        values = [catalog.regional(format, name).within(region) for format in formats]
        if any(value.known for value in values):
            cells = [known_text(catalog, notes, name, value) for value in values]
            rows.append((catalog.attributes[name].label, *cells))
    first_two = [*recommendation.best, *recommendation.rivals][:2]
    texts = contest_words({each.id: each for each in first_two}, [each.assessment.format for each in first_two])
    names = [format.name for format in formats]
    return [Heading("Side by side"), *map(Paragraph, texts), Grid(("", *names), rows)]


def _compared(recommendation: Recommendation) -> list[str]:
    """The attributes that answers are held against, besides those of goals, and amounts of money.

    What fits fully in every format, such as an age or a right to work, is left out.
    """
    catalog = recommendation.catalog
    judged = [term for entry in recommendation.ranking[:MOST_COMPARED] for term in entry.assessment.terms]
    short = {term.criterion.id for term in judged if term.verdict is not Verdict.FITS or term.judgement.typical < ONE}
    asked = {each.rule.attribute for id, each in catalog.questions.items() if each.rule and id in short}
    return [name for name, attribute in catalog.attributes.items() if name in asked or attribute.amount]


def answers_given(recommendation: Recommendation) -> list[Block]:
    """What was answered, in words, and what was left open."""
    questions, answers = recommendation.catalog.questions, recommendation.answers
    texts = [f"{questions[id].label}: {answer_text(questions[id], given)}" for id, given in answers.values.items()]
    labels = [questions[id].label.lower() for id in recommendation.unanswered]
    return listed("What you answered", [*texts, *([f"Left open: {', '.join(labels)}"] if labels else [])])


def catalog_line(catalog: Catalog) -> str:
    """Which catalog a page was made from, and how old it is."""
    return f"Made by formatpicker from: {catalog.title}, version {catalog.version}, updated {catalog.updated}."


# --- the whole reasoning ---------------------------------------------------------------------------------------------

MOST_FLIPS = 6
# Nobody can picture something that matters 22 times as much.
MOST_FACTOR = 5


def reasoning(recommendation: Recommendation) -> list[Block]:
    """The document: the answer, how sure it is, the sum of each format, what would change it, the sources."""
    notes = Footnotes(recommendation.catalog)
    blocks = _opening(recommendation)
    blocks += listed(
        "How sure this is",
        [*sentences.certainty_words(recommendation), *sentences.certainty_sentences(recommendation)],
    )
    for entry in recommendation.ranking:
        blocks += _entry_blocks(recommendation.catalog, notes, entry)
    if len(recommendation.best) == 1:
        found = disagreements(recommendation.best[0].assessment, [each.assessment for each in recommendation.rivals])
        blocks += listed("Where sources differ and it matters", [sentences.disagreement_words(each) for each in found])
    flips = [each for each in recommendation.flip_points if each.factor <= MOST_FACTOR]
    blocks += listed("How close the call is", [sentences.flip_words(each) for each in flips[:MOST_FLIPS]])
    changes = sentences.what_if_words(recommendation, recommendation.what_ifs)
    blocks += listed("What would change the answer", changes)
    opened = sentences.relaxation_words(recommendation, recommendation.relaxations)
    blocks += listed("What would open the formats that are ruled out", opened)
    blocks += listed("Variants", _variant_texts(recommendation))
    blocks += listed("What to do next", sentences.step_words(recommendation, recommendation.next_steps))
    return blocks + listed("Sources", notes.texts(), numbered=True)


def _entry_blocks(catalog: Catalog, notes: Footnotes, entry: Entry) -> list[Block]:
    """One format: its sum, line by line, then what rules it out, what to check, what was not checked."""
    assessment = entry.assessment
    blocks: list[Block] = [Heading(f"{assessment.format.name}: {place_words(entry)}")]
    if assessment.scale:
        blocks.append(_sum(catalog, notes, entry))
        low, high = entry.score_range
        blocks.append(Paragraph(f"Inside what the sources say, the score can be anything from {low} to {high}."))
    for title, notices in (
        ("Ruled out because:", entry.blockers),
        ("A long shot because:", entry.long_shots),
        ("Before you say yes:", checks(entry)),
    ):
        texts = notes.noted(notices)
        blocks += [Paragraph(title), Items(texts)] if texts else []
    if entry.unchecked:
        labels = ", ".join(catalog.questions[id].label.lower() for id in entry.unchecked)
        blocks.append(Paragraph(f"Not checked, because not answered: {labels}."))
    return blocks


def _sum(catalog: Catalog, notes: Footnotes, entry: Entry) -> Grid:
    points = entry.points
    rows = [
        (
            each.term.criterion.label,
            _answer_text(catalog, each.term),
            f"{each.term.judgement.typical / ONE:.3f}",
            f"{each.term.weight * ONE / entry.assessment.scale:.3f}",
            f"{earned:.1f}",
            notes.marks(each.citations),
        )
        for each, earned in zip(entry.contributions, points.values(), strict=True)
    ]
    rows.append(("Sum", "", "", "1.000", f"{sum(points.values()):.1f}", ""))
    return Grid(("Criterion", "Your answer", "Value", "Weight", "Points", "Sources"), rows, frozenset({2, 3, 4}))


def _answer_text(catalog: Catalog, term: Term) -> str:
    """The answer that a term weighs, in words: ``goal 1 of 3``, ``20 hours``."""
    answer, criterion = term.answer, term.criterion
    if isinstance(answer, Goals):
        share = answer.shares[criterion.id]
        place = answer.ordered.index(criterion.id) + 1
        return f"goal {place} of {len(answer.shares)}" if answer.ranked else f"{share} of {MOST_IMPORTANCE}"
    question = catalog.questions.get(criterion.id)
    return answer_text(question, answer) if question else str(answer)


def _variant_texts(recommendation: Recommendation) -> list[str]:
    """A line for each variant; those that no answer tells apart share one."""
    group_of = {id: group for group in recommendation.indistinguishable for id in group.formats}
    texts: dict[str, None] = {}
    for entry in recommendation.variants:
        group, score = group_of.get(entry.id), "-" if entry.score is None else entry.score
        if entry.blockers:
            texts[f"{entry.name}: {ruled_out_words(entry, full_text(entry.blockers[0]))}"] = None
        elif group:
            texts[f"{sentences.group_words(recommendation.catalog, group)} {score} of 100 points each."] = None
        else:
            shot = f", a long shot: {full_text(entry.long_shots[0])}" if entry.long_shots else ""
            texts[f"{entry.name}: {score} of 100 points{shot}"] = None
    return list(texts)
