"""What people type into a chat, and a fitting reply to each."""

from __future__ import annotations

from qa.conversation.replies import Facts, reply
from qa.conversation.understanding import understand

__all__ = ["Facts", "reply", "understand"]
