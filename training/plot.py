"""The reliability plot: what was told as so probable, against how often it was right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def plot(quality: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Draw the reliability tables of `calibrate.quality`, by name, into an SVG file."""
    import matplotlib as mpl

    mpl.use("svg")
    # Without a date and with fixed ids, the same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "askbrief"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4.5, 4.5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    for name, told in quality.items():
        sure, right, _ = zip(*told["reliability"], strict=True)
        error = told["expected_calibration_error"]
        axes.plot(sure, right, marker="o", markersize=4, label=f"{name} (error {error:.3f}, n {told['n']})")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability told", ylabel="share right")
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
