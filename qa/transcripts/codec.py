"""Answers and replies as bytes and back: JSON that is read into values equal to what was written.

Reading follows the annotations of `qa.types`, so a field that is added there is stored from then
on, with its default for what was stored before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from qa.types import Answer, Reply

__all__ = ["from_plain", "pack_reply", "pack_text", "plain_day", "unpack_reply", "unpack_text"]


def pack_text(text: str) -> bytes:
    r"""Turn any text into bytes; a lone surrogate, which a browser can send, is kept too.

    >>> pack_text("é\ud800")
    b'\xc3\xa9\xed\xa0\x80'
    """
    return text.encode("utf-8", "surrogatepass")


def unpack_text(data: bytes) -> str:
    """Read what :func:`pack_text` gave.

    Raises:
        ValueError: If it is something else.
    """
    return data.decode("utf-8", "surrogatepass")


def pack_reply(reply: Answer | Reply) -> bytes:
    """Turn an answer or a reply into the bytes of a JSON object that says which it is."""
    kind = "answer" if isinstance(reply, Answer) else "reply"
    return pack_text(json.dumps({kind: asdict(reply)}, default=plain_day, ensure_ascii=False))


def unpack_reply(data: bytes) -> Answer | Reply:
    """Read what :func:`pack_reply` gave.

    Raises:
        ValueError: If it is no JSON, or breaks a promise of the type, such as a span's order.
        TypeError: If a field is missing, unknown or of another kind.
    """
    found = json.loads(unpack_text(data))
    if isinstance(found, dict) and list(found) == ["reply"]:
        return cast("Reply", from_plain(Reply, found["reply"]))
    if isinstance(found, dict) and list(found) == ["answer"]:
        return cast("Answer", from_plain(Answer, found["answer"]))
    raise TypeError("expected an answer or a reply")


def plain_day(day: date) -> str:
    """Write a day for ``json``, which cannot.

    >>> plain_day(date(2024, 3, 31))
    '2024-03-31'
    """
    return day.isoformat()


def from_plain(kind: Any, found: Any) -> Any:
    """Read a value of `qa.types` from what ``json`` made of it.

    Args:
        kind: A dataclass, or what stands as the annotation of a field of one.
        found: What ``json`` read.

    Raises:
        ValueError: If it breaks a promise of the type.
        TypeError: If a field is missing, unknown or of another kind.
    """
    if is_dataclass(kind):
        return _record(kind, found)
    if get_origin(kind) is tuple:
        _require(isinstance(found, list), kind, found)
        return tuple(from_plain(get_args(kind)[0], one) for one in found)
    if get_origin(kind) is UnionType:
        return None if found is None else from_plain(get_args(kind)[0], found)
    return _single(kind, found)


def _record(kind: Any, found: Any) -> Any:
    _require(isinstance(found, dict), kind, found)
    kinds = _kinds(kind)
    unknown = ", ".join(sorted(set(found) - set(kinds)))
    if unknown:
        raise TypeError(f"{kind.__name__} has no {unknown}")
    return kind(**{name: from_plain(kinds[name], value) for name, value in found.items()})


@cache
def _kinds(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _single(kind: Any, found: Any) -> Any:
    if get_origin(kind) is Literal:
        _require(found in get_args(kind), kind, found)
        return found
    if kind is date:
        _require(isinstance(found, str), kind, found)
        return date.fromisoformat(found)
    # A whole number may stand where a float is expected, but true and false are no numbers.
    kinds = (float, int) if kind is float else (kind,)
    _require(type(found) in kinds, kind, found)
    return found


def _require(fits: bool, kind: Any, found: Any) -> None:
    if not fits:
        raise TypeError(f"expected {kind}, found {type(found).__name__}")
