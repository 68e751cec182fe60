"""Faulty catalogs: each fault is told with the file, the exact line, the place, the value and what would do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.store import checked_catalog, load_catalog, parse_catalog
from formatpicker.errors import CatalogError, FormatpickerError

VALID = (Path(__file__).parent.parent / "cases" / "toy.yaml").read_text("utf-8")

# Lines of the valid catalog that several edits change.
LONG_REMARK = "remark: {value: long and deep, basis: sourced, sources: {handbook: chapter 1}}"
MIDDLE_REMARK = "remark: {value: null, basis: inferred, note: nothing was found}"
BRIEF_PAPER = "paper: {value: null, basis: inferred, note: nothing was found, reason: It is new.}"
HOME_PREFERRED = "home_preferred: {home: {value: 100}, mixed: {value: 60}, site: {value: 0}}"
WAGE_OPTIONS = """\
- {id: preferred, label: It would help}
      - {id: not_needed, label: "No"}
    rule:
      kind: need
      attribute: wage
"""
SECOND_VARIANT = (
    "  lesser-middle:\n    kind: subtype\n    name: Lesser middle\n    phrase: a lesser middle\n"
    "    variant_of: [{of}]\n    summary: A lesser one.\n"
    "    good_for: [people]\n    speaks_against: [much]\n  brief-middle:\n"
)


class Row(NamedTuple):
    """One edit of the valid catalog, and what must be said: at which line (by its text), of which place, how."""

    name: str
    old: str
    new: str
    at: str
    place: str
    says: tuple[str, ...]


ROWS = [
    # --- attributes and values ---
    Row(
        "attribute missing",
        "      speed: {value: 1, basis: sourced, sources: {handbook: chapter 1}}\n",
        "",
        "  middle:",
        "formats.middle",
        ("'speed'",),
    ),
    Row(
        "attribute unknown",
        LONG_REMARK,
        f"{LONG_REMARK}\n      spedd: {{value: 1, basis: inferred, note: x}}",
        "spedd:",
        "formats.long.attributes.spedd",
        ("'spedd'", "did you mean 'speed'?"),
    ),
    Row(
        "frequency unknown",
        "paper: {value: sometimes,",
        "paper: {value: sometime,",
        "value: sometime,",
        "formats.middle.attributes.paper.value",
        ("'sometime'", "did you mean 'sometimes'?"),
    ),
    Row(
        "frequency unknown in low",
        "value: usually, low: sometimes,",
        "value: usually, low: sometmes,",
        "sometmes",
        "formats.short.attributes.wage.low",
        ("'sometmes'", "did you mean 'sometimes'?"),
    ),
    Row(
        "category unknown",
        "spot: {value: mixed,",
        "spot: {value: mixde,",
        "mixde",
        "formats.middle.attributes.spot.value",
        ("'mixde'", "did you mean 'mixed'?"),
    ),
    Row(
        "level out of range",
        "speed: {value: 4,",
        "speed: {value: 7,",
        "value: 7",
        "formats.short.attributes.speed.value",
        ("7", "0 to 4"),
    ),
    Row(
        "level below the range",
        "speed: {value: 4,",
        "speed: {value: -1,",
        "value: -1",
        "formats.short.attributes.speed.value",
        ("-1", "0 to 4"),
    ),
    Row(
        "level between two",
        "speed: {value: 4,",
        "speed: {value: 2.5,",
        "value: 2.5",
        "formats.short.attributes.speed.value",
        ("2.5", "0 to 4"),
    ),
    Row(
        "level in words",
        "speed: {value: 4,",
        "speed: {value: high,",
        "value: high",
        "formats.short.attributes.speed.value",
        ("'high'", "0 to 4"),
    ),
    Row(
        "level that is true",
        "speed: {value: 4,",
        "speed: {value: true,",
        "value: true",
        "formats.short.attributes.speed.value",
        ("True",),
    ),
    Row(
        "duration misspelled",
        "typical: 8 weeks,",
        "typical: 8 weks,",
        "8 weks",
        "formats.middle.attributes.length.typical",
        ("'8 weks'", "2 weeks"),
    ),
    Row(
        "duration negative",
        "min: 4 weeks, typical: 8",
        "min: -4 weeks, typical: 8",
        "-4 weeks",
        "formats.middle.attributes.length.min",
        ("'-4 weeks'",),
    ),
    Row(
        "number in words",
        "min: 30, typical: 40, max: 40",
        "min: thirty, typical: 40, max: 40",
        "thirty",
        "formats.long.attributes.load.min",
        ("'thirty'", "whole number of hours"),
    ),
    Row(
        "number negative",
        "min: 30, typical: 40, max: 40",
        "min: -30, typical: 40, max: 40",
        "-30",
        "formats.long.attributes.load.min",
        ("-30", "whole number of hours"),
    ),
    Row(
        "least above typical",
        "min: 4 weeks, typical: 8 weeks",
        "min: 9 weeks, typical: 8 weeks",
        "9 weeks",
        "formats.middle.attributes.length.typical",
        ("min <= typical <= max", "9 weeks", "8 weeks"),
    ),
    Row(
        "typical above most",
        "typical: 8 weeks, max: 16 weeks",
        "typical: 8 weeks, max: 7 weeks",
        "max: 7 weeks",
        "formats.middle.attributes.length.typical",
        ("min <= typical <= max", "7 weeks"),
    ),
    Row(
        "low above value",
        "value: usually, low: sometimes,",
        "value: usually, low: always,",
        "low: always",
        "formats.short.attributes.wage.value",
        ("low <= value <= high", "always"),
    ),
    Row(
        "typical missing",
        "min: 4 weeks, typical: 8 weeks,",
        "min: 4 weeks,",
        "min: 4 weeks, max: 16",
        "formats.middle.attributes.length.typical",
        ("is missing",),
    ),
    Row(
        "min for a level",
        "speed: {value: 4,",
        "speed: {value: 4, min: 1,",
        "min: 1,",
        "formats.short.attributes.speed.min",
        ("level", "low, value, high"),
    ),
    Row(
        "value for a duration",
        "min: 4 weeks, typical: 8 weeks,",
        "value: 8 weeks, min: 4 weeks, typical: 8 weeks,",
        "value: 8 weeks",
        "formats.middle.attributes.length.value",
        ("duration", "min, typical, max"),
    ),
    Row(
        "region unknown",
        "          south: {min: 3 months",
        "          suoth: {min: 3 months",
        "suoth",
        "formats.long.attributes.length.regions.suoth",
        ("'suoth'", "did you mean 'south'?"),
    ),
    # --- evidence ---
    Row(
        "source unknown",
        LONG_REMARK,
        LONG_REMARK.replace("handbook", "hanbook"),
        "hanbook",
        "formats.long.attributes.remark.sources.hanbook",
        ("'hanbook'", "did you mean 'handbook'?"),
    ),
    Row(
        "source unknown in a region",
        "south: {value: shut, basis: sourced, sources: {handbook:",
        "south: {value: shut, basis: sourced, sources: {hanbook:",
        "hanbook",
        "formats.long.attributes.permit.regions.south.sources.hanbook",
        ("'hanbook'", "'handbook'"),
    ),
    Row(
        "source unknown in a caution",
        "{handbook: chapter 3}",
        "{hanbook: chapter 3}",
        "hanbook",
        "cautions.0.sources.hanbook",
        ("'hanbook'", "did you mean 'handbook'?"),
    ),
    Row(
        "source unknown in a next step",
        "{handbook: chapter 6}",
        "{hanbook: chapter 6}",
        "hanbook",
        "next_steps.1.sources.hanbook",
        ("'hanbook'", "did you mean 'handbook'?"),
    ),
    Row(
        "same voice as no source",
        "    kind: article\n",
        "    kind: article\n    same_voice_as: hanbook\n",
        "hanbook",
        "sources.handbook.same_voice_as",
        ("'hanbook'", "did you mean 'handbook'?"),
    ),
    Row(
        "sourced without sources",
        LONG_REMARK,
        "remark: {value: long and deep, basis: sourced}",
        "long and deep",
        "formats.long.attributes.remark.sources",
        ("sourced",),
    ),
    Row(
        "sourced by nothing",
        LONG_REMARK,
        "remark: {value: long and deep, basis: sourced, sources: {}}",
        "long and deep",
        "formats.long.attributes.remark.sources",
        ("is empty",),
    ),
    Row(
        "inferred without note",
        LONG_REMARK,
        "remark: {value: long and deep, basis: inferred}",
        "long and deep",
        "formats.long.attributes.remark.note",
        ("is missing", "inferred"),
    ),
    Row(
        "null without note",
        MIDDLE_REMARK,
        "remark: {value: null, basis: sourced, sources: {handbook: x}}",
        "{handbook: x}",
        "formats.middle.attributes.remark.note",
        ("is missing", "unknown"),
    ),
    Row(
        "basis unknown",
        MIDDLE_REMARK,
        MIDDLE_REMARK.replace("inferred", "infered"),
        "infered",
        "formats.middle.attributes.remark.basis",
        ("'infered'", "did you mean 'inferred'?"),
    ),
    Row(
        "basis missing",
        MIDDLE_REMARK,
        MIDDLE_REMARK.replace("basis: inferred, ", ""),
        "{value: null, note: nothing was found}",
        "formats.middle.attributes.remark.basis",
        ("is missing",),
    ),
    Row(
        "override without reason",
        BRIEF_PAPER,
        BRIEF_PAPER.replace(", reason: It is new.", ""),
        "{value: null, basis: inferred, note: nothing was found}\n  quickie",
        "formats.brief-middle.attributes.paper",
        ("reason",),
    ),
    # --- relations ---
    Row(
        "variant of itself",
        "variant_of: [middle]",
        "variant_of: [brief-middle]",
        "variant_of: [brief-middle]",
        "formats.brief-middle.variant_of",
        ("circular", "brief-middle -> brief-middle"),
    ),
    Row(
        "variant of a variant",
        "variant_of: [short]",
        "variant_of: [brief-middle]",
        "variant_of: [brief-middle]",
        "formats.quickie.variant_of",
        ("'brief-middle'", "not a core format"),
    ),
    Row(
        "variant of nothing known",
        "variant_of: [middle]",
        "variant_of: [midle]",
        "variant_of: [midle]",
        "formats.brief-middle.variant_of",
        ("'midle'", "did you mean 'middle'?"),
    ),
    Row(
        "variant of nothing",
        "    variant_of: [middle]\n",
        "",
        "  brief-middle:",
        "formats.brief-middle",
        ("variant_of",),
    ),
    Row(
        "core that is a variant",
        "    phrase: a long\n",
        "    phrase: a long\n    variant_of: [short]\n",
        "  long:",
        "formats.long",
        ("variant_of",),
    ),
    Row("lookup without cover", "    covered_by: short\n", "", "  quickie:", "formats.quickie", ("covered_by",)),
    Row(
        "covered by a lookup",
        "covered_by: short",
        "covered_by: quickie",
        "covered_by: quickie",
        "formats.quickie.covered_by",
        ("'quickie'", "never recommended"),
    ),
    Row(
        "covered by nothing known",
        "covered_by: short",
        "covered_by: shrot",
        "covered_by: shrot",
        "formats.quickie.covered_by",
        ("'shrot'", "did you mean 'short'?"),
    ),
    Row(
        "cover of a scored format",
        "    variant_of: [middle]\n",
        "    variant_of: [middle]\n    covered_by: middle\n",
        "  brief-middle:",
        "formats.brief-middle",
        ("covered_by",),
    ),
    Row(
        "alias used twice",
        "    phrase: a quickie\n",
        "    phrase: a quickie\n    aliases: [little-ONE]\n",
        "little-ONE",
        "formats.quickie.aliases.0",
        ("'little one'", "names two formats"),
    ),
    Row(
        "alias that is another's id",
        "    phrase: a quickie\n",
        "    phrase: a quickie\n    aliases: [Brief Middle]\n",
        "[Brief Middle]",
        "formats.quickie.aliases.0",
        ("'brief middle'", "names two formats"),
    ),
    Row(
        "name used twice",
        "    name: Quickie\n",
        "    name: Long\n",
        "    name: Long\n    phrase: a quickie",
        "formats.quickie.name",
        ("'long'", "names two formats"),
    ),
    Row(
        "kind of format unknown",
        "kind: subtype",
        "kind: subtpye",
        "kind: subtpye",
        "formats.brief-middle.kind",
        ("'subtpye'", "did you mean 'subtype'?"),
    ),
    Row("format that is no id", "  quickie:", "  Quick ie:", "  Quick ie:", "formats.Quick ie", ("small letters",)),
    # --- keys and types ---
    Row(
        "key unknown",
        "    summary: The middle one.\n",
        "    summary: The middle one.\n    speaks_agianst: [x]\n",
        "speaks_agianst",
        "formats.middle.speaks_agianst",
        ("did you mean 'speaks_against'?",),
    ),
    Row(
        "key unknown at the top",
        "title: Toy formats\n",
        "title: Toy formats\ntitel: x\n",
        "titel",
        "titel",
        ("did you mean 'title'?",),
    ),
    Row(
        "key unknown in a value",
        "speed: {value: 4,",
        "speed: {value: 4, hihg: 4,",
        "hihg",
        "formats.short.attributes.speed.hihg",
        ("did you mean 'high'?",),
    ),
    Row(
        "key unknown in a region",
        "          south: {min: 3 months,",
        "          south: {min: 3 months, mxa: 2,",
        "mxa",
        "formats.long.attributes.length.regions.south.mxa",
        ("did you mean 'max'?",),
    ),
    Row(
        "key unknown in a rule",
        "      attribute: length\n",
        "      attribute: length\n      wieght: 3\n",
        "wieght",
        "questions.1.rule.wieght",
        ("did you mean 'weight'?",),
    ),
    Row(
        "key unknown in a cell",
        "mixed: {value: 30, verdict: conditional}",
        "mixed: {value: 30, verdct: conditional}",
        "verdct",
        "questions.5.rule.table.home_required.mixed.verdct",
        ("did you mean 'verdict'?",),
    ),
    Row(
        "key unknown in a text",
        "        above: ",
        "        abvoe: ",
        "abvoe",
        "questions.8.rule.texts.abvoe",
        ("did you mean 'above'?",),
    ),
    Row("key missing", "    summary: The middle one.\n", "", "  middle:", "formats.middle.summary", ("is missing",)),
    Row(
        "schema of another version",
        "schema: formatpicker/catalog/2",
        "schema: formatpicker/catalog/1",
        "schema:",
        "schema",
        ("'formatpicker/catalog/1'", "'formatpicker/catalog/2'"),
    ),
    Row("text that is a number", "title: Toy formats", "title: 5", "title: 5", "title", ("must be text", "5")),
    Row("text that is a list", "title: Toy formats", "title: [Toy]", "title: [Toy]", "title", ("must be text", "Toy")),
    Row("text that is empty", "title: Toy formats", "title: ''", "title: ''", "title", ("''",)),
    Row("text that is null", "title: Toy formats", "title:", "title:", "title", ("must be text", "None")),
    Row(
        "list that is text",
        "good_for: [people with time]",
        "good_for: people with time",
        "good_for: people with time",
        "formats.long.good_for",
        ("must be a list", "'people with time'"),
    ),
    Row(
        "list that is empty",
        "good_for: [people with time]",
        "good_for: []",
        "good_for: []",
        "formats.long.good_for",
        ("at least 1",),
    ),
    Row(
        "mapping that is a list",
        "sources: {handbook: chapter 3}",
        "sources: [handbook]",
        "sources: [handbook]",
        "cautions.0.sources",
        ("must be a mapping", "handbook"),
    ),
    Row(
        "number that is text",
        "    most: 3\n",
        "    most: three\n",
        "most: three",
        "questions.0.most",
        ("must be a number", "'three'"),
    ),
    Row(
        "truth that is text",
        "official: true",
        "official: yes",
        "official: yes",
        "next_steps.1.official",
        ("must be true or false", "'yes'"),
    ),
    Row("weight below zero", "    weight: 100\n", "    weight: -1\n", "weight: -1", "questions.0.weight", ("-1",)),
    Row("hundredths over 100", "rarely: 20,", "rarely: 120,", "rarely: 120", "frequency_values.rarely", ("120",)),
    Row(
        "address that is none",
        "url: https://example.org/north",
        "url: example.org/north",
        "url: example.org/north",
        "next_steps.1.url",
        ("'example.org/north'",),
    ),
    # --- questions and rules ---
    Row(
        "question twice",
        "- id: certificate",
        "- id: wage",
        "- id: wage\n    answer: choice\n    about: need\n    text: Must it end",
        "questions.4.id",
        ("'wage'", "twice"),
    ),
    Row(
        "goal named as a question",
        "soon: {label: A skill soon",
        "weeks: {label: A skill soon",
        "- id: weeks",
        "questions.1.id",
        ("'weeks'", "twice"),
    ),
    Row(
        "derived named as a question",
        "- id: total_hours",
        "- id: weeks",
        "- id: weeks\n    label: Hours in all",
        "derived.0.id",
        ("'weeks'", "twice"),
    ),
    Row(
        "option twice",
        "{id: east, label: The East}",
        "{id: south, label: The East}",
        "label: The East",
        "questions.6.options.2.id",
        ("'south'", "twice"),
    ),
    Row(
        "answer kind unknown",
        "    answer: goals\n",
        "    answer: gaols\n",
        "gaols",
        "questions.0.answer",
        ("'gaols'", "did you mean 'goals'?"),
    ),
    Row(
        "rule kind unknown",
        "kind: window",
        "kind: windwo",
        "kind: windwo",
        "questions.8.rule.kind",
        ("'windwo'", "did you mean 'window'?"),
    ),
    Row(
        "limit on a level",
        "      attribute: length\n",
        "      attribute: depth\n",
        "      attribute: depth\n",
        "questions.1.rule.attribute",
        ("'depth'", "level", "duration or number"),
    ),
    Row(
        "goal on a frequency",
        "{label: Deep skill, attribute: depth}",
        "{label: Deep skill, attribute: paper}",
        "attribute: paper}",
        "questions.0.goals.deep.attribute",
        ("'paper'", "frequency", "level"),
    ),
    Row(
        "rule on an unknown attribute",
        "      attribute: length\n",
        "      attribute: lenght\n",
        "lenght",
        "questions.1.rule.attribute",
        ("'lenght'", "did you mean 'length'?"),
    ),
    Row(
        "row missing",
        "        any: {}\n",
        "",
        "      table:\n        home_required:",
        "questions.5.rule.table",
        ("any",),
    ),
    Row(
        "row unknown",
        "        any: {}\n",
        "        any: {}\n        home_prefered: {}\n",
        "home_prefered",
        "questions.5.rule.table.home_prefered",
        ("'home_prefered'", "did you mean 'home_preferred'?"),
    ),
    Row(
        "cell missing",
        HOME_PREFERRED,
        "home_preferred: {home: {value: 100}, mixed: {value: 60}}",
        "home_preferred: {",
        "questions.5.rule.table.home_preferred",
        ("site",),
    ),
    Row(
        "cell unknown",
        HOME_PREFERRED,
        HOME_PREFERRED.replace("}}", "}, siet: {value: 0}}"),
        "siet",
        "questions.5.rule.table.home_preferred.siet",
        ("'siet'", "did you mean 'site'?"),
    ),
    Row(
        "weight of an unknown option",
        "weight: {home_required: 40, home_preferred",
        "weight: {home_required: 40, home_requird: 3, home_preferred",
        "home_requird",
        "questions.5.rule.weight.home_requird",
        ("'home_requird'", "did you mean 'home_required'?"),
    ),
    Row(
        "placeholder unknown",
        "open from age {least};",
        "open from age {leest};",
        "leest",
        "questions.8.rule.texts.blocked",
        ("{leest}", "did you mean 'least'?"),
    ),
    Row(
        "placeholder unknown in a cell",
        '"{Format} cannot be done',
        '"{Fromat} cannot be done',
        "Fromat",
        "questions.5.rule.table.home_required.site.text",
        ("{Fromat}", "did you mean 'Format'?"),
    ),
    Row(
        "need with other options",
        WAGE_OPTIONS,
        WAGE_OPTIONS.replace("preferred, ", "wished, "),
        "    rule:\n      kind: need\n      attribute: wage",
        "questions.3.rule",
        ("required, preferred, not_needed",),
    ),
    Row(
        "need with too few options",
        WAGE_OPTIONS,
        WAGE_OPTIONS.partition("\n      ")[2],
        "    rule:\n      kind: need\n      attribute: wage",
        "questions.3.rule",
        ("required, preferred, not_needed",),
    ),
    Row(
        "values that rise to never",
        "never: 0}\nedges",
        "never: 30}\nedges",
        "frequency_values",
        "frequency_values",
        ("always to never",),
    ),
    Row("phrase missing", "3: is rather deep, ", "", "phrases: {0: is shallow", "attributes.depth.phrases", ("3",)),
    Row(
        "phrase of no value",
        "4: is deep}",
        "4: is deep, 5: is deeper}",
        "5: is deeper",
        "attributes.depth.phrases.5",
        ("level",),
    ),
    Row(
        "step of a scale missing",
        "4: is deep}",
        "4: is deep}\n    scale: {0: an hour, 1: a day, 2: a week, 4: a year}",
        "scale: {0: an hour",
        "attributes.depth.scale",
        ("step 3",),
    ),
    Row(
        "step of no value",
        "4: is deep}",
        "4: is deep}\n    scale: {0: an hour, 1: a day, 2: a week, 3: a month, 4: a year, 5: ten}",
        "5: ten",
        "attributes.depth.scale.5",
        ("level",),
    ),
    Row("least above most", "    least: 13\n", "    least: 130\n", "  - id: age", "questions.8", ("least", "most")),
    Row(
        "product of an unknown question",
        "[hours_per_week, weeks]",
        "[hours_per_week, weesk]",
        "weesk",
        "derived.0.product_of",
        ("'weesk'", "did you mean 'weeks'?"),
    ),
    Row(
        "product of two durations",
        "[hours_per_week, weeks]",
        "[weeks, weeks]",
        "[weeks, weeks]",
        "derived.0.product_of",
        ("'weeks'", "number"),
    ),
    # --- cautions and next steps ---
    Row(
        "operator unknown",
        "{attribute: permit, is: [ask]}",
        "{attribute: permit, is_ont: [ask]}",
        "is_ont",
        "cautions.0.when.1.is_ont",
        ("did you mean 'is_not'?",),
    ),
    Row(
        "two operators",
        "{attribute: permit, is: [ask]}",
        "{attribute: permit, is: [ask], is_not: [open]}",
        "is_not: [open]",
        "cautions.0.when.1",
        ("exactly one operator",),
    ),
    Row(
        "no operator",
        "{attribute: permit, is: [ask]}",
        "{attribute: permit}",
        "{attribute: permit}",
        "cautions.0.when.1",
        ("exactly one operator",),
    ),
    Row(
        "two subjects",
        "{attribute: permit, is: [ask]}",
        "{attribute: permit, question: permit, is: [ask]}",
        "question: permit, is: [ask]",
        "cautions.0.when.1",
        ("exactly one of question and attribute",),
    ),
    Row(
        "answer unknown",
        "is: [visa, unsure]",
        "is: [visa, unsrue]",
        "unsrue",
        "cautions.0.when.0.is",
        ("'unsrue'", "did you mean 'unsure'?"),
    ),
    Row(
        "category unknown in a test",
        "{attribute: permit, is: [ask]}",
        "{attribute: permit, is: [aks]}",
        "[aks]",
        "cautions.0.when.1.is",
        ("'aks'", "did you mean 'ask'?"),
    ),
    Row(
        "test of an unknown question",
        "{question: permit, is: [visa",
        "{question: pemrit, is: [visa",
        "pemrit",
        "cautions.0.when.0.question",
        ("'pemrit'", "did you mean 'permit'?"),
    ),
    # A comparison with a number on an answer that is a word could only fail when somebody answers.
    Row(
        "number held against a choice",
        "{question: permit, is: [visa, unsure]}",
        "{question: permit, below: 3}",
        "below: 3",
        "cautions.0.when.0.below",
        ("permit",),
    ),
    Row(
        "number held against a category",
        "{attribute: permit, is: [ask]}",
        "{attribute: permit, at_least: 3}",
        "at_least: 3",
        "cautions.0.when.1.at_least",
        ("permit",),
    ),
    Row(
        "word held against a number",
        "{question: permit, is: [visa, unsure]}",
        "{question: age, is: [visa]}",
        "question: age",
        "cautions.0.when.0.is",
        ("'visa'",),
    ),
    Row(
        "about no question",
        "    about: permit\n",
        "    about: pemrit\n",
        "pemrit",
        "cautions.0.about",
        ("'pemrit'", "did you mean 'permit'?"),
    ),
    Row(
        "region unknown in a caution",
        "regions: [north, south]",
        "regions: [north, suoth]",
        "suoth",
        "cautions.0.regions.1",
        ("'suoth'", "did you mean 'south'?"),
    ),
    Row(
        "format unknown in a next step",
        "formats: [short, long]",
        "formats: [short, lnog]",
        "lnog",
        "next_steps.1.formats.1",
        ("'lnog'", "did you mean 'long'?"),
    ),
    # --- the whole ---
    Row(
        "formats that are nothing",
        VALID[VALID.index("\nformats:\n") :],
        "\nformats:\n",
        "formats:",
        "formats",
        ("must be a mapping",),
    ),
]


def vocabulary(name: str, question: str, words: str, place: str, *says: str) -> Row:
    """The valid catalog with words for one question, and what must be said of them."""
    section = f"\nvocabulary:\n  {question}:\n    words:\n      {words}\nsources:\n"
    at = f"      {words.splitlines()[-1].strip()}" if "words" in place else f"  {question}:"
    return Row(f"vocabulary: {name}", "\nsources:\n", section, at, f"vocabulary.{place}", says)


ROWS += [
    vocabulary("question unknown", "wekes", "a term: 3 months", "wekes", "'wekes'", "did you mean 'weeks'"),
    vocabulary("no duration", "weeks", "a term: long", "weeks.words.a term", "'long'", "not a number or a duration"),
    vocabulary("too long", "weeks", "ages: 11 years", "weeks.words.ages", "'11 years'", "out of the range"),
    vocabulary("no whole number", "hours_per_week", "much: 3.5", "hours_per_week.words.much", "from 1 to 60"),
    vocabulary("number out of range", "hours_per_week", "all: 61", "hours_per_week.words.all", "from 1 to 60"),
    vocabulary("goal unknown", "goals", "skill: dep", "goals.words.skill", "'dep'", "did you mean 'deep'"),
    vocabulary(
        "one of two unknown", "goals", "skill: [deep, soo]", "goals.words.skill", "'soo'", "did you mean 'soon'"
    ),
    vocabulary("option unknown", "wage", "money: requird", "wage.words.money", "did you mean 'required'"),
    vocabulary("word taken by a label", "wage", "it would help: required", "wage.words.it would help", "already"),
    vocabulary("word for leaving open", "wage", "skip: required", "wage.words.skip", "already"),
    vocabulary("word twice", "weeks", "a term: 1 year\n      A  term: 2 years", "weeks.words.A  term", "already"),
    Row(
        "vocabulary: key unknown",
        "\nsources:\n",
        "\nvocabulary:\n  weeks:\n    wrds: {ages: 3 years}\nsources:\n",
        "    wrds:",
        "vocabulary.weeks.wrds",
        ("did you mean 'words'",),
    ),
    Row(
        "vocabulary: units that are no list",
        "\nsources:\n",
        "\nvocabulary:\n  hours_per_week:\n    units: 5\nsources:\n",
        "    units: 5",
        "vocabulary.hours_per_week.units",
        ("must be a list",),
    ),
]


ROWS += [
    Row(
        "vocabulary: the same word for two headers",
        "\nsources:\n",
        "\nvocabulary:\n  weeks: {header_words: [long]}\n  wage:\n    header_words:\n      - Long\nsources:\n",
        "      - Long",
        "vocabulary.wage.header_words.0",
        ("is used twice",),
    ),
    Row(
        "minimum pay beyond all pay",
        "\nsources:\n",
        "\noffers:\n  fields: [{id: wage, attribute: wage, label: Wage, ask: Is it paid?, money: true}]\n"
        "  minimum_pay:\n    - region: north\n      amount: 1.0e+308\n      formats: [short]\n      currency: USD\n"
        "      per: hour\n      valid_from: '2026-01-01'\n      text: Least.\n      sources: {handbook: a}\nsources:\n",
        "      amount: 1.0e+308",
        "offers.minimum_pay.0.amount",
        ("1e+308", "less than or equal to 1000000000"),
    ),
]


def edited(old: str, new: str) -> str:
    """The valid catalog with one edit, which must hit exactly one place."""
    assert VALID.count(old) == 1, f"{VALID.count(old)} places hold {old!r}"
    return VALID.replace(old, new)


def faults_in(text: str) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        parse_catalog(text.encode(), "toy.yaml")
    return str(caught.value).splitlines()


def line_of(text: str, at: str) -> int:
    found = text.rindex(at) if text.count(at) == 1 else text.index(f"\n{at}") + 1
    assert text.count(at) == 1 or text.count(f"\n{at}") == 1, f"{at!r} does not name one line"
    return text.count("\n", 0, found) + 1


def test_the_catalog_that_is_edited_is_valid() -> None:
    assert list(parse_catalog(VALID.encode(), "toy.yaml").formats) == [
        "short",
        "middle",
        "long",
        "brief-middle",
        "quickie",
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_is_told_with_line_place_value_and_what_would_do(row: Row) -> None:
    text = edited(row.old, row.new)
    faults = faults_in(text)
    begin = f"toy.yaml:{line_of(text, row.at)}: {row.place}: "
    found = [fault for fault in faults if fault.startswith(begin)]
    assert found, f"none of {faults} begins with {begin!r}"
    assert all(words in found[0] for words in row.says), found[0]


# Mistakes that are several faults by their nature: a variant lacks what its core format lacks, and so on.
SEVERAL = {"attribute missing", "core that is a variant", "variant of nothing"}


@pytest.mark.parametrize("row", [row for row in ROWS if row.name not in SEVERAL], ids=lambda row: row.name)
def test_one_mistake_is_one_fault(row: Row) -> None:
    # What follows from a mistake hides it: an editor would look for twelve missing attributes, not for one word.
    assert len(faults_in(edited(row.old, row.new))) == 1


def test_a_catalog_with_nothing_to_rank_is_refused() -> None:
    head = VALID[: VALID.index("\nformats:\n")]
    text = head[: head.index("next_steps:")] + head[head.index("sources:\n  handbook") :] + "\nformats: {}\n"
    (fault,) = faults_in(text)
    assert fault.startswith(f"toy.yaml:{line_of(text, 'formats: {}')}: formats: ")


def test_a_circle_of_two_is_named_as_a_circle() -> None:
    text = edited("variant_of: [middle]", "variant_of: [lesser-middle]")
    text = text.replace("  brief-middle:\n", SECOND_VARIANT.format(of="brief-middle"))
    faults = faults_in(text)
    assert any("lesser-middle -> brief-middle -> lesser-middle" in fault for fault in faults)
    assert any("brief-middle -> lesser-middle -> brief-middle" in fault for fault in faults)


def test_the_variant_added_above_is_valid_by_itself() -> None:
    text = VALID.replace("  brief-middle:\n", SECOND_VARIANT.format(of="middle"))
    assert "lesser-middle" in parse_catalog(text.encode(), "toy.yaml").formats


def several(*names: str) -> str:
    text = VALID
    for row in ROWS:
        if row.name in names:
            text = text.replace(row.old, row.new)
    return text


def test_all_faults_of_shape_are_listed_in_the_order_of_the_file() -> None:
    faults = faults_in(several("text that is a number", "weight below zero", "key unknown", "kind of format unknown"))
    assert [fault.split(": ")[1] for fault in faults] == [
        "title", "questions.0.weight", "formats.middle.speaks_agianst", "formats.brief-middle.kind"
    ]  # fmt: skip


def test_all_faults_of_meaning_are_listed_in_the_order_of_the_file() -> None:
    faults = faults_in(
        several("limit on a level", "source unknown in a caution", "attribute unknown", "alias used twice")
    )
    assert [fault.split(": ")[1] for fault in faults] == [
        "questions.1.rule.attribute",
        "cautions.0.sources.hanbook",
        "formats.long.attributes.spedd",
        "formats.quickie.aliases.0",
    ]


@pytest.mark.parametrize("text", ["[]", "just text", "5", "null", "- a\n- b"], ids=repr)
def test_a_document_that_is_no_mapping_is_a_fault_of_the_first_line(text: str) -> None:
    (fault,) = faults_in(text)
    assert fault.startswith("toy.yaml:1: ")
    assert "must be a mapping" in fault


def test_every_missing_part_is_listed() -> None:
    faults = faults_in("title: x\n")
    for part in ("schema", "version", "updated", "frequency_values", "attributes", "questions", "sources", "formats"):
        assert f"toy.yaml:1: {part}: is missing" in faults


def test_a_value_with_control_characters_is_told_safely() -> None:
    assert "\x1b" not in "".join(faults_in(VALID.replace("kind: subtype", 'kind: "\\e[2Jsub"')))


def test_a_file_with_faults_is_named_as_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(VALID.replace("title: Toy formats", "title: 5"))
    with pytest.raises(CatalogError) as caught:
        load_catalog(file)
    assert str(caught.value) == f"{file}:4: title: must be text, not 5"
    assert checked_catalog(file)[1] == [str(caught.value)]


def test_a_faulty_file_is_never_cached(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(VALID.replace("title: Toy formats", "title: 5"))
    for _ in range(2):
        with pytest.raises(CatalogError):
            load_catalog(file)


# --- wrong types everywhere ----------------------------------------------------------------------------------------

WRONG: list[Any] = [None, True, -1, 10**15, 2.5, "", "\x07x", [], ["x"], {}, {"x": {"y": 1}}]


def spots(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container inside with each of its keys."""
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(value, dict | list):
            yield from spots(value)


@pytest.mark.parametrize("name", ["attributes", "questions", "derived", "cautions", "next_steps", "sources", "formats"])
def test_a_value_of_any_wrong_type_anywhere_is_a_fault_and_never_a_crash(name: str) -> None:
    data = parse_document(VALID.encode(), "toy.yaml").data
    said: list[str] = []
    for index, (container, key) in enumerate(list(spots(data[name]))):
        kept = container[key]
        # Not every value at every spot, which would take minutes: they take turns.
        container[key] = WRONG[index % len(WRONG)]
        try:
            parse_catalog(json.dumps(data).encode(), "toy.json")
        except FormatpickerError as error:
            said.append(str(error))
        container[key] = kept
    assert len(said) > 3
    assert all(text.startswith("toy.json:") for text in said)
