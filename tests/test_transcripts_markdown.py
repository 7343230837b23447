"""Answers copied and conversations exported as Markdown: nothing of an article becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from web_fakes import NASTY, NASTY_QUOTES, REELECTED, SECOND_TERM, cite

from qa.transcripts import Conversation, Turn, cited, one_line, to_markdown
from qa.types import Answer, Citation, Reply, Span

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
# Whatever means something to some Markdown, alone and together.
BITS = (
    *"@*_`~|\\#>-+=:.!$&<[](){} \t\n\r\x00\x0b\u2028\u202e\xa0e\u0301é",
    *("\n\n", "    ", "===", "---", "***", "```", "~~~", "1. ", "2) ", "# ", "- ", "> ", "\ud800"),
    *("https://evil.example", "www.evil.com", "a@b.com", "mailto:a@b.com", "[a](b)", "![a](b)"),
    *(
        "[x]: http://e",
        "<script>",
        "<!--",
        "&copy;",
        "&#64;",
        "a|b",
        "{{x}}",
        "[^1]",
        "word",
        "👩‍👧",
    ),
)
hostile = st.lists(st.sampled_from(BITS), min_size=1, max_size=14).map("".join)


def citation(quote: str = "2018", title: str = "A title", source: str = "/news/a.txt", **more):
    outlet, published, page = more.get("outlet", ""), more.get("published"), more.get("page")
    whole = Span(0, len(quote))
    return Citation("a1", title, source, outlet, published, whole, quote, whole, page)


def answer(*citations: Citation) -> Answer:
    text = citations[0].quote if citations else None
    return Answer("When?", "When?", text, 0.5, calibrated=True, citations=citations)


def conversation(*turns: Turn, name: str = "When?") -> Conversation:
    return Conversation("c1", name, NOON, NOON, turns)


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]

    def handle_comment(self, data):
        self.elements.append("comment")

    def handle_data(self, data):
        self.text += data


def rendered(markdown: str) -> Page:
    return Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def bare(text: str) -> str:
    """Leave out what Markdown does not keep or we do not: white space, control characters."""
    gone = r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
    return re.sub(gone, "", text.replace("\ud800", "\ufffd"))


# One answer


def test_plain_gives_quote_title_outlet_day_and_source():
    full = replace(REELECTED, page=3)
    assert cited(answer(full, SECOND_TERM)) == (
        "“2018”\n"
        "US officials travel to Russian ally Venezuela amid Ukraine war, The Gazette, 2022-03-06, "
        "page 3\n"
        "/articles/000_ff87c16c13f63958.txt\n"
        "\n"
        "“May 2018”\n"
        "Venezuela's election, four years on, Andean Review, 2022-05-20\n"
        "https://news.example/ballot"
    )


def test_markdown_gives_quote_title_outlet_day_and_source():
    full = replace(REELECTED, page=3)
    assert cited(answer(full, SECOND_TERM), "markdown") == (
        "> 2018\n"
        ">\n"
        "> — *US officials travel to Russian ally Venezuela amid Ukraine war*, The Gazette, "
        "2022-03-06, page 3, `/articles/000_ff87c16c13f63958.txt`\n"
        "\n"
        "> May 2018\n"
        ">\n"
        "> — *Venezuela's election, four years on*, Andean Review, 2022-05-20, "
        "<https://news.example/ballot>"
    )


def test_what_is_not_known_is_left_out():
    assert cited(answer(citation())) == "“2018”\nA title\n/news/a.txt"
    assert cited(answer(citation()), "markdown") == "> 2018\n>\n> — *A title*, `/news/a.txt`"
    nameless = answer(citation(title="", source=""))
    assert cited(nameless) == "“2018”"
    assert cited(nameless, "markdown") == "> 2018\n>\n> —"


@pytest.mark.parametrize("style", ["plain", "markdown"])
def test_a_decline_says_so(style):
    assert cited(answer(), style) == "Not in your articles."


def test_an_unknown_style_is_a_mistake():
    with pytest.raises(ValueError, match='style must be "plain" or "markdown", got \'html\''):
        cited(answer(), "html")  # type: ignore[arg-type]


@pytest.mark.parametrize("quote", NASTY_QUOTES, ids=range(len(NASTY_QUOTES)))
def test_plain_quotes_are_verbatim(quote):
    lines = cited(answer(cite(NASTY, quote)))
    assert lines.startswith(f"“{quote}”\n")
    assert lines.endswith("\n/articles/<b>{{x}}</b>.txt")


def test_plain_titles_stay_on_their_line():
    forged = citation(title="A\n/news/forged.txt", source="/a\r\nb", outlet="x\u202ey\x1b[2J")
    assert cited(answer(forged)) == "“2018”\nA /news/forged.txt, xy [2J\n/a b"


# Escapes


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param('plain words, 3.5% (of 1,000) - it\'s "so"!', None, id="plain"),
        pytest.param("مرحبا 👩‍👩‍👧‍👦 nöw e\u0301", None, id="letters"),
        pytest.param("[a](http://b)", "\\[a\\](http\\://b)", id="link"),
        pytest.param("![a](b.png)", "!\\[a\\](b\\.png)", id="image"),
        pytest.param("<http://b>", "&lt;http\\://b&gt;", id="autolink"),
        pytest.param("see www.b.com or b.com", "see www\\.b\\.com or b\\.com", id="bare links"),
        pytest.param("www.-b.1", "www\\.-b\\.1", id="bare link after a hyphen"),
        pytest.param("ada@b.com @ada", "ada`@`b\\.com `@`ada", id="addresses"),
        pytest.param("@@`@", "`@@`\\``@`", id="at signs and backticks"),
        pytest.param("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;", id="script"),
        pytest.param("&lt; &copy;", "&amp;lt; &amp;copy;", id="entities"),
        pytest.param("# one #", "\\# one \\#", id="heading"),
        pytest.param("- a", "\\- a", id="list"),
        pytest.param("12. a", "12\\. a", id="numbered list"),
        pytest.param("3) a", "3\\) a", id="other numbered list"),
        pytest.param("---", "\\---", id="rule"),
        pytest.param("===", "\\===", id="underline"),
        pytest.param(": a", "\\: a", id="definition"),
        pytest.param("> a", "&gt; a", id="quote in a quote"),
        pytest.param("*a* _b_ ~~c~~", "\\*a\\* \\_b\\_ \\~\\~c\\~\\~", id="emphasis"),
        pytest.param("`a`", "\\`a\\`", id="code"),
        pytest.param("a|b", "a\\|b", id="table"),
        pytest.param("$x$ {{y}}", "\\$x\\$ \\{\\{y\\}\\}", id="mathematics and templates"),
        pytest.param("a\\", "a\\\\", id="hard break"),
        pytest.param("    a  ", "a", id="indented code"),
        pytest.param("a\x00b\x1b\tc\ud800", "a b  c\ufffd", id="control characters"),
        pytest.param("a\nb\r\nc\u2028d", "a\n> b\n> c\n> d", id="lines"),
        pytest.param("a\n\n# b", "a\n>\n> \\# b", id="paragraphs"),
    ],
)
def test_quotes_are_text_in_markdown(text, escaped):
    markdown = cited(answer(citation(text)), "markdown")
    shown = escaped if escaped is not None else text
    assert markdown == f"> {shown}\n>\n> — *A title*, `/news/a.txt`"
    assert bare(rendered(markdown).text) == bare(f"{text}— A title, /news/a.txt")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        pytest.param("https://a.example/b_c?d=e#f", "<https://a.example/b_c?d=e#f>", id="address"),
        pytest.param("https://a.example/<b>", "`https://a.example/<b>`", id="address with markup"),
        pytest.param("https://a.example/ b", "`https://a.example/ b`", id="address with space"),
        pytest.param("javascript:alert(1)", "`javascript:alert(1)`", id="script"),
        pytest.param("/a`b``c", "```/a`b``c```", id="backticks"),
        pytest.param("`/a`", "`` `/a` ``", id="backticks around"),
        pytest.param("/a\n\n# b", "`/a # b`", id="lines"),
    ],
)
def test_sources_are_addresses_or_letters(source, shown):
    markdown = cited(answer(citation(source=source)), "markdown")
    assert markdown.endswith(f"— *A title*, {shown}")
    assert rendered(markdown).links == ([source] if shown.startswith("<") else [])


@given(hostile, hostile, hostile, hostile)
def test_nothing_of_an_article_becomes_markup(quote, title, outlet, source):
    markdown = cited(answer(citation(quote, title, source, outlet=outlet)), "markdown")
    page = rendered(markdown)
    assert set(page.elements) <= {"blockquote", "p", "em", "code", "a"}
    assert page.elements.count("blockquote") == 1
    shown = one_line(source)
    assert page.links == [] or (len(page.links) == 1 and shown.startswith(("http://", "https://")))
    assert bare(page.text).startswith(bare(f"{quote}—{title}"))
    markdown.encode()


# Conversations


def test_a_conversation_as_markdown():
    turns = (
        Turn(1, "When?", answer(citation(published=date(2024, 3, 3))), NOON),
        Turn(2, "Who is\n# Zebulon?", answer(), NOON),
        Turn(3, "Thanks!", Reply("thanks", "You are *welcome*.\n\n- Ask on."), NOON),
        Turn(4, "A? B?", Reply("several", "", (answer(citation("a")), answer())), NOON),
        Turn(5, "C?", Reply("question", " ", (answer(citation("c")),)), NOON),
    )
    assert to_markdown(conversation(*turns, name="My <chat>")) == (
        "# My &lt;chat&gt;\n\n"
        "## When?\n\n"
        "> 2018\n>\n> — *A title*, 2024-03-03, `/news/a.txt`\n\n"
        "## Who is \\# Zebulon?\n\n"
        "Not in your articles.\n\n"
        "## Thanks!\n\n"
        "You are \\*welcome\\*.\n\n\\- Ask on.\n\n"
        "## A? B?\n\n"
        "**When?**\n\n"
        "> a\n>\n> — *A title*, `/news/a.txt`\n\n"
        "**When?**\n\n"
        "Not in your articles.\n\n"
        "## C?\n\n"
        "> c\n>\n> — *A title*, `/news/a.txt`\n"
    )


def test_an_empty_conversation_is_its_name():
    assert to_markdown(conversation()) == "# When?\n"
    assert to_markdown(conversation(name="")) == "#\n"


@given(hostile, hostile, hostile)
def test_nothing_that_was_asked_or_said_becomes_markup(name, question, text):
    turn = Turn(1, question, Reply("several", text, (answer(), answer())), NOON)
    page = rendered(to_markdown(conversation(turn, name=name)))
    assert set(page.elements) <= {"h1", "h2", "p", "code", "strong"}
    assert (page.elements.count("h1"), page.elements.count("h2")) == (1, 1)
    assert page.elements.count("strong") == 2
    assert bare(page.text).startswith(bare(f"{name}{question}{text}"))
