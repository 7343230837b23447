"""The head of an article in text and Markdown: exact titles, dates, authors, outlets."""

# ruff: noqa: E501 - pages and tables of cases have long lines

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qa.ingest import parse
from qa.ingest.dates import find_date, parse_date
from qa.ingest.names import read_names

BODY = "\n\nThe wall of Marl was opened on Monday, and 40 people watched it from the other bank.\n\nIt rained on 3 May 2019.\n"


def _known(text: str, name: str = "a.txt"):
    found = parse(text.encode(), Path(name))
    return found.title, found.published, found.author, found.outlet


@pytest.mark.parametrize(
    ("head", "known"),
    [
        pytest.param(
            "Wall opens\nMarl stays dry; 40 people watch\nThe wall on Monday. Ada Pohl / BPA\nJuly 17, 2021\n\n"
            "MARL, Cantreva (BPA) — The wall has been opened.",
            (date(2021, 7, 17), "", "BPA"), id="caption, date, dateline",
        ),
        pytest.param("Wall opens\nBPA\nFeb. 10, 2023", (date(2023, 2, 10), "", "BPA"), id="agency"),
        pytest.param("Wall opens\nMarl Tribune\n12 November 2023", (date(2023, 11, 12), "", "Marl Tribune"), id="outlet"),
        pytest.param(
            "Wall opens\nBy Felix Aubrey, Marl Tribune\nMonday, 2 August 2021",
            (date(2021, 8, 2), "Felix Aubrey", "Marl Tribune"), id="byline",
        ),
        pytest.param(
            "Wall opens\n\nBy Ada Pohl and Jo Beck in Marl\n\nPublished 3 March 2024, 14:05",
            (date(2024, 3, 3), "Ada Pohl and Jo Beck", ""), id="two authors, published",
        ),
        pytest.param(
            "Wall opens\nAda Pohl | Marl Lantern | 2023-03-28", (date(2023, 3, 28), "Ada Pohl", "Marl Lantern"),
            id="one line",
        ),
        pytest.param("Wall opens\nAda Pohl, Marl Mail", (None, "Ada Pohl", "Marl Mail"), id="names without by"),
        pytest.param("Wall opens\nBy Ada Pohl and BPA\n2 May 2022", (date(2022, 5, 2), "Ada Pohl", "BPA"), id="author and agency"),
        pytest.param("Wall opens\nBy Ada Pohl for the Marl Lantern", (None, "Ada Pohl", "Marl Lantern"), id="for"),
        pytest.param("Wall opens\nBy Ada Pohl, science correspondent", (None, "Ada Pohl", ""), id="role"),
        pytest.param("Wall opens\nMarl Tribune / BPA\n6 Sept. 2022", (date(2022, 9, 6), "", "Marl Tribune / BPA"), id="two outlets"),
        pytest.param("Wall opens\nUpdated 4 March 2024\nPublished 3 March 2024", (date(2024, 3, 3), "", ""), id="updated"),
        pytest.param("Wall opens\nDate: 2024-01-05\nAuthor: Ada Pohl\nSource: Marl Echo", (date(2024, 1, 5), "Ada Pohl", "Marl Echo"), id="labels"),
        pytest.param("Wall opens\n03/04/2024", (None, "", ""), id="ambiguous"),
        pytest.param("Wall opens\nIt was built for 3 May 2020", (None, "", ""), id="date in a standfirst"),
        pytest.param("Wall opens\nMARL, 3 May 2020 (BPA) — The wall has been opened.", (date(2020, 5, 3), "", "BPA"), id="dated dateline"),
        pytest.param("Wall opens\nAda Pohl / BPA", (None, "", ""), id="credit alone"),
        pytest.param("Wall opens", (None, "", ""), id="nothing"),
    ],
)  # fmt: skip
def test_head_of_a_text(head, known):
    assert _known(head + BODY) == ("Wall opens", *known)


def test_a_date_before_the_headline_is_no_headline():
    assert _known("March 6, 2022\n\nWall opens" + BODY) == ("Wall opens", date(2022, 3, 6), "", "")


def test_prose_gives_no_date_and_no_names():
    text = (
        "The wall was opened on 3 May 2020 by Ada Pohl of the Marl Tribune.\n\n"
        "By evening the river had fallen. The National Forest Service (NFS) — which had warned of it — was glad.\n\n"
        "4 May 2020\n\nMarl Tribune\n"
    )
    assert _known(text)[1:] == (None, "", "")


def test_a_long_first_line_is_cut_at_a_word():
    title = _known("wall " * 100 + "\n")[0]
    assert title == "wall " * 39 + "wall…"
    assert _known("x" * 500)[0] == "x" * 199 + "…"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param(
            "# Wall *opens*\n\n*Marl stays dry*\n\n20 July 2021\n\n**From our correspondent Iris Vaughn, Marl Tribune**",
            ("Wall opens", date(2021, 7, 20), "Iris Vaughn", "Marl Tribune"), id="emphasis",
        ),
        pytest.param("# Wall opens\n\n6 Sept. 2022\n\n**Marl Tribune / BPA**", ("Wall opens", date(2022, 9, 6), "", "Marl Tribune / BPA"), id="bold outlet"),
        pytest.param(
            "---\ntitle: Other\ndate: 2022-05-19\nauthor: [Nell Harrow, Jo Beck]\noutlet: Marl Mail\n---\n\n# Wall opens",
            ("Wall opens", date(2022, 5, 19), "Nell Harrow, Jo Beck", "Marl Mail"), id="front matter",
        ),
        pytest.param("---\ntitle: 'Wall: opened'\ndate: 19 May 2022\n---\nIt rained.\n\n## Later", ("Wall: opened", date(2022, 5, 19), "", ""), id="title in front"),
        pytest.param("Wall opens\n==========\n\nMarl Echo\n\n2 May 2022", ("Wall opens", date(2022, 5, 2), "", "Marl Echo"), id="underlined"),
        pytest.param("**Wall opens**\n\n2 May 2022\n\n## Marl Rejoices", ("Wall opens", date(2022, 5, 2), "", ""), id="bold headline"),
        pytest.param("```\n# no heading\n```\n\n# Wall [opens](x.html) ##", ("Wall opens", None, "", ""), id="fence"),
        pytest.param("---\ntitle: [broken\ndate: 2022-05-19\n---\n# Wall opens", ("Wall opens", date(2022, 5, 19), "", ""), id="broken front matter"),
        pytest.param("---\nauthor: {name: Ada Pohl}\nsource: https://example.org\n---\n# Wall opens", ("Wall opens", None, "Ada Pohl", ""), id="object and address"),
        pytest.param("# snake_case_name and 2*3*4", ("snake_case_name and 2*3*4", None, "", ""), id="no markup"),
    ],
)  # fmt: skip
def test_head_of_a_markdown_file(text, known):
    assert _known(text + BODY, "a.md") == known


@pytest.mark.parametrize(
    "front",
    [
        pytest.param("---\n: [\n---\n", id="broken"),
        pytest.param("---\njust words\n---\n", id="no mapping"),
        pytest.param("---\nwhen: 2022-13-45\n---\n", id="impossible date"),
        pytest.param("---\na: !!python/object/apply:os.system [echo]\n---\n", id="python object"),
        pytest.param("---\na: " + "[" * 3000 + "\n---\n", id="deep"),
        pytest.param("---\ntitle: x\n", id="never closed"),
    ],
)
def test_front_matter_that_cannot_be_read_stays_in_the_text(front):
    assert parse((front + BODY).encode(), Path("a.md")).text == front + BODY


def test_yaml_that_multiplies_itself_is_not_spelt_out():
    lines = ["a0: &a0 [x, x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)
    ]
    text = "---\n" + "\n".join(lines) + "\nauthor: *a29\ntitle: *a29\n---\n# Wall opens" + BODY
    assert _known(text, "a.md") == ("Wall opens", None, "", "")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        pytest.param("July 17, 2021", date(2021, 7, 17), id="us"),
        pytest.param("Feb. 10, 2023", date(2023, 2, 10), id="us short"),
        pytest.param("12 November 2023", date(2023, 11, 12), id="uk"),
        pytest.param("Monday, 2 August 2021", date(2021, 8, 2), id="weekday"),
        pytest.param("Thu 1 Aug 2024", date(2024, 8, 1), id="weekday short"),
        pytest.param("6 Sept. 2022", date(2022, 9, 6), id="sept"),
        pytest.param("2023-03-28", date(2023, 3, 28), id="iso"),
        pytest.param("2023-02-24T23:30:00.000+01:00", date(2023, 2, 24), id="iso time"),
        pytest.param("Tue, 14 Nov 2023 10:00:00 GMT", date(2023, 11, 14), id="rfc 2822"),
        pytest.param("Published 3 March 2024, 14:05", date(2024, 3, 3), id="published"),
        pytest.param("Published on March 3rd, 2024 at 2:05 p.m. EST", date(2024, 3, 3), id="p.m."),
        pytest.param("Last updated: 3 May 2020", date(2020, 5, 3), id="updated alone"),
        pytest.param("3rd of May, 2020", date(2020, 5, 3), id="ordinal"),
        pytest.param("28/03/2023", date(2023, 3, 28), id="day first"),
        pytest.param("3/28/2023", date(2023, 3, 28), id="month first"),
        pytest.param("03/03/2024", date(2024, 3, 3), id="same either way"),
        pytest.param("03/04/2024", None, id="ambiguous"),
        pytest.param("31 April 2020", None, id="no such day"),
        pytest.param("May 2020", None, id="no day"),
        pytest.param("3 May", None, id="no year"),
        pytest.param("3 May 2020 was wet", None, id="prose"),
        pytest.param("version 1.2.2020.3", None, id="version"),
        pytest.param("", None, id="empty"),
    ],
)
def test_dates(line, day):
    assert parse_date(line) == day


def test_a_line_too_long_for_a_date_line_is_not_searched():
    assert find_date("x " * 200 + "3 May 2020") is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Two die",
        "By evening the blaze had burned",
        "Fire kills 3",
        "World News",
        "Where it stands",
        "By 2019 It Had Gone",
    ],
)
def test_lines_that_name_nobody_for_sure(line):
    names = read_names(line)
    assert names is None or not names.sure
