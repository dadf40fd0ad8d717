"""Dates as sources write them, of which a part may be missing."""

from __future__ import annotations

import re
from calendar import monthrange

from paperkg.model import PartialDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ].{0,40}|/.{0,40})?", re.DOTALL)
_NO_YEAR = re.compile(r"--(\d{2})-(\d{2})")
_MONTH_FIRST = re.compile(rf"{_NAME} (\d{{1,2}})(?:, ?(\d{{4}}))?", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}}, ?)?(\d{{1,2}}) {_NAME} (\d{{4}})(?: .{{0,40}})?", re.IGNORECASE | re.DOTALL
)
_MONTH_YEAR = re.compile(rf"{_NAME},? (\d{{4}})", re.IGNORECASE)
_LONGEST = 80


def _date(written: str, year: int | None, month: int | None, day: int | None) -> PartialDate | None:
    if year is not None and not 1 <= year <= 9999:
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    # A leap year stands in for an unknown year: `Feb 29` is a possible date.
    if day is not None and (month is None or not 1 <= day <= monthrange(year or 2000, month)[1]):
        return None
    return PartialDate(written=written, year=year, month=month, day=day)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def parse_date(written: str) -> PartialDate | None:
    """What a written date says: ISO 8601, `May 30, 2025`, `Feb 8`, `Mon, 2 Apr 2007 ...`.

    Args:
        written: the date as the source has it; `--05-31` is a day without a year.

    Returns:
        The known parts, or None where it is no date (`Feb 30`, `soon`).
    """
    text = written.strip()
    if len(text) > _LONGEST or not text.isascii():
        return None
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return _date(text, int(year), _int(month), _int(day))
    if match := _NO_YEAR.fullmatch(text):
        return _date(text, None, int(match[1]), int(match[2]))
    if match := _MONTH_FIRST.fullmatch(text):
        return _date(text, _int(match[3]), _month(match[1]), int(match[2]))
    if match := _DAY_FIRST.fullmatch(text):
        return _date(text, int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_YEAR.fullmatch(text):
        return _date(text, int(match[2]), _month(match[1]), None)
    return None
