"""The page's own small components: a bare skeleton, data as the value, a script that writes it.

Gradio 6.31 renders ``html_template`` with Handlebars and then *runs the outcome as a JavaScript
template literal*: a ``${...}`` in an article's text would be executed, and a lone backslash would
break the page. Handlebars escapes neither, so no data goes into a template here. The skeletons have
no placeholders, and the scripts put every text in as a text node, which cannot become markup and
keeps each code point.
"""

from __future__ import annotations

import itertools
from importlib.resources import files
from typing import Any

import gradio as gr

__all__ = ["component", "read_asset", "stamp"]

_stamps = itertools.count(1)


def stamp() -> int:
    """Give a number that no value had before: a value that is the same again reaches no script."""
    return next(_stamps)


def read_asset(name: str) -> str:
    """Read one of the files that lie beside this module, as text.

    Args:
        name: Its file name, such as ``page.css``.
    """
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def component(name: str, value: Any) -> gr.HTML:
    """Make the component whose skeleton and script are ``assets/NAME.html`` and ``assets/NAME.js``.

    Args:
        name: Also the id of its element on the page.
        value: What its script shows, as JSON holds it.
    """
    return gr.HTML(
        value,
        html_template=read_asset(f"{name}.html"),
        js_on_load=read_asset("elements.js") + read_asset(f"{name}.js"),
        apply_default_css=False,
        elem_id=name,
    )
