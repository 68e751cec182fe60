"""Concrete offers, from a file or asked for, compared for one person."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

from formatpicker.cli.app import CatalogOption, JsonOption, SetOption, argument, ended, loaded_catalog, option
from formatpicker.cli.person import Layout, LayoutOption, given_answers, laid_out, opened_terminal, refuse_layout
from formatpicker.errors import InputError

if TYPE_CHECKING:
    from formatpicker.advice.offer_comparison import OfferComparison
    from formatpicker.advice.offers import Offer
    from formatpicker.catalog.model import Catalog


def offers(
    file: Annotated[
        str | None, argument("[FILE]", "Offers in YAML, JSON, CSV or XLSX; - reads YAML or JSON from a pipe.")
    ] = None,
    person: Annotated[str | None, option("--for ANSWERS", "Your answers, in YAML or JSON.")] = None,
    settings: SetOption = None,
    layout: LayoutOption = Layout.TEXT,
    json: JsonOption = False,
    ask: Annotated[bool, option("--ask", "Ask for the offers one after the other; FILE keeps them.")] = False,
    plain: Annotated[bool, option("--plain", "With --ask: plain text, for screen readers.")] = False,
    template: Annotated[bool, option("--template", "Write a file of offers to fill in.")] = False,
    output: Annotated[str | None, option("--output -o FILE", "With --template: write it here.")] = None,
    catalog: CatalogOption = None,
) -> None:
    """Compare offers: which suits you best, and what to ask next.

    Example: formatpicker offers --template -o offers.yaml
    """
    refuse_layout(json, layout)
    loaded = loaded_catalog(catalog)
    if template:
        from formatpicker.advice.offer_notes import template_text
        from formatpicker.batch.writers.output_file import opened_blank_output, write_whole

        write_whole(opened_blank_output(output), template_text(loaded), output)
        return
    if output is not None:
        raise InputError("-o", "goes with --template; for a page to keep, `formatpicker report --offers FILE -o FILE`")
    from formatpicker.base.terminal import emit, emit_json

    if ask:
        import shlex

        from formatpicker.cli.offers_ask import OffersSession

        terminal = opened_terminal(plain, json, "offers --ask", "formatpicker offers --template -o offers.yaml")
        given = [*(["--for", person] if person else []), *(part for each in settings or () for part in ("--set", each))]
        command = shlex.join(["formatpicker", "offers", "--ask", *given])
        if person is None and not settings:
            how = "by --for FILE or --set; `formatpicker ask --save FILE` asks for them"
            raise InputError("offers --ask", f"needs your answers {how}")
        answers = given_answers(loaded, person, settings, "offers", own_words=not json)
        session = OffersSession(loaded, terminal, json, answers, command)
        session.begin(file)
        session.run()
    if file is None:
        raise InputError("offers", "no offers: name a FILE; --ask asks for them, --template prints one to fill in")
    comparison = compared(loaded, file, person, settings, own_words=not json)
    if json:
        from formatpicker.output.json.offers import offers_data

        emit_json(offers_data(comparison))
    else:
        from formatpicker.output.text.offers import offers_document

        emit(laid_out(offers_document(comparison), layout))
    raise ended(comparison.recommendation.top)


def compared(
    catalog: Catalog, file: str, person: str | None, settings: list[str] | None, own_words: bool = False
) -> OfferComparison:
    """The offers of a file, compared for the person that the answers describe; ``own_words`` as for ``parse_answers``.

    Raises:
        InputError: A file that cannot be read.
        AnswerError: Something in it, or in the answers, that is not accepted.
    """
    from formatpicker.advice.offer_comparison import OfferComparison
    from formatpicker.advice.offer_notes import left_as_they_were
    from formatpicker.base.terminal import notify
    from formatpicker.base.text import joined
    from formatpicker.base.validity import today
    from formatpicker.scoring.answers import Answers

    given = person is not None or bool(settings)
    answers = given_answers(catalog, person, settings, "offers", own_words) if given else Answers({})
    offers = _read(catalog, file)
    examples = left_as_they_were(offers)
    if examples:
        left = f"{joined(examples)} is still an example of the template; fill it in, or take it out"
        all_of_them = "these are still the template's examples; write your own offers over them"
        notify(f"formatpicker: {file}: {all_of_them if len(examples) == len(offers) else left}")
    return OfferComparison(catalog, answers, offers, today())


def _read(catalog: Catalog, path: str) -> tuple[Offer, ...]:
    """The offers in a YAML or JSON file, or in a table with a row for each."""
    from formatpicker.advice.offers import parse_offers
    from formatpicker.base.files import display_name, read_bytes
    from formatpicker.base.yaml_reader import parse_document
    from formatpicker.scoring.answer_files import TABLE_ENDINGS

    if path.lower().endswith(TABLE_ENDINGS):
        rows, lines = _rows(catalog, path)
        return parse_offers(catalog, rows, path, lambda place: lines[int(place[0])])
    document = parse_document(read_bytes(path), display_name(path))
    return parse_offers(catalog, document.data, document.name, document.line)


def _rows(catalog: Catalog, path: str) -> tuple[list[dict[str, object]], list[int]]:
    """The rows of a table as mappings from header to cell, empty ones left out, and the line of each."""
    from formatpicker.advice.offers import MOST_OFFERS
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.readers import opened_table
    from formatpicker.batch.readers.source import opened_source

    found: list[dict[str, object]] = []
    lines: list[int] = []
    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), Headers(catalog, lenient=True), None, None)
        for rows in table.rows():
            for offset, cells in enumerate(rows.cells):
                line = rows.lines[offset] if rows.lines else rows.first + offset
                if offset in rows.malformed:
                    raise InputError(path, rows.malformed[offset], line)
                row = {name: cell for name, cell in zip(table.sheet.headers, cells, strict=False) if name.strip()}
                if any(cell is not None and str(cell).strip() for cell in row.values()):
                    found.append({**row})
                    lines.append(line)
            if len(found) > MOST_OFFERS:
                break
    return found, lines
