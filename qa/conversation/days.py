"""The days that "yesterday" and "last week" mean."""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["days_of"]

_DAY = timedelta(days=1)


def days_of(period: str, today: date) -> tuple[date, date]:
    """Give the first and the last day of a period; a week begins on Monday.

    Args:
        period: One of :data:`qa.conversation.forms.PERIODS`, with spaces.
        today: The day that it counts from.

    Raises:
        KeyError: If the period is none of them.

    >>> days_of("last week", date(2024, 3, 6))
    (datetime.date(2024, 2, 26), datetime.date(2024, 3, 3))
    """
    monday = today - today.weekday() * _DAY
    first = today.replace(day=1)
    periods = {
        "today": (today, today),
        "yesterday": (today - _DAY, today - _DAY),
        "the day before yesterday": (today - 2 * _DAY, today - 2 * _DAY),
        "this week": (monday, today),
        "last week": (monday - 7 * _DAY, monday - _DAY),
        "this month": (first, today),
        "last month": ((first - _DAY).replace(day=1), first - _DAY),
        "this year": (today.replace(month=1, day=1), today),
    }
    return periods[period]
