"""The command ``citespan train``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from time import monotonic

from qa.cli.opening import OK, settings_of
from qa.errors import TrainingError
from qa.settings import BUNDLED_READER

__all__ = ["train_reader"]

_SECONDS_BETWEEN_LINES = 30.0


def train_reader(options: argparse.Namespace) -> int:
    """Train a reader on question files and write it as a folder, or calibrate one."""
    if options.calibrate_only:
        return _calibrate(options)
    if not options.files:
        raise TrainingError("there is nothing to learn from; name files of questions")
    from qa.training.loop import Progress
    from qa.training.recipe import Recipe, Source
    from qa.training.train import train

    given = {
        one.name: getattr(options, one.name)
        for one in fields(Recipe)
        if getattr(options, one.name, None) is not None
    }
    start = options.start if options.start is not None else BUNDLED_READER
    recipe = Recipe(
        **{**given, "start": start, "sources": tuple(Source.parse(one) for one in options.files)}
    )
    last = monotonic()

    def on_step(now: Progress) -> None:
        nonlocal last
        if monotonic() - last >= _SECONDS_BETWEEN_LINES or now.step == now.steps:
            last = monotonic()
            _tell(
                f"step {now.step:,} of {now.steps:,}, loss {now.loss:.3f}, "
                f"{now.speed:.1f} questions a second, {now.left / 60:.0f} minutes left"
            )

    trained = train(
        recipe,
        Path(options.out),
        dev=options.dev or (),
        dev_limit=options.dev_limit,
        library=options.library,
        resume=options.resume,
        tell=_tell,
        on_step=on_step,
    )
    for one in trained.stage.dev:
        print(f"{one.name}: F1 {one.f1:.1f} of {one.questions} questions")
    print(f"the reader is in {options.out}; ask it with --reader {options.out}")
    return OK


def _calibrate(options: argparse.Namespace) -> int:
    """Fit the curve of a reader that is there already."""
    from qa.reading import reader_folder
    from qa.training.calibrate import calibrate_reader

    given = {"per_pool": options.questions} if options.questions is not None else {}
    curve = calibrate_reader(
        reader_folder(options.out),
        [Path(one) for one in options.files],
        [Path(one) for one in options.own or ()],
        settings=settings_of(options),
        tell=_tell,
        **given,
    )
    print(f"calibrated on {curve.source}; declines below {curve.threshold:.3f}")
    return OK


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
