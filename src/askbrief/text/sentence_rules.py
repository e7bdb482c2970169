"""What tells whether the rules that split sentences have changed since an index was made."""

from __future__ import annotations

import hashlib

from askbrief.text.sentences import split_sentences

PROBE = """\
Mr. Lee of St. Kitts met Gen. A. B. Cole at 5 a.m. Monday. The U.S. said no. “It’s over,” he said.
“Go!” Was it 3.5 or No. 7? She wrote: “We will see... Perhaps.” (He laughed.) The case Roe v. Wade,
Inc. et al. 1. The port opens. 2. The road closes. • Boats • Trains. He left … and came back. Dr.
King Jr. spoke. iPhone sold. “When?” asked Ms. Ortiz. “Now.” “No!” they cried, and ran. See p. 7,
vol. 2. It cost $5 mil. Then it rained. The Ph.D. thesis (see ch. 3.) was late. Visit example.org.
Sen. Roy (R., Ky.) agreed! Really?! Yes. e.g. this one.
The pier stood. [1 - 3] Then it fell. (credit: Ann Roe)
"""
"""A text in which the rules show."""


def rules_fingerprint() -> str:
    """A digest of the sentences that the rules make of ``PROBE``: another if they split otherwise."""
    lines = PROBE.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    paragraphs = [(start, start + len(line.rstrip())) for start, line in zip(starts, lines, strict=True)]
    found = ((each.start, each.end) for each in split_sentences(PROBE, paragraphs))
    return hashlib.sha256(repr([*found]).encode()).hexdigest()[:16]
