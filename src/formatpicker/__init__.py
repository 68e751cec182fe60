"""formatpicker: which kind of work experience suits a person, and why.

>>> from formatpicker import load_catalog, recommend
>>> recommend(load_catalog(), {"goals": ["explore", "portfolio"], "weeks": 4}).top
('micro-internship',)
"""

# What type checkers take to be true. The module ``typing`` would double the time of ``--version``.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from formatpicker.advice.offer_comparison import Comparison as Comparison
    from formatpicker.advice.offer_comparison import compare_offers as compare_offers
    from formatpicker.advice.recommendation import Entry as Entry
    from formatpicker.advice.recommendation import Recommendation as Recommendation
    from formatpicker.advice.recommendation import recommend as recommend
    from formatpicker.catalog.model import Catalog as Catalog
    from formatpicker.catalog.store import load_catalog as load_catalog
    from formatpicker.errors import AnswerError as AnswerError
    from formatpicker.errors import CatalogError as CatalogError
    from formatpicker.errors import FormatpickerError as FormatpickerError
    from formatpicker.errors import InputError as InputError
    from formatpicker.scoring.answers import Answers as Answers
    from formatpicker.scoring.answers import parse_answers as parse_answers

__version__ = "0.1.0"

# Where each public name lives; loaded when first used, so that the command line starts without what it does not need.
_HOMES = {
    "AnswerError": "errors",
    "Answers": "scoring.answers",
    "Catalog": "catalog.model",
    "CatalogError": "errors",
    "Comparison": "advice.offer_comparison",
    "Entry": "advice.recommendation",
    "FormatpickerError": "errors",
    "InputError": "errors",
    "Recommendation": "advice.recommendation",
    "compare_offers": "advice.offer_comparison",
    "load_catalog": "catalog.store",
    "parse_answers": "scoring.answers",
    "recommend": "advice.recommendation",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> object:
    """A public name from the module it lives in."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'formatpicker' has no attribute {name!r}")
    return getattr(import_module(f"formatpicker.{_HOMES[name]}"), name)
