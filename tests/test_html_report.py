"""The HTML report as text and as a tree; tests/browser looks at it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html
from report_fakes import (
    ARTICLES,
    BRIDGE,
    FIRE,
    HOSTILE,
    HOSTILE_TEXTS,
    HOSTILE_TITLE,
    SMALL,
    gold,
    hostile,
    many,
    outcome,
)

from qa.evaluation import plots
from qa.evaluation.evaluation import Evaluation, kind_of_error
from qa.evaluation.excerpts import Shelf, excerpts, occurrences
from qa.evaluation.figures import FIGURES
from qa.evaluation.html_report import html_report
from qa.evaluation.svg import draw
from qa.types import Article, Span

UNITS = {"%": (100, "{:.1f}%"), "ms": (1000, "{:.0f} ms"), "": (1, "{:.3f}")}
LIMIT = 5_000_000


@pytest.fixture(scope="module")
def small():
    return html_report(
        SMALL, ARTICLES, title="Seven questions", about=[("Library", "three articles")]
    )


def tree(page):
    return html.document_fromstring(page)


def marked(article, kind):
    """Join what is marked in one excerpt."""
    return "".join(
        one.text_content() for one in article.xpath(f".//mark[contains(@class,'{kind}')]")
    )


def mistakes(page):
    return tree(page).xpath("//article[@class='mistake']")


def fact(article, name):
    return article.xpath(f".//dl/div[dt='{name}']/dd")[0].text_content().strip()


def test_every_figure_is_the_evaluations(small):
    rows = {row.get("data-figure"): row for row in tree(small).xpath("//*[@data-figure]")}
    assert set(rows) == {figure.name for figure in FIGURES}
    for figure in FIGURES:
        value, (by, form) = SMALL.figure(figure.name), UNITS[figure.unit]
        said = rows[figure.name].xpath(".//*[@class='value']")[0].text_content()
        assert said == ("–" if value is None else form.format(value * by)), figure.name


@pytest.mark.parametrize("name", ["f1", "recall@5", "coverage@80", "answerable_auroc", "total_p95"])
def test_intervals_stand_beside_the_figures(small, name):
    row = tree(small).xpath(f"//*[@data-figure='{name}']")[0]
    interval = SMALL.interval(name, plots.DRAWS)
    by, form = UNITS[next(one.unit for one in FIGURES if one.name == name)]
    form = form.removesuffix("%").removesuffix(" ms")
    said = row.xpath(".//*[@class='interval']")[0].text_content()
    assert said == f"{form.format(interval.low * by)} to {form.format(interval.high * by)}"


def test_the_table_by_type_has_a_row_for_each_type_and_one_for_all(small):
    rows = tree(small).xpath("//table[@class='by-type']//tr")
    cells = [[cell.text_content() for cell in row] for row in rows]
    assert [row[:2] for row in cells[1:]] == [
        ["factoid", "4"],
        ["none", "2"],
        ["update", "1"],
        ["all", "7"],
    ]
    head = cells[0]
    for row, part in zip(cells[1:], [*SMALL.by_type().values(), SMALL], strict=True):
        f1 = part.figure("f1")
        assert row[head.index("F1")] == ("–" if f1 is None else f"{100 * f1:.1f}%")
        assert row[-1] == str(len(part.mistakes()))


def test_title_and_about_are_there(small):
    page = tree(small)
    assert (
        page.xpath("//h1")[0].text_content() == page.xpath("//title")[0].text == "Seven questions"
    )
    about = page.xpath("//dl[@class='about']/div")
    assert [[part.text_content() for part in one] for one in about] == [
        ["Library", "three articles"]
    ]


def test_every_mistake_is_there_the_most_confident_first(small):
    found = mistakes(small)
    wanted = SMALL.mistakes()
    assert [one.xpath(".//bdi[@class='id']")[0].text for one in found] == [
        "cup",
        "fell",
        "size",
        "seen",
        "mayor",
    ]
    assert [one.get("data-kind") for one in found] == [kind_of_error(one) for one in wanted]
    assert {one.get("data-kind") for one in found} == {
        "wrongly answered",
        "reader wrong",
        "retrieval missed",
        "wrongly declined",
    }
    assert [one.xpath(".//h3")[0].text for one in found] == [one.gold.question for one in wanted]


def test_a_mistake_says_what_was_predicted_expected_and_found(small):
    cup, fell, size, seen, mayor = mistakes(small)
    assert (fact(cup, "predicted"), fact(cup, "gold")) == ("A shepherd", "none: to be declined")
    assert fact(fell, "retrieved") == "passage 2 of 2"
    assert [one.text for one in fell.xpath(".//details//li/bdi")] == ["Sunday"]
    assert fact(size, "stale") == "9,700 hectares (true once)"
    assert fact(seen, "retrieved") == "not among the 1 passages found"
    assert fact(mayor, "declined") == "best candidate: Ada Holm"


def test_predicted_and_gold_are_marked_in_one_excerpt_where_they_share_a_paragraph(small):
    _, fell, size, seen, _ = mistakes(small)
    assert [marked(one, "predicted") for one in fell.xpath(".//blockquote")] == ["1967"]
    assert [marked(one, "gold") for one in fell.xpath(".//blockquote")] == ["on Sunday"]
    assert marked(size.xpath(".//blockquote")[0], "gold") == "14,350 hectares"
    assert [marked(one, "predicted") for one in seen.xpath(".//blockquote")] == ["Ada Holm", ""]
    assert [marked(one, "gold") for one in seen.xpath(".//blockquote")] == ["", "A shepherd"]


def test_a_span_that_is_both_is_marked_as_both(small):
    (excerpt,) = mistakes(small)[-1].xpath(".//blockquote")
    assert [(one.get("class"), one.text) for one in excerpt.xpath(".//mark")] == [
        ("predicted gold", "Ada Holm")
    ]


@pytest.fixture(scope="module")
def nasty():
    about = [(text, text) for text in HOSTILE_TEXTS]
    return html_report(hostile(), {HOSTILE.id: HOSTILE}, title=HOSTILE_TITLE, about=about)


@pytest.mark.parametrize("at", range(len(HOSTILE_TEXTS)))
def test_hostile_texts_are_marked_exactly_and_stay_text(nasty, at):
    wanted = next(
        one for one in mistakes(nasty) if fact(one, "predicted") == HOSTILE_TEXTS[at].strip()
    )
    assert (
        "".join(marked(one, "predicted") for one in wanted.xpath(".//blockquote"))
        == HOSTILE_TEXTS[at]
    )
    expected = HOSTILE_TEXTS[at - 1]
    assert expected in [marked(one, "gold") for one in wanted.xpath(".//blockquote")]
    assert wanted.xpath(".//h3")[0].text_content() == f"Is it {HOSTILE_TEXTS[at]}?"
    assert wanted.get("data-type") == f"type {HOSTILE_TEXTS[at]}"


def test_hostile_texts_make_no_elements(nasty):
    page = tree(nasty)
    assert page.xpath("//h1")[0].text_content() == HOSTILE_TITLE
    assert len(page.xpath("//script")) == len(page.xpath("//style")) == 1
    assert not page.xpath(
        "//img | //svg[not(@class)] | //i[.='this'] | //u | //*[@onload or @onerror or @style]"
    )


@pytest.mark.parametrize("page", ["small", "nasty"])
def test_nothing_is_fetched(page, request):
    page = request.getfixturevalue(page)
    assert not re.findall(r"https?:|(?:src|href)=\"(?!#)|url\((?!#)|@import", page)
    policy = tree(page).xpath("//meta[@http-equiv]")[0].get("content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_ids_occur_once_and_every_reference_has_its_target(small):
    ids = re.findall(r"\sid=\"([^\"]+)\"", small)
    assert len(ids) == len(set(ids))
    assert {
        one
        for pair in re.findall(r"href=\"#([^\"]+)\"|url\(#([^)]+)\)", small)
        for one in pair
        if one
    } <= set(ids)


def test_the_same_evaluation_gives_the_same_page(small):
    again = html_report(
        SMALL, ARTICLES, title="Seven questions", about=[("Library", "three articles")]
    )
    assert again == small


@pytest.mark.parametrize(
    ("kept", "nothing"),
    [
        pytest.param([], 8, id="no-question"),
        pytest.param(["built"], 1, id="one-right-answer"),
        pytest.param(["fell"], 0, id="one-mistake"),
        pytest.param(["cup", "lost"], 2, id="none-answerable"),
        pytest.param(["built", "fell", "size"], 0, id="all-answerable"),
    ],
)
def test_small_evaluations_render_and_say_what_is_missing(kept, nothing):
    part = Evaluation(tuple(one for one in SMALL.outcomes if one.gold.id in kept))
    page = html_report(part, ARTICLES, title="Part")
    said = re.findall(r"<p class=\"nothing\">([^<]*)", page)
    assert all(one.startswith("Nothing to show") for one in said)
    assert len(said) == nothing
    assert len(mistakes(page)) == len(part.mistakes())
    assert len(tree(page).xpath("//svg")) == (0 if not kept else 5 if "cup" not in kept else 3)


def test_an_interrupted_run_says_so():
    page = html_report(replace(SMALL, complete=False), ARTICLES, title="Part")
    assert "The run was interrupted" in page


@pytest.mark.parametrize("letters", ["aeilnorst", "的一是不了人我在有他"])
def test_1500_mistakes_over_long_articles_stay_below_5_mb(letters):
    evaluation, articles = many(1500, letters)
    page = html_report(evaluation, articles, title="Many")
    assert page.count('<article class="mistake"') == len(evaluation.mistakes()) > 1400
    assert len(page.encode()) < LIMIT
    assert page.count('class="predicted"') == len(evaluation.mistakes()) + 1  # the legend's
    assert "No gold article holds" not in page


def test_texts_without_end_are_cut():
    endless = Article("endless", "t" * 100_000, f"{'x' * 200_000} y", "/articles/endless.txt")
    asked = gold(
        "q" * 100_000, "? " * 100_000, "y" * 100_000, article="endless.txt", type="z" * 300
    )
    evaluation = Evaluation((outcome(asked, (endless, "x" * 150_000, 0.5)),))
    page = html_report(evaluation, {endless.id: endless}, title="Endless")
    assert len(page.encode()) < 200_000
    assert "x" * 400 in page


def test_what_html_cannot_hold_is_replaced():
    evaluation = Evaluation((outcome(gold("a", "nul \x00 half \ud83d", type="\x01 $x$ \x00")),))
    page = html_report(Evaluation((*evaluation.outcomes, *SMALL.outcomes)), ARTICLES, title="\x00")
    assert "nul \ufffd half \ufffd" in html_report(
        Evaluation((outcome(gold("a", "nul \x00 half \ud83d", "b")),)), {}, title="t"
    )
    assert "\x00" not in page
    page.encode()


def test_an_article_that_is_gone_or_has_changed_is_said_so():
    changed = replace(BRIDGE, text=BRIDGE.text.replace("1967", "1968"))
    part = Evaluation((SMALL.outcomes[1],))
    for articles in ({}, {changed.id: changed}):
        page = html_report(part, articles, title="Changed")
        assert "The article of the predicted span is gone or has changed." in page
        assert fact(mistakes(page)[0], "predicted") == "1967"


@pytest.mark.parametrize(
    ("text", "answers", "found"),
    [
        pytest.param("In 1936, 36 died, 36.", ["36"], ["36", "36"], id="whole-words"),
        pytest.param("The May of may", ["may"], ["may"], id="own-case-first"),
        pytest.param("THE MAY", ["may"], ["MAY"], id="any-case-then"),
        pytest.param("US$5 and $5m", ["$5"], ["$5"], id="punctuation-at-the-end"),
        pytest.param("Ada\n  Holm", ["Ada Holm"], ["Ada\n  Holm"], id="over-a-line-end"),
        pytest.param("在北京市", ["北京"], ["北京"], id="no-spaces-between-words"),
        pytest.param("a.c abc", ["a.c", ""], ["a.c"], id="no-pattern"),
        pytest.param("x", ["y"], [], id="nowhere"),
    ],
)
def test_answers_are_found(text, answers, found):
    assert [span.of(text) for span in occurrences(text, answers)] == found


def test_excerpts_are_short_hold_their_marks_and_are_the_articles_text():
    evaluation, articles = many(60)
    shelf = Shelf(articles)
    for one in evaluation.outcomes:
        found = excerpts(one, shelf, 400)
        for excerpt in found:
            said = "".join(piece.text for piece in excerpt.pieces)
            assert said == excerpt.span.of(excerpt.article.text)
            assert len(said) <= 400
        predicted = "".join(piece.text for piece in found[0].pieces if piece.predicted)
        assert predicted == one.best
        golds = [piece.text for piece in found[-1].pieces if piece.gold]
        assert any(answer in piece for answer in one.gold.answers for piece in golds)


def test_gold_is_shown_where_it_shares_most_words_with_the_question():
    article = Article(
        "two", "Two", "In 2018 it rained.\n\nThe mayor was elected in 2018.", "/articles/two.txt"
    )
    asked = gold("q", "When was the mayor elected?", "2018", article="two.txt")
    (found,) = excerpts(outcome(asked), Shelf({"two": article}), 400)
    assert "".join(piece.text for piece in found.pieces) == "The mayor was elected in 2018."
    assert (found.cut_before, found.cut_after) == (True, False)


def test_each_expected_item_of_a_list_has_its_excerpt():
    asked = gold(
        "q",
        "What?",
        article="fire.txt",
        answer_sets=(("shepherd",), ("14,350 hectares",)),
        type="list",
    )
    found = excerpts(outcome(asked), Shelf({FIRE.id: FIRE}), 400)
    golds = [[piece.text for piece in one.pieces if piece.gold] for one in found]
    assert golds == [["shepherd"], ["14,350 hectares"]]


def test_overlapping_spans_are_cut_where_they_overlap():
    asked = gold("q", "When?", "Sunday at 8:25 a.m.", article="bridge.txt")
    (found,) = excerpts(outcome(asked, (BRIDGE, "fell on Sunday", 0.5)), Shelf(ARTICLES), 400)
    assert [(one.text, one.predicted, one.gold) for one in found.pieces[1:]] == [
        ("fell on ", True, False),
        ("Sunday", True, True),
        (" at 8:25 a.m.", False, True),
    ]
    assert found.span == Span(22, 108)


def test_plots_hold_classes_for_colours_and_no_style():
    svg = plots.reliability(SMALL)
    assert "style=" not in svg
    assert "#" not in re.sub(r"(?:href=\"|url\()#reliability-", "", svg)
    assert 'class="fill-blue' in svg or "stroke-blue" in svg


def test_a_plot_writes_any_label_as_text():
    labels = ["<script>", "$x^2$ & y", "مرحبا", "👩‍👩‍👧"]

    def fill(axes):
        axes.set_yticks(range(4), labels)

    svg = html.fragment_fromstring(draw("labels", (4, 3), fill))
    assert set(labels) <= {one.text_content() for one in svg.iter("text")}
