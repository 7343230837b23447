"""A follow-up question and the history to a question that stands alone."""

from __future__ import annotations

from qa.followup.resolving import resolve

__all__ = ["resolve"]
