"""What search files were made with: libraries change what they do within one file format.

A version says nothing by itself. What decides is what a library makes of a probe: the stems of words, the
vector of a sentence, the nearest of stored vectors.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from askbrief.errors import AskbriefError
from askbrief.storage.search import keywords

if TYPE_CHECKING:
    from askbrief.types import Vectors

LIBRARIES = ("tantivy", "faiss-cpu", "onnxruntime", "tokenizers")
EMBEDDING = ("onnxruntime", "tokenizers")
"""Those that a question's vector depends on."""
STEMS, WORDS, VECTOR = "stems", "words", "vector"

PROBE = "“It’s Łódź’s naïve re-election,” said U.N. envoy O’Neill-Å on 3/4/2024: 1,234.5 km² of ½-used land."
"""A sentence that tokenizers have to take apart."""
ALIKE = 0.98
"""Cosine of the vectors of one text that are the same but for rounding."""

MadeBy = Mapping[str, str]
"""Versions by the names of libraries, the digests of stems and of words of exact search, and the vector of
the probe."""


def versions() -> dict[str, str]:
    """The versions of the libraries that are installed."""
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    """The version that a library states itself: to read the metadata of its installation takes longer than a
    search."""
    if name == "onnxruntime":
        from askbrief.onnx_runtime import runtime

        return str(runtime().__version__)
    if name == "faiss-cpu":
        from askbrief.storage.search import vectors

        return vectors.library_version()
    if name == "tantivy":
        return keywords.library_version()
    from tokenizers import __version__

    return __version__


def made_now(before: MadeBy, encode: Callable[[list[str]], Vectors], *, same_model: bool) -> dict[str, str]:
    """What files are made with now; the probe is embedded only if its vector may have changed."""
    now = {**versions(), STEMS: keywords.stems_digest(), WORDS: keywords.words_digest()}
    if same_model and VECTOR in before and not changed(before, *EMBEDDING):
        return {**now, VECTOR: before[VECTOR]}
    with suppress(AskbriefError):  # documents can be removed where the model is not at hand
        now[VECTOR] = _packed(encode([PROBE])[0])
    return now


def changed(made_by: MadeBy, *names: str) -> bool:
    """Whether some of the libraries have another version now than files were made with."""
    return any(made_by.get(name) != _version(name) for name in names)


def other_stems(made_by: MadeBy) -> str | None:
    """What is wrong with keywords that were made with other stems; None if nothing is."""
    if made_by.get(STEMS) == keywords.stems_digest():
        return None
    return f"the keywords were made by {_named(made_by, 'tantivy')}, whose stems aren't known to be the same"


def other_words(made_by: MadeBy) -> str | None:
    """What is wrong with keywords without the words that exact search looks for; None if nothing is."""
    if made_by.get(WORDS) == keywords.words_digest():
        return None
    return "the keywords were made by another askbrief, whose exact search, if it had one, split other words"


def other_neighbours(made_by: MadeBy) -> str:
    """What is wrong with vectors that aren't found any more."""
    return f"the vectors were made by {_named(made_by, 'faiss-cpu')}, and are not found as they are stored"


def other_vector(made_by: MadeBy, encode: Callable[[list[str]], Vectors]) -> str | None:
    """What is wrong with vectors of questions that other libraries make now; None if nothing is."""
    if VECTOR not in made_by or not changed(made_by, *EMBEDDING):
        return None
    now, before = encode([PROBE])[0], _unpacked(made_by[VECTOR])
    if len(now) == len(before) and float(now @ before) >= ALIKE:
        return None
    names = " and ".join(_named(made_by, name) for name in EMBEDDING)
    return f"questions are embedded otherwise than with {names}, with which the index was made"


def _named(made_by: MadeBy, name: str) -> str:
    """A library with both versions, as far as they are known."""
    before, now = made_by.get(name), _version(name)
    return f"{name} {before or 'of an unknown version'}" + (f" (now {now})" if before != now else "")


def _packed(vector: Vectors) -> str:
    import numpy as np

    return b64encode(np.rint(np.asarray(vector) * 127).astype(np.int8).tobytes()).decode()


def _unpacked(packed: str) -> Vectors:
    import numpy as np

    vector = np.frombuffer(b64decode(packed), dtype=np.int8).astype(np.float32)
    unit: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
