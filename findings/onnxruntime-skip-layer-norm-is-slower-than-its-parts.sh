#!/bin/sh
# onnxruntime 1.32.0 on a CPU, numpy 2.4.6, onnx 1.23.2
#
# One would guess: onnxruntime fuses an addition and the layer normalization after it into SkipLayerNormalization (at its
# default level of optimization, in every transformer) because one operator is faster than two.
# Seen: on one thread, for [1, 192, 384] and [1, 192, 768], the fused operator takes several times as long as Add and
# LayerNormalization, also without a bias. Whoever saves an optimized graph keeps it; the optimizer can be left out by name
# (disabled_optimizers=["SkipLayerNormFusion"]).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check onnxruntime==1.32.0 numpy==2.4.6 onnx==1.23.2
cat > "$folder/look.py" <<'PYTHON'
import os
import statistics
import sys
import time

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

LAYERS = 12


def graph(width: int) -> bytes:
    """Twelve times: a residual added, then normalized."""
    constants = [numpy_helper.from_array(np.full(width, value, np.float32), name) for name, value in (("gamma", 1), ("beta", 0))]
    nodes, last = [], "x"
    for number in range(LAYERS):
        nodes.append(helper.make_node("Add", [last, "skip"], [f"sum{number}"]))
        nodes.append(helper.make_node("LayerNormalization", [f"sum{number}", "gamma", "beta"], [f"norm{number}"], axis=-1, epsilon=1e-5))
        last = f"norm{number}"
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "tokens", width]) for name in ("x", "skip")]
    output = helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, "tokens", width])
    made = helper.make_graph(nodes, "norms", inputs, [output], constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9).SerializeToString()


def session(width: int, without: list[str]) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(graph(width), options, providers=["CPUExecutionProvider"], disabled_optimizers=without)


slower = []
for width in (384, 768):
    given = {name: np.random.default_rng(0).normal(size=(1, 192, width)).astype(np.float32) for name in ("x", "skip")}
    fused, apart = session(width, []), session(width, ["SkipLayerNormFusion"])
    np.testing.assert_allclose(fused.run(None, given)[0], apart.run(None, given)[0], atol=1e-4)
    times: dict[str, list[float]] = {"fused": [], "apart": []}
    for _ in range(60):
        for name, one in (("fused", fused), ("apart", apart)):
            begin = time.perf_counter()
            one.run(None, given)
            times[name].append(time.perf_counter() - begin)
    middle = {name: 1000 * statistics.median(found) / LAYERS for name, found in times.items()}
    slower.append(middle["fused"] / middle["apart"])
    print(f"width {width}: fused {middle['fused']:.3f} ms, apart {middle['apart']:.3f} ms, {slower[-1]:.1f} times")
sys.exit(0 if min(slower) > 1.5 else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py" || { echo "changed: the fused operator is no longer 1.5 times as slow"; exit 1; }
