"""How the formats stand, a line each: a mark for the fit on a thin line for its range, or what rules it out."""

from __future__ import annotations

from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.base.style import CYAN, GREEN, RED, YELLOW, Screen, marked, titled, wrapped
from formatpicker.base.text import capitalized
from formatpicker.output.text.sentences import answered_little
from formatpicker.scoring.ranking import Assessment
from formatpicker.scoring.rounding import rounded, score_text

TITLE = "How well each one fits you, of 100 points; the line is how far it could move"
TITLE_CLOSED = "What rules each one out"
TITLE_SO_FAR = "Where each one stands so far"
# Indent, gap, the shortest line, a space and three digits, beside a name.
LEAST_LINE = 12
MOST_LINE = 40
MOST_REASONS = 4
# Below this width a hanging indent leaves no room to read in.
ROOMY = 60


def standings(recommendation: Recommendation, screen: Screen, reasons: int = 1) -> list[str]:
    """A line for each core format; each reason that rules one out takes two at most."""
    names = [entry.name for entry in recommendation.ranking]
    width = max(map(len, names))
    scored = not answered_little(recommendation)
    title = TITLE if scored else TITLE_SO_FAR
    title = title if any(entry.rank for entry in recommendation.ranking) else TITLE_CLOSED
    lines = titled(title, screen.columns)
    for entry, name in zip(recommendation.ranking, names, strict=True):
        lines += _standing(entry, name.ljust(width), screen, reasons, scored)
    return lines


def _standing(entry: Entry, name: str, screen: Screen, reasons: int, scored: bool) -> list[str]:
    assessment = entry.assessment
    if entry.blockers:
        return [marked(RED, line) for line in _ruled_out(entry, name, screen, reasons)]
    if not assessment.scale:
        return [f"  {name}  nothing to go by yet"]
    if not scored:
        return [f"  {name}  {_place(entry)}"]
    if screen.columns < len(name) + LEAST_LINE:
        return wrapped(f"{name.strip()}: {score_text(assessment)}", screen.columns, "  ", "    ")
    unlikely = "  long shot" if entry.long_shots else ""
    room = max(4, min(MOST_LINE, screen.columns - len(name) - 9 - len("  long shot")))
    colour = YELLOW if unlikely else GREEN if entry.rank == 1 else CYAN
    fitting = unlikely if screen.columns >= len(name) + room + 8 + len(unlikely) else ""
    return [f"  {name}  {marked(colour, track(assessment, room, screen.unicode))} {score_text(assessment):>3}{fitting}"]


def _place(entry: Entry) -> str:
    if entry.long_shots:
        return "a long shot"
    return "first so far" if entry.rank == 1 else "open"


def track(assessment: Assessment, columns: int, unicode: bool = True) -> str:
    """The score as a mark among some columns, on a line from the low to the high end of its range."""
    line, mark, rest = ("─", "●", "·") if unicode else ("-", "o", ".")
    low, at, high = (
        min(columns - 1, total * columns // assessment.scale)
        for total in (assessment.total_low, assessment.total, assessment.total_high)
    )
    return "".join(mark if here == at else line if low <= here <= high else rest for here in range(columns))


def _ruled_out(entry: Entry, name: str, screen: Screen, reasons: int) -> list[str]:
    """What rules a format out, each reason in at most two lines, and how many more there are."""
    indent = " " * (len(name) + 4) if screen.columns >= ROOMY else "    "
    texts = [bare(entry, blocker.text).rstrip(".") for blocker in entry.blockers[:reasons]]
    texts[0] = f"{name}  {ruled_out_words(entry, entry.blockers[0].text).rstrip('.')}"
    more = len(entry.blockers) - len(texts)
    *before, last = [wrapped(text, screen.columns, indent if at else "  ", indent) for at, text in enumerate(texts)]
    if more:
        start = indent if before else "  "
        longer = [
            wrapped(f"{texts[-1]} ({words})", screen.columns, start, indent)
            for words in (f"and {more} more reason{'s' * (more > 1)}", f"+{more} more")
        ]
        last = longer[0] if len(longer[0]) == len(last) else longer[1]
    return [line for lines in (*before, last) for line in lines]


def span_text(assessment: Assessment) -> str:
    """The range of a score within the sources: ``71 to 100``."""
    low, high = (rounded(100 * total, assessment.scale) for total in (assessment.total_low, assessment.total_high))
    return f"{low} to {high}"


def bare(entry: Entry, text: str) -> str:
    """A sentence without the format at its beginning, for places where that is plain."""
    return text.removeprefix(f"{capitalized(entry.assessment.format.phrase)} ")


def ruled_out_words(entry: Entry, text: str) -> str:
    """What rules a format out, to stand behind its name: ``ruled out: even in France it takes ...``."""
    text = bare(entry, text).replace(f", {entry.assessment.format.phrase} ", " it ", 1)
    return f"ruled out: {text[:1].lower()}{text[1:]}"
