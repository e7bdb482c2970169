"""Retrievers of other frameworks, with the real packages, each installed into an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

import askbrief
from askbrief import Index
from conftest import Archive

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not os.environ.get("ASKBRIEF_LONG"), reason="installs packages: set ASKBRIEF_LONG=1"),
]

QUESTION = "what will it cost to rebuild the pier?"

LANGCHAIN = """
from askbrief.integrations.langchain import AskbriefRetriever
retriever = AskbriefRetriever(index=sys.argv[1], k=2)
found = retriever.invoke(sys.argv[2])
spoken = AskbriefRetriever(index=sys.argv[1], speaker="ilieva").batch([sys.argv[2]])[0]
told = [{"id": d.id, "text": d.page_content, "meta": d.metadata} for d in found]
"""

HAYSTACK = """
from haystack import Pipeline
from askbrief.integrations.haystack import AskbriefRetriever
pipeline = Pipeline()
pipeline.add_component("retriever", AskbriefRetriever(sys.argv[1], top_k=2))
again = Pipeline.loads(pipeline.dumps(), allowed_modules=[AskbriefRetriever.__module__])
found = again.run({"retriever": {"query": sys.argv[2]}})["retriever"]["documents"]
spoken = AskbriefRetriever(sys.argv[1], speaker="ilieva").run(sys.argv[2])["documents"]
told = [{"id": d.id, "text": d.content, "meta": d.meta | {"score": d.score}} for d in found]
"""


def environment(folder: Path, package: str) -> Path:
    """An environment with a package, which finds askbrief and what it needs behind its own packages."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    behind = [str(Path(askbrief.__file__).parent.parent), sysconfig.get_path("purelib")]
    (own / "behind.pth").write_text("\n".join(behind))
    subprocess.run([python, "-m", "pip", "install", "-q", "--ignore-installed", package], check=True)
    return python


@pytest.mark.parametrize(("package", "program"), [("langchain-core", LANGCHAIN), ("haystack-ai", HAYSTACK)])
def test_a_retriever_gives_passages_with_offsets_and_speakers(
    made: Archive, tmp_path: Path, package: str, program: str
) -> None:
    python = environment(tmp_path / "environment", package)
    tell = "\nprint(json.dumps([told, len(spoken)]))"
    command = [str(python), "-c", f"import json, sys\n{program}{tell}", str(made.index), QUESTION]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HAYSTACK_TELEMETRY_ENABLED": "False"},
    )
    assert ran.returncode == 0, ran.stderr
    found, spoken = json.loads(ran.stdout.splitlines()[-1])
    with Index.open(made.index) as index:
        expected = index.hits(QUESTION, k=2)
        assert spoken == len(index.hits(QUESTION, speaker="ilieva")) == 1
        for each, hit in zip(found, expected, strict=True):
            meta = each["meta"]
            text = index.show(meta["document_id"])[0].text
            assert text[meta["start"] : meta["end"]] == each["text"] == hit.text
            assert meta["score"] == pytest.approx(hit.score)
            assert each["id"] == f"{hit.document.id}#char={hit.start},{hit.end}"
            assert [s["speaker"] for s in meta["sentences"]] == [s.speaker for s in hit.sentences]
    assert any("Petra Ilieva" in each["meta"]["speakers"] for each in found)
