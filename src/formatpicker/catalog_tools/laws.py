"""The laws of the method, to be run on any catalog: what must hold for every person, whatever the data say.

Each law is a function of a catalog, one person and seeded choices that describes every violation it meets. They are
run on random people, and the first violation of each is reduced to the simplest person who shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import chain, combinations, permutations
from typing import NamedTuple, cast

from msgspec.structs import replace

from formatpicker.advice.answer_ranges import Change, breakpoints, changed
from formatpicker.advice.explanation import Explainer
from formatpicker.advice.relaxations import relaxations, unblocks
from formatpicker.advice.what_ifs import Gaps, what_ifs
from formatpicker.base.text import joined
from formatpicker.catalog.criteria import About, AnswerKind, Question, RuleKind, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.changes import without_format, without_question
from formatpicker.catalog_tools.random_people import Claim, Laws, SeededChoices, Violations, random_people, tried
from formatpicker.scoring.answers import MOST_IMPORTANCE, SKIP, Answers, Goals, answer_text, written_answers
from formatpicker.scoring.parsing import parse_answer, parse_answers
from formatpicker.scoring.ranking import Assessment, Ranked, assess, rank, top
from formatpicker.scoring.rules import judge, severity
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import derived_answers, region_of

# By name, in the order in which they are told.
LAWS: dict[str, Claim] = {}
_TRIES = 8


def _law(name: str, statement: str, every: int = 1, tries: int = 1) -> Callable[[Violations], Violations]:
    def kept(check: Violations) -> Violations:
        LAWS[name] = Claim(statement, check, every, tries)
        return check

    return kept


Rankings = list[list[Ranked]]


class Result(NamedTuple):
    """One format's result: exact sums, the verdict, how many are unlikely, and the rank within its group."""

    low: int
    total: int
    high: int
    scale: int
    eligibility: Verdict
    unlikely: int
    rank: int | None

    def __str__(self) -> str:
        place = "" if self.rank is None else f", rank {self.rank}"
        return f"{points_text(self.total, self.scale)} points ({self.eligibility}{place})"


def points_text(total: int, scale: int) -> str:
    """A share of the scale in points out of 100, exact where it is short."""
    return f"{100 * total / scale:.6g}" if scale else "no"


def rankings_of(catalog: Catalog, answers: Answers) -> Rankings:
    """The core formats and the variants."""
    assessed = assess(catalog, answers, catalog.scored)
    return [rank(each for each in assessed if each.format.core is core) for core in (True, False)]


def by_format(rankings: Rankings, ranks: bool = True) -> dict[str, Result]:
    """Results by the format's id; without ``ranks`` where another number of formats is ranked."""
    found = ((each.assessment, each.rank if ranks else None) for ranked in rankings for each in ranked)
    return {
        one.format.id: Result(one.total_low, one.total, one.total_high, one.scale, one.eligibility, one.unlikely, rank)
        for one, rank in found
    }


def top_ids(rankings: Rankings) -> list[str]:
    """The ids of the formats at the top, sorted."""
    return sorted(each.assessment.format.id for each in top(rankings[0]))


def differences(catalog: Catalog, before: Rankings, after: Rankings, what: str, ranks: bool = True) -> Iterator[str]:
    """The formats of the second rankings that stand otherwise in the first ones."""
    results = by_format(before, ranks)
    for id, result in by_format(after, ranks).items():
        if results[id] != result:
            yield f"{catalog.formats[id].name} has {results[id]}, but {result} {what}"


def named(catalog: Catalog, formats: list[str] | tuple[str, ...]) -> str:
    """The names of some formats in a sentence."""
    return joined([catalog.formats[id].name for id in formats]) or "none"


def _pairs_in_order(catalog: Catalog, answers: Answers) -> Iterator[tuple[Assessment, Assessment]]:
    """Every two open formats of which the first ranks above the second."""
    for ranked in rankings_of(catalog, answers):
        for one, other in permutations([each for each in ranked if each.rank is not None], 2):
            if cast(int, one.rank) < cast(int, other.rank):
                yield one.assessment, other.assessment


# --- the laws --------------------------------------------------------------------------------------------------------


@_law("order", "The order of formats, questions and keys changes nothing.", tries=_TRIES)
def _order(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    def mixed(question: Question) -> Question:
        options, goals = tuple(draw.shuffled(question.options)), tuple(draw.shuffled(question.goals))
        return replace(question, options=options, goals=goals)

    shuffled = replace(
        catalog,
        formats=dict(draw.shuffled(catalog.formats.items())),
        questions={id: mixed(each) for id, each in draw.shuffled(catalog.questions.items())},
        derived=dict(draw.shuffled(catalog.derived.items())),
    )
    keys = Answers(dict(draw.shuffled(answers.values.items())))
    what = "with formats, questions and keys in another order"
    before, after = rankings_of(catalog, answers), rankings_of(shuffled, keys)
    first, second = top_ids(before), top_ids(after)
    if first != second:
        yield f"the top is {named(catalog, first)}, but {named(catalog, second)} {what}"
    yield from differences(catalog, before, after, what)


@_law("removal", "Removing a format changes no other score.", tries=_TRIES)
def _removal(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    gone = draw.pick(catalog.scored)
    before, after = (rankings_of(under, answers) for under in (catalog, without_format(catalog, gone.id)))
    yield from differences(catalog, before, after, f"without {gone.name}", ranks=False)


@_law("skipping", "Skipping a question equals not being asked.")
def _skipping(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    skipped = [id for id in catalog.questions if answers.get(id) is None]
    raw = {**written_answers(catalog, answers), **{id: draw.pick((SKIP, None, "")) for id in skipped}}
    if parse_answers(catalog, raw) != answers:
        yield "skipped questions do not read as unanswered"
    fewer = reduce(without_question, skipped, catalog)
    what = f"in a catalog that does not ask {joined(skipped, 'or')}"
    yield from differences(catalog, rankings_of(catalog, answers), rankings_of(fewer, answers), what)


@_law(
    "loosening", "Loosening a limit never worsens a verdict, adds no long shot and never lowers a score.", tries=_TRIES
)
def _loosening(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    table = EffectTable(catalog, catalog.scored)
    before = by_format(rankings_of(catalog, answers))
    for id, given in answers.values.items():
        question = catalog.questions[id]
        if question.rule and question.rule.kind is RuleKind.LIMIT:
            looser = [point for point in breakpoints(table, answers, question) if point > cast(int, given)]
            looser += [min(cast(int, given) + 1, max(looser, default=0))]
            answer = draw.pick(looser)
            after = by_format(rankings_of(catalog, answers.replaced(catalog, id, answer)))
            for format, result in after.items() if answer > cast(int, given) else ():
                if _is_worse(before[format], result):
                    name, words = catalog.formats[format].name, answer_text(question, answer)
                    yield f"{name} has {before[format]}, but only {result} with {id} at {words}"


def _is_worse(before: Result, after: Result) -> bool:
    """Whether the verdict is severer, a verdict more is unlikely, or the score is lower."""
    severer = severity(after.eligibility) > severity(before.eligibility)
    # A blocked format that opens may well become a long shot.
    rarer = before.eligibility is not Verdict.BLOCKED and after.unlikely > before.unlikely
    return severer or rarer or after.total * before.scale < before.total * after.scale


@_law("musts", "No format with fewer unlikely verdicts ranks below one with more.")
def _musts(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    for higher, lower in _pairs_in_order(catalog, answers):
        if lower.unlikely < higher.unlikely:
            yield f"{lower.format.name} has fewer unlikely verdicts than {higher.format.name}, but is ranked below"


@_law("edges", "Answers less than 1 % of a limit apart never differ by two verdicts.", tries=_TRIES)
def _edges(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    """Every limit and derived quantity is held against an answer less than a hundredth away."""
    region = region_of(catalog, answers)
    for id, given in {**answers.values, **derived_answers(catalog, answers)}.items():
        for criterion in catalog.criteria_of.get(id, ()):
            if criterion.rule.kind is RuleKind.LIMIT:
                near = cast(int, given) + draw.below((cast(int, given) - 1) // 100 + 1)
                for format in catalog.formats.values():
                    regional = catalog.regional(format, criterion.rule.attribute)
                    verdicts = [judge(criterion.rule, each, regional, region).verdict for each in (given, near)]
                    if abs(severity(verdicts[0]) - severity(verdicts[1])) > 1:
                        yield f"{format.name} is {verdicts[0]} with {id} at {given}, but {verdicts[1]} at {near}"


@_law("weights", "A ranked list of goals equals the importances n..1.")
def _weights(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    for id, given in answers.values.items():
        question = catalog.questions[id]
        if isinstance(given, Goals) and len(given.shares) <= min(question.most, MOST_IMPORTANCE):
            ranked = [*given.ordered]
            weighed = {goal: len(ranked) - place for place, goal in enumerate(ranked)}
            one, other = (answers.replaced(catalog, id, parse_answer(question, raw)) for raw in (ranked, weighed))
            if written_answers(catalog, one) != written_answers(catalog, other):
                yield f"a ranking of {joined(ranked)} is written in another way than the importances it stands for"
            yield from differences(catalog, rankings_of(catalog, one), rankings_of(catalog, other), "by importances")


@_law("dominance", "A format at least as good on every answered criterion never ranks below.")
def _dominance(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    for higher, lower in _pairs_in_order(catalog, answers):
        both = zip(lower.terms, higher.terms, strict=True)
        if all(
            ours.product >= theirs.product and severity(ours.verdict) <= severity(theirs.verdict)
            for ours, theirs in both
        ):
            better, worse = lower.format.name, higher.format.name
            yield f"{better} is at least as good as {worse} on every criterion, but ranked below"


@_law(
    "importance",
    "Where goals alone weigh, one that counts more never puts the format best on it behind another.",
    tries=_TRIES,
)
def _importance(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    """Only the goals are kept, and the region.

    The method's wider wording, whatever else was answered, is false: all goals together weigh the same, so raising one
    takes weight from the others, and a format that led by those may fall behind a rival that a need favors.
    """
    region = catalog.region_question
    for id, given in answers.values.items():
        if isinstance(given, Goals):
            # Those of a ranked list fall from the most but one, so that each can still rise.
            falling = {id: max(1, MOST_IMPORTANCE - place) for place, id in enumerate(given.ordered, start=1)}
            shares = falling if given.ranked else dict(given.shares)
            base = Answers({key: answer for key, answer in answers.values.items() if region and key == region.id})
            before = base.replaced(catalog, id, Goals(shares))
            goal = draw.pick(list(shares))
            more = min(MOST_IMPORTANCE, shares[goal] + 1 + draw.below(MOST_IMPORTANCE))
            after = base.replaced(catalog, id, Goals({**shares, goal: more}))
            yield from _overtaken(catalog, before, after, goal)


def _overtaken(catalog: Catalog, before: Answers, after: Answers, goal: str) -> Iterator[str]:
    """The formats best on a goal that fall below another they were level with or above."""
    for first, second in zip(rankings_of(catalog, before), rankings_of(catalog, after), strict=True):
        was = {each.assessment.format.id: each.assessment for each in first}
        now = {each.assessment.format.id: each.assessment for each in second}
        values = {
            id: sum(term.judgement.typical for term in each.terms if term.criterion.id == goal)
            for id, each in was.items()
        }
        for id, other in ((id, other) for id in was for other in was if values[id] == max(values.values())):
            lead, later = was[id].total - was[other].total, now[id].total - now[other].total
            if (lead >= 0 > later) or (lead > 0 >= later):
                names = catalog.formats[id].name, catalog.formats[other].name
                yield f"{names[0]} is best on {goal} and falls behind {names[1]} as {goal} counts more"


@_law("sum", "Points add up to the score, between its ends.", every=2)
def _sum(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    explainer = Explainer(catalog, answers)
    assessed = [each.assessment for ranked in rankings_of(catalog, answers) for each in ranked]
    for each in assessed:
        points = sum(part.term.product for part in explainer.contributions(each))
        if points != each.total:
            made, score = (points_text(total, each.scale) for total in (points, each.total))
            yield f"the points of {each.format.name} make {made}, not its score {score}"
        if not 0 <= each.total_low <= each.total <= each.total_high <= each.scale:
            ends = (points_text(end, each.scale) for end in (each.total_low, each.total, each.total_high))
            yield f"the score of {each.format.name} and its ends are out of order: {joined(list(ends))}"
        if each.scale != assessed[0].scale:
            yield f"the weights of {each.format.name} and {assessed[0].format.name} differ in their sum"


@_law("reading-back", "Answers that are printed are accepted, and give the same result.")
def _reading_back(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    again = parse_answers(catalog, written_answers(catalog, answers))
    if again != answers:
        lost = [id for id in {**answers.values, **again.values} if answers.get(id) != again.get(id)]
        yield f"{joined(lost)} reads back as another answer"
    for id, answer in answers.values.items():
        question = catalog.questions[id]
        if question.answer is not AnswerKind.GOALS and parse_answer(question, answer_text(question, answer)) != answer:
            yield f"{id} reads back as another answer from its words: {answer_text(question, answer)}"
    yield from differences(catalog, rankings_of(catalog, answers), rankings_of(catalog, again), "once read back")


@_law("tables", "A result looked up in tables is the result worked out.")
def _tables(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    table = EffectTable(catalog, catalog.scored)
    standings, rankings = table.standings(answers), rankings_of(catalog, answers)
    results, top = by_format(rankings), top_ids(rankings)
    found = zip(table.ids, standings.totals, standings.blocked, standings.unlikely, strict=True)
    for id, *looked_up_result in found:
        if looked_up_result != [results[id].total, results[id].rank is None, results[id].unlikely]:
            yield f"{catalog.formats[id].name} has {results[id]}, but another result when looked up in a table"
    looked_up = sorted(EffectTable(catalog, catalog.core).top(answers))
    if looked_up != top:
        yield f"the top is {named(catalog, top)}, but {named(catalog, looked_up)} looked up"


@_law("relaxations", "Every relaxation unblocks, none is too large, and none changes a fact.")
def _relaxations(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    for format in catalog.formats.values():
        for each in relaxations(catalog, answers, format) if format.scored else ():
            what = f"the relaxation for {format.name} ({joined(list(each.change))})"
            if not unblocks(catalog, answers, format, each.change):
                yield f"{what} does not unblock it"
            fewer = chain.from_iterable(
                combinations(each.change.items(), count) for count in range(1, len(each.change))
            )
            if any(unblocks(catalog, answers, format, dict(part)) for part in fewer):
                yield f"{what} is not a smallest one"
            if _facts(catalog, each.change):
                yield f"{what} changes a fact about the person"


@_law("what-ifs", "Every what-if leads to the top it names, and none changes a fact.", every=25)
def _what_ifs(catalog: Catalog, answers: Answers, draw: SeededChoices) -> Iterator[str]:
    before = top_ids(rankings_of(catalog, answers))
    for each in what_ifs(Gaps(EffectTable(catalog, catalog.core), answers)):
        what = f"the what-if on {joined(list(each.change))}"
        after = top_ids(rankings_of(catalog, changed(catalog, answers, each.change)))
        if after != sorted(each.top) or after == before:
            found, was, promised = (named(catalog, ids) for ids in (after, before, each.top))
            yield f"{what} leads to {found}, not from {was} to {promised}"
        if _facts(catalog, each.change):
            yield f"{what} changes a fact about the person"


def _facts(catalog: Catalog, change: Change) -> list[str]:
    return [id for id in change if catalog.questions[id].about is About.FACT]


def verify(catalog: Catalog, people: int) -> Laws:
    """Run every law on seeded random people."""
    crowd = list(random_people(catalog, people, "laws"))
    found = [tried(catalog, name, claim, crowd[:: claim.every]) for name, claim in LAWS.items()]
    return Laws("formatpicker/laws/1", catalog.record, all(each.holds for each in found), found)
