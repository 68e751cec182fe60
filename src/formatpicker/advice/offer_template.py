"""A file of offers to fill in, with a comment for each line; made from what the catalog says can be stated."""

from __future__ import annotations

from collections.abc import Iterable

from formatpicker.advice.offers import Offer, offer_rules
from formatpicker.catalog.guidance import OfferField
from formatpicker.catalog.model import Catalog

EXAMPLES = ("First offer", "Second offer")
_HEAD = """\
# Your offers, one after the other. Write what you know; leave out, or leave empty, what you do not know.
# Then: formatpicker offers THIS_FILE --for YOUR_ANSWERS
# Or be asked for the same: formatpicker offers --ask THIS_FILE --for YOUR_ANSWERS
# format is one of: {formats}, or any other name that "formatpicker formats" knows
- name: {name}
  format: {format}
"""
_MORE = """\
# How well it serves a goal of yours, if the offer says anything of it: 0 (not at all) to 4 (very much)
"""


def template_text(catalog: Catalog) -> str:
    """The file: one offer with every field as a line to fill in, and a second one to copy."""
    formats = [format for format in catalog.formats.values() if format.core]
    fields = offer_rules(catalog).fields
    goals = {goal.rule.attribute for question in catalog.questions.values() for goal in question.goals}
    lines = [_HEAD.format(formats=", ".join(format.id for format in formats), name=EXAMPLES[0], format=formats[0].id)]
    lines += [_line(field) for field in fields if field.attribute not in goals]
    lines += ["  " + _MORE, *(_line(field) for field in fields if field.attribute in goals)]
    lines.append("  region:          # where it is, if not where you said: a region of the questionnaire\n")
    lines.append("  notes:           # whatever you want to remember; it is never scored\n")
    last = formats[min(1, len(formats) - 1)]
    lines.append(f"\n- name: {EXAMPLES[1]}\n  format: {last.id}\n")
    return "".join(lines)


def left_as_they_were(offers: Iterable[Offer]) -> list[str]:
    """The names of those offers that are still the examples of the file, in which nobody has filled in anything."""
    untouched = (each for each in offers if not (each.stated or each.region or each.notes))
    return [each.name for each in untouched if each.name in EXAMPLES]


def _line(field: OfferField) -> str:
    example = f", for example {field.example}" if field.example else ""
    return f"  {field.id + ':':<18} # {field.label}{example}. Ask: {field.ask}\n"
