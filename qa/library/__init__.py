"""The durable store: SQLite is the truth, the vector index is a derived snapshot."""

from __future__ import annotations

from qa.library.library import Library
from qa.library.reports import AddReport, RemoveReport
from qa.library.verify import VerifyReport
from qa.library.view import View

__all__ = ["AddReport", "Library", "RemoveReport", "VerifyReport", "View"]
