"""Amounts of pay as offers state them, put an hour, and held against the least that the law asks for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from formatpicker.base.text import joined
from formatpicker.catalog.attributes import Citation
from formatpicker.catalog.guidance import MinimumPay
from formatpicker.errors import AnswerError

WEEKS_PER_YEAR = Fraction(1461, 28)  # 365.25 days
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "us$": "USD", "euro": "EUR", "euros": "EUR", "dollars": "USD"}
_SIGNS |= {"dollar": "USD", "pounds": "GBP", "pound": "GBP"}
_UNITS = {
    **dict.fromkeys(("hour", "hours", "h", "hr", "hourly"), "hour"),
    **dict.fromkeys(("week", "weeks", "wk", "weekly"), "week"),
    **dict.fromkeys(("month", "months", "mo", "monthly"), "month"),
    **dict.fromkeys(("year", "years", "yr", "yearly", "annum"), "year"),
    **dict.fromkeys(("total", "all", "fixed", "project", "once"), "total"),
}
_CURRENCY = r"(?!per\b|day\b)[A-Za-z]{3}|US\$|[€$£]|euros?|dollars?|pounds?"
_MONEY = re.compile(
    rf"\s*({_CURRENCY})?\s*(\d{{1,3}}(?:[,' ]\d{{3}})+(?:\.\d{{1,2}})?|\d{{1,7}}(?:[.,]\d{{1,2}})?)\s*({_CURRENCY})?"
    r"\s*(?:(?:/|per\b|an?\b|in\b)?\s*([a-z]+))?\.?\s*",
    re.IGNORECASE,
)


class Money(NamedTuple):
    """An amount in hundredths of a currency for each ``unit``: hour, week, month, year, or total for the whole."""

    amount: int
    currency: str
    unit: str

    @property
    def text(self) -> str:
        """As a person writes it: ``600 EUR a month``."""
        return f"{amount_text(self.amount)} {self.currency} {unit_text(self.unit)}"


def parse_money(key: str, raw: object) -> Money:
    """An amount with currency and unit, as in ``18 USD/hour`` or ``EUR 600 a month``.

    Raises:
        AnswerError: It is none; the message says which part is missing.
    """
    match = _MONEY.fullmatch(str(raw))
    if not match:
        raise AnswerError(key, raw, "write yes, no, or an amount with currency and unit, for example 18 USD/hour")
    currency = match[1] or match[3]
    if currency is None or (match[1] and match[3]):
        raise AnswerError(key, raw, "has no currency of its own; write for example 18 USD/hour")
    unit = _UNITS.get((match[4] or "").lower())
    if unit is None:
        raise AnswerError(key, raw, "does not say for how long: write /hour, /week, /month, /year or in total")
    number = match[2].replace("'", "").replace(" ", "")
    number = number.replace(",", "") if re.search(r",\d{3}", number) else number.replace(",", ".")
    return Money(round(Fraction(number) * 100), _SIGNS.get(currency.lower(), currency.upper()), unit)


def amount_text(hundredths: int) -> str:
    """An amount with cents only where there are some: ``600``, ``7.25``."""
    whole, cents = divmod(hundredths, 100)
    return f"{whole:,}.{cents:02}" if cents else f"{whole:,}"


def unit_text(unit: str) -> str:
    """``an hour``, ``a month``, ``in total``."""
    return {"hour": "an hour", "total": "in total"}.get(unit, f"a {unit}")


class PayCheck(NamedTuple):
    """An amount of pay beside the least by law.

    ``sums`` are the steps in words; ``below`` says how it compares, None where it could not be held against it.
    """

    pay: Money
    minimum: MinimumPay
    below: bool | None
    sums: tuple[str, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where the least pay is from."""
        return self.minimum.citations


class WorkingTime(NamedTuple):
    """What pay is worked out with: hours a week, days from first to last, days until it starts; None is open."""

    hours: int | None
    days: int | None
    wait: int | None


def pay_checks(
    rules: tuple[MinimumPay, ...],
    formats: tuple[str, ...],
    region: str,
    age: int | None,
    pay: Money,
    time: WorkingTime,
    today: str,
) -> tuple[PayCheck, ...]:
    """Pay held against each least pay that may be due; without an age, against that of every age.

    Args:
        rules: All that the catalog knows.
        formats: The ids under which the offer's format is meant.
        region: Whose law.
        age: Of the person, in years.
        pay: As the offer states it.
        time: The hours and lengths to work with.
        today: The day from which the start is counted.
    """
    start = (date.fromisoformat(today) + timedelta(days=time.wait or 0)).isoformat()
    due = [
        rule
        for rule in rules
        if rule.region == region
        and set(rule.formats) & set(formats)
        and (age is None or rule.least_age <= age <= rule.most_age)
        and rule.valid_from <= start
        and (not rule.valid_to or start <= rule.valid_to)
        and (not rule.over_days or time.days is None or time.days > rule.over_days)
    ]
    return tuple(_checked(rule, pay, time) for rule in due)


def _checked(rule: MinimumPay, pay: Money, time: WorkingTime) -> PayCheck:
    if pay.currency != rule.currency:
        return PayCheck(pay, rule, None, (f"It is paid in {pay.currency}, the least pay is set in {rule.currency}.",))
    found = _per(pay, rule.unit, time)
    if found is None:
        missing = joined([name for name, known in _needed(pay, rule.unit, time).items() if not known])
        return PayCheck(
            pay, rule, None, (f"{pay.text} cannot be put {unit_text(rule.unit)} without {missing}: ask for them.",)
        )
    worth, sum_text = found
    shown = f"{amount_text(round(worth))} {pay.currency} {unit_text(rule.unit)}"
    steps = (f"{sum_text} = {shown}.",) if sum_text else ()
    return PayCheck(pay, rule, worth < rule.amount, steps)


def _needed(pay: Money, unit: str, time: WorkingTime) -> dict[str, int | None]:
    """What it takes to put pay another way, as far as it is known."""
    hours = {"the hours a week": time.hours} if "hour" in (pay.unit, unit) else {}
    return {**hours, **({"the length": time.days} if pay.unit == "total" else {})}


def _per(pay: Money, unit: str, time: WorkingTime) -> tuple[Fraction, str] | None:
    """Pay for each unit, exactly, in hundredths, and the sum in words; None where something it needs is open."""
    if pay.unit == unit:
        return Fraction(pay.amount), ""
    weekly = _weekly(pay, time)
    if weekly is None:
        return None
    worth, text = weekly
    if unit == "month":
        return worth * WEEKS_PER_YEAR / 12, f"{text} x 52.18 / 12"
    return (worth / time.hours, f"{text} / {time.hours} hours") if time.hours else None


def _weekly(pay: Money, time: WorkingTime) -> tuple[Fraction, str] | None:
    hours, weeks = time.hours, Fraction(time.days or 0, 7)
    factor, steps = {
        "hour": (Fraction(hours or 0), f" x {hours} hours"),
        "week": (Fraction(1), ""),
        "month": (12 / WEEKS_PER_YEAR, " x 12 / 52.18 weeks"),
        "year": (1 / WEEKS_PER_YEAR, " / 52.18 weeks"),
        "total": (1 / weeks if weeks else weeks, f" / {float(weeks):g} weeks"),
    }[pay.unit]
    return (pay.amount * factor, f"{amount_text(pay.amount)} {pay.currency}{steps}") if factor else None
