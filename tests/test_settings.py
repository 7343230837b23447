"""Settings: the caller before the environment before the file before the default."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from qa.errors import CitespanError, SettingsError
from qa.settings import Settings


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    """Write the settings file that the environment names."""
    path = tmp_path / "mine.toml"
    monkeypatch.setenv("CITESPAN_SETTINGS", str(path))

    def write(content, encoding="utf-8"):
        path.write_text(content, encoding=encoding)
        return path

    return write


def test_defaults():
    found = Settings.load()
    assert (found.embedder, found.reader) == ("all-MiniLM-L6-v2", "citespan")
    assert (found.passages, found.overlap, found.alternatives) == (8, 1, 5)
    assert (found.confidence, found.host, found.port) == (None, "127.0.0.1", 7860)


def test_default_library_lies_in_the_users_data_folder(tmp_path):
    assert Settings.load().library == tmp_path / "data" / "citespan" / "library"


FULL = """
library = "/srv/news"
embedder = "/models/e"
reader = "/models/r"
passages = 3
confidence = 0.25
overlap = 0
alternatives = 2
host = "0.0.0.0"
port = 8000
"""


def test_every_setting_can_stand_in_the_file(settings_file):
    settings_file(FULL)
    assert Settings.load() == Settings(
        Path("/srv/news"), "/models/e", "/models/r", 3, 0.25, 0, 2, "0.0.0.0", 8000
    )


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        pytest.param("library", "/srv/other", Path("/srv/other"), id="library"),
        pytest.param("embedder", "/models/e2", "/models/e2", id="embedder"),
        pytest.param("reader", "/models/r2", "/models/r2", id="reader"),
        pytest.param("passages", "11", 11, id="passages"),
        pytest.param("confidence", "0.75", 0.75, id="confidence"),
        pytest.param("overlap", "2", 2, id="overlap"),
        pytest.param("alternatives", "0", 0, id="alternatives"),
        pytest.param("host", "::1", "::1", id="host"),
        pytest.param("port", "9000", 9000, id="port"),
    ],
)
def test_environment_overrides_the_file(settings_file, monkeypatch, name, text, value):
    settings_file(FULL)
    monkeypatch.setenv(f"CITESPAN_{name.upper()}", text)
    found = Settings.load()
    assert getattr(found, name) == value
    others = [one.name for one in fields(Settings) if one.name != name]
    monkeypatch.delenv(f"CITESPAN_{name.upper()}")
    assert [getattr(found, one) for one in others] == [
        getattr(Settings.load(), one) for one in others
    ]


def test_caller_overrides_the_environment(monkeypatch):
    monkeypatch.setenv("CITESPAN_PASSAGES", "3")
    assert Settings.load(passages=5).passages == 5


def test_none_of_the_caller_counts_as_not_set_and_zero_as_set(monkeypatch):
    monkeypatch.setenv("CITESPAN_PASSAGES", "3")
    monkeypatch.setenv("CITESPAN_CONFIDENCE", "0.5")
    found = Settings.load(passages=None, confidence=0.0)
    assert (found.passages, found.confidence) == (3, 0.0)


def test_empty_variable_counts_as_not_set(settings_file, monkeypatch):
    settings_file("passages = 4")
    monkeypatch.setenv("CITESPAN_PASSAGES", "")
    assert Settings.load().passages == 4


def test_given_environment_is_read_instead_of_the_process(monkeypatch):
    monkeypatch.setenv("CITESPAN_PASSAGES", "3")
    assert Settings.load({"CITESPAN_PORT": "81"}).passages == 8
    assert Settings.load({"CITESPAN_PORT": "81"}).port == 81


def test_file_in_the_users_configuration_folder_is_read(tmp_path):
    path = tmp_path / "config" / "citespan" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("passages = 6")
    assert Settings.load().passages == 6


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("passages", "0", id="passages below"),
        pytest.param("passages", "101", id="passages above"),
        pytest.param("passages", "many", id="passages a word"),
        pytest.param("passages", "8.5", id="passages a fraction"),
        pytest.param("confidence", "-0.01", id="confidence below"),
        pytest.param("confidence", "1.01", id="confidence above"),
        pytest.param("confidence", "nan", id="confidence nan"),
        pytest.param("confidence", "inf", id="confidence inf"),
        pytest.param("confidence", "high", id="confidence a word"),
        pytest.param("overlap", "-1", id="overlap below"),
        pytest.param("overlap", "6", id="overlap above"),
        pytest.param("alternatives", "-1", id="alternatives below"),
        pytest.param("alternatives", "51", id="alternatives above"),
        pytest.param("port", "0", id="port below"),
        pytest.param("port", "65536", id="port above"),
    ],
)
def test_bad_variable_is_refused_by_name_with_what_was_found(monkeypatch, name, text):
    monkeypatch.setenv(f"CITESPAN_{name.upper()}", text)
    with pytest.raises(SettingsError, match=f"^{name} .*{text.removesuffix('.5')}"):
        Settings.load()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("passages = 8.7", "passages", id="fraction, not silently 8"),
        pytest.param("passages = true", "passages", id="boolean, not silently 1"),
        pytest.param("confidence = true", "confidence", id="boolean, not silently 1.0"),
        pytest.param("port = inf", "port", id="infinity"),
        pytest.param("passages = [1]", "passages", id="list"),
        pytest.param("library = 5", "library", id="number for a path"),
        pytest.param("host = 5", "host", id="number for a text"),
        pytest.param("embedder = []", "embedder", id="list for a text"),
        pytest.param("[reader]\nname = 'x'", "reader", id="table for a text"),
        pytest.param("confidence = 2024-01-01", "confidence", id="date"),
    ],
)
def test_wrong_type_in_the_file_is_refused_by_name(settings_file, line, name):
    settings_file(line)
    with pytest.raises(SettingsError, match=f"^{name} cannot be "):
        Settings.load()


def test_unknown_setting_is_refused_with_those_that_exist(settings_file):
    settings_file("pasages = 4")
    with pytest.raises(SettingsError, match=r"no setting 'pasages'; there are library, embedder"):
        Settings.load()


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        pytest.param("passages = ", "utf-8", "not valid TOML", id="broken"),
        pytest.param("host = 'Łaska'", "utf-16", "not valid TOML", id="other encoding"),
    ],
)
def test_unreadable_file_is_refused_by_its_path(settings_file, content, encoding, reason):
    path = settings_file(content, encoding)
    with pytest.raises(SettingsError, match=reason) as caught:
        Settings.load()
    assert str(path) in str(caught.value)


def test_named_file_must_exist(tmp_path, monkeypatch):
    monkeypatch.setenv("CITESPAN_SETTINGS", str(tmp_path / "none.toml"))
    with pytest.raises(CitespanError, match=r"none\.toml cannot be read: No such file"):
        Settings.load()


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1
