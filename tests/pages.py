"""Pages as ``report`` writes them."""

from __future__ import annotations

from typing import Any

from formatpicker.advice.recommendation import Recommendation
from formatpicker.output.html import document_page
from formatpicker.output.text import cohort_document, person_document


def person_page(recommendation: Recommendation, name: str = "", day: str = "") -> str:
    """One person's result."""
    return document_page(person_document.TITLE, person_document.person_document(recommendation, name, day))


def cohort_page(summary: Any, name: str = "", source: str = "", day: str = "") -> str:
    """The summary of a cohort."""
    return document_page(cohort_document.TITLE, cohort_document.cohort_document(summary, name, source, day))
