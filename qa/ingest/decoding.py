"""Bytes -> text in the frame that every offset of the project counts in."""

from __future__ import annotations

import codecs
import re

from qa.errors import IngestError

__all__ = ["decode", "decode_page", "decode_text", "normalise"]

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*([\w:.-]+)"
    rb"|^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w:.-]+)",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096
# What browsers mean by these labels (WHATWG Encoding Standard).
_READ_AS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Signs that Windows-1252 is the wrong guess: a symbol inside a word, a pound sign that starts a
# name, a capital with an accent after a small letter.
_NOT_WESTERN = re.compile(
    r"[A-Za-z][\xa1-\xac\xae-\xb6\xb8-\xbf\xd7\xf7][A-Za-zà-ÿ]"
    r"|(?<!\w)[\xa3\xa5\xaa\xaf\xb3\xb9\xbf](?=[a-z])|[a-z][À-ÖØ-Þ](?![A-Z])"
)
_DETECT_FROM = 65_536


def normalise(text: str) -> str:
    r"""Put decoded text into the frame of ``Article.text``; empty stays empty.

    One byte-order mark at the start is dropped, CRLF and CR become LF, lone surrogates become
    U+FFFD.

    >>> normalise("\ufeffone\r\ntwo\rthree")
    'one\ntwo\nthree'
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", lines)


def decode(data: bytes) -> str:
    """Decode by byte-order mark, else as UTF-8, else by a detected encoding; normalised.

    >>> decode("Łaska".encode("utf-16"))
    'Łaska'

    Raises:
        IngestError: If no encoding fits.
    """
    return normalise(_marked(data) or _utf8(data) or _mostly_utf8(data) or _detected(data))


def decode_text(data: bytes) -> str:
    r"""Decode a text file, refusing what is not text.

    A stray NUL or U+FFFD is kept; control characters in bulk mean a binary file under a wrong name.

    >>> decode_text(b"caf\xc3\xa9\r\n")
    'café\n'

    Raises:
        IngestError: If the bytes are not text, or there is no text but white space.
    """
    text = decode(data)
    controls = len(_CONTROL.findall(text))
    if controls > 2 and controls * 50 > len(text):
        raise IngestError(
            f"it is not text: {controls} of its {len(text)} characters are control characters; "
            "give the file the suffix of its real format, or save it as plain text"
        )
    if not text.strip():
        raise IngestError("it is empty: there is no text in it; remove it or add its text")
    return text


def decode_page(data: bytes) -> str:
    """Decode an HTML page: by byte-order mark, then as it declares, then like any text.

    >>> decode_page('<meta charset="iso-8859-2"><p>Łaska'.encode("iso-8859-2"))
    '<meta charset="iso-8859-2"><p>Łaska'

    Raises:
        IngestError: If no encoding fits.
    """
    declared = _declared(data)
    # Valid UTF-8 with accents in it is UTF-8, whatever a page says that was saved again elsewhere.
    if declared is None or data.startswith(tuple(mark for mark, _ in _MARKS)):
        return decode(data)
    if not data.isascii() and _utf8(data):
        return decode(data)
    try:
        return normalise(data.decode(declared))
    except UnicodeDecodeError:
        return decode(data)


def _marked(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            try:
                return body.decode(encoding, "surrogatepass")
            except UnicodeDecodeError:
                return body.decode(encoding, "replace")
    return ""


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return ""


def _mostly_utf8(data: bytes) -> str:
    """Accept UTF-8 that was damaged in a few places, such as a last character cut in two."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    accented = sum(not char.isascii() for char in text) - lost
    return text if accented > lost else ""


def _detected(data: bytes) -> str:
    """Guess an 8-bit encoding: Windows-1252 where it makes words, else what the detector says.

    The detector alone takes "£5 million" of short Western texts for Polish or Icelandic.
    """
    western = _western(data)
    if western:
        return western
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    best = from_bytes(telling[:_DETECT_FROM]).best()
    if best is None:
        raise IngestError(
            "its bytes are no text in any known encoding; "
            "save it as UTF-8, or give the file the suffix of its real format"
        )
    return data.decode(best.encoding, "replace")


def _western(data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    letters = [char for char in text if char.isalpha()]
    foreign = sum(not char.isascii() for char in letters)
    return "" if foreign * 5 > len(letters) or _NOT_WESTERN.search(text) else text


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    if not found:
        return None
    try:
        name = codecs.lookup((found[1] or found[2]).decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    # A page that could be read up to its declaration is not UTF-16, whatever that says; and Python
    # also knows "encodings" such as hex and zlib, which no page is written in.
    if name.startswith("utf-") or name in {"base64", "hex", "zlib", "bz2", "rot13", "uu", "quopri"}:
        return None
    return _READ_AS.get(name, name)
