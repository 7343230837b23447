"""What the browser tests do on the page again and again."""

from __future__ import annotations

INPUT = "input[name=question]"
MARK = ".paper mark.quote"
IS_IN_PAPER = """selector => {
  const mark = document.querySelector(selector).getBoundingClientRect();
  const paper = document.querySelector('.paper').getBoundingClientRect();
  return mark.top >= paper.top && Math.min(mark.bottom, mark.top + 40) <= paper.bottom
    && paper.bottom <= innerHeight && mark.width > 0;
}"""
FITS = "document.documentElement.scrollWidth <= innerWidth"


def ask(page, question):
    """Ask, and give the last card that comes."""
    page.fill(INPUT, question)
    page.keyboard.press("Enter")
    return answered(page, question)


def answered(page, question):
    """Wait until a question is the last one and answered, and give the last card."""
    page.wait_for_function(
        """question => {
          const asked = [...document.querySelectorAll('.question')].at(-1)?.textContent;
          return asked === question && !document.querySelector('.pending');
        }""",
        arg=question.strip(),
    )
    return page.locator(".turn").last.locator(".card").last


def opened(page, label):
    page.locator(".pane-label", has_text=label).wait_for()


def text(page, selector):
    return page.locator(selector).evaluate("element => element.textContent")


def show_list(page):
    """Open the list of conversations, where it lies behind a button."""
    drawer = page.locator(".drawer")
    if drawer.is_visible() and drawer.get_attribute("aria-expanded") == "false":
        drawer.click()
    page.locator(".new").wait_for(state="visible")
