"""Conversations that last: stored beside the library, searched, copied, exported and rechecked."""

from __future__ import annotations

from qa.transcripts.conversation import Conversation, Summary, Turn, one_line
from qa.transcripts.exporting import (
    Exported,
    json_text,
    load_export,
    read_export,
    text_sha256,
    to_json,
)
from qa.transcripts.markdown import cited, to_markdown
from qa.transcripts.rechecking import Rechecked, Verdict, recheck
from qa.transcripts.transcripts import FILE_NAME, Transcripts

__all__ = [
    "FILE_NAME",
    "Conversation",
    "Exported",
    "Rechecked",
    "Summary",
    "Transcripts",
    "Turn",
    "Verdict",
    "cited",
    "json_text",
    "load_export",
    "one_line",
    "read_export",
    "recheck",
    "text_sha256",
    "to_json",
    "to_markdown",
]
