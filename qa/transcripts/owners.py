"""Whose conversations these are: opaque ids that a file of conversations signs with its secret."""

from __future__ import annotations

import hashlib
import hmac

from qa.transcripts.codec import pack_text

__all__ = ["Owners"]


class Owners:
    """Makes ids of visitors, and knows them again.

    They carry a signature instead of being stored, so that visitors who never ask leave no trace,
    and an owner of another library is told from one of this.

    Args:
        secret: What signs them.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, visitor: str) -> str:
        """Give the id of a visitor, always the same one."""
        return self._signed(hashlib.sha256(pack_text(visitor)).hexdigest())

    def knows(self, owner: str) -> bool:
        """Tell whether an id was made with this secret."""
        expected = self._signed(owner.rpartition(".")[0])
        return hmac.compare_digest(pack_text(expected), pack_text(owner))

    def _signed(self, subject: str) -> str:
        signature = hmac.new(self._secret, pack_text(subject), hashlib.sha256).hexdigest()
        return f"{subject}.{signature}"
