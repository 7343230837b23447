"""Question sets, metrics and reports: how good are the answers?"""

from __future__ import annotations

from qa.evaluation.questions import read_questions
from qa.evaluation.report import table, to_json
from qa.evaluation.runner import Evaluation, Outcome, evaluate

__all__ = ["Evaluation", "Outcome", "evaluate", "read_questions", "table", "to_json"]
