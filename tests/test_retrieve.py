"""Both searches and what is made of them: FAISS against brute force, words by rules, fusion by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unicodedata import normalize
from unittest.mock import MagicMock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askbrief.protocols import IndexReader
from askbrief.retrieve import CANDIDATES, DENSE_WEIGHT, fuse, retrieve
from askbrief.storage.db.passages import PassageWords
from askbrief.storage.search.keywords import MOST_WORDS, KeywordIndex, KeywordWriter
from askbrief.storage.search.vectors import VectorIndex
from askbrief.types import Hit, Ranking, Source

# -- vectors


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@settings(max_examples=25)
@given(st.integers(1, 200), st.integers(1, 12), st.integers(0, 10_000), st.booleans())
def test_vectors_against_brute_force(count: int, k: int, seed: int, some: bool) -> None:
    rng = np.random.default_rng(seed)
    vectors, query = unit(rng.normal(size=(count, 16))), unit(rng.normal(size=(1, 16)))[0]
    ids = np.cumsum(rng.integers(1, 5, size=count))
    allowed = sorted(rng.choice(ids, size=count // 2, replace=False).tolist()) if some else None
    cosine = dict(zip(ids.tolist(), (vectors @ query).tolist(), strict=True))
    expected = sorted(allowed if allowed is not None else cosine, key=lambda id_: -cosine[id_])[:k]

    index = VectorIndex.exact([(ids[:7], vectors[:7]), (ids[7:], vectors[7:])], 16)
    found = index.search(query, k, None if allowed is None else np.array(allowed, dtype=np.int64))
    assert [id_ for id_, _ in found] == expected
    assert [score for _, score in found] == pytest.approx([cosine[id_] for id_ in expected], abs=1e-5)
    gone = np.array(expected, dtype=np.int64)
    left = sorted(set(cosine) - set(expected), key=lambda id_: -cosine[id_])[:k]
    assert [id_ for id_, _ in index.search(query, k, None, gone)] == left


def test_vectors_are_read_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    vectors = unit(rng.normal(size=(50, 8)))
    index = VectorIndex.exact([(np.arange(7, 57), vectors)], 8)
    index.save(tmp_path / "v.faiss")
    read = VectorIndex.open(tmp_path / "v.faiss")
    assert len(read) == 50
    assert read.search(vectors[4], 3) == index.search(vectors[4], 3)
    assert read.search(vectors[4], 1)[0][0] == 11


def test_no_vectors_at_all() -> None:
    empty = VectorIndex.exact([], 8)
    assert (len(empty), empty.search(np.ones(8, dtype=np.float32), 5)) == (0, [])


# -- keywords

PASSAGES = [
    PassageWords(3, "Harbour", "The harbours of Varna were reopened on Monday."),
    PassageWords(5, "Harbour", "Eleven boats sank in a storm."),
    PassageWords(8, "Café wolves", "Five wolves drank at the café of Zoë Müller in Łódź."),
    PassageWords(9, "Visits", "President Zelenskiy visited Kharkiv and said: “thwart”."),
    PassageWords(12, "War", "Nothing else happened in Kyiv, Kyiv and Kyiv."),
]


@pytest.fixture(scope="module", params=["memory", "disk"])
def words(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    if request.param == "memory":
        return KeywordIndex.of(PASSAGES)
    folder = tmp_path_factory.mktemp("keywords")
    writer = KeywordWriter.open(folder)
    writer.commit([*PASSAGES[:2], PassageWords(4, "", "wolves Kharkiv")], [], "one")
    writer.commit(PASSAGES[2:], [4], "two")
    writer.close()
    return KeywordIndex.open(folder)


def ids(found: Ranking) -> list[int]:
    return [id_ for id_, _ in found]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("boat sinking storms", [5]),  # stems
        ("reopen", [3]),
        ("VARNA", [3]),
        ("cafe zoe muller lodz", [8]),  # accents
        ("Łódź", [8]),
        ("Zelensky", [9]),  # a letter away
        ("Zelenski", [9]),
        ("Kharkov", [9]),
        ("wolve", [8]),
        ("what did they do about it", []),  # stop words alone
        ("", []),
        ("?!…“”", []),
        ("zebra", []),
        ("kyif", []),  # short words stand for themselves
    ],
)
def test_words_find_passages(words: KeywordIndex, question: str, expected: list[int]) -> None:
    assert ids(words.search(question, 10)) == expected


def test_letters_and_their_marks_may_be_written_apart() -> None:
    apart = [normalize("NFD", text) for text in ("The Söderström inquiry opened.", "Nothing else did.")]
    words = KeywordIndex.of([PassageWords(n, "", text) for n, text in enumerate(apart, 1)])
    for question in ("söderström", normalize("NFD", "Söderström"), "soderstrom"):
        assert [id_ for id_, _ in words.search(question, 5)] == [1]


def test_the_better_of_two_passages_is_first(words: KeywordIndex) -> None:
    assert ids(words.search("what of the harbour of Varna", 10)) == [3, 5]  # word and title, title alone
    scores = [score for _, score in words.search("harbour Varna boats wolves", 10)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


SYNTAX = (
    '" ( ) [a·TO·z] title:wolves wolves^99 NOT·wolves wolves·AND·NOT·café +wolves·-café * wolv* wolves~2 { '
    "\\ a:b:c /wolves/ IN·[wolves] \0 😀"
)


@pytest.mark.parametrize("question", [part.replace("·", " ") for part in SYNTAX.split(" ")])
def test_nothing_in_a_question_is_query_syntax(words: KeywordIndex, question: str) -> None:
    found = ids(words.search(question, 10))
    assert found in ([8], [])
    assert (8 in found) == ("wolv" in question)


@settings(max_examples=80)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(1, 4))
def test_any_question_can_be_searched_for(question: str, k: int) -> None:
    index = KeywordIndex.of(PASSAGES)
    found = index.search(question, k)
    assert len(found) <= k
    assert set(ids(found)) <= {each.id for each in PASSAGES}


def test_a_question_of_many_words_is_searched_for_by_the_first() -> None:
    index = KeywordIndex.of(PASSAGES)
    filler = " ".join(f"filler{n}" for n in range(MOST_WORDS - 1))
    assert ids(index.search(f"{filler} wolves", 10)) == [8]
    assert ids(index.search(f"{filler} filler wolves", 10)) == []


@pytest.mark.parametrize("allowed", [[], [8], [3, 9], [5, 8, 12], [99]])
def test_words_are_looked_for_among_the_allowed(
    words: KeywordIndex, allowed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "harbour wolves Kharkiv Kyiv"
    every = words.search(question, 10)
    assert len(every) == 5
    named = np.array(allowed, dtype=np.int64)
    among = words.search(question, 10, named)
    assert dict(among) == pytest.approx({id_: score for id_, score in every if id_ in allowed})
    assert ids(among) == [id_ for id_ in ids(every) if id_ in allowed]
    assert words.search(question, 1, named) == among[:1]
    monkeypatch.setattr("askbrief.storage.search.keywords.NAMED", 0)
    assert words.search(question, 10, named) == among
    assert words.search(question, 1, named) == among[:1]


# -- fusion


def test_fusion_worked_by_hand() -> None:
    fused = fuse({1: 0.8, 2: 0.4, 3: 0.1}, {2: 6.0, 3: 3.0}, weight=0.5)
    assert ids(fused) == [2, 1, 3]
    assert dict(fused) == pytest.approx({1: 0.4, 2: 0.2 + 0.5, 3: 0.05 + 0.25})
    assert dict(fuse({1: 0.8, 2: 0.4}, {2: 6.0}, weight=0.75)) == pytest.approx({1: 0.6, 2: 0.3 + 0.25})


def test_fusion_without_one_of_the_two() -> None:
    assert fuse({}, {}) == []
    assert ids(fuse({4: 0.1, 7: 0.3}, {})) == [7, 4]
    assert ids(fuse({4: 0.5, 7: 0.5, 2: 0.5}, {})) == [2, 4, 7]  # ties go to the earlier passage


cosines = st.dictionaries(st.integers(1, 30), st.floats(-1, 1), min_size=1, max_size=12)


@st.composite
def searched(draw: st.DrawFn) -> tuple[dict[int, float], dict[int, float]]:
    similarity = draw(cosines)
    worded = draw(st.dictionaries(st.sampled_from(sorted(similarity)), st.floats(0.1, 40)))
    return similarity, worded


@given(searched(), st.randoms(use_true_random=False))
def test_fusion_does_not_depend_on_the_order_of_what_was_found(
    found: tuple[dict[int, float], dict[int, float]], random: object
) -> None:
    similarity, worded = found
    shuffled = list(similarity.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fuse(dict(shuffled), dict(reversed(worded.items()))) == fuse(similarity, worded)


@given(searched(), st.floats(0.01, 1), st.data())
def test_what_is_found_better_is_never_ranked_lower(
    found: tuple[dict[int, float], dict[int, float]], more: float, data: st.DataObject
) -> None:
    similarity, worded = found
    one = data.draw(st.sampled_from(sorted(similarity)))
    before = ids(fuse(similarity, worded)).index(one)
    assert ids(fuse(similarity | {one: similarity[one] + more}, worded)).index(one) <= before
    assert ids(fuse(similarity, worded | {one: worded.get(one, 0.0) + 40 * more})).index(one) <= before


@given(searched(), st.floats(0.5, 100))
def test_only_the_proportions_of_bm25_count(
    found: tuple[dict[int, float], dict[int, float]], factor: float
) -> None:
    similarity, worded = found
    scaled = {id_: score * factor for id_, score in worded.items()}
    assert dict(fuse(similarity, scaled)) == pytest.approx(dict(fuse(similarity, worded)))


def test_retrieving_composes_both_sides() -> None:
    index = MagicMock(IndexReader)
    index.search_dense.return_value = [(1, 0.5), (2, 0.4)]
    index.search_text.return_value = [(3, 5.0), (2, 4.0), (4, 1.0)]  # 4 was deleted: it has no cosine
    index.cosines.return_value = {3: 0.3}
    index.duplicate_groups.return_value = {}
    index.hits.side_effect = lambda wanted: [
        Hit(Source(str(id_), "", "", None, ""), 0, 0, "", (), 0.0) for id_ in wanted
    ]
    with ThreadPoolExecutor(1) as beside:
        hits = retrieve(index, "who", 2, beside=beside)
        assert index.cosines.call_args.args[1] == [3, 4]
        assert {index.search_dense.call_args.args[1], index.search_text.call_args.args[1]} == {CANDIDATES}
        retrieve(index, "who", CANDIDATES + 1, beside=beside)
        assert index.search_dense.call_args.args[1] == CANDIDATES + 1
    assert [(hit.document.id, hit.cosine, hit.bm25) for hit in hits] == [("3", 0.3, 5.0), ("2", 0.4, 4.0)]
    assert [hit.score for hit in hits] == pytest.approx(
        [DENSE_WEIGHT * 0.3 + (1 - DENSE_WEIGHT), DENSE_WEIGHT * 0.4 + (1 - DENSE_WEIGHT) * 0.8]
    )
