"""Speed of reading: 10 passages of about 200 tokens for a question, beside the same model in PyTorch.

    python benchmarks/reading.py --data ../shared/data

Ours is ``PassageReader.candidates`` with the reader that ships: cutting windows, scoring them in int8, and
the best span of every sentence. The peer is a ``BertForQuestionAnswering`` of the same shape in float32, used
in two ways. "The pipeline" is transformers' own for question answering, in the last version that has it and
an environment of its own under ``benchmarks/.cache/peers``, as it comes: one passage a time. "Peer" is what
transformers documents since 5.3: the tokenizer pads to the longest of a batch, the model scores it, and the
tokens from the best start to the best end are decoded, which is a shorter search for a span than ours and
than the pipeline's. It reads the passages one by one and all at once; the way that is faster at the median is
told beside the pipeline. Torch's threads are left as it sets them.

Its encoder is the packaged all-MiniLM-L6-v2, which the reader was trained from, and its head is fresh: speed
does not depend on the weights' values. That it has the shape of the reader, and is given the very tokens that
ours is, is checked before anything is measured.

Questions are those of the data's newsqa, the passages are whole sentences of its bbc_news, other ones for
every question. Which side goes first changes with each question, and ratios are taken question by question.
Run it on a machine that does nothing else: torch's threads spin while they wait for each other, so other work
costs the peer most, on the processor's clock too, and flatters ours. The load before the start stands in the
result; it is near nought on an idle machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import onnx
import torch

import results
from askbrief.embed.models import default_folder
from askbrief.embed.query_embedder import token_counter
from askbrief.evaluate import gold
from askbrief.formats import text as plain
from askbrief.packaged import READER, packaged
from askbrief.read.neural.passage_reader import PassageReader
from askbrief.read.neural.reading_model import GRAPH, ReadingModel
from askbrief.read.neural.windows import windows
from askbrief.text import group_passages, split_sentences
from askbrief.types import Hit, Source
from comparison import python_of
from speed import percentiles
from start import Run, ratio

HERE = Path(__file__).parent
QUESTIONS, PASSAGES = 20, 10
WARM_UP = 3
SHORTEST, LONGEST = 180, 210
"""Tokens of a passage, without the special ones."""

BATCHES = (1, PASSAGES)
"""How many passages the peer reads at once."""

PIPELINE = "the pipeline"
BAR = 6
"""How many times as fast as the pipeline reading must be, at the median."""

Shape = dict[str, int]


class Pipeline:
    """transformers' own pipeline, in a process beside this one; ``cpu`` is what it took, in seconds."""

    def __init__(self, folder: Path) -> None:
        python, script = python_of("pipeline", pinned=False), HERE / "peers" / "of_pipeline.py"
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([python, script, folder], stdin=pipe, stdout=pipe, text=True)
        self.cpu = 0.0

    def read(self, question: str, texts: Sequence[str]) -> None:
        """Read the texts, one at a time."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([question, list(texts)]) + "\n")
        self._process.stdin.flush()
        self.cpu += float(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


class Peer:
    """The packaged model with a question-answering head, in PyTorch float32."""

    def __init__(self, folder: Path, window: int) -> None:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer, logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # it would warn that the head is fresh
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.window = window
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.model: Any = AutoModelForQuestionAnswering.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32
        ).eval()

    @property
    def shape(self) -> Shape:
        """What of the model bears on its speed."""
        config = self.model.config
        return {
            "layers": config.num_hidden_layers,
            "heads": config.num_attention_heads,
            "hidden": config.hidden_size,
            "intermediate": config.intermediate_size,
            "vocabulary": config.vocab_size,
        }

    def inputs(self, question: str, texts: Sequence[str]) -> Any:
        """The model's inputs for some texts, as long as the longest."""
        return self.tokenizer(
            [question] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=self.window,
            padding=True,
            return_tensors="pt",
        )

    def read(self, question: str, texts: Sequence[str], batch: int) -> list[str]:
        """The best span of each text, some texts at a time."""
        found = []
        for at in range(0, len(texts), batch):
            inputs = self.inputs(question, texts[at : at + batch])
            with torch.inference_mode():
                scores = self.model(**inputs)
            starts, ends = (part.argmax(1).tolist() for part in (scores.start_logits, scores.end_logits))
            for ids, start, end in zip(inputs["input_ids"], starts, ends, strict=True):
                found.append(self.tokenizer.decode(ids[start : end + 1]))
        return found


def shape_of(graph: onnx.GraphProto) -> Shape:
    """What of an exported reader bears on its speed, as ``Peer.shape``."""
    attention = [node for node in graph.node if node.op_type == "MultiHeadAttention"]
    sizes = {weights.name: list(weights.dims) for weights in graph.initializer}
    words = next(size for name, size in sizes.items() if "word_embeddings" in name and len(size) == 2)
    inner = next(size for name, size in sizes.items() if name.endswith("intermediate.dense.bias"))
    heads = next(given.i for given in attention[0].attribute if given.name == "num_heads")
    return {
        "layers": len(attention),
        "heads": heads,
        "hidden": words[1],
        "intermediate": inner[0],
        "vocabulary": words[0],
    }


def passages(data: Path, count: Callable[[Sequence[str]], list[int]]) -> Iterator[Hit]:
    """Whole sentences of the news stories, of ``SHORTEST`` to ``LONGEST`` tokens, in a fixed random order."""
    files = sorted((data / "corpora" / "bbc_news").glob("*/*.txt"))
    random.Random(1).shuffle(files)  # noqa: S311
    for path in files:
        text = path.read_text("utf-8", "replace")
        source = Source(path.stem, path.stem, path.name, None, hashlib.sha256(text.encode()).hexdigest())
        cut = split_sentences(text, list(plain.paragraphs(text)))
        for part in group_passages(text, cut, count, LONGEST):
            words = text[part.start : part.end]
            if SHORTEST <= count([words])[0] <= LONGEST:
                yield Hit(source, part.start, part.end, words, cut[part.first : part.last], 0.0)


def same_tokens(reader: PassageReader, peer: Peer, question: str, hits: Sequence[Hit]) -> list[int]:
    """The tokens of each window, special ones and the question's included, which must be the peer's too."""
    card, texts = reader.model.card, [hit.text for hit in hits]
    own = [
        window.ids.tolist()
        for window in windows(reader.model.tokenizer, question, texts, card.window, card.overlap)
    ]
    theirs = [peer.inputs(question, [text])["input_ids"][0].tolist() for text in texts]
    assert own == theirs, "the peer is not given the tokens that the reader is"
    return [len(ids) for ids in own]


def measured(
    reader: PassageReader, peer: Peer, pipeline: Pipeline, tasks: Sequence[tuple[str, Sequence[Hit]]]
) -> dict[str, list[Run]]:
    """The time of each side for each task but the first few, which warm all up."""
    taken: dict[str, list[Run]] = defaultdict(list)
    for number, (question, hits) in enumerate(tasks):
        texts = [hit.text for hit in hits]
        sides: list[tuple[str, Callable[[], object]]] = [
            ("askbrief", partial(reader.candidates, question, hits)),
            (PIPELINE, partial(pipeline.read, question, texts)),
            *((f"peer, {batch} at once", partial(peer.read, question, texts, batch)) for batch in BATCHES),
        ]
        turn = number % len(sides)
        for name, side in sides[turn:] + sides[:turn]:
            wall, cpu = time.perf_counter(), time.process_time() + pipeline.cpu
            side()
            run = Run(time.perf_counter() - wall, time.process_time() + pipeline.cpu - cpu)
            if number >= WARM_UP:
                taken[name].append(run)
    return taken


def told(taken: Mapping[str, Sequence[Run]]) -> dict[str, Any]:
    """The figures, and whether they reach the bar."""
    ms = {name: percentiles([1000 * run.wall for run in runs]) for name, runs in taken.items()}
    peer = min((name for name in ms if name not in ("askbrief", PIPELINE)), key=lambda name: ms[name]["p50"])
    faster = ratio(taken, PIPELINE, "askbrief")
    return {
        "questions": len(taken[peer]),
        "passages": PASSAGES,
        "ms": ms,
        "cpu_ms": {name: percentiles([1000 * run.cpu for run in runs]) for name, runs in taken.items()},
        "times_faster": faster,
        "peer": peer,
        "times_faster_than_peer": ratio(taken, peer, "askbrief"),
        "bars": {"times_faster": {"bar": BAR, "met": faster["wall"]["median"] >= BAR}},
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--questions", type=int, help="ask only as many; nothing is written")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    wanted = WARM_UP + (given.questions or QUESTIONS)
    known = gold.load(given.data / "reading" / "dev" / "newsqa.json").questions
    asked = random.Random(2).sample(sorted({question.text for question in known}), wanted)  # noqa: S311
    base = default_folder()
    hits = list(islice(passages(given.data, token_counter(base)), wanted * PASSAGES))
    tasks = [(question, hits[PASSAGES * n : PASSAGES * (n + 1)]) for n, question in enumerate(asked)]

    reader = PassageReader(ReadingModel(packaged(READER)))
    peer = Peer(base, reader.model.card.window)
    graph = (packaged(READER) / GRAPH).read_bytes()
    shape = shape_of(onnx.load_from_string(graph).graph)
    assert shape == peer.shape, f"the reader is {shape}, the peer {peer.shape}"
    tokens = [size for question, some in tasks for size in same_tokens(reader, peer, question, some)]
    pipeline = Pipeline(base)
    taken = measured(reader, peer, pipeline, tasks)
    pipeline.close()
    figures = {
        "reader": {"name": reader.name, "sha256": hashlib.sha256(graph).hexdigest(), "shape": shape},
        "versions": {name: version(name) for name in ("onnxruntime", "torch", "transformers")},
        "torch_threads": torch.get_num_threads(),
        "load_before": round(load, 2),
        "tokens_of_question_and_passage": {"median": statistics.median(tokens), "most": max(tokens)},
        **told(taken),
    }
    print(json.dumps(figures, indent=1))
    times, met = figures["times_faster"]["wall"]["median"], figures["bars"]["times_faster"]["met"]
    verdict = "holds" if met else "does not hold"
    print(f"{times:.2f} times as fast as {PIPELINE}; the bar of {BAR} {verdict}")
    if given.questions is None:
        print("written:", results.write("reading", figures))


if __name__ == "__main__":
    main()
