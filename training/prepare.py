"""Turn the training sets into token arrays, answer spans in tokens, and mined negatives; done once."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

import numpy as np
from tokenizers import Tokenizer

from training.base import load_tokenizer
from training.negatives import PassagePool
from training.questions import Question, read_questions
from training.sources import BY_NAME, SOURCES

FORMAT = 3
LONGEST_ANSWER = 40  # tokens; longer "answers" are whole passages and teach no extent
NEGATIVES = 8
NEIGHBOURS = 4
STRANGERS = 2  # of each other kind of text


@dataclass(slots=True)
class Item:
    """A prepared question: its set, context number, answer spans as inclusive token pairs of that context,
    and the numbers of contexts that share its subject but not its answer."""

    id: str
    set: str
    context: int
    question: str
    spans: list[tuple[int, int]]
    negatives: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contexts:
    """All contexts in a row: `tokens` are word-piece ids, `starts` and `ends` each token's character
    offsets, and context `i` holds `bounds[i]:bounds[i + 1]`."""

    tokens: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    bounds: np.ndarray

    def ids(self, number: int) -> np.ndarray:
        """Give the token ids of one context."""
        return np.asarray(self.tokens[self.bounds[number] : self.bounds[number + 1]])


def prepare(data: Path, out: Path, names: Sequence[str] | None = None) -> None:
    """Write the prepared sets of `data`/train into `out`; does nothing when they lie there already, made
    alike."""
    files = [data / "train" / f"{name}.json" for name in (names or [source.name for source in SOURCES])]
    print_of_inputs = fingerprint(files)
    stamp = out / "prepared.json"
    if stamp.exists() and json.loads(stamp.read_text())["inputs"] == print_of_inputs:
        return
    out.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    questions = [(path.stem, question) for path in files for question in read_questions(path)]
    numbers: dict[str, int] = {}
    for _, question in questions:
        numbers.setdefault(question.context, len(numbers))
    contexts = encode_contexts(load_tokenizer(), list(numbers))
    items = [item for name, question in questions if (item := to_item(name, question, numbers, contexts))]
    mine(items, questions, list(numbers))
    for name in ("tokens", "starts", "ends", "bounds"):
        np.save(out / f"{name}.npy", getattr(contexts, name))
    with (out / "items.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in items)
    stamp.write_text(json.dumps({"inputs": print_of_inputs, "items": len(items), "contexts": len(numbers)}))


def fingerprint(files: Iterable[Path]) -> str:
    """Give a sha256 over the files' bytes and this format's number."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def load_prepared(folder: Path) -> tuple[list[Item], Contexts]:
    """Read what `prepare` wrote."""
    with (folder / "items.jsonl").open(encoding="utf-8") as file:
        items = [Item(**json.loads(line)) for line in file]
    arrays = [np.load(folder / f"{name}.npy") for name in ("tokens", "starts", "ends", "bounds")]
    return items, Contexts(*arrays)


def encode_contexts(tokenizer: Tokenizer, texts: Sequence[str]) -> Contexts:
    """Encode the texts without special tokens, keeping each token's character offsets."""
    tokens, starts, ends, bounds = [], [], [], [0]
    for begin in range(0, len(texts), 1000):
        for encoding in tokenizer.encode_batch(list(texts[begin : begin + 1000]), add_special_tokens=False):
            offsets = np.asarray(encoding.offsets, dtype=np.int32).reshape(-1, 2)
            tokens.append(np.asarray(encoding.ids, dtype=np.uint16))
            starts.append(offsets[:, 0])
            ends.append(offsets[:, 1])
            bounds.append(bounds[-1] + len(offsets))
    return Contexts(np.concatenate(tokens), np.concatenate(starts), np.concatenate(ends), np.asarray(bounds))


def to_item(name: str, question: Question, numbers: dict[str, int], contexts: Contexts) -> Item | None:
    """Place a question's answers on its context's tokens; None when it has answers but none can be
    placed."""
    number = numbers[question.context]
    part = slice(contexts.bounds[number], contexts.bounds[number + 1])
    starts, ends = contexts.starts[part], contexts.ends[part]
    spans = {span for start, text in question.answers if (span := token_span(start, text, starts, ends))}
    if question.answers and not spans:
        return None
    return Item(question.id, name, number, " ".join(question.text.split()), sorted(spans))


def token_span(start: int, text: str, starts: np.ndarray, ends: np.ndarray) -> tuple[int, int] | None:
    """Give the first and last token of an answer, without the spaces and the closing punctuation around
    it."""
    bare = tidy(text)
    start += text.find(bare)
    first = int(np.searchsorted(ends, start, side="right"))
    last = int(np.searchsorted(starts, start + len(bare), side="left")) - 1
    if not bare or first > last or last - first >= LONGEST_ANSWER:
        return None
    return first, last


def tidy(answer: str) -> str:
    """Strip spaces, and a closing comma or full stop unless it belongs to an abbreviation or an initial."""
    bare = answer.strip().rstrip(",;:").rstrip()
    last = bare.rpartition(" ")[2][:-1]
    return bare[:-1] if bare.endswith(".") and len(last) > 2 and "." not in last else bare


def mine(items: Sequence[Item], questions: Sequence[tuple[str, Question]], texts: Sequence[str]) -> None:
    """Fill in the negatives: what BM25 returns for the question, neighbours in its article, and what BM25
    returns from other kinds of text, all without the answer."""
    golds = {(name, question.id): [text for _, text in question.answers] for name, question in questions}
    articles: dict[str, list[int]] = defaultdict(list)
    article_of: dict[int, str] = {}
    kinds: dict[str, list[int]] = defaultdict(list)
    known: dict[str, int] = {text: number for number, text in enumerate(texts)}
    for name, question in questions:
        number = known[question.context]
        if BY_NAME[name].pool and number not in article_of:
            article_of[number] = question.article
            articles[question.article].append(number)
            kinds[BY_NAME[name].kind].append(number)
    pools = {kind: PassagePool(texts, numbers) for kind, numbers in kinds.items()}
    random = Random(0)  # noqa: S311
    for item in items:
        if not (BY_NAME[item.set].foreign and item.spans):
            continue
        answers = golds[item.set, item.id]
        siblings = articles[article_of[item.context]]
        near = random.sample(siblings, min(len(siblings), 2 * NEIGHBOURS)) if len(siblings) < 300 else []
        kind = BY_NAME[item.set].kind
        item.negatives = pools[kind].without(answers, near, item.context)[:NEIGHBOURS]
        for other, pool in pools.items():
            count = NEGATIVES if other == kind else STRANGERS
            found = pool.search(item.question, 4 * count)
            item.negatives += pool.without(answers, found, item.context)[:count]
