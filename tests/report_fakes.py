"""Evaluations made by hand for the reports: real outcomes, of scripted answers, and no models."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from web_fakes import NASTY_QUOTES

from qa.evaluation.evaluation import Evaluation
from qa.evaluation.outcome import Outcome, outcome_of
from qa.types import Alternative, Answer, Article, Chunk, Citation, GoldQuestion, Hit, Span, Timings

BRIDGE = Article(
    "bridge",
    "The bridge at Corran",
    "Corran has a bridge.\n\nThe bridge was built in 1967 by the Merrow company, and it fell on "
    "Sunday at 8:25 a.m.\n\nThe mayor, Ada Holm, said that nobody saw it begin.",
    "/articles/bridge.txt",
)
FIRE = Article(
    "fire",
    "The fire at Ostrell",
    "The fire of 2019 burned for nine days. A shepherd saw it first.\n\nIn the end it covered "
    "14,350 hectares, not 9,700 hectares as was said at first.",
    "/articles/fire.txt",
)
HOSTILE_TEXTS = (
    *NASTY_QUOTES,
    "${x} ]]> </style> </script><script>window.hacked=5</script> <!-- {% raw %} -->",
    "<svg onload=window.hacked=6> \"quoted\" 'single' \u2028 line",
)
HOSTILE_TITLE = "</title><script>window.hacked=7</script> {{ title }} & <b>ב</b>"
HOSTILE = Article(
    "hostile",
    HOSTILE_TITLE,
    "\n\n".join(
        f"Before it, number {at}: {text} And after." for at, text in enumerate(HOSTILE_TEXTS)
    ),
    "/articles/<b>{{x}}</b>.txt",
)


def gold(
    name: str, question: str, *answers: str, article: str = "", **more: object
) -> GoldQuestion:
    """Make a question of the type "factoid", or "none" where there is no answer."""
    kind = str(more.pop("type", "factoid" if answers or more.get("answer_sets") else "none"))
    return GoldQuestion(name, question, answers, (article,) if article else (), kind, **more)


def cite(article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    span = Span(start, start + len(quote))
    return Citation(article.id, article.title, article.source, "", None, span, quote, span)


def outcome(
    asked: GoldQuestion,
    *proposed: tuple[Article, str, float],
    declined: bool = False,
    found: Sequence[Article] = (),
    seconds: float = 0.1,
) -> Outcome:
    """Have a question answered with the first proposal, or declined in spite of it.

    The margin is the first proposal's confidence, which ranks questions as well.
    """
    made = [(quote, sure, (cite(article, quote),)) for article, quote, sure in proposed]
    given = None if declined or not made else made[0]
    answer = Answer(
        question=asked.question,
        resolved=asked.question,
        text=given[0] if given else None,
        confidence=made[0][1] if made else 0.0,
        calibrated=True,
        citations=given[2] if given else (),
        alternatives=tuple(Alternative(*one) for one in (made[1:] if given else made)),
        hits=tuple(
            Hit(Chunk(one.id, Span(0, len(one.text)), one.text), 1.0 / rank, rank)
            for rank, one in enumerate(found, start=1)
        ),
        timings=Timings(seconds / 4, seconds / 2, seconds / 4),
        margin=made[0][1] if made else None,
    )
    articles = {one.id: one for one in (BRIDGE, FIRE, HOSTILE, *found)}
    articles |= {article.id: article for article, _, _ in proposed}
    return outcome_of(asked, answer, articles, seconds)


ARTICLES = {one.id: one for one in (BRIDGE, FIRE, HOSTILE)}
SMALL = Evaluation(
    (
        outcome(
            gold("built", "When was the bridge built?", "1967", article="bridge.txt"),
            (BRIDGE, "1967", 0.95),
            found=(BRIDGE, FIRE),
        ),
        outcome(
            gold("fell", "When did the bridge fall?", "on Sunday", article="bridge.txt"),
            (BRIDGE, "1967", 0.8),
            (BRIDGE, "Sunday", 0.3),
            found=(FIRE, BRIDGE),
            seconds=0.2,
        ),
        outcome(
            gold(
                "size",
                "How large was the fire?",
                "14,350 hectares",
                article="fire.txt",
                type="update",
                stale=("9,700 hectares",),
            ),
            (FIRE, "9,700 hectares", 0.7),
            found=(FIRE,),
            seconds=0.3,
        ),
        outcome(
            gold("mayor", "Who is the mayor?", "Ada Holm", article="bridge.txt"),
            (BRIDGE, "Ada Holm", 0.4),
            declined=True,
            found=(BRIDGE,),
        ),
        outcome(
            gold("seen", "Who saw the fire first?", "a shepherd", article="fire.txt"),
            (BRIDGE, "Ada Holm", 0.6),
            found=(BRIDGE,),
        ),
        outcome(gold("cup", "Who won the cup?"), (FIRE, "A shepherd", 0.9), found=(FIRE,)),
        outcome(gold("lost", "Who lost the cup?"), (FIRE, "nine days", 0.1), declined=True),
    )
)


def hostile() -> Evaluation:
    """Give an evaluation of mistakes only, in which every text is hostile."""
    name = HOSTILE.source.rpartition("/")[2]
    return Evaluation(
        tuple(
            outcome(
                gold(
                    f"id {text}",
                    f"Is it {text}?",
                    HOSTILE_TEXTS[at - 1],
                    article=name,
                    type=f"type {text}",
                    stale=(text,),
                    history=((f"Was it {text}?", text),),
                ),
                (HOSTILE, text, 0.5),
                (HOSTILE, HOSTILE_TEXTS[at - 2], 0.1),
                found=(HOSTILE,),
            )
            for at, text in enumerate(HOSTILE_TEXTS)
        )
    )


def many(count: int, letters: str = "aeilnorst") -> tuple[Evaluation, dict[str, Article]]:
    """Make an evaluation of mistakes only, over long articles."""
    chance = random.Random(7)
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(900)]
    articles = [
        Article(
            f"long{at}",
            f"Article {at} {' '.join(chance.choices(words, k=8))}",
            "\n\n".join(
                " ".join(f"{' '.join(chance.choices(words, k=14))}." for _ in range(9))
                for _ in range(20)
            ),
            f"/articles/long{at}.txt",
        )
        for at in range(60)
    ]
    return Evaluation(tuple(_mistake(f"q{at}", articles, chance) for at in range(count))), {
        one.id: one for one in articles
    }


@cache
def _words(text: str) -> list[str]:
    return text.split(" ")


def _mistake(name: str, articles: Sequence[Article], chance: random.Random) -> Outcome:
    right, wrong = chance.sample(articles, 2)

    def quote(article: Article, count: int) -> str:
        words = _words(article.text)
        at = chance.randrange(50, len(words) - 50)
        return " ".join(words[at : at + count])

    return outcome(
        gold(
            name,
            f"{quote(wrong, 12)}?",
            *(quote(right, count) for count in (2, 3, 4)),
            article=right.source.rpartition("/")[2],
            type=chance.choice(("factoid", "number", "quote")),
        ),
        *((wrong, quote(wrong, 4), chance.random() / (rank + 1)) for rank in range(5)),
        found=(wrong, right),
        seconds=chance.lognormvariate(-2, 0.5),
    )
