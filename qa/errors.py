"""Every error that qa's public functions raise.

::

    CitespanError                   the root: catch this
    ├── SettingsError               an environment variable or the settings file is no good
    ├── IngestError                 a source cannot be turned into an article
    ├── QuestionError               a question cannot be asked: empty, too long
    ├── LibraryError                the library on disk cannot be used
    │   ├── LibraryLockedError      another process is writing to it
    │   ├── LibraryMismatchError    made with another embedder, precision, overlap or format
    │   ├── LibraryDamagedError     its database or its rows do not hold together
    │   └── ArticleNotFoundError    no article has this id
    ├── ModelError                  an embedder or reader cannot be loaded or run
    ├── EvaluationError             a question set cannot be read
    ├── TrainingError               a reader cannot be trained: data, recipe, checkpoint
    └── TranscriptError             stored conversations or an export of one cannot be used

The world's failures are these, raised ``from`` what caused them; a programmer's mistakes are
ValueError and TypeError. Every message says what happened, what was found and what to do.
"""

from __future__ import annotations

__all__ = [
    "ArticleNotFoundError",
    "CitespanError",
    "EvaluationError",
    "IngestError",
    "LibraryDamagedError",
    "LibraryError",
    "LibraryLockedError",
    "LibraryMismatchError",
    "ModelError",
    "QuestionError",
    "SettingsError",
    "TrainingError",
    "TranscriptError",
]


class CitespanError(Exception):
    """Stand for anything that went wrong in the world rather than in the caller's code."""


class SettingsError(CitespanError):
    """Report a setting whose value cannot be used."""


class IngestError(CitespanError):
    """Report a source that cannot be turned into an article."""


class QuestionError(CitespanError):
    """Report a question that cannot be asked."""


class LibraryError(CitespanError):
    """Report a library on disk that cannot be used."""


class LibraryLockedError(LibraryError):
    """Report that another process is writing to the library."""


class LibraryMismatchError(LibraryError):
    """Report a library made with another embedder, precision, chunk setting or a newer format."""


class LibraryDamagedError(LibraryError):
    """Report a library whose database or rows do not hold together."""


class ArticleNotFoundError(LibraryError):
    """Report that no article has the id or source that was asked for."""


class ModelError(CitespanError):
    """Report an embedder or reader that cannot be loaded or run."""


class EvaluationError(CitespanError):
    """Report a question set that cannot be read."""


class TrainingError(CitespanError):
    """Report that a reader cannot be trained: its data, its recipe, a checkpoint or the loss."""


class TranscriptError(CitespanError):
    """Report stored conversations, one of them, or an export of one that cannot be used."""
