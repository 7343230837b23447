"""Bylines and the names of papers: who wrote it, who brought it."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Names", "is_outlet", "read_names"]

_BY = re.compile(
    r"^(?:(?:an?\s+)?(?:written|reported|reporting|report|story|words|text|analysis)\s+)?by\s*:?\s+"
    r"|^from\s+(?:our|the)\s+(?:own\s+)?(?:[\w-]+\s+){0,2}(?:correspondent|reporter|editor)s?,?\s+"
    r"|^(?:words|reporter|reporting)\s*:\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[,|·•;]\s*|\s+[—\u2013/-]\s+")
_ROLE = re.compile(
    r"\b(?:correspondents?|editor|reporters?|writer|columnist|analyst|contributor|critic)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^(?P<author>.+?)\s+(?:in|at|from|on)\s+[A-ZÀ-ÞĀ-Ž].*$")
_EMPLOYER = re.compile(
    r"^(?P<author>.+?)\s+(?:for|of)\s+(?P<outlet>(?:the\s+)?[A-ZÀ-ÞĀ-Ž].*)$", re.IGNORECASE
)
_LONGEST = 200
_PARTICLES = {
    "and", "&", "de", "del", "della", "der", "den", "di", "da", "dos", "du", "la", "le", "el", "al",
    "bin", "ibn", "van", "von", "of", "the", "for", "in", "at", "y",
}  # fmt: skip
_PAPER = re.compile(
    r"\b(?:Tribune|Standard|Mail|Times|News|Post|Herald|Gazette|Journal|Press|Agency|Chronicle"
    r"|Guardian|Telegraph|Star|Observer|Echo|Courier|Wire|Radio|TV|Television|Review|Weekly|Magazine|Today"
    r"|Register|Examiner|Globe|Independent|World|Dispatch|Bulletin|Broadcasting|Argus|Record|Mirror"
    r"|Express|Voice|Network|Monitor|Advertiser|Sentinel|Inquirer|Messenger|Mercury|Leader|Recorder"
    r"|Ledger|Daily|Newswire|Reuters|Bloomberg|Xinhua|Online)(?:\.com)?$"
    r"|^(?:The|Radio|Agence|Daily|Associated)\s+[A-Z]"
)
_ACRONYM = re.compile(r"^[A-Z]{2,6}$|^Reuters$")
_SECTION = {
    "news", "world", "nation", "national", "local", "sport", "sports", "business", "opinion",
    "analysis", "breaking", "latest", "today", "weekly", "magazine", "daily", "review", "politics",
    "science", "culture", "travel", "live", "video", "exclusive", "feature", "features", "top",
    "the", "morning", "evening",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The author and the outlet that a line names.

    ``sure`` tells that the line says which is which. Otherwise a lone ``author`` may be either, and
    both are empty where the line might as well be a place.
    """

    author: str
    outlet: str
    sure: bool


_NOBODY = Names("", "", sure=False)


def read_names(line: str) -> Names | None:
    """Read a line that consists of names; None for any other and for an empty one.

    >>> read_names("By Felix Aubrey, Oriel Tribune")
    Names(author='Felix Aubrey', outlet='Oriel Tribune', sure=True)
    >>> read_names("Oriel Tribune / APN")
    Names(author='', outlet='Oriel Tribune / APN', sure=True)
    >>> read_names("By evening the blaze had burned 3,200 hectares") is None
    True
    """
    if len(line) > _LONGEST:
        return None
    line = re.sub(r"\s*\([^()]*\)|\s*\S+@\S+", "", line).strip(" ,|·•—\u2013-")
    by = _BY.match(line)
    body = line[by.end() :] if by else line
    parts = [part for part in _SPLIT.split(body) if part]
    if not parts or len(parts) > 5 or not _are_names(parts):
        return None
    return _byline(parts) if by else _bare(line, parts)


def is_outlet(name: str) -> bool:
    """Tell whether a name is one of a paper, broadcaster or agency by its words.

    >>> is_outlet("Oriel Tribune"), is_outlet("APN"), is_outlet("World News"), is_outlet("")
    (True, True, False, False)
    """
    if all(word.lower() in _SECTION for word in name.split()):
        return False
    return bool(_ACRONYM.match(name) or (_PAPER.search(name) and len(name.split()) <= 6))


def _byline(parts: list[str]) -> Names:
    """Read what follows "By": authors, then roles, then the outlet."""
    last = max((i for i, part in enumerate(parts) if re.search(r"\s(?:and|&)\s", part)), default=0)
    if any(is_outlet(part) or _ROLE.search(part) for part in parts[:last]):
        last = 0
    # "By Judith Amsel and APS": an agency is no person.
    persons = [one for part in parts[: last + 1] for one in re.split(r"\s+(?:and|&)\s+", part)]
    agencies = [one for one in persons if _ACRONYM.match(one)]
    if agencies and len(agencies) < len(persons):
        persons = [one for one in persons if one not in agencies]
        return Names(" and ".join(persons), agencies[-1], sure=True)
    author = ", ".join(parts[: last + 1])
    others = [part for part in parts[last + 1 :] if not _ROLE.search(part)]
    outlets = [part for part in others if is_outlet(part)] or [
        part for part in others if len(part.split()) > 1
    ]
    employer = _EMPLOYER.match(author)
    if employer:
        author, outlets = (
            employer["author"],
            [re.sub(r"^the\s+", "", employer["outlet"], flags=re.IGNORECASE)],
        )
    elif place := _PLACE.match(author):
        author = place["author"]
    return Names(author, outlets[-1] if outlets else "", sure=True)


def _bare(line: str, parts: list[str]) -> Names:
    """Read names without "By": an outlet, a name and an outlet, or names that may be either."""
    parts = [part for part in parts if not _ROLE.search(part)]
    outlets = [part for part in parts if is_outlet(part)]
    if parts and len(outlets) == len(parts):
        return Names("", line, sure=True)
    if len(parts) == 2 and outlets == parts[1:]:
        # A name and an agency with a stroke between them is a photographer's credit.
        return _NOBODY if " / " in line else Names(parts[0], parts[1], sure=True)
    if len(parts) <= 2 and all(2 <= len(part.split()) <= 4 for part in parts):
        return Names(parts[0], parts[1] if len(parts) == 2 else "", sure=False)
    return _NOBODY


def _are_names(parts: list[str]) -> bool:
    return _is_name(parts[0]) and all(_is_name(part) or _ROLE.search(part) for part in parts[1:])


def _is_name(part: str) -> bool:
    words = part.split()
    if len(words) > 8 or re.search(r"\d|[!?:“”\"]|[a-zà-ÿ]{2}\.$", part):
        return False
    if words[0].lower() in {"staff", "our"}:
        return True
    return words[0][0].isupper() and all(
        word in _PARTICLES or word[0].isupper() or _ROLE.match(word) or word in {"staff", "desk"}
        for word in words
    )
