"""PyTorch models to ONNX graphs that onnxruntime loads as they are, and the sessions that run them."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbrief.errors import ModelError, StorageError

if TYPE_CHECKING:
    import onnxruntime
    import torch

OPSET = 18
MEMORY = 8 << 30
"""Bytes, at most, for the numbers of graphs that an index carries: a model of a billion parameters takes
half."""
PROVIDERS = ["CPUExecutionProvider"]
SLOWER = ["SkipLayerNormFusion"]
"""What onnxruntime's optimizers make of a graph and runs longer for it: one operator for an addition and a
normalization takes several times as long as the two (version 1.32)."""


def trace(
    model: torch.nn.Module, tensors: Mapping[str, torch.Tensor], outputs: Sequence[str], path: Path
) -> None:
    """Write what ``model`` does with ``tensors`` [batch, tokens] as a graph that takes any number of both.

    The tensors are given to the model in their order and name the graph's inputs. All lie on the CPU. A
    graph beyond what protobuf holds (2 GB) has its weights in files beside it. Raises ModelError, and
    OSError if the disk is the cause.
    """
    import torch

    try:
        with _without_log(torch._C), torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracer warns of branches that do not depend on the input
            torch.onnx.export(
                model,
                tuple(tensors.values()),
                str(path),
                input_names=list(tensors),
                output_names=list(outputs),
                dynamic_axes={name: {0: "batch", 1: "tokens"} for name in tensors},
                opset_version=OPSET,
                dynamo=False,
            )
    except OSError:  # the disk, not the model
        raise
    except Exception as error:
        raise ModelError(
            f"the model can't be exported to ONNX: {line(error)}", hint="choose another model"
        ) from error


@contextmanager
def _without_log(c_module: Any) -> Iterator[None]:
    """Keep torch from printing the graph of a model that it can't export on standard output.

    There is no setting: torch turns its log on if the function that says whether it is on exists (2.13).
    """
    log = getattr(c_module, "_jit_onnx_log", None)
    c_module._jit_onnx_log = lambda *words: None
    try:
        yield
    finally:
        c_module._jit_onnx_log = log


def optimise(graph: bytes | Path, path: Path, tensors: str | None = None) -> None:
    """Write ``graph`` to ``path`` with its operators fused, which otherwise every start of asking would do.

    ``graph`` is a serialised graph, or the one that ``trace`` wrote alone into a folder. Only what
    onnxruntime does alike for every processor is done ("extended"): the folder may be copied. The numbers go
    into the file ``tensors`` beside it, which is mapped into memory while the graph would be parsed; or
    without one into the graph. Raises ModelError, and StorageError for a full disk.
    """
    onnxruntime = runtime()
    options = _quiet()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    if tensors is not None:
        options.add_session_config_entry("session.optimized_model_external_initializers_file_name", tensors)
    try:
        onnxruntime.InferenceSession(graph, options, providers=PROVIDERS, disabled_optimizers=SLOWER)
    except Exception as error:  # onnxruntime has the same kinds of error for a full disk and a bad graph
        if shutil.disk_usage(path.parent).free < _size(graph):
            raise StorageError(f"{path.parent} can't be written", hint="free some space") from error
        raise ModelError(
            f"the model can't be exported to ONNX: {line(error)}", hint="choose another model"
        ) from error


def session(path: Path, threads: int = 0, *, limited: bool = False) -> onnxruntime.InferenceSession:
    """What runs a graph that was optimised when it was exported, on ``threads`` threads (0: a core each).

    To optimise it again would be most of the time to load it. All graphs that are ``limited`` share
    ``MEMORY``. Raises onnxruntime's own errors.
    """
    onnxruntime = runtime()
    options = _quiet()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = threads
    # Threads that spin for long while they wait (the default) take the processor from whatever else runs: on
    # busy cores that costs a third more time; 20 µs is as fast as the default on idle ones.
    options.add_session_config_entry("session.intra_op.spin_duration_us", "20")
    if limited:
        _limited_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=PROVIDERS)


@cache
def _limited_memory() -> None:
    """Let onnxruntime's environment have no more than ``MEMORY`` for the sessions that use its own."""
    onnxruntime = runtime()
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(MEMORY, -1, -1, -1))


def cores() -> int:
    """The number of cores that this process may use: what is run by itself is run on each of them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def runtime() -> Any:
    """onnxruntime, imported with its telemetry switched off.

    Version 1.32 reads the variable while it is imported; left on, it writes a device id into the user's cache
    and looks up its vendor's host. ``disable_telemetry_events()`` afterwards is too late for both.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime


def _quiet() -> onnxruntime.SessionOptions:
    options = runtime().SessionOptions()
    options.log_severity_level = 4  # what fails is raised; it is not printed too
    return options


def _size(graph: bytes | Path) -> int:
    if isinstance(graph, bytes):
        return len(graph)
    return sum(file.stat().st_size for file in graph.parent.iterdir())


def line(error: Exception) -> str:
    """What an error says, in one line of at most 200 characters."""
    return " ".join(str(error).split())[:200]
