"""Citespan: ask your articles a question and get the exact span, cited, or an honest no.

>>> from qa import answer
>>> print(answer("When was Maduro reelected?"))  # doctest: +SKIP
2018 (US officials travel to Russian ally Venezuela amid Ukraine war, 2022-03-06)
"""

from __future__ import annotations

from qa.assistant import Assistant, answer
from qa.errors import CitespanError
from qa.evaluation import evaluate
from qa.library import Library
from qa.settings import Settings
from qa.types import Answer, Article, Citation, Reply

__all__ = [
    "Answer",
    "Article",
    "Assistant",
    "Citation",
    "CitespanError",
    "Library",
    "Reply",
    "Settings",
    "answer",
    "evaluate",
]
