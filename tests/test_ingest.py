"""Loading: formats, folders, the text frame, and files that are no articles."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import IngestError
from qa.ingest import FORMATS, article_id, find_sources, load, parse, read, supported, unsupported

PLAIN = "Wall opens\nOriel Tribune\nJanuary 22, 2024\n\nCrane cut a ribbon in the rain on Monday.\n"


def _txt(data: bytes, name: str = "a.txt"):
    return parse(data, Path(name))


def _reference(text: str) -> str:
    """The text frame, written a second time: one character after the other."""
    out, i = [], 1 if text[:1] == "\ufeff" else 0
    while i < len(text):
        char = text[i]
        if char == "\r":
            i += text[i + 1 : i + 2] == "\n"
            char = "\n"
        out.append("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char)
        i += 1
    return "".join(out)


_READABLE = st.text(
    st.characters(exclude_categories=("Cc",), exclude_characters="\ufeff")
    | st.sampled_from("\r\n\t")
)


@given(_READABLE, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be"]))
def test_text_is_the_decoded_file_and_nothing_else_changed(body, encoding):
    text = f"Wall opens.\r\n{body}"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    found = _txt(mark + text.encode(encoding, "surrogatepass")).text
    assert found == _reference(text)
    assert not re.search("[\r\ud800-\udfff]", found)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_give_an_article_or_an_ingest_error(data, name):
    try:
        found = parse(data, Path(name))
    except IngestError:
        return
    assert found.text.strip()
    assert found.title.strip()
    assert not re.search("[\r\ud800-\udfff]", found.text)


@given(_READABLE)
def test_markdown_body_is_kept_verbatim_under_front_matter(body):
    text = f"---\ntitle: Wall\n---\nIt *opened*.\n{body}"
    assert parse(text.encode("utf-8", "surrogatepass"), Path("a.md")).text == _reference(
        f"It *opened*.\n{body}"
    )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("The café in Saint Oriel closed on Monday.", "cp1252", id="one accent"),
        pytest.param("The plan costs €40 million, it said on Friday.", "cp1252", id="euro"),
        pytest.param(
            "“It cost £5 million – a café’s worth,” said Zoë Karlsen.", "cp1252", id="quotes"
        ),
        pytest.param(
            "Über die Brücke fährt kein Zug. Die Straße ist gesperrt." * 3, "latin-1", id="German"
        ),
        pytest.param(
            "Ingrid Łaska wygrała mistrzostwa. Zażółć gęślą jaźń." * 3, "cp1250", id="Polish"
        ),
        pytest.param(
            "Пожар на горе охватил три деревни, сообщили в субботу." * 3, "cp1251", id="Russian"
        ),
        pytest.param(
            "Пожар на горе охватил три деревни, сообщили в субботу." * 3, "koi8-r", id="KOI8"
        ),
        pytest.param(
            "山火事は土曜日に三つの村を襲い、消防士一人が死亡した。" * 3, "shift_jis", id="Japanese"
        ),
    ],
)
def test_old_encodings_are_detected(text, encoding):
    assert _txt(text.encode(encoding)).text == text


def test_damaged_utf8_stays_utf8():
    cut = "Ingrid Łaska and Emre Şahinoğlu met Zoë".encode()[:-1]
    assert _txt(cut).text == "Ingrid Łaska and Emre Şahinoğlu met Zo\ufffd"


def test_stray_nul_and_replacement_character_are_kept():
    text = "Wall\x00 opens on Monday \ufffd in the rain, and the band plays."
    assert _txt(text.encode()).text == text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00", id="png"
        ),
        pytest.param(b"wall\x00\x00\x00\x00" * 50, id="NUL in bulk"),
        pytest.param("wall opens".encode("utf-16-le"), id="utf-16 without a mark"),
        pytest.param(bytes(range(256)) * 8, id="every byte"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(60), id="zip"),
    ],
)
def test_binary_under_the_name_of_a_text_is_refused(data):
    with pytest.raises(IngestError, match=r"^a\.txt: it(s bytes are| is) no"):
        _txt(data)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"---\ntitle: Wall\n---\n \n"]
)
def test_empty_files_are_refused(data, name):
    if data.startswith(b"---") and name != "a.md":
        pytest.skip("front matter is text elsewhere")
    with pytest.raises(IngestError, match=r"empty|no readable"):
        parse(data, Path(name))


def test_load_fills_every_field(tmp_path):
    path = tmp_path / "Wall.TXT"
    path.write_text(PLAIN, newline="")
    found = load(path)
    assert (found.title, found.outlet, found.author) == ("Wall opens", "Oriel Tribune", "")
    assert found.published == date(2024, 1, 22)
    assert (found.text, found.source, found.id) == (PLAIN, str(path), article_id(str(path)))
    assert read(path) == PLAIN.encode()


def test_source_is_the_absolute_path_without_dots(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "a.txt").write_text(PLAIN)
    monkeypatch.chdir(tmp_path / "in")
    assert load(Path("../a.txt")).source == str(tmp_path / "a.txt")


def test_id_is_stable():
    assert article_id("/news/fire.txt") == "87f8ee9ebc2a1ca3"
    assert len(article_id("\udcff")) == 16


def test_the_file_name_is_the_last_resort_for_a_title():
    assert parse(b"---\na: b\n---\n![](x.png)\n", Path("town_fire.md")).title == "town_fire"


def test_missing_file(tmp_path):
    with pytest.raises(IngestError, match=r"nowhere\.txt cannot be read: No such file"):
        load(tmp_path / "nowhere.txt")


def test_folder_is_no_file(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(IngestError, match="is a folder"):
        load(tmp_path / "a.txt")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(IngestError, match="device or pipe"):
        load(tmp_path / "a.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(PLAIN)
    path.chmod(0)
    with pytest.raises(IngestError, match="Permission denied"):
        load(path)


def test_errors_of_the_system_are_reported(tmp_path, monkeypatch):
    def refuse(*_args, **_named):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.txt"
    path.write_text(PLAIN)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(IngestError, match=r"a\.txt cannot be read: Permission denied"):
        load(path)


def test_name_that_no_file_can_have():
    with pytest.raises(IngestError, match="cannot be"):
        load(Path("a\x00b.txt"))


def test_name_that_is_not_unicode():
    with pytest.raises(IngestError, match="rename the file"):
        parse(PLAIN.encode(), Path("a\udcff.txt"))


@pytest.mark.parametrize("form", [pytest.param(one, id=one.name) for one in FORMATS])
def test_size_limit_names_size_and_limit(form, tmp_path):
    path = tmp_path / f"a{form.suffixes[0]}"
    path.touch()
    os.truncate(path, form.max_bytes + 1)
    said = f"{form.max_bytes + 1:,} bytes, and {form.name} may have {form.max_bytes:,}"
    with pytest.raises(IngestError, match=re.escape(said)):
        load(path)
    with pytest.raises(IngestError, match=re.escape(said)):
        parse(bytes(form.max_bytes + 1), path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("a.pdf", "PDF is not supported yet: convert it to text", id="pdf"),
        pytest.param("A.DOCX", "save the document as plain text", id="docx"),
        pytest.param(
            "a.xyz", "the suffix .xyz; what works today is .txt, .text, .md", id="unknown"
        ),
        pytest.param("a", "no suffix", id="no suffix"),
        pytest.param("https://example.org/a.html", "not supported yet: save the page", id="url"),
    ],
)
def test_unsupported_sources_say_what_works(source, said):
    with pytest.raises(IngestError, match=re.escape(said)):
        load(Path(source))
    assert said in unsupported(source)


def test_supported_knows_every_suffix_of_the_table():
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert suffixes == [".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"]
    assert all(supported(Path("A" + suffix.upper())) for suffix in suffixes)
    assert supported(Path(".txt")) is None


def test_find_sources(tmp_path):
    for name in (
        "b.txt",
        "a.MD",
        "c.jpg",
        ".hidden.txt",
        "sub/d.html",
        ".git/e.txt",
        "sub/.f/g.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    found, skipped = find_sources(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "a.MD", "b.txt", "gone.txt", "sub/d.html",
    ]  # fmt: skip
    assert skipped == [tmp_path / "c.jpg"]


def test_find_sources_follows_a_linked_folder_once(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "one").symlink_to(tmp_path / "real")
    (tmp_path / "lib" / "two").symlink_to(tmp_path / "real")
    assert find_sources(tmp_path / "lib") == ([tmp_path / "lib" / "one" / "a.txt"], [])


def test_find_sources_of_nothing(tmp_path):
    assert find_sources(tmp_path) == ([], [])
    with pytest.raises(IngestError, match="No such file"):
        find_sources(tmp_path / "nowhere")
