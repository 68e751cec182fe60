"""The summary of a cohort as plain data, with the names of everything, so that it can be read without the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formatpicker import __version__
from formatpicker.batch.census import answer_labels
from formatpicker.batch.summary import Summary, core_of
from formatpicker.catalog.criteria import Question, Verdict
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.diff import catalog_diff, moving_edits
from formatpicker.output.text.cohort_document import what_if_sentences

if TYPE_CHECKING:
    from formatpicker.catalog.json_types import NamedFormat
    from formatpicker.output.json import cohort_types

# The group of those who are in none.
NO_GROUP = "(empty)"
MEASURED = "by the draws of the certainty of a single recommendation, for every person"


def summary_data(summary: Summary) -> cohort_types.Summary:
    """A summary in the shape of version 2."""
    found: cohort_types.Summary = {
        "schema": "formatpicker/summary/2",
        "catalog": summary.catalog.record,
        "program": __version__,
        "rows": summary.count("rows"),
        "accepted": summary.count("accepted"),
        "rejected": summary.count("rejected"),
        "rounded_to": summary.rounded_to,
        "least_shared": summary.least_shared,
        "top": _top_data(summary),
        "formats": [_format_data(summary, id) for id in core_of(summary.catalog)],
        "best_variants": [
            {**_named(summary.catalog, id), "people": people} for (id,), people in summary.listed("variant") if id
        ],
        "no_variant": summary.count("variant", ""),
        "fragile": {
            "people": summary.count("fragile"),
            "close": summary.count("close call"),
            "tied": summary.count("tied"),
            "below": summary.catalog.certainty.leaning / 100,
            "draws": DRAWS,
            "sampled": summary.count("accepted"),
            "measured": MEASURED,
        },
        "coverage": {
            "below": summary.catalog.certainty.few_answers / 100,
            "people": summary.count("few answers"),
            "left_open": [_question_data(summary.catalog, *each) for each in summary.listed("left open")],
        },
        "answers": [
            counted
            for id, question in summary.catalog.questions.items()
            if (counted := _answers_data(summary, id, question))["people"]
        ],
        "what_if": [_what_if_data(summary, at) for at in range(len(summary.others))],
    }
    if summary.source is not None:
        found["source"], found["counted"] = summary.source
    if summary.by is not None:
        found["by"], found["groups"] = summary.by, _groups_data(summary)
    return found


def _groups_data(summary: Summary) -> list[cohort_types.CountedGroup]:
    """The groups that count anybody once rounded: of smaller ones not even the name is told."""
    return [
        {
            "group": name or NO_GROUP,
            "accepted": group.count("accepted"),
            "top": _top_data(group),
            "formats": [_format_data(group, id) for id in core_of(group.catalog)],
        }
        for name, group in summary.groups
        if group.count("accepted")
    ]


def _answers_data(summary: Summary, id: str, question: Question) -> cohort_types.CountedAnswers:
    """How often each answer to a question was given, in the order of the catalog, and each goal named first."""
    counts: list[cohort_types.CountedAnswer] = []
    for answer, label in answer_labels(question).items():
        if people := summary.count("answered", id, answer):
            counted: cohort_types.CountedAnswer = {"answer": label, "people": people}
            if question.choices:
                counted["id"] = answer
            if question.goals:
                counted["first"] = summary.count("first goal", id, answer)
            counts.append(counted)
    given = summary.count("given", id)
    return {"question": id, "label": question.label, "people": given, "counts": counts}


def _top_data(summary: Summary) -> cohort_types.CountedTop:
    return {
        "infeasible": summary.count("infeasible"),
        "undecided": summary.count("undecided"),
        "tied": summary.count("tied"),
        "ties": [{"formats": ids.split(";"), "people": people} for (ids,), people in summary.listed("top")],
        "eligibility": {
            "fits": summary.count("eligibility", Verdict.FITS),
            "conditional": summary.count("eligibility", Verdict.CONDITIONAL),
            "unlikely": summary.count("eligibility", Verdict.UNLIKELY),
        },
    }


def _format_data(summary: Summary, id: str) -> cohort_types.CountedFormat:
    return {
        **_named(summary.catalog, id),
        "alone": summary.count("alone", id),
        "tied": summary.count("tied with", id),
        "open": summary.count("open", id),
        "fits": summary.count("verdict", id, Verdict.FITS),
        "conditional": summary.count("verdict", id, Verdict.CONDITIONAL),
        "unlikely": summary.count("verdict", id, Verdict.UNLIKELY),
        "blocked": summary.count("verdict", id, Verdict.BLOCKED),
        "blocked_by": [
            {**_question_data(summary.catalog, *each), "alone": summary.count("blocked alone", id, *each[0])}
            for each in summary.listed("blocked by", id)
        ],
        "conditions": [_question_data(summary.catalog, *each) for each in summary.listed("condition", id)],
        "one_answer_away": {
            "people": summary.count("near", id),
            # One answer to change; where there are several questions, any one of them does.
            "changes": [
                {
                    "questions": ids.split(";"),
                    "labels": [_label(summary.catalog, each) for each in ids.split(";")],
                    "people": people,
                }
                for (ids,), people in summary.listed("away", id)
            ],
        },
    }


def _named(catalog: Catalog, id: str) -> NamedFormat:
    format = catalog.formats[id]
    return {"format": id, "name": format.name, "definition": format.summary}


def _label(catalog: Catalog, id: str) -> str:
    """The label of a question, or of a quantity worked out from two."""
    return (catalog.questions.get(id) or catalog.criteria[id]).label


def _question_data(catalog: Catalog, ids: tuple[str, ...], people: int) -> cohort_types.CountedQuestion:
    (id,) = ids
    return {"question": id, "label": _label(catalog, id), "people": people}


def _what_if_data(summary: Summary, at: int) -> cohort_types.CohortWhatIf:
    catalog, other = summary.catalog, summary.others[at]
    edits = moving_edits(catalog_diff(catalog, other))
    formats: list[cohort_types.OpenedFormat] = [
        {
            "format": id,
            "name": (catalog.formats.get(id) or other.formats[id]).name,
            "before": summary.count("open", id),
            "after": summary.count("after", str(at), id),
            "opened": summary.count("opened", str(at), id),
            "closed": summary.count("closed", str(at), id),
        }
        for id in dict.fromkeys((*core_of(catalog), *core_of(other)))
    ]
    changed = summary.count("changed", str(at))
    people, exact = summary.count("accepted"), summary.rounded_to == 1
    return {
        "catalog": other.record,
        "changes": [
            {"place": ".".join(each.place), "label": each.label, "kind": each.kind, "old": each.old, "new": each.new}
            for each in edits
        ],
        "formats": formats,
        "changed": changed,
        "moves": [
            {"from": list(filter(None, old.split(";"))), "to": list(filter(None, new.split(";"))), "people": people}
            for (old, new), people in summary.listed("moved", str(at))
        ],
        "sentences": what_if_sentences(catalog, other, edits, formats, changed, people, exact),
    }
