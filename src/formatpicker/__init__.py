"""formatpicker: which kind of work experience suits a person, and why.

>>> from formatpicker import load_catalog, recommend
>>> recommend(load_catalog(), {"goals": ["explore", "portfolio"], "weeks": 4}).top
('micro-internship',)
"""

# What type checkers take to be true. The module ``typing`` would double the time of ``--version``.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from formatpicker.advice.recommendation import Entry
    from formatpicker.catalog.model import Catalog
    from formatpicker.catalog.store import load_catalog
    from formatpicker.errors import AnswerError, CatalogError, FormatpickerError, InputError
    from formatpicker.output.json.person_types import Recommendation as RecommendationDocument
    from formatpicker.output.library import Comparison, Recommendation, compare_offers, recommend
    from formatpicker.scoring.answers import Answers
    from formatpicker.scoring.parsing import parse_answers

__version__ = "0.1.0"

# All that is public, with ``formatpicker.batch.arrow``. Other modules may change between any two versions.
__all__ = [
    "AnswerError",
    "Answers",
    "Catalog",
    "CatalogError",
    "Comparison",
    "Entry",
    "FormatpickerError",
    "InputError",
    "Recommendation",
    "RecommendationDocument",
    "compare_offers",
    "load_catalog",
    "parse_answers",
    "recommend",
]

# Where those names live that are not in ``output.library``; loaded when first used, so that the command line starts
# without what it does not need.
_HOMES = {
    "AnswerError": "errors",
    "Answers": "scoring.answers",
    "Catalog": "catalog.model",
    "CatalogError": "errors",
    "Entry": "advice.recommendation",
    "FormatpickerError": "errors",
    "InputError": "errors",
    "load_catalog": "catalog.store",
    "parse_answers": "scoring.parsing",
}


def __getattr__(name: str) -> object:
    """A public name from the module it lives in."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'formatpicker' has no attribute {name!r}")
    if name == "RecommendationDocument":
        return import_module("formatpicker.output.json.person_types").Recommendation
    return getattr(import_module(f"formatpicker.{_HOMES.get(name, 'output.library')}"), name)


def __dir__() -> list[str]:
    """The public names, for Tab and ``help``."""
    return [*__all__, "__version__"]
