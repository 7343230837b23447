"""The chat page: the answer's exact words on the left, the article that holds them on the right."""

from __future__ import annotations

from qa.web.page import build_page, launch_options
from qa.web.server import serve

__all__ = ["build_page", "launch_options", "serve"]
