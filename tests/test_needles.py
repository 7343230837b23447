"""The offsets proof: a needle planted in a nasty text is quoted exactly, from file to citation.

The model is a fake that knows the needle, on top of the shipped reader's own tokenizer: whatever
the text does to word pieces, the citation must be the place that ``str.find`` gives.
"""

from __future__ import annotations

import random
import re
import unicodedata

import numpy as np
import pytest
from fakes import FakeEmbedder

from embeddings import TransformersSpanModel
from qa.assistant import Assistant
from qa.library import Library
from qa.reading import MODELS, ExtractiveReader
from qa.settings import Settings
from qa.types import Hit, Passage

NEEDLE = "Qzxvplanet4711"
WORDS = "Qzxvplanet4711 Brxgzal"
SETTINGS = Settings(embedder="fake", reader="needle", passages=100)


class NeedleModel(TransformersSpanModel):
    """Fires where the needle's word pieces stand, and harder where a window cuts the needle.

    So do real models: a stump at a window's edge can look better than the whole answer.
    """

    def __init__(self):
        super().__init__(MODELS, "needle")
        self._tokenizer, self._lock = self._layout._tokenizer, self._layout._lock
        self.count_tokens_of = {}
        self.inner_edges = {}
        self.needle = NEEDLE

    @property
    def needle(self):
        return self._needle

    @needle.setter
    def needle(self, needle):
        self._needle = needle
        pieces = self._tokenizer.tokenize(needle)
        self.pieces = self._tokenizer.convert_tokens_to_ids(pieces)
        # Its first piece where the needle is glued to what stands before it.
        self.first = {self.pieces[0], self._tokenizer.convert_tokens_to_ids(f"##{pieces[0]}")}
        assert self._tokenizer.unk_token_id not in {*self.pieces, *self.first}

    def count_tokens(self, text):
        with self._lock:
            return len(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def windows(self, question, texts, length, stride):
        found = super().windows(question, texts, length, stride)
        of_text = [window.text for window in found]
        self.inner_edges = {
            id(window): (
                row > 0 and of_text[row - 1] == window.text,
                row + 1 < len(found) and of_text[row + 1] == window.text,
            )
            for row, window in enumerate(found)
        }
        return found

    def scores(self, windows):
        return [self._fire(window) for window in windows]

    def _fire(self, window):
        logits = np.full((2, len(window.ids)), -10.0, dtype=np.float32)
        logits[:, 0] = 0.0
        inside = np.flatnonzero(window.offsets[:, 0] >= 0)
        ids = window.ids[inside].tolist()
        size = len(self.pieces)
        for at in range(len(ids)):
            if ids[at] in self.first and ids[at + 1 : at + size] == self.pieces[1:]:
                logits[0, inside[at]] = logits[1, inside[at + size - 1]] = 10.0
        cut_before, cut_behind = self.inner_edges[id(window)]
        for shown in range(2, size):
            tail = ids[-shown:]
            if cut_behind and tail[0] in self.first and tail[1:] == self.pieces[1:shown]:
                logits[0, inside[-shown]] = logits[1, inside[-1]] = 12.0
            if cut_before and ids[:shown] == self.pieces[-shown:]:
                logits[0, inside[0]] = logits[1, inside[shown - 1]] = 12.0
        return logits[0], logits[1]


class CountingEmbedder(FakeEmbedder):
    """A fake embedder with the real word pieces."""

    def __init__(self, model, max_tokens):
        super().__init__(max_tokens=max_tokens)
        self.count_tokens = model.count_tokens


@pytest.fixture(scope="module")
def model():
    return NeedleModel()


def add_texts(folder, model, max_tokens, files):
    """Make a library of files, by name, and open it again."""
    articles = folder / "articles"
    articles.mkdir()
    for name, data in files.items():
        (articles / f"{name}.txt").write_bytes(data)
    embedder = CountingEmbedder(model, max_tokens)
    with Library.open(folder / "library", settings=SETTINGS, embedder=embedder) as library:
        report = library.add([articles])
        assert report.failed == []
        assert len(report.added) == len(files)
    return Library.open(folder / "library", settings=SETTINGS, embedder=embedder)


def find(text, needle):
    assert text.count(needle) == 1
    return text.find(needle), text.find(needle) + len(needle)


def read_whole_articles(library, model, needles):
    """Let the reader read every chunk of every article; list what is not exact."""
    reader = ExtractiveReader(model)
    wrong = []
    with library.view() as view:
        for article in library.articles():
            name = article.source.rsplit("/", 1)[1].removesuffix(".txt")
            model.needle = needles[name]
            place = find(article.text, needles[name])
            rows = view.allowed(source=article.source).tolist()
            passages = [
                Passage(Hit(chunk, 0.0, rank), article.title)
                for rank, chunk in enumerate(view.chunks(rows).values(), start=1)
            ]
            found = reader.read("Where is the planet?", passages, 2)
            for one in found:
                assert article.text[one.span.start : one.span.end] == one.text
            sure = {(one.span.start, one.span.end) for one in found if one.score > 0}
            if sure != {place}:
                wrong.append(
                    (name, place, sure, article.text[max(place[0] - 40, 0) : place[1] + 40])
                )
    return wrong


def ask_all(library, model, needles):
    """Ask for every needle through the whole Assistant; list what is not exact."""
    assistant = Assistant(library, SETTINGS, reader=ExtractiveReader(model))
    wrong = []
    for article in library.articles():
        name = article.source.rsplit("/", 1)[1].removesuffix(".txt")
        model.needle = needles[name]
        start, end = find(article.text, needles[name])
        question = f"Where is {needles[name]}?"
        found = assistant.ask(question, source=article.source, confidence=0)
        citation = found.citations[0]
        again = library.article(citation.article_id)
        exact = (
            (citation.span.start, citation.span.end) == (start, end)
            and found.text == citation.quote == needles[name]
            and again.text[citation.span.start : citation.span.end] == citation.quote
            and citation.sentence.start <= start < end <= citation.sentence.end
        )
        if not exact:
            wrong.append((name, (start, end), citation))
    return wrong


PROSE = "The old bridge over the Skarn fell on Sunday. Nobody was on it, said Dr. Orr. "
RUN = "salt sea air and a long row of words without any end "

# {} is where the needle stands.
CURATED = {
    "alone": "{}",
    "alone_with_full_stop": "{}.",
    "first": "{} was found. " + PROSE,
    "last": PROSE + "They found {}",
    "last_before_line_end": PROSE + "They found {}\n",
    "middle": PROSE * 3 + "They found {} there. " + PROSE * 3,
    "headline": "Crew finds {}\n\n" + PROSE,
    "headline_of_odd_spaces": "Crew  finds\u00a0{} \t at last\n\n" + PROSE,
    "in_headline_only_with_dateline": "{} found\nBy Ada Orr\nJanuary 22, 2024\n\n" + PROSE,
    "quotes": PROSE + 'She said "{}" and left.',
    "curly_quotes": PROSE + "She said “{}” and left.",
    "guillemets": PROSE + "Elle a dit «\u202f{}\u202f».",
    "brackets": PROSE + "(see [{}])",
    "braces": PROSE + "{{{}}} and {{0}}",
    "dashes": PROSE + "ships—{}—sailed",
    "slashes": PROSE + "and/{}/or",
    "underscores": PROSE + "__{}__",
    "possessive": PROSE + "It was {}'s and {{}}’s.",
    "ellipsis": PROSE + "…{}…",
    "emoji": PROSE + "🔥{}🔥",
    "emoji_with_spaces": PROSE + "🔥 {} 🔥",
    "emoji_zwj_sequence": PROSE + "👩\u200d👩\u200d👧{}👩\u200d🚀 sailed",
    "emoji_skin_and_flag": PROSE + "👍🏽{}🇳🇴 sailed",
    "keycap": PROSE + "4\ufe0f\u20e3{}4\ufe0f\u20e3",
    "symbols": PROSE + "★{}☂ and →{{}}←",
    "signs": PROSE + "°{}™ §",
    "combining_before": PROSE + "caffe\u0301{} sailed",
    "combining_behind": PROSE + "a {}\u0301\u0308 sailed",
    "combining_on_both": PROSE + "\u0301{}\u0301",
    "composed": PROSE + "é{}é",
    "many_marks": PROSE + "Z\u0351\u036b\u0343 {}\u0351\u036b\u0343\u036a Z",
    "hebrew": "שלום עולם {} שלום. " + PROSE,
    "hebrew_glued": "שלום ב{} שלום. " + PROSE,
    "hebrew_points": "שָׁלוֹם{}שָׁלוֹם " + PROSE,
    "arabic": "وقال {} في المؤتمر. " + PROSE,
    "arabic_marks_glued": "مُحَمَّد{}مُحَمَّد " + PROSE,
    "bidi_marks": PROSE + "\u202bסוף\u202c \u2067{}\u2069 \u200f",
    "bidi_glued": PROSE + "sail\u202c{}\u200esail",
    "chinese": "他们发现了{}在那里。" * 1 + "我们走吧。" * 40,
    "japanese": "東京{}京都で見つかった。" + "それから帰った。" * 40,
    "korean": "한국에서{}를 찾았다. " + "다리가 무너졌다. " * 30,
    "thai": "พบ{}ที่นั่น " + PROSE,
    "devanagari": "उन्होंने {} पाया। हि{}न्दी".replace("हि{}", "हि") + PROSE,
    "gujarati_glued": "{}માં " + PROSE,
    "astral_letters": PROSE + "𝒜𝓑{}𐌰𐌱 sailed",
    "rare_ideographs": PROSE + "𠀀𠀁{}𪜀",
    "fullwidth": PROSE + "（{}）ＡＢＣ １２３",
    "crlf": "One line\r\nand another\r\n\r\n{}\r\nlast line\r\n",
    "cr": "One line\rand another\r\r{}\rlast line",
    "bom": "\ufeff{} sailed. " + PROSE,
    "bom_inside": PROSE + "then\ufeff{}\ufeffthen",
    "nul": PROSE + "then \x00{}\x00 then",
    "soft_hyphens": PROSE + "co\u00adop\u00ad{}\u00ado",
    "no_break_spaces": PROSE + "then\u00a0{}\u202fthen\u2009then",
    "zero_width": PROSE + "then\u200b{}\u200bthen\u2060",
    "zero_width_joiners": PROSE + "then \u200d{}\u200c then",
    "tabs": "\t\tname\t{}\tvalue\n" * 1 + "\tother\t1\n" * 20,
    "replacement": PROSE + "then \ufffd{}\ufffd then",
    "html": PROSE + '<p class="x">{}</p>&amp;<script>alert(1)</script>',
    "other_line_ends": PROSE + "then\u2028{}\u2029then\x85then\x0bthen\x0cthen",
    "indented": PROSE + "\n\n        {}\n\n" + PROSE,
    "table": "| a | {} | b |\n|---|---|---|\n" + "| 1 | 2 | 3 |\n" * 60,
    "list": "- milk\n" * 50 + "- {}\n" + "- salt\n" * 50,
    "long_line": RUN * 40 + "{} " + RUN * 40,
    "long_line_of_signs": "-" * 3_000 + "{}" + "=" * 3_000,
    "long_line_of_ideographs": "東" * 3_000 + "{}" + "京" * 3_000,
    "long_line_of_emoji": "👩\u200d🚀" * 500 + "{}" + "🔥" * 900,
    "long_word_beside": "x" * 500 + " {} " + "y" * 500,
    "many_spaces": PROSE + " " * 5_000 + "{}" + " " * 5_000 + PROSE,
    "paragraph_of_20000": "x" + " salt sea" * 2_220 + " {} " + "salt sea " * 3_000,
    "wrapped": (PROSE * 4).replace("Sunday. ", "Sunday.\n").replace("said", "said\n")
    + "{}\nsailed",
}


@pytest.fixture(scope="module", params=[60, 254, 2_000], ids=["small", "embedder's", "windows"])
def curated(request, model, tmp_path_factory):
    """Make a library of the curated texts: many small chunks, usual ones, or many windows each."""
    folder = tmp_path_factory.mktemp("curated")
    # A line of 200 signs, taken for a headline, leaves no room in small chunks.
    headline = "Skarn news\n\n" if request.param < 254 else ""
    files = {name: f"{headline}{text.format(NEEDLE)}".encode() for name, text in CURATED.items()}
    return add_texts(folder, model, request.param, files)


def test_there_are_enough_curated_texts():
    assert len(CURATED) >= 60
    assert all(text.format("{}").count("{}") >= 1 for text in CURATED.values())


def test_reader_quotes_the_needle_of_every_curated_text(curated, model):
    assert read_whole_articles(curated, model, dict.fromkeys(CURATED, NEEDLE)) == []


def test_assistant_cites_the_needle_of_every_curated_text(curated, model):
    assert ask_all(curated, model, dict.fromkeys(CURATED, NEEDLE)) == []


def test_needle_of_two_words_at_every_place_of_a_long_text(model, tmp_path):
    # One text per place around the edges of chunks and windows.
    words = (RUN * 60).split()
    files, needles = {}, {}
    for place in [*range(0, 60, 13), *range(170, 260, 3), *range(300, 420, 7)]:
        text = " ".join([*words[:place], WORDS, *words[place:500]])
        files[f"{place}"], needles[f"{place}"] = text.encode(), WORDS
    for number, max_tokens in enumerate((254, 2_000)):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        library = add_texts(folder, model, max_tokens, files)
        assert read_whole_articles(library, model, needles) == []


PIECES = [
    *["salt", "sea", "The bridge fell.", "Nobody was on it,", "Dr. Orr", "3.5", "a", "I"] * 4,
    *["👩\u200d👩\u200d👧", "👍🏽", "🇳🇴", "🔥", "4\ufe0f\u20e3", "★", "→", "☂\ufe0f"],
    *["™", "°", "€", "½"],
    *["caffe\u0301", "n\u0303o\u0308", "Z\u0351\u036b\u0343", "Łaska", "naïve", "ÉCOLE", "ﬁn"],
    *["שָׁלוֹם", "עולם", "ב", "مُحَمَّد", "في", "ٱلله"],
    *["\u202bסוף\u202c", "\u2067", "\u2069", "\u200f", "\u200e"],
    *["東京", "发现了。", "カタカナ", "한국어", "ไทย", "हिन्दी", "માં", "አዲስ", "（", "）", "１２３"],
    *["\n", "\r\n", "\r\n\r\n", "\n\n", "\r", "\t", "\u2028", "\x0b", "\x0c"],
    *["\u00ad", "\u00a0", "\u202f", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufffd"],
    *["𝒜𝓑", "𐌰𐌱", "𠀀", "𪜀", "𞤀"],
    *["<p>", "</p>", "&amp;", "<b class='x'>", "{", "}", "{0}", "%s", "\\n", "$x$", "[a](b)"],
    *["__", "'", '"', "“", "”", "...", "—", "…"],
    *["-" * 120, "x" * 130, "東" * 120, "🔥" * 60, "salt sea " * 40, "salt, " * 90, " " * 200],
]  # fmt: skip
NEEDLES = [NEEDLE, NEEDLE, WORDS, "Qzxv", "Qzxvplanet-4711", "Qzxv plan 4711 Brxgzal, Ltd"]

# What the tokenizer drops, so that letters on both sides of it are one word to it.
DROPPED = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd\u0300-\u036f\ufe0f\u20e3\x00"


def one_word_with_needle(before, behind):
    """Tell whether tokenizers see no word boundary between the needle and what is beside it.

    A Latin letter or digit beside the needle makes another word of it; with only dropped characters
    between, a word piece can span both ("s", soft hyphen, "Qzxv" begins with the piece "sq").
    """
    letter = "[A-Za-z0-9\u0100-\u024f\ufb00-\ufb06]"
    before, behind = (unicodedata.normalize("NFD", one) for one in (before[-20:], behind[:20]))
    return bool(
        re.search(rf"{letter}[{DROPPED}]*$", before) or re.match(rf"[{DROPPED}]*{letter}", behind)
    )


def in_a_very_long_word(before, behind):
    """Tell whether the needle is part of a "word" of over 100 characters, which WordPiece skips."""
    inside = r"[^\s!-/:-@\[-`{-~\u4e00-\u9fff]*"
    return len(re.search(rf"{inside}$", before[-200:])[0] + re.match(inside, behind)[0]) > 60


def generate(seed):
    """Make a nasty text with one needle: (bytes, needle)."""
    dice = random.Random(seed)
    needle = dice.choice(NEEDLES)
    count = dice.choice([0, 1, 3, 10, 30, 80])
    parts = []
    for _ in range(count):
        parts.append(dice.choice(PIECES))
        if dice.random() < 0.5:
            parts.append(" ")
    if dice.random() < 0.25:
        # Words without a sentence's end, so that the needle comes near the edges.
        parts = [RUN * dice.randint(1, 12) + "salt " * dice.randint(0, 12), *parts, RUN * 20]
    place = dice.choice([0, len(parts), dice.randint(0, len(parts)), dice.randint(0, len(parts))])
    before, behind = "".join(parts[:place]), "".join(parts[place:])
    if one_word_with_needle(before, behind) or in_a_very_long_word(before, behind):
        before, behind = f"{before} ", f" {behind}"
    encoding = dice.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"])
    # UTF-16 that starts with a NUL has the byte-order mark of UTF-32.
    if encoding != "utf-16" and dice.random() < 0.1:
        before = f"\x00{before}"
    if dice.random() < 0.1:
        before = f"\ufeff{before}"
    return f"{before}{needle}{behind}".encode(encoding), needle


def check_generated(seeds, model, folder):
    files, needles = {}, {}
    for seed in seeds:
        files[f"{seed}"], needles[f"{seed}"] = generate(seed)
    max_tokens = (254, 2_000, 400)[seeds[0] // len(seeds) % 3]
    library = add_texts(folder, model, max_tokens, files)
    assert read_whole_articles(library, model, needles) == []
    return library, needles


@pytest.mark.parametrize("block", range(3))
def test_generated_needles(block, model, tmp_path):
    library, needles = check_generated(range(50 * block, 50 * block + 50), model, tmp_path)
    assert ask_all(library, model, needles) == []


@pytest.mark.soak
@pytest.mark.parametrize("block", range(20))
def test_5000_generated_needles(block, model, tmp_path):
    check_generated(range(10_000 + 250 * block, 10_250 + 250 * block), model, tmp_path)
