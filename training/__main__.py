"""`python -m training STAGE`: one command for every stage that makes the reader.

python -m training all                                   all stages; goes on where it stopped
python -m training cool --steps 400 --into small-cool    usable weights of an unfinished run
python -m training finish --name small-cool              export to card, of any run's checkpoint
python -m training publish --name small-cool             put them into the package
python -m training train --name teacher --base FOLDER    fine-tune a larger encoder
python -m training all --name taught --teacher teacher   and let the small reader learn from it
python -m training encoder                               the graph of the packaged embedding model
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGES = (
    "all",
    "prepare",
    "train",
    "cool",
    "watch",
    "export",
    "calibrate",
    "evaluate",
    "card",
    "finish",
    "publish",
    "encoder",
)
SETTINGS = (
    "layers",
    "steps",
    "rate",
    "batch_tokens",
    "dropout",
    "seed",
    "state_weight",
    "altered",
)  # of a recipe


def main(words: Sequence[str] | None = None) -> None:
    """Run a stage."""
    arguments = parser().parse_args(words)
    import torch

    torch.set_num_threads(arguments.threads)
    run, out = arguments.runs / arguments.name, arguments.runs / arguments.name / "export"
    stage: str = arguments.stage
    if stage in ("all", "prepare", "train", "cool"):
        _train(stage, arguments, run)
    if stage == "encoder":
        from training.encoder import make

        print(make(arguments.data, ROOT / "src" / "askbrief" / "data" / "encoder"))
    if stage == "watch":
        _watch(arguments.data, run)
    if stage in ("all", "finish", "export", "calibrate", "evaluate", "card", "publish"):
        _after("finish" if stage == "all" else stage, arguments, run, out)


def parser() -> argparse.ArgumentParser:
    """Give the command's parser."""
    words = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    words.formatter_class = argparse.RawDescriptionHelpFormatter
    words.add_argument("stage", choices=STAGES)
    words.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "reading")
    words.add_argument("--runs", type=Path, default=ROOT / "training" / "runs", help="where runs are kept")
    words.add_argument("--name", default="small", help="the run")
    words.add_argument("--with", nargs="*", default=[], dest="others", help="runs to average it with")
    words.add_argument("--into", default="small-cool", help="the run that `cool` branches off to")
    words.add_argument("--steps", type=int, help="length of the run, or of the branch's fall")
    words.add_argument(
        "--base", default="", help="folder to start from: a BERT or MPNet encoder, or an exported reader"
    )
    words.add_argument(
        "--layers", type=int, help="keep the lowest so many layers of the encoder to start from"
    )
    words.add_argument("--rate", type=float, help="highest learning rate")
    words.add_argument("--batch-tokens", type=int, help="padded tokens of a batch, of which a step takes two")
    words.add_argument("--dropout", type=float, help="share of the hidden states that a step drops")
    words.add_argument("--seed", type=int, help="decides the order and variation of the questions")
    words.add_argument("--teacher", default="", help="run whose reader to learn from")
    words.add_argument("--state-weight", type=float, help="what likeness to the teacher's states weighs")
    words.add_argument("--altered", type=float, help="share of examples with words changed, for a teacher")
    words.add_argument(
        "--behind", type=Path, help="folder of the small reader that reads before this one, a large one"
    )
    words.add_argument(
        "--news", type=Path, help="index of the stories of eval/newsroom.jsonl, to calibrate on as well"
    )
    words.add_argument("--count", type=int, help="take a draw of so many questions of each dev set")
    words.add_argument("--threads", type=int, default=2, help="processor threads of PyTorch")
    words.add_argument("--every", type=float, default=10, help="minutes between checkpoints")
    return words


def _train(stage: str, arguments: argparse.Namespace, run: Path) -> None:
    from training.checkpoint import cool
    from training.evaluate import quick_watch
    from training.prepare import prepare
    from training.recipe import Recipe
    from training.train import train

    prepare(arguments.data, arguments.runs / "prepared")
    if stage == "prepare":
        return
    teacher = str(arguments.runs / arguments.teacher) if arguments.teacher else ""
    given = {name: value for name in SETTINGS if (value := getattr(arguments, name)) is not None}
    recipe = Recipe(base=arguments.base, teacher=teacher, **given)
    if stage == "cool":
        recipe = cool(run, arguments.runs / arguments.into, arguments.steps or 400)
        run = arguments.runs / arguments.into
    watch = quick_watch(arguments.data / "dev")
    train(arguments.runs / "prepared", run, recipe, watch, every_seconds=60 * arguments.every)


def _watch(data: Path, run: Path) -> None:
    from training.checkpoint import averaged
    from training.evaluate import quick_watch
    from training.hardware import device

    for name, value in quick_watch(data / "dev")(averaged(run).to(device())).items():
        print(f"{name} {value:.4f}")


def _after(stage: str, arguments: argparse.Namespace, run: Path, out: Path) -> None:
    from askbrief.packaged import LARGE_READER, READER
    from training import card, publish, stages

    runs = [run, *(arguments.runs / name for name in arguments.others)]
    match stage:
        case "export":
            stages.export_run(runs, out, arguments.data)
        case "calibrate":
            stages.calibrate_export(out, arguments.data, arguments.count, arguments.behind, arguments.news)
        case "evaluate":
            print(stages.evaluate_export(out, arguments.data, arguments.count))
        case "card":
            card.write_card(out)
        case "publish":
            print(publish.publish(out, LARGE_READER if arguments.behind else READER))
        case _:
            stages.finish(runs, out, arguments.data, arguments.count, arguments.behind, arguments.news)


if __name__ == "__main__":
    main()
