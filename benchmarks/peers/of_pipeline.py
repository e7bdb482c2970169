"""transformers' question-answering pipeline, in the last version that has it.

Each line on standard input is a question and its texts, as JSON; each line that is printed, the CPU seconds
that reading them took.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

transformers: Any = import_module("transformers")  # not the version that the project's types are checked with


def main(folder: str) -> None:
    """Read until there is nothing more to read."""
    transformers.logging.set_verbosity_error()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    read = transformers.pipeline("question-answering", model=model, tokenizer=tokenizer)
    for line in sys.stdin:
        question, texts = json.loads(line)
        began = time.process_time()
        found = read(question=[question] * len(texts), context=texts)
        assert len(found) == len(texts)
        print(time.process_time() - began, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
