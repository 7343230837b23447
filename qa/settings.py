"""Every default of the project, with its unit and its reason.

A value is taken from, in this order: what the caller passes, the environment (``CITESPAN_`` and the
field's name in capitals), the settings file (TOML, ``$CITESPAN_SETTINGS`` or
``citespan/settings.toml`` in the user's configuration folder), the default below.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from qa.errors import SettingsError

__all__ = ["BUNDLED_EMBEDDER", "BUNDLED_READER", "Settings", "cache_folder"]

BUNDLED_EMBEDDER = "all-MiniLM-L6-v2"
BUNDLED_READER = "citespan"

_PREFIX = "CITESPAN_"
_MAC_SUPPORT = "Library/Application Support"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set. Frozen: ``dataclasses.replace`` makes another.

    Args:
        library: Folder of the default library.
        embedder: ``all-MiniLM-L6-v2`` (bundled), or any sentence-transformers model by name or
            folder.
        reader: ``citespan`` (shipped with the package), or any extractive QA model by name or
            folder.
        passages: Chunks that the reader reads per question. Eight, because what the retriever ranks
            below that rarely holds the answer and each passage costs the reader tens of
            milliseconds.
        confidence: Answer only when at least so sure, in [0, 1]. None takes the threshold in the
            reader's calibration.json: the one of the best F1 over all questions of the public news
            set that its `source` names, found by `citespan train --calibrate-only` (see
            docs/decisions.md). For questions of your own,
            `citespan eval FILE --suggest-threshold --precision 90` prints another.
        overlap: Sentences that a chunk repeats of the one before it.
        alternatives: Runner-up answers kept with each answer.
        host: Address that the chat listens on. Loopback, because articles are private unless
            somebody decides otherwise.
        port: First port that the chat tries.

    Raises:
        SettingsError: If a value is out of its range.
    """

    library: Path = field(default_factory=lambda: _user_folder("data") / "library")
    embedder: str = BUNDLED_EMBEDDER
    reader: str = BUNDLED_READER
    passages: int = 8
    confidence: float | None = None
    overlap: int = 1
    alternatives: int = 5
    host: str = "127.0.0.1"
    port: int = 7860

    def __post_init__(self) -> None:
        _check(1 <= self.passages <= 100, "passages", self.passages, "a whole number from 1 to 100")
        sure = self.confidence
        _check(sure is None or 0 <= sure <= 1, "confidence", sure, "a number from 0 to 1")
        _check(0 <= self.overlap <= 5, "overlap", self.overlap, "a whole number from 0 to 5")
        _check(
            0 <= self.alternatives <= 50, "alternatives", self.alternatives, "a number from 0 to 50"
        )
        _check(1 <= self.port <= 65535, "port", self.port, "a number from 1 to 65535")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
        """Gather the settings from file, environment and caller.

        Args:
            environ: The environment; the process's own when None.
            **given: Values that the caller set; None counts as not set.

        Raises:
            SettingsError: If the file cannot be read or a value cannot be used.
        """
        environment = os.environ if environ is None else environ
        values: dict[str, Any] = dict(_from_file(environment))
        for one in fields(cls):
            text = environment.get(_PREFIX + one.name.upper())
            if text:
                values[one.name] = text
        values.update({name: value for name, value in given.items() if value is not None})
        return replace(cls(), **{name: _convert(name, value) for name, value in values.items()})


def cache_folder() -> Path:
    """Name the folder for what can be made again, such as exported models."""
    return _user_folder("cache")


def _check(holds: bool, name: str, found: object, wanted: str) -> None:
    if not holds:
        raise SettingsError(f"{name} must be {wanted}, found {found!r}")


def _from_file(environ: Mapping[str, str]) -> dict[str, Any]:
    named = environ.get(_PREFIX + "SETTINGS")
    path = Path(named) if named else _user_folder("config", environ) / "settings.toml"
    if not named and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {path} is not valid TOML: {error}") from error


def _convert(name: str, value: Any) -> Any:
    kinds: dict[str, Callable[[Any], Any]] = {
        "library": Path,
        "passages": _whole,
        "overlap": _whole,
        "alternatives": _whole,
        "port": _whole,
        "confidence": _number,
    }
    if name not in {one.name for one in fields(Settings)}:
        known = ", ".join(one.name for one in fields(Settings))
        raise SettingsError(f"there is no setting {name!r}; there are {known}")
    try:
        return kinds[name](value) if name in kinds else _text(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{name} cannot be {value!r}: {error}") from error


def _whole(value: Any) -> int:
    # int() alone would make 1 of true and 8 of 8.7.
    if not isinstance(value, int | str) or isinstance(value, bool):
        raise TypeError("it is no whole number")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("it is no number")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("it is no text")
    return value


def _user_folder(kind: str, environ: Mapping[str, str] | None = None) -> Path:
    """Name citespan's folder for "data" or "config", as this platform does it."""
    environment = os.environ if environ is None else environ
    home = Path.home()
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA", home / "AppData/Local")) / "citespan"
    if sys.platform == "darwin":
        return home / _MAC_SUPPORT / "citespan"
    variable, default = {
        "data": ("XDG_DATA_HOME", ".local/share"),
        "config": ("XDG_CONFIG_HOME", ".config"),
        "cache": ("XDG_CACHE_HOME", ".cache"),
    }[kind]
    return Path(environment.get(variable) or home / default) / "citespan"
