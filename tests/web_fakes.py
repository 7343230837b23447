"""A stand-in for the assistant: the same surface, scripted answers, no models."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qa import CitespanError
from qa.types import Alternative, Answer, Article, Chunk, Citation, Hit, Reply, Span, Timings

CUT = (
    "The United States cut diplomatic ties with Venezuela after Maduro, a longtime Putin ally, "
    "was reelected in 2018."
)
RECOGNISED = (
    "Washington then recognised opposition leader Juan Guaido, then parliament speaker, when he "
    "declared himself acting president in January 2019."
)
SANCTIONS = (
    "The US imposed a battery of sanctions on Caracas in attempts to force Maduro from power."
)
WON = "Maduro won a second term in May 2018, a result that dozens of governments refused to accept."
TRIP = Article(
    id="trip",
    title="US officials travel to Russian ally Venezuela amid Ukraine war",
    text=(
        "The trip, the highest-level US visit to Venezuela in years, may be linked to Washington's "
        "interest in replacing part of the oil it currently buys from Russia with the oil it "
        "stopped buying from Caracas.\n\n"
        + "Officials on both sides declined to speak of the agenda before it had ended.\n\n" * 14
        + f"{CUT} {RECOGNISED} At least 50 other countries also recognise him.\n\n{SANCTIONS}\n\n"
        + "Talks were expected to go on, and no statement was planned for the evening.\n\n" * 9
    ),
    source="/articles/000_ff87c16c13f63958.txt",
    published=date(2022, 3, 6),
    outlet="The Gazette",
)
BALLOT = Article(
    id="ballot",
    title="Venezuela's election, four years on",
    text=f"Four years have passed.\n{WON}\nTurnout was the lowest in decades.",
    source="https://news.example/ballot",
    published=date(2022, 5, 20),
    outlet="Andean Review",
    author="R. Ortega",
)
# Whatever a text can do to a page that is careless with it.
NASTY_QUOTES = (
    "👩‍👩‍👧‍👦 family of 4️⃣",
    "مرحبا بالعالم ١٢٣",
    "Zürich no\u0308w e\u0301te\u0301",
    "<script>window.hacked = 1</script> & <b>bold</b> &amp; &lt;",
    "{{value}} {{{value}}} ${String(1)} ${window.hacked = 2} `tick` \\u0041 \\",
    "line one\nline two\n\nparagraph two",
    "tab\there,  two  spaces \u200f\u202eflip\u202c end",
)
NASTY = Article(
    id="nasty",
    title="<img src=x onerror=window.hacked=3> {{title}} ${window.hacked=4} &amp;\\x 👩‍👩‍👧‍👦 שלום",
    text="\n\n".join(
        f"Before \\ the ${{quote}} number {at} stands this. {quote} And <i>this</i> comes after.\n"
        + "Filler, so that it lies far down. " * 60
        for at, quote in enumerate(NASTY_QUOTES)
    ),
    source="/articles/<b>{{x}}</b>.txt",
    outlet="Ünï <u>Post</u> ${1+1}",
)
SAMPLES = (TRIP, BALLOT, NASTY)
# Sixty ways to get a script run: by tags, attributes, addresses, templates, breaking out of quotes.
HOSTILE_TEXTS = (
    *(
        f"<{tag} {event}=alert(1)>"
        for tag, event in (
            ("img src=x", "onerror"),
            ("svg", "onload"),
            ("body", "onpageshow"),
            ("video src=x", "onerror"),
            ("audio src=x", "onerror"),
            ("input autofocus", "onfocus"),
            ("select autofocus", "onfocus"),
            ("textarea autofocus", "onfocus"),
            ("details open", "ontoggle"),
            ("marquee", "onstart"),
            ("object data=x", "onerror"),
            ("style", "onload"),
            ("a href=x autofocus tabindex=1", "onfocus"),
            ("div style=animation:x", "onanimationstart"),
            ("p contenteditable autofocus", "onfocus"),
        )
    ),
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script src=//evil.example/x.js></script>",
    "<script>/*</script><script>*/alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</script><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<!--<script>alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button autofocus>",
    "<a href=javascript:alert(1)>click</a>",
    "<a href='java\tscript:alert(1)'>click</a>",
    "<a href=data:text/html,<script>alert(1)</script>>click</a>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "' onmouseover=alert(1) x='",
    '" onmouseover=alert(1) x="',
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    '";alert(1);//',
    "`;alert(1);//",
    "${alert(1)}",
    "`${alert(1)}`",
    "{{constructor.constructor('alert(1)')()}}",
    "{{#with alert}}{{this 1}}{{/with}}",
    "{{{alert(1)}}}",
    "<%= alert(1) %>",
    "#{alert(1)}",
    "[[${alert(1)}]]",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
)
HOSTILE = tuple(
    Article(
        id=f"hostile{at}",
        title=f"{hostile} in a title",
        text=f"It begins. They wrote {hostile} there. It ends.",
        source=f"https://news.example/{hostile}" if at % 2 else f"/articles/{hostile}.txt",
        author=f"{hostile} the author",
        outlet=f"{hostile} Post",
    )
    for at, hostile in enumerate(HOSTILE_TEXTS)
)


def span_of(article: Article, quote: str) -> Span:
    start = article.text.index(quote)
    return Span(start, start + len(quote))


def cite(article: Article, quote: str, sentence: str | None = None) -> Citation:
    return Citation(
        article_id=article.id,
        title=article.title,
        source=article.source,
        outlet=article.outlet,
        published=article.published,
        span=span_of(article, quote),
        quote=quote,
        sentence=span_of(article, sentence if sentence is not None else quote),
    )


def hit(article: Article, passage: str, rank: int) -> Hit:
    span = span_of(article, passage)
    return Hit(Chunk(article.id, span, passage), round(0.9 - rank / 9, 3), rank)


REELECTED = cite(TRIP, "2018", CUT)
SECOND_TERM = cite(BALLOT, "May 2018", WON)
GUAIDO = cite(TRIP, "Juan Guaido", RECOGNISED)
HITS = (hit(TRIP, f"{CUT} {RECOGNISED}", 1), hit(BALLOT, WON, 2), hit(TRIP, SANCTIONS, 3))
TOOK = Timings(0.08, 0.41, 0.03)
WHEN = "When was Maduro reelected?"
WHO = "And who was recognised instead?"
CUP = "Who won the 2018 Ostrell World Cup?"
BROKEN = "What is broken?"
BUG = "Where is the bug?"
SLOW = "What takes a while?"


HELLO = "hello"
BOTH = "When was Maduro reelected? And who was recognised instead?"
SMALL_TALK = {
    HELLO: Reply("greeting", "Hello. Ask who, what, when, where, why or how many."),
}


def hostile_question(first: int) -> str:
    return f"Who wrote {HOSTILE_TEXTS[first]}? " + " ".join(HOSTILE_TEXTS[first + 1 : first + 6])


def nasty_question(at: int) -> str:
    return f"What is number {at} <b>{{{{x}}}}</b> ${{window.hacked = 5}} \\?"


def scripted() -> dict[str, Answer]:
    answers = [
        Answer(
            WHEN,
            WHEN,
            "2018",
            0.93,
            calibrated=True,
            citations=(REELECTED, SECOND_TERM),
            alternatives=(Alternative("Juan Guaido", 0.08, (GUAIDO,)),),
            hits=HITS,
            timings=TOOK,
        ),
        Answer(
            WHO,
            "Who was recognised instead of Maduro?",
            "Juan Guaido",
            0.71,
            calibrated=True,
            citations=(GUAIDO,),
            alternatives=(Alternative("2018", 0.11, (REELECTED,)),),
            hits=HITS,
            timings=TOOK,
        ),
        Answer(
            CUP,
            CUP,
            None,
            0.12,
            calibrated=True,
            alternatives=(Alternative("May 2018", 0.12, (SECOND_TERM,)),),
            hits=HITS,
            unknown_terms=("Ostrell", "World Cup"),
            timings=TOOK,
        ),
        Answer(
            SLOW,
            SLOW,
            "2018",
            0.5,
            calibrated=False,
            citations=(REELECTED,),
            hits=HITS[:1],
            timings=TOOK,
        ),
    ]
    for at, quote in enumerate(NASTY_QUOTES):
        cited = cite(NASTY, quote, f"number {at} stands this. {quote} And <i>this</i> comes after.")
        asked = nasty_question(at)
        answers.append(
            Answer(
                asked,
                asked,
                quote,
                0.9,
                calibrated=True,
                citations=(cited,),
                hits=(hit(NASTY, quote, 1),),
            )
        )
    found = {one.question: one for one in answers}
    for first in range(0, len(HOSTILE), 20):
        asked = hostile_question(first)
        SMALL_TALK[asked] = Reply("several", asked, tuple(map(_quoted, range(first, first + 20))))
    SMALL_TALK[BOTH] = Reply("several", "Your 2 questions, one by one:", (found[WHEN], found[WHO]))
    return found


def _quoted(at: int) -> Answer:
    """Answer with one of the hostile texts, from an article that is full of it."""
    hostile, asked = HOSTILE_TEXTS[at], f"What is number {at}, {HOSTILE_TEXTS[at]}?"
    sentence = f"They wrote {hostile} there."
    return Answer(
        asked,
        f"{asked} (as it was understood)",
        hostile,
        0.9,
        calibrated=True,
        citations=(cite(HOSTILE[at], hostile, sentence),),
        hits=(hit(HOSTILE[at], sentence, 1),),
        unknown_terms=(hostile,),
    )


@dataclass(frozen=True)
class Report:
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


class FakeLibrary:
    def __init__(
        self,
        path: Path,
        label: str,
        articles: tuple[Article, ...] = (),
        uncounted: tuple[Article, ...] = (),
    ) -> None:
        self.path = path
        self.label = label
        self.articles = {one.id: one for one in articles}
        self._uncounted = {one.id: one for one in uncounted}

    def __len__(self) -> int:
        return len(self.articles)

    def outlets(self) -> dict[str, int]:
        named = sorted({one.outlet for one in self.articles.values() if one.outlet})
        return {
            outlet: sum(one.outlet == outlet for one in self.articles.values()) for outlet in named
        }

    def days(self) -> tuple[date, date] | None:
        days = sorted(one.published for one in self.articles.values() if one.published)
        return (days[0], days[-1]) if days else None

    def article(self, article_id: str) -> Article:
        found = self.articles.get(article_id) or self._uncounted.get(article_id)
        if found is None:
            raise CitespanError(f"no article has the id {article_id}")
        return found

    def add(self, sources: list[Path]) -> Report:
        report = Report()
        for source in sources:
            text = source.read_text(encoding="utf-8")
            if not text.strip():
                report.failed.append((str(source), "it holds no text"))
                continue
            known = self.articles.get(source.name)
            outcome = report.added if known is None else report.updated
            if known is not None and known.text == text:
                outcome = report.unchanged
            outcome.append(str(source))
            self.articles[source.name] = Article(source.name, source.stem, text, str(source))
        return report


class FakeAssistant:
    """Answers what is scripted, declines the rest, and finds words of the user's own articles.

    It lives in the server's process; a folder is what the tests steer it by and read from:
    ``library`` names the library's folder (a new name begins anew), ``closed`` exists while it
    cannot be opened yet, ``held`` while slow questions wait, ``asked`` lists the questions and
    ``filters`` what they were asked with.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.samples = FakeLibrary(folder / "samples", "sample articles", SAMPLES, HOSTILE)
        self.answers = scripted()
        self._own = FakeLibrary(folder, "none yet")

    @property
    def library(self) -> FakeLibrary:
        path = Path((self.folder / "library").read_text(encoding="utf-8"))
        if path != self._own.path:
            self._own = FakeLibrary(path, str(path))
        return self._own

    @property
    def answering_from(self) -> FakeLibrary:
        library = self.library
        return library if len(library) else self.samples

    @property
    def examples(self) -> tuple[str, ...]:
        return (WHEN, CUP) if self.answering_from is self.samples else ()

    def warm(self) -> None:
        raise CitespanError("there is nothing to warm")

    @property
    def threshold(self) -> float:
        return 0.24

    def article(self, article_id: str) -> Article:
        try:
            return self.library.article(article_id)
        except CitespanError:
            return self.samples.article(article_id)

    def reply(
        self,
        message,
        history=(),
        source=None,
        since=None,
        until=None,
        confidence=None,
        *,
        on_stage=None,
    ) -> Reply:
        if message in SMALL_TALK:
            return SMALL_TALK[message]
        asked = {"source": source, "since": since, "until": until, "confidence": confidence}
        answer = self.ask(message, history, on_stage=on_stage, **asked)
        return Reply("question", "", (answer,))

    def ask(self, question, history=(), *, on_stage=None, **filters) -> Answer:
        if len(question) > 2_000:
            raise CitespanError(f"the question has {len(question):,} characters, at most 2,000")
        with (self.folder / "asked").open("a", encoding="utf-8") as asked:
            asked.write(question + "\n")
        with (self.folder / "filters").open("a", encoding="utf-8") as file:
            file.write(json.dumps(filters, default=str) + "\n")
        for stage in ("searching", "reading", "deciding"):
            if on_stage is not None:
                on_stage(stage)
            while stage == "reading" and question == SLOW and (self.folder / "held").exists():
                time.sleep(0.02)
        if question == BROKEN:
            raise CitespanError(
                "the library is being written to by <b>another</b> process: try again"
            )
        if question == BUG:
            raise RuntimeError("secret detail of a bug")
        found = self._from_own(question) or self.answers.get(question)
        return found or Answer(question, question, None, 0.0, calibrated=True)

    def _from_own(self, question: str) -> Answer | None:
        """Answer with the question's last word, where an article of the user's own holds it."""
        word = question.rstrip("?").split()[-1]
        for article in self.library.articles.values():
            if word in article.text:
                cited = cite(article, word)
                return Answer(question, question, word, 0.8, calibrated=True, citations=(cited,))
        return None


def main() -> None:
    """Serve the page: ``python web_fakes.py FOLDER PORT``; the address is in its output."""
    from qa.web import serve

    folder = Path(sys.argv[1])

    def open_assistant() -> FakeAssistant:
        while (folder / "closed").exists():
            time.sleep(0.02)
        return FakeAssistant(folder)

    serve(open_assistant, "127.0.0.1", int(sys.argv[2]))


if __name__ == "__main__":
    main()
