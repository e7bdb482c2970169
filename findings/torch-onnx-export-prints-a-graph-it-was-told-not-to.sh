#!/bin/sh
# torch 2.13.0
#
# One would guess: torch.onnx.export(..., verbose=False) writes nothing to standard output; if an operator has no
# counterpart in ONNX, it raises an error, which the caller may report.
# Seen: with dynamo=False, it also prints the model's whole graph on standard output, also after
# torch._C._jit_set_onnx_log_enabled(False): setup_onnx_logging tests the function _jit_is_onnx_log_enabled itself, which
# is always true, and not what it returns. A program whose results go to standard output prints the graph among them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 onnx==1.23.2
cat > "$folder/export.py" <<'PYTHON'
import io
import sys
import warnings

import torch

warnings.simplefilter("ignore")


class Bessel(torch.nn.Module):
    """One operator that ONNX doesn't have."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.special.i1e(x)


torch._C._jit_set_onnx_log_enabled(False)
try:
    torch.onnx.export(Bessel(), (torch.ones(2, 2),), io.BytesIO(), dynamo=False, verbose=False)
except torch.onnx.errors.UnsupportedOperatorError as error:
    print(str(error).splitlines()[0], file=sys.stderr)
PYTHON
seen=$("$folder/venv/bin/python" "$folder/export.py")
echo "torch 2.13.0 printed: $seen"
case $seen in
    "Torch IR graph at exception:"*) exit 0 ;;
    *) echo "changed: standard output was expected to begin with the graph"; exit 1 ;;
esac
