"""Question sets, metrics, reports and comparisons: how good are the answers?"""

from __future__ import annotations

from qa.evaluation.compare import Comparison, compare
from qa.evaluation.evaluation import Evaluation, kind_of_error, threshold_for
from qa.evaluation.figures import FIGURES, Figure
from qa.evaluation.latest import Latest, load_latest, save_latest
from qa.evaluation.outcome import Outcome
from qa.evaluation.questions import read_questions
from qa.evaluation.results import (
    Conditions,
    Results,
    load_results,
    results_to_json,
    save_results,
)
from qa.evaluation.runner import articles_beside, evaluate, outcomes
from qa.evaluation.sets import QuestionSet, merged_articles, read_set

__all__ = [
    "FIGURES",
    "Comparison",
    "Conditions",
    "Evaluation",
    "Figure",
    "Latest",
    "Outcome",
    "QuestionSet",
    "Results",
    "articles_beside",
    "compare",
    "evaluate",
    "kind_of_error",
    "load_latest",
    "load_results",
    "merged_articles",
    "outcomes",
    "read_questions",
    "read_set",
    "results_to_json",
    "save_latest",
    "save_results",
    "threshold_for",
]
