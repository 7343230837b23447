"""The chat page for a Gradio host; at home, ``citespan chat`` serves the same page."""

from qa.web import build_page, launch_options

demo = build_page()

if __name__ == "__main__":
    demo.launch(**launch_options())
