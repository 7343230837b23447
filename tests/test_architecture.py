"""The layout of docs/architecture.md, held to: who may import whom, and what is heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).resolve().parent.parent

PURE = {"qa.types", "qa.errors"}

# A room, and what of the project it may import. A room includes the modules below it; the most
# specific line holds. "qa" alone is the package root, the public surface.
TABLE: dict[str, set[str]] = {
    "qa.types": set(),
    "qa.errors": set(),
    "qa.settings": {"qa.errors"},
    "embeddings": set(),
    "qa.sentences": {"qa.types"},
    "qa.chunking": PURE | {"qa.sentences"},
    "qa.ingest": PURE | {"qa.settings"},
    "qa.lexical": PURE,
    "qa.library": PURE | {"qa.settings", "qa.ingest", "qa.chunking", "qa.lexical", "embeddings"},
    "qa.retrieval": {"qa.types", "qa.library", "qa.lexical", "embeddings"},
    "qa.reading.spans": PURE,
    "qa.reading": PURE | {"qa.settings", "embeddings"},
    "qa.calibration": {"qa.types"},
    "qa.answering": {"qa.types", "qa.settings", "qa.calibration", "qa.sentences"},
    "qa.samples": {"qa.settings", "qa.library"},
    "qa.assistant": PURE
    | {
        "qa.settings",
        "embeddings",
        "qa.library",
        "qa.retrieval",
        "qa.reading",
        "qa.calibration",
        "qa.answering",
        "qa.followup",
        "qa.conversation",
        "qa.samples",
    },
    "qa.evaluation.metrics": PURE,
    "qa.evaluation": PURE | {"qa.ingest"},
    "qa.followup": {"qa.types"},
    "qa.conversation": {"qa.types", "qa.followup"},
    "qa.transcripts": PURE,
    "qa.training": PURE
    | {
        "qa.settings",
        "embeddings",
        "qa.library",
        "qa.retrieval",
        "qa.reading",
        "qa.calibration",
        "qa.answering",
        "qa.evaluation",
        "qa.sentences",
    },
    "qa.web": {"qa", "qa.types", "qa.transcripts", "qa.evaluation"},
    "qa.cli": {"qa"}
    | PURE
    | {
        "qa.settings",
        "qa.library",
        "qa.reading",
        "qa.assistant",
        "qa.evaluation",
        "qa.web",
        "qa.training",
        "qa.transcripts",
    },
    "qa": PURE | {"qa.settings", "qa.assistant", "qa.library", "qa.evaluation"},
    "app": {"qa.web"},
}

# Modules held to less than the room around them.
STRICTER = {"qa.reading.spans", "qa.evaluation.metrics"}

HEAVY_ROOMS: dict[str, set[str]] = {
    "sentence_transformers": {"embeddings.embedder"},
    "faiss": {"embeddings.index"},
    "onnxruntime": {"embeddings.runtime"},
    "tokenizers": {"embeddings.runtime"},
    "transformers": {
        "embeddings.quiet",
        "embeddings.runtime",
        "embeddings.windows",
        "qa.training",
    },
    "torch": {"embeddings.runtime", "qa.training"},
    "gradio": {"qa.web"},
    "fastapi": {"qa.web"},
}


def modules() -> dict[str, Path]:
    paths = [*ROOT.glob("qa/**/*.py"), *ROOT.glob("embeddings/**/*.py"), ROOT / "app.py"]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


@cache
def imports(path: Path) -> tuple[tuple[str, bool], ...]:
    """List what a module imports at run time, and whether at module level."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    nested = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in nested
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", id(node) not in nested


def room_of(name: str, rooms: set[str]) -> str | None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        room = ".".join(parts[:length])
        if room in rooms and (room != "qa" or length == len(parts)):
            return room
    return None


def target_of(name: str) -> str | None:
    """Name the room that an import reaches: a room, or the public surface of qa."""
    if name.split(".", maxsplit=1)[0] not in {"qa", "embeddings", "app"}:
        return None
    found = room_of(name, set(TABLE))
    if found is not None:
        return found
    return "qa" if name.startswith("qa.") and name.split(".")[1] in qa.__all__ else name


def violations(table: dict[str, set[str]]) -> list[str]:
    found = [f"{room} has lost its line" for room in STRICTER - set(table)]
    for module, path in modules().items():
        room = room_of(module, set(table))
        if room is None:
            found.append(f"{module} is in no room")
            continue
        for name, _ in imports(path):
            target = target_of(name)
            inside = target is not None and (target == room or target.startswith(f"{room}."))
            if target is None or (inside and room != "qa"):
                continue
            allowed = any(
                target == one or target.startswith(f"{one}.") for one in table[room] - {"qa"}
            )
            if not allowed and not (target == "qa" and "qa" in table[room]):
                found.append(f"{module} imports {name}")
    return found


def test_rooms_import_only_what_the_table_allows() -> None:
    assert violations(TABLE) == []


@pytest.mark.parametrize("room", sorted(TABLE))
def test_every_line_of_the_table_is_needed(room: str) -> None:
    """A room without its line is noticed, so the table cannot silently lose one."""
    assert violations({name: allowed for name, allowed in TABLE.items() if name != room})


@pytest.mark.parametrize("library", sorted(HEAVY_ROOMS))
def test_heavy_libraries_stay_in_their_rooms(library: str) -> None:
    rooms = HEAVY_ROOMS[library]
    for module, path in modules().items():
        for name, at_top in imports(path):
            if name.split(".")[0] != library:
                continue
            assert any(module == room or module.startswith(f"{room}.") for room in rooms), module
            late = not module.startswith(("qa.web", "qa.training"))
            assert not (late and at_top), f"{module} imports {name} at the top"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import qa", id="import-qa"),
        pytest.param("import qa.cli; qa.cli.build_parser().format_help()", id="citespan-help"),
    ],
)
def test_light_imports_load_nothing_heavy(statement: str) -> None:
    heavy = sorted(HEAVY_ROOMS)
    script = f"{statement}\nimport sys\nprint([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_the_public_surface_is_the_agreed_one() -> None:
    assert qa.__all__ == sorted(
        [
            "Answer",
            "Article",
            "Assistant",
            "Citation",
            "CitespanError",
            "Library",
            "Reply",
            "Settings",
            "answer",
            "evaluate",
        ]
    )
    assert all(hasattr(qa, name) for name in qa.__all__)


def test_no_import_cycles() -> None:
    known = modules()
    graph = {
        module: {
            target
            for name, _ in imports(path)
            for target in (name, name.rpartition(".")[0])
            if target in known and target != module and target not in {"qa", "embeddings"}
        }
        for module, path in known.items()
        if module not in {"qa", "embeddings"}
    }
    visiting: list[str] = []
    done: set[str] = set()

    def visit(module: str) -> None:
        assert module not in visiting, f"cycle: {' -> '.join([*visiting, module])}"
        if module in done:
            return
        visiting.append(module)
        for target in sorted(graph.get(module, set()) - {module}):
            if not module.startswith(f"{target}.") and target.count(".") <= 3:
                visit(target)
        visiting.pop()
        done.add(module)

    for module in sorted(graph):
        visit(module)
