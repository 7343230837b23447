"""The plots of an evaluation, each an ``<svg>`` element; an empty text where nothing can be shown.

The shares are in percent. Risk and coverage: El-Yaniv and Wiener 2010; the reliability diagram:
DeGroot and Fienberg 1983, in bins of equal mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.evaluation import Evaluation, sure_and_right
from qa.evaluation.svg import COLOURS, draw, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DRAWS", "f1_by_type", "latency", "recall_at_k", "reliability", "risk_coverage"]

DRAWS = 200  # of a bootstrap interval, as in the terminal's table

_RANKS = (1, 5, 10, 20)
_SIZE = (4.8, 3.4)  # inches: 346 points, about what a phone is wide
_BINS = 10
_BAR = 0.62  # of the room between two bars
_MOST_TYPES = 40
_WIDE_RANGE = 10.0  # slowest through fastest, from where on times are on a log scale
_SHORTEST = 1e-5  # seconds: what a clock of no use says is drawn as this


def reliability(evaluation: Evaluation) -> str:
    """Draw how often answers of a confidence are right, declined ones too, against the diagonal."""
    if not len(evaluation):
        return ""
    bins = metrics.reliability(*sure_and_right(evaluation.outcomes), min(_BINS, len(evaluation)))

    def fill(axes: Axes) -> None:
        sure = [100 * mean for mean, _, _ in bins]
        right = [100 * share for _, share, _ in bins]
        axes.plot([0, 100], [0, 100], color=COLOURS["soft"], linewidth=1, linestyle=(0, (4, 3)))
        axes.vlines(sure, sure, right, color=COLOURS["wash"], linewidth=5)
        axes.plot(sure, right, "o-", color=COLOURS["blue"], linewidth=1.6, markersize=5)
        axes.set(xlabel="confidence, %", ylabel="right, %", xlim=(-2, 102), ylim=(-2, 102))

    return draw("reliability", _SIZE, fill)


def risk_coverage(evaluation: Evaluation) -> str:
    """Draw the share of wrong answers against the share of questions answered, surest first."""
    if not len(evaluation):
        return ""
    coverage, risk = metrics.risk_coverage(*sure_and_right(evaluation.outcomes))
    answered = [one for one in evaluation.outcomes if not one.declined]

    def fill(axes: Axes) -> None:
        axes.plot(100 * coverage, 100 * risk, color=COLOURS["blue"], linewidth=1.6)
        for wrong in (10, 20):
            axes.axhline(wrong, color=COLOURS["soft"], linewidth=0.8, linestyle=(0, (4, 3)))
        if answered:
            share = len(answered) / len(evaluation)
            wrong_now = np.mean([not one.right for one in answered])
            axes.plot(
                [100 * share],
                [100 * wrong_now],
                "o",
                color=COLOURS["ink"],
                markersize=6,
                label="as asked",
                linestyle="none",
            )
            axes.legend(loc="upper left")
        axes.set(
            xlabel="answered, %", ylabel="wrong, % of answered", xlim=(-2, 102), ylim=(-2, 102)
        )

    return draw("risk", _SIZE, fill)


def recall_at_k(evaluation: Evaluation) -> str:
    """Draw the share of answerable questions with a right hit among the first k, by k."""
    found = [evaluation.figure(f"recall@{rank}") for rank in _RANKS]
    shares = [100 * one for one in found if one is not None]
    if len(shares) < len(_RANKS):
        return ""
    whiskers = _whiskers([(evaluation, f"recall@{rank}") for rank in _RANKS], shares)

    def fill(axes: Axes) -> None:
        places = range(len(_RANKS))
        axes.bar(places, shares, width=_BAR, color=COLOURS["wash"])
        _points(axes, places, shares, fmt="o-", linewidth=1.6, yerr=whiskers)
        for place, share, up in zip(places, shares, whiskers[1], strict=True):
            axes.text(place, share + up + 3, f"{share:.1f}", ha="center")
        axes.set_xticks(places, [str(rank) for rank in _RANKS])
        axes.grid(visible=False, axis="x")
        axes.set(
            xlabel="k, passages", ylabel="Recall@k, %", ylim=(0, 114), yticks=range(0, 101, 20)
        )

    return draw("recall", _SIZE, fill)


def latency(evaluation: Evaluation) -> str:
    """Draw a histogram of the answers' total times, with its p50, p95 and p99."""
    if not len(evaluation):
        return ""
    times = 1000 * np.maximum([one.seconds for one in evaluation.outcomes], _SHORTEST)
    low, high = float(times.min()), float(times.max())
    wide = high / low > _WIDE_RANGE
    room = max(high - low, high * 0.05)
    count = int(np.clip(np.sqrt(len(times)) * 1.5, 5, 40))
    edges = (
        np.geomspace(low, high * 1.0001, count + 1)
        if wide
        else np.linspace(max(0, low - 0.02 * room), high + 0.02 * room, count + 1)
    )

    def fill(axes: Axes) -> None:
        axes.hist(times, bins=edges.tolist(), color=COLOURS["wash"], edgecolor=COLOURS["blue"])
        top = axes.get_ylim()[1] * 1.3
        for percent, height in ((50, 0.95), (95, 0.87), (99, 0.79)):
            at = float(np.percentile(times, percent))
            axes.vlines(at, 0, top * height, color=COLOURS["ink"], linewidth=1)
            axes.annotate(
                f"p{percent} {at:,.3g} ms",
                (at, top * height),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
            )
        if wide:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:,g}")
            axes.xaxis.set_minor_formatter("")
        axes.set_xlim(right=high * (high / low) ** 0.35 if wide else high + 0.45 * room)
        axes.grid(visible=False, axis="x")
        axes.set(xlabel="time to answer, ms", ylabel="questions", ylim=(0, top))

    return draw("latency", _SIZE, fill)


def f1_by_type(evaluation: Evaluation) -> str:
    """Draw F1 on the answerable questions of each type, best first, and in all."""
    rows = [(name, part, part.figure("f1")) for name, part in evaluation.by_type().items()]
    known = [(label(name), part, 100 * f1) for name, part, f1 in rows if f1 is not None]
    if not known:
        return ""
    known = sorted(known, key=lambda row: (-row[2], row[0]))[:_MOST_TYPES]
    shares = [f1 for _, _, f1 in known]
    whiskers = _whiskers([(part, "f1") for _, part, _ in known], shares)

    def fill(axes: Axes) -> None:
        places = range(len(known))
        axes.barh(places, shares, height=_BAR, color=COLOURS["wash"])
        _points(axes, shares, places, fmt="o", xerr=whiskers)
        for place, (_, part, f1), up in zip(places, known, whiskers[1], strict=True):
            count = sum(one.gold.answerable for one in part.outcomes)
            axes.text(f1 + up + 2, place, f"{f1:.1f}  (n = {count})", va="center")
        axes.set_yticks(places, [name for name, _, _ in known])
        axes.tick_params(axis="y", labelcolor=COLOURS["ink"])
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="F1, %", xlim=(0, 134), xticks=range(0, 101, 20))

    return draw("types", (_SIZE[0], 0.8 + 0.34 * len(known)), fill)


def _points(
    axes: Axes, across: Sequence[float], up: Sequence[float], **whiskers_and_line: Any
) -> None:
    """Draw points over bars, with the whiskers of their intervals."""
    axes.errorbar(
        across,
        up,
        color=COLOURS["blue"],
        elinewidth=1.2,
        capsize=3,
        markersize=5,
        **whiskers_and_line,
    )


def _whiskers(
    wanted: list[tuple[Evaluation, str]], shares: list[float]
) -> tuple[list[float], list[float]]:
    """Give how far each 95% interval reaches below and above its share, in percent."""
    below, above = [], []
    for (part, name), share in zip(wanted, shares, strict=True):
        interval = part.interval(name, DRAWS)
        low, high = (interval.low, interval.high) if interval is not None else (0.0, 0.0)
        below.append(max(0.0, share - 100 * low) if interval is not None else 0.0)
        above.append(max(0.0, 100 * high - share))
    return below, above
