"""A matplotlib figure as SVG for inside an HTML page: no style attribute, no address, no colour.

Matplotlib writes a file of its own: a document type, metadata with addresses, a style sheet for
``*``, and colours in style attributes, which a strict Content-Security-Policy forbids. Here all of
that becomes plain attributes, and each colour of :data:`COLOURS` a class such as ``fill-ink``, so
that the page's style sheet says how it looks, by day and by night.
"""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "draw", "label"]

# Stand-ins that no figure would use: each becomes a class.
COLOURS = {
    "ink": "#010001",
    "soft": "#010002",
    "rule": "#010003",
    "blue": "#010004",
    "wash": "#010005",
    "sheet": "#010006",
    "poor": "#010007",
}
_CLASSES = {colour: name for name, colour in COLOURS.items()}
_FONT_SIZE = 9.5  # points
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": _FONT_SIZE,
    "axes.titlesize": _FONT_SIZE,
    "legend.frameon": False,
    "legend.labelcolor": COLOURS["ink"],
    "text.color": COLOURS["ink"],
    "text.parse_math": False,
    "axes.labelcolor": COLOURS["soft"],
    "axes.edgecolor": COLOURS["rule"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": COLOURS["rule"],
    "grid.linewidth": 0.7,
    "xtick.color": COLOURS["rule"],
    "ytick.color": COLOURS["rule"],
    "xtick.labelcolor": COLOURS["soft"],
    "ytick.labelcolor": COLOURS["soft"],
    "xtick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.major.size": 0,
    "lines.solid_capstyle": "round",
}
# What a figure's style attributes hold beside colours, and what the page says instead.
_DROPPED = {"font", "font-family"}
_ID = re.compile(r"#([\w.-]+)")
_LONGEST_LABEL = 28


def draw(name: str, size: tuple[float, float], fill: Callable[[Axes], None]) -> str:
    """Draw one pair of axes.

    Args:
        name: Tells this plot's ids from those of the page's other plots.
        size: Width and height in inches.
        fill: Draws on the axes, in :data:`COLOURS` only.

    Returns:
        An ``<svg>`` element; the same for the same drawing.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    written = io.StringIO()
    with mpl.rc_context(), warnings.catch_warnings():
        # A type's name may be in any script; the reader's browser has the font, not we.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update({**_STYLE, "svg.hashsalt": name})
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        figure.patch.set_visible(False)
        axes = figure.subplots()
        axes.patch.set_visible(False)
        fill(axes)
        figure.savefig(written, format="svg", metadata={"Date": None})
    root = ET.fromstring(written.getvalue())  # noqa: S314 (matplotlib's, which escapes its texts)
    return _inline(root, name)


def label(text: str) -> str:
    r"""Make a text fit for a plot's label: one short line of what can be printed.

    >>> label("two\nlines\x00"), label("x" * 40)
    ('two lines', 'xxxxxxxxxxxxxxxxxxxxxxxxxxx…')
    """
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1]}…"


def _inline(root: ET.Element, name: str) -> str:
    """Turn a figure's tree into an element of a page: the page's parser adds the namespaces."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in {"metadata", "style"}:
                parent.remove(child)
    used = {
        found for one in root.iter() for text in one.attrib.values() for found in _ID.findall(text)
    }
    for element in root.iter():
        element.tag = _local(element.tag)
        found = {_local(key): text for key, text in element.attrib.items()}
        if found.get("id") not in used:
            found.pop("id", None)
        element.attrib = _plain(found, name)
        element.tail = None
        if element.tag != "text":
            element.text = None
    view_box = root.attrib["viewBox"]
    root.attrib = {"class": "plot", "viewBox": view_box, "aria-hidden": "true"}
    return ET.tostring(root, encoding="unicode")


def _plain(found: dict[str, str], name: str) -> dict[str, str]:
    """Spread a style attribute, make colours classes, and tell ids from those of other plots."""
    style = dict(_declaration(one) for one in found.pop("style", "").split(";") if ":" in one)
    classes = []
    for key, value in style.items():
        if value in _CLASSES:
            classes.append(f"{key}-{_CLASSES[value]}")
        elif key not in _DROPPED:
            found[key] = value
    if classes:
        found["class"] = " ".join(classes)
    if "id" in found:
        found["id"] = f"{name}-{found['id']}"
    return {
        key: _ID.sub(rf"#{name}-\1", text) if "#" in text else text for key, text in found.items()
    }


def _declaration(text: str) -> tuple[str, str]:
    key, _, value = text.partition(":")
    return key.strip(), value.strip()


def _local(name: str) -> str:
    return name.rpartition("}")[2]
