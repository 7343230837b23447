"""A span model's forward pass as fast as this CPU can: ONNX Runtime, else torch.

ONNX Runtime runs the same graph in the same precision 1.2 to 1.8 times as fast as torch, by
processor, and starts without loading torch once the graph has been exported. It is used only where
it was seen to agree with torch.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.errors import ModelLoadError
from embeddings.quiet import hide_progress_bars

__all__ = ["Forward", "load_forward"]

# int64 ids, token types and mask, all of shape (batch, length), to float32 start and end logits.
Forward = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

_log = logging.getLogger(__name__)

# Part of a cached graph's name: another export is another file.
_EXPORT = 1
_OPSET = 17

# Both are float32; what they may differ by is the order of additions.
_TOLERANCE = 1e-3


def load_forward(folder_or_name: str | Path, name: str, cache: Path | None) -> tuple[Forward, int]:
    """Load the forward pass of an extractive question-answering model.

    Args:
        folder_or_name: A model's folder, or its name on the hub.
        name: How messages call it.
        cache: A folder to keep the exported graph of a model folder in; none when None.

    Returns:
        The forward pass, safe to call from threads, and how many positions it has.

    Raises:
        ModelLoadError: If there is no such model, or it has no span head.
    """
    path = _cached_path(Path(folder_or_name), cache)
    found = _read_cached(path) if path is not None else None
    if found is not None:
        graph, positions = found
        return _onnx_forward(graph), positions
    model, positions = _load_torch(folder_or_name, name)
    forward = _torch_forward(model)
    try:
        graph = _export(model)
        exported = _onnx_forward(graph)
        _check_agreement(forward, exported, model.config.vocab_size, positions)
    except Exception as error:  # noqa: BLE001 - whatever the exporter cannot do, torch can
        _log.info("%s runs on torch, since it could not be exported: %s", name, error)
        return forward, positions
    if path is not None:
        _write_cached(path, graph, positions)
    return exported, positions


def _load_torch(folder_or_name: str | Path, name: str) -> tuple[Any, int]:
    import torch
    from transformers import AutoModelForQuestionAnswering

    hide_progress_bars()
    try:
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            str(folder_or_name),
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            attn_implementation="eager",
            output_loading_info=True,
        )
    except Exception as error:
        raise ModelLoadError(
            f"the reader {name!r} cannot be loaded ({error}); give the name or the folder "
            "of an extractive question-answering model with safetensors weights"
        ) from error
    untrained = [key for key in report["missing_keys"] if key.startswith("qa_outputs")]
    if untrained:
        raise ModelLoadError(
            f"{name!r} is no reader: its weights lack the span head "
            f"({', '.join(untrained)}); give an extractive question-answering model"
        )
    return model.eval(), int(getattr(model.config, "max_position_embeddings", 512))


def _takes_types(model: Any) -> bool:
    return getattr(model.config, "type_vocab_size", 0) > 1


def _torch_forward(model: Any) -> Forward:
    import torch

    def forward(
        ids: np.ndarray, types: np.ndarray, mask: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        inputs = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        if _takes_types(model):
            inputs["token_type_ids"] = torch.from_numpy(types)
        with torch.inference_mode():
            output = model(**inputs)
        return output.start_logits.numpy(), output.end_logits.numpy()

    return forward


def _export(model: Any) -> bytes:
    """Export a model's graph, weights inside."""
    import torch

    class Exported(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any, types: Any, mask: Any) -> tuple[Any, Any]:
            # The additive mask of four dimensions is taken as it is; making it inside the model
            # is what exporters stumble over.
            added = (1.0 - mask[:, None, None, :].to(torch.float32)) * -1e9
            more = {"token_type_ids": types} if _takes_types(model) else {}
            output = self.model(input_ids=ids, attention_mask=added, **more)
            # Unused inputs would be left out of the graph.
            return output.start_logits + 0.0 * types, output.end_logits

    names, outputs = ["ids", "types", "mask"], ["start", "end"]
    ids = torch.full((2, 8), 5, dtype=torch.int64)
    ones, zeros = torch.ones_like(ids), torch.zeros_like(ids)
    graph = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Exported().eval(),
            (ids, zeros, ones),
            graph,  # type: ignore[arg-type]
            input_names=names,
            output_names=outputs,
            dynamic_axes={one: {0: "batch", 1: "length"} for one in (*names, *outputs)},
            dynamo=False,
            opset_version=_OPSET,
        )
    return graph.getvalue()


def _onnx_forward(graph: bytes) -> Forward:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0)) if _has_affinity() else 0
    options.enable_cpu_mem_arena = False  # it never gives memory back and grows with every shape
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def forward(
        ids: np.ndarray, types: np.ndarray, mask: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        start, end = session.run(["start", "end"], {"ids": ids, "types": types, "mask": mask})
        return start, end

    return forward


def _has_affinity() -> bool:
    return hasattr(os, "sched_getaffinity")


def _check_agreement(first: Forward, second: Forward, vocabulary: int, positions: int) -> None:
    """Refuse an export that does not give what the model gives, on padded batches too."""
    random = np.random.default_rng(0)
    for batch, length in ((1, 8), (3, min(100, positions - 2))):
        ids = random.integers(3, vocabulary, (batch, length))
        types = (np.arange(length) > length // 3).astype(np.int64)[None].repeat(batch, axis=0)
        mask = np.ones_like(ids)
        mask[-1, length // 2 :] = 0
        for one, other in zip(first(ids, types, mask), second(ids, types, mask), strict=True):
            apart = float(np.abs(one - other)[mask == 1].max())
            if not apart < _TOLERANCE:
                raise ValueError(f"the exported graph is off by {apart}")


def _cached_path(folder: Path, cache: Path | None) -> Path | None:
    """Name the graph of a model by its weights and configuration; None where it is not a folder."""
    if cache is None or not (folder / "model.safetensors").is_file():
        return None
    digest = hashlib.sha256(f"{_EXPORT}".encode())
    for name in ("config.json", "model.safetensors"):
        digest.update((folder / name).read_bytes())
    return cache / f"{digest.hexdigest()[:32]}.onnx"


def _read_cached(path: Path) -> tuple[bytes, int] | None:
    """Read a graph, unless it is missing or not what was written."""
    try:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        graph = path.read_bytes()
    except (OSError, ValueError):
        return None
    if hashlib.sha256(graph).hexdigest() != about.get("sha256"):
        return None
    return graph, int(about["positions"])


def _write_cached(path: Path, graph: bytes, positions: int) -> None:
    """Keep a graph for the next start; where that cannot be, it is exported again."""
    about = {"sha256": hashlib.sha256(graph).hexdigest(), "positions": positions}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, content in (
            (path, graph),
            (path.with_suffix(".json"), json.dumps(about).encode()),
        ):
            temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
            temporary.write_bytes(content)
            temporary.replace(target)
    except OSError as error:
        _log.info("the exported graph cannot be kept at %s: %s", path, error)
