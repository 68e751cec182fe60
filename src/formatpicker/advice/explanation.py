"""Reasons in words, made from the terms of the sum and never computed a second way.

All sentences come from the catalog: an attribute's phrase completes one that begins with a format's name, a rule's
templates speak of limits. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

from msgspec import Struct

from formatpicker.advice.notices import (
    VERDICT_WORDS,
    Blocker,
    Contribution,
    Notice,
    holds_of_answer,
    holds_of_format,
    is_raised,
    region_words,
)
from formatpicker.base.durations import TODAY
from formatpicker.base.text import capitalized, fill, joined
from formatpicker.catalog.attributes import RegionalValue, Value, level_text, value_phrase
from formatpicker.catalog.criteria import About, Rule, RuleKind, Verdict
from formatpicker.catalog.guidance import Caution, NextStep, Test
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers, given_words, written_answer
from formatpicker.scoring.ranking import RANKED_BY, Assessment, Term
from formatpicker.scoring.rules import decisive, judge, nearest_open, value_function
from formatpicker.scoring.weights import derived_answers, region_of

NO_ANSWER_CHANGES_IT = "No answer changes this."


class Explainer(Struct, frozen=True, dict=True):
    """Explains assessments of one person's answers."""

    catalog: Catalog
    answers: Answers

    @cached_property
    def region(self) -> str | None:
        """The region that was answered."""
        return region_of(self.catalog, self.answers)

    def contributions(self, assessment: Assessment) -> tuple[Contribution, ...]:
        """One for each criterion that weighs, the largest first."""
        weighing = [term for term in assessment.terms if term.weight]
        ordered = sorted(weighing, key=lambda term: (-term.product, term.criterion.id))
        return tuple(self._contribution(assessment.format, term) for term in ordered)

    def _contribution(self, format: Format, term: Term) -> Contribution:
        template = term.rule.text(term.verdict)
        limit = term.rule.kind is RuleKind.LIMIT
        text = self._sentence(format, term, template if limit else "")
        return Contribution(term, text, self._value(format, term).citations)

    def conditions(self, assessment: Assessment) -> tuple[Notice, ...]:
        """What to look for in an instance of the format, for each criterion that only some instances meet."""
        return self._notices(assessment, Verdict.CONDITIONAL)

    def long_shots(self, assessment: Assessment) -> tuple[Notice, ...]:
        """What only a rare instance of the format meets, and why; what a fact about the person raises comes first."""
        found = self._notices(assessment, Verdict.UNLIKELY)
        criteria = self.catalog.criteria
        return tuple(sorted(found, key=lambda notice: criteria[notice.question].about is not About.FACT))

    def _notices(self, assessment: Assessment, verdict: Verdict) -> tuple[Notice, ...]:
        return tuple(
            Notice(
                term.criterion.id,
                self._verdict_text(assessment.format, term),
                self._value(assessment.format, term).citations,
                self._by_region(term),
            )
            for term in assessment.terms
            if term.verdict is verdict
        )

    def blockers(self, assessment: Assessment) -> tuple[Blocker, ...]:
        """What rules the format out."""
        return tuple(
            self._blocker(assessment.format, term) for term in assessment.terms if term.verdict is Verdict.BLOCKED
        )

    def _blocker(self, format: Format, term: Term) -> Blocker:
        criterion = term.criterion
        question = self.catalog.questions.get(criterion.id)
        fact = criterion.about is About.FACT
        text = self._verdict_text(format, term)
        return Blocker(
            question=criterion.id,
            answer=written_answer(question, term.answer) if question else term.answer,
            needs=None if fact else self._needs(format, term),
            text=f"{text} {NO_ANSWER_CHANGES_IT}" if fact else text,
            citations=self._value(format, term).citations,
            by_region=self._by_region(term),
        )

    def _needs(self, format: Format, term: Term) -> Any:
        """What would be enough, as the catalog writes it and the same question accepts it: of a limit, the least."""
        rule = term.rule
        value = self._value(format, term)
        question = self.catalog.questions.get(term.criterion.question)
        options = question.option_ids if question else []
        nearest = nearest_open(rule, term.answer, term.regional, self.region, options)
        if not isinstance(nearest, int):
            return nearest
        above = nearest == value.high and rule.kind is RuleKind.WINDOW
        written, enough = (value.written[2], value.high) if above else (value.written[0], value.low)
        if question and cast(int, enough) > question.ends[1]:
            return None
        return int(written) if written.isdecimal() else written

    def unchecked(self, assessment: Assessment) -> tuple[str, ...]:
        """Questions left open whose answer, alone or through a derived quantity, could still tell against the format.

        That is, rule it out or make it a long shot.
        """
        format, items = assessment.format, self.catalog.derived.values()
        short = [item for item in items if self._fails(item.rule, [self._least[item.id]], format)]
        jointly = {id for item in short for id in (item.per_week, item.duration)}
        return tuple(
            id
            for id, question in self.catalog.questions.items()
            if self.answers.get(id) is None
            and (
                id in jointly
                or (question.rule and self._fails(question.rule, question.option_ids or question.ends, format))
            )
        )

    @cached_property
    def _least(self) -> dict[str, int]:
        """The derived quantities with the open questions that they hang on at their least."""
        hung_on = {id for item in self.catalog.derived.values() for id in (item.per_week, item.duration)}
        least = {id: self.catalog.questions[id].ends[0] for id in hung_on}
        return derived_answers(self.catalog, Answers({**least, **self.answers.values}))

    @cached_property
    def _failing(self) -> dict[tuple[int, int], tuple[RegionalValue, bool]]:
        """By the ids of a rule and of values, which are kept so that no others come to have their ids."""
        return {}

    def _fails(self, rule: Rule, answers: Sequence[Answer], format: Format) -> bool:
        """Whether one of some answers tells against the format; told once of a value that variants share."""
        regional = self.catalog.regional(format, rule.attribute)
        key = (id(rule), id(regional))
        if key not in self._failing:
            judged = value_function(rule, regional, self.region)
            self._failing[key] = regional, any(judged(answer).verdict in RANKED_BY for answer in answers)
        return self._failing[key][1]

    def cautions(self, assessment: Assessment) -> tuple[Notice, ...]:
        """The warnings that concern this person and this format."""
        found = [
            Notice(caution.about, self._caution_text(caution, regions), caution.citations, "", caution.validity)
            for caution, regions in self.concerning(assessment.format)
        ]
        return (*self._regions_that_differ(assessment), *found)

    def _regions_that_differ(self, assessment: Assessment) -> tuple[Notice, ...]:
        """Where no region was answered: what fits in the best of them, and not in some."""
        return tuple(
            Notice(
                term.criterion.id,
                f"Not so in every country: {self._region_parts(term, worse_only=True)}.",
                self._value(assessment.format, term).citations,
            )
            for term in assessment.terms
            if term.verdict is Verdict.FITS
            and term.regional.regions
            and any(_verdict_by(term, value) in RANKED_BY for value in term.regional.judged(self.region) if value.known)
        )

    def concerning(self, format: Format) -> list[tuple[Caution, list[str | None]]]:
        """The catalog's cautions that concern this person and a format, and the regions in which they do."""
        found = [(caution, self._regions_of(caution, format)) for caution in self._raised]
        return [(caution, regions) for caution, regions in found if regions]

    @cached_property
    def _raised(self) -> list[Caution]:
        """The cautions that the answers raise for some format; where the region is open, those of one come last."""
        found = [each for each in self.catalog.cautions if is_raised(each, "question", self._answer_holds)]
        return sorted(found, key=lambda caution: not self.region and bool(caution.regions))

    def _regions_of(self, caution: Caution, format: Format) -> list[str | None]:
        """Where a caution concerns this person and format: the answered region, or each in which it holds.

        None stands for wherever it is, for a caution that is not bound to regions.
        """
        if caution.formats and not format.covered & set(caution.formats):
            return []
        places: list[str | None] = [self.region]
        if caution.regions:
            places = [region for region in caution.regions if self.region in (None, region)]

        def raised_in(region: str | None) -> bool:
            return is_raised(caution, "attribute", lambda test: holds_of_format(self.catalog, test, format, region))

        return [region for region in places if raised_in(region)]

    def _answer_holds(self, test: Test) -> bool:
        return holds_of_answer(self.catalog, test, self.answers)

    def _caution_text(self, caution: Caution, regions: list[str | None]) -> str:
        place = ""
        question = self.catalog.region_question
        named = [region for region in regions if region is not None]
        if named and self.region is None and question:
            names = [self.catalog.region_name(id) for id in named]
            place = f"{capitalized(joined(names, 'or'))}: "
        prefaces = [
            f"{option.preface} "
            for test in caution.tests
            if test.subject == "question"
            for option in self.catalog.questions[test.name].options
            if option.preface and option.id == self.answers.get(test.name) and test.operand != (option.id,)
        ]
        return f"{''.join(dict.fromkeys(prefaces))}{place}{caution.text}"

    def next_steps(self, formats: tuple[str, ...]) -> tuple[NextStep, ...]:
        """Where to look for some formats: first what an answer calls for, then official places.

        With no region answered, what holds everywhere goes before all that.
        """
        fitting = [step for step in self.catalog.next_steps if set(step.formats) & set(formats) and self._serves(step)]
        return tuple(
            sorted(
                fitting, key=lambda step: (not self.region and bool(step.regions), not step.tests, not step.official)
            )
        )

    def _serves(self, step: NextStep) -> bool:
        if step.regions and self.region is not None and self.region not in step.regions:
            return False
        return is_raised(step, "question", self._answer_holds)

    # --- sentences -----------------------------------------------------------------------------------------------

    @cached_property
    def _values(self) -> dict[tuple[str, str], Value]:
        return {}

    def _value(self, format: Format, term: Term) -> Value:
        """The value that a term's verdict rests on, kept since several sentences rest on it."""
        key = (format.id, term.criterion.id)
        if key not in self._values:
            self._values[key] = decisive(term.rule, term.answer, term.regional, self.region)
        return self._values[key]

    def _verdict_text(self, format: Format, term: Term) -> str:
        """What a verdict says, with the region where it rests on one that the person did not name.

        Such a region is the best for this person: what rules out there does so everywhere.
        """
        value = self._value(format, term)
        text = self._plain_verdict_text(format, term, value)
        only = [region for region, own in term.regional.regions.items() if self.region is None and own is value]
        if not only:
            return text
        place = self.catalog.region_name(only[0])
        if term.verdict is Verdict.BLOCKED:
            name = capitalized(format.phrase)
            return f"Even {place}{f', {format.phrase}' if text.startswith(name) else ': '}{text.removeprefix(name)}"
        others = {_verdict_by(term, each) for each in term.regional.judged(None) if each is not value and each.known}
        if others == {Verdict.BLOCKED}:
            return f"On this point it works only {place}: {text}"
        return f"{capitalized(place) if term.verdict in others else f'On this point it works best {place}'}: {text}"

    def _plain_verdict_text(self, format: Format, term: Term, value: Value) -> str:
        rule = term.rule
        template = rule.text(term.verdict) or rule.text(Verdict.CONDITIONAL)
        if rule.kind is RuleKind.CHOICE and rule.table and value.known:
            template = rule.table[str(term.answer)][str(value.typical)].text or template
        high = value.high
        if rule.kind is RuleKind.WINDOW and high is not None and cast(int, term.answer) > cast(int, high):
            template = rule.text("above") or template
        return self._sentence(format, term, template)

    def _sentence(self, format: Format, term: Term, template: str) -> str:
        rule = term.rule
        attribute = self.catalog.attributes[rule.attribute]
        value = self._value(format, term)
        if not value.known:
            return f"Nothing reliable was found on this: {attribute.label.lower()}."
        given = term.answer
        answer = given_words(attribute, given)
        short = value.low - given if isinstance(given, int) and isinstance(value.low, int) else 0
        words = {
            "Format": capitalized(format.phrase),
            "format": format.phrase,
            "phrase": value_phrase(attribute, value.typical),
            "answer": answer,
            "least": level_text(attribute, value.low),
            "typical": level_text(attribute, value.typical),
            "most": level_text(attribute, value.high),
            "short": level_text(attribute, short),
            "within": f"within {answer}" if given else TODAY,
        }
        return fill(template or "{Format} {phrase}.", words)

    def _by_region(self, term: Term) -> str:
        """Which region asks what, where the region was left open and they differ."""
        parts = self._region_parts(term) if self.region is None else ""
        return f"By country: {parts}." if "; " in parts else ""

    def _region_parts(self, term: Term, worse_only: bool = False) -> str:
        """What each region asks, or only those that rule out or make a long shot of what fits in the best of them."""
        attribute = self.catalog.attributes[term.rule.attribute]
        question = self.catalog.region_question
        told: dict[str, list[str]] = {}
        for option in question.options if question else ():
            value = term.regional.within(option.id)
            if value.local and self.region is None:
                value = term.regional.general  # a local one counts for those who name the region
            if value.known:
                verdict = _verdict_by(term, value)
                tag = VERDICT_WORDS.get(verdict, "") if verdict is not term.verdict else ""
                if worse_only and not tag:
                    continue
                words = f"{region_words(term.rule, attribute, value)}{tag}"
                told.setdefault(words, []).append(self.catalog.region_name(option.id))
        return "; ".join(f"{joined(places)} {words}" for words, places in told.items())


def _verdict_by(term: Term, value: Value) -> Verdict:
    """The verdict by one of the values that an attribute has, in a region or in general."""
    return judge(term.rule, term.answer, term.regional.alone(value), None).verdict
