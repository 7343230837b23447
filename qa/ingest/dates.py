"""Dates as papers write them. English names of months; never a guess.

General date parsers fill in what is missing and choose a reading of 03/04/2024; an article's day
must be what the source says or nothing, so the forms are spelt out here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["Dated", "find_date", "parse_date"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|" + "|".join(_MONTHS)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[6-9]|20)\d\d"
_FORMS = (
    # 12 November 2023, 6 Sept. 2022, 3rd of March, 2024, 14-Nov-2023
    rf"(?P<d1>{_DAY})(?:\s+of)?[\s-]+(?P<m1>{_MONTH})\b\.?,?[\s-]+(?P<y1>{_YEAR})",
    # July 17, 2021, Feb. 10 2023
    rf"(?P<m2>{_MONTH})\b\.?\s+(?P<d2>{_DAY}),?\s+(?P<y2>{_YEAR})",
    # 2023-03-28, 2023/3/28, 2023-03-28T10:00
    rf"(?P<y3>{_YEAR})(?P<sep3>[-/.])(?P<m3>\d\d?)(?P=sep3)(?P<d3>\d\d?)",
    # 28/03/2023, 3.28.2023: only where one of the two cannot be a month
    rf"(?P<a4>\d\d?)(?P<sep4>[-/.])(?P<b4>\d\d?)(?P=sep4)(?P<y4>{_YEAR})",
)
_DATE = re.compile(rf"(?<![\w/.-])(?:{'|'.join(_FORMS)})(?!\d|[-/.]\d)", re.IGNORECASE)
_WEEKDAY = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?"
_ZONE = r"(?:\s*(?:Z\b|[+-]\d\d:?\d\d\b|\(?(?:UTC|GMT|[A-Z]{2,4}T|local time)\b\)?))?"
_TIME = (
    r"(?:\bat\s+|T)?(?<!\d)\d{1,2}"
    r"(?:(?:[:.]|h)\d\d(?::\d\d)?(?:\.\d+)?(?:\s*[ap]\.?m\b\.?)?|\s*[ap]\.?m\b\.?)" + _ZONE
)
_AROUND = re.compile(rf"{_WEEKDAY}|{_TIME}", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:first|last|originally)?\s*"
    r"(?:published|posted|updated|modified|issued|filed|released|dated?)(?:\s+(?:on|at))?\b:?|^\s*on\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"(?:updated|modified)\W{0,3}(?:on\W|at\W)?[\s\w,.]{0,12}$", re.IGNORECASE)
_LONGEST = 300
_EDGES = " \t,.:;|·•—\u2013-()[]/*_"


@dataclass(frozen=True, slots=True)
class Dated:
    """A line that holds a date.

    Args:
        day: The date that it holds.
        updated: Whether the line calls it the day of a later change.
        rest: The line without its dates, times, weekdays and labels.
    """

    day: date
    updated: bool
    rest: str


def find_date(line: str) -> Dated | None:
    """Find the date of a line; None where there is none or it can be read in two ways.

    A date of publication goes before one of a later change.

    >>> find_date("Nell Harrow | Published 3 March 2024, 14:05")
    Dated(day=datetime.date(2024, 3, 3), updated=False, rest='Nell Harrow')
    >>> find_date("03/04/2024") is None
    True
    """
    if len(line) > _LONGEST:
        return None
    found = [
        (bool(_UPDATED.search(line[: match.start()])), day)
        for match in _DATE.finditer(line)
        if (day := _day(match)) is not None
    ]
    if not found:
        return None
    updated, day = min(found, key=lambda one: one[0])
    rest = _LABEL.sub(" ", _AROUND.sub(" ", _DATE.sub(" ", line)))
    return Dated(day, updated, re.sub(r"\s+", " ", rest).strip(_EDGES))


def parse_date(text: str) -> date | None:
    """Read a text that is a date and nothing else, but for weekday, time and label.

    >>> parse_date("Monday, 2 August 2021"), parse_date("2023-02-24T23:30:00+01:00")
    (datetime.date(2021, 8, 2), datetime.date(2023, 2, 24))
    >>> parse_date("It opened on 2 August 2021.") is None
    True
    """
    dated = find_date(text)
    return dated.day if dated and not dated.rest else None


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(*_year_month_day(match))
    except ValueError:
        return None


def _year_month_day(match: re.Match[str]) -> tuple[int, int, int]:
    """Read the form that matched; month 0, which is no date, for one that is ambiguous."""
    for form in "12":
        if match[f"y{form}"]:
            month = match[f"m{form}"].lower()
            number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))
            return int(match[f"y{form}"]), number, int(re.sub(r"\D", "", match[f"d{form}"]))
    if match["y3"]:
        return int(match["y3"]), int(match["m3"]), int(match["d3"])
    first, second, year = int(match["a4"]), int(match["b4"]), int(match["y4"])
    if first > 12 or first == second:
        return year, second, first
    return year, first if second > 12 else 0, second
