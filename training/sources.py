"""What each training set is worth, and how its questions may be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One training set: its weight in a pass and what may be made of it.

    `weight` is the expected number of times that each of its questions is seen in a pass. `foreign` says
    that its questions make sense without their passage, so that one paired with another passage is a fair
    negative. `pool` says that its passages may serve as such another passage, and `kind` what kind of text
    they are: negatives are searched in each kind by itself. Of all together the articles would come first,
    and the reader would take it that a tweet always answers.
    """

    name: str
    weight: float
    licence: str
    foreign: bool = False
    pool: bool = True
    kind: str = "article"


MIXED = "CC BY-SA 4.0 / MIT / Apache-2.0"

# Extractive sets with human answers come first; sets whose spans are loose, located by rule, or of a
# foreign kind of text teach the answer's extent badly and are seen now and then only, for the breadth of
# their questions. Questions on reviews, tales or dialogue ("What did he say?") fit many passages, so they
# make no foreign negatives, though their passages do. In `nq_swap` and the contrast sets the passages were
# altered: one of them may answer another set's question with words that its answers don't list, so they stay
# out of the pool.
SOURCES = (
    Source("squad_wiki", 1.0, "CC BY-SA 4.0", foreign=True),
    Source("squad_extra", 1.0, "CC BY-SA 4.0", foreign=True),
    Source("squad2_unanswerable", 1.0, "CC BY-SA 4.0"),
    Source("squad2_p3", 1.0, "CC BY-SA 4.0", foreign=True),
    Source("shifts_new_wiki", 1.0, "SQuADShifts (Miller et al. 2020)", foreign=True),
    Source("shifts_amazon_reviews", 0.6, "SQuADShifts (Miller et al. 2020)", kind="talk"),
    Source("shifts_reddit", 0.6, "SQuADShifts (Miller et al. 2020)", kind="talk"),
    Source("adversarial_qa", 1.0, "CC BY-SA", foreign=True),
    Source("nq_oracle", 1.0, "CC BY-SA 3.0", foreign=True),
    Source("nq_openbook", 1.0, "CC BY-SA 3.0", foreign=True),
    Source("qed_nq", 0.7, "CC BY-SA 3.0", foreign=True),
    Source("nq_swap", 0.6, "CC BY-SA 3.0", pool=False),
    Source("quoref_contrast", 0.8, "CC BY 4.0", pool=False),
    Source("quoref_p3", 0.8, "CC BY 4.0", pool=False),
    Source("drop_contrast", 0.8, MIXED, pool=False),
    Source("bioasq", 0.7, "Apache-2.0 / CC BY", foreign=True, kind="paper"),
    Source("duorc_p3", 0.5, MIXED, kind="tale"),
    Source("fairytaleqa", 0.5, MIXED, kind="tale"),
    Source("qamr", 0.4, MIXED, kind="sentence"),
    Source("tweetqa", 0.3, MIXED, kind="tweet"),
    Source("covidqa", 0.3, "Apache-2.0 / CC BY", kind="paper"),
    Source("tatqa", 0.3, "Apache-2.0 / CC BY", kind="paper"),
    Source("quac_first", 0.2, MIXED, pool=False),
    Source("narrativeqa", 0.2, MIXED, kind="tale"),
)

BY_NAME = {source.name: source for source in SOURCES}
