#!/bin/sh
# onnxruntime 1.32.0, Linux, CPU wheel from PyPI
#
# One would guess: the CPU wheel for Linux writes nothing outside the program, and `disable_telemetry_events()`, the
# documented switch, stops whatever telemetry there is.
# Seen: running any model leaves a device id and an event database in ~/.cache/Microsoft/DeveloperTools/.onnxruntime.
# Calling `disable_telemetry_events()` right after the import changes nothing. ORT_DISABLE_TELEMETRY=1 in the environment
# before the import does, and so does CI=true: a test suite that runs in CI never sees the files.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6

cat > "$folder/run.py" <<'PYTHON'
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

if sys.argv[1] == "switched-off-after-the-import":
    onnxruntime.disable_telemetry_events()
value = helper.make_tensor_value_info
graph = helper.make_graph(
    [helper.make_node("Relu", ["x"], ["y"])], "relu", [value("x", TensorProto.FLOAT, [1])], [value("y", TensorProto.FLOAT, [1])]
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
session.run(None, {"x": np.array([1.0], np.float32)})
PYTHON

status=0
look() { # name, files expected, environment
    home="$folder/home-$1"
    mkdir "$home"
    env -i PATH="$PATH" HOME="$home" "$3" "$folder/venv/bin/python" "$folder/run.py" "$1" > /dev/null 2>&1
    count=$(find "$home" -type f | wc -l)
    echo "$1: $count files in the home folder"
    find "$home" -type f | sed "s|$home|    ~|"
    [ "$count" -eq "$2" ] || { echo "    changed: $2 were seen with onnxruntime 1.32.0"; status=1; }
}
look as-installed 2 NOTHING=
look switched-off-after-the-import 2 NOTHING=
look switched-off-by-the-environment 0 ORT_DISABLE_TELEMETRY=1
look in-ci 0 CI=true
exit $status
