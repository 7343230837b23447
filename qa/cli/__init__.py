"""The command ``citespan``. Every heavy import happens inside the command that needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from qa.cli.opening import FAILED, OK, SOME_FAILED, USAGE
from qa.cli.parser import build_parser
from qa.errors import CitespanError

__all__ = ["FAILED", "OK", "SOME_FAILED", "USAGE", "build_parser", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What stands after ``citespan``; the process's own when None.

    Returns:
        0 when it worked (declining is an answer), 1 when it failed, 2 for wrong usage, 3 when some
        sources failed or some citations no longer stand.
    """
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CitespanError as error:
        print(f"citespan: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("citespan: interrupted; what was done before is kept", file=sys.stderr)
        return FAILED
