"""The pages to keep: one person's result, and a cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formatpicker.output.html.page import document_page
from formatpicker.output.text import cohort_document, person_document

if TYPE_CHECKING:
    from formatpicker.advice.recommendation import Recommendation


def person_page(recommendation: Recommendation, name: str = "", day: str = "") -> str:
    """One person's result as a page of HTML; whom and when it is for may be left out."""
    return document_page(person_document.TITLE, person_document.person_document(recommendation, name, day))


def cohort_page(summary: cohort_document.Data, name: str = "", source: str = "", day: str = "") -> str:
    """The summary of a cohort as a page of HTML; what it is called, where it came from and the day may be left out."""
    return document_page(cohort_document.TITLE, cohort_document.cohort_document(summary, name, source, day))
