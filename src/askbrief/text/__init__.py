"""Text split into sentences and passages, and compared for near-copies: pure functions, no I/O."""

from askbrief.text.chunks import group_passages
from askbrief.text.near_copies import Sketch, alike, are_copies, are_versions, core, covered, sketch
from askbrief.text.sentence_rules import rules_fingerprint
from askbrief.text.sentences import split_sentences
from askbrief.text.text_fragment import is_web, link, link_to, linked, page_address
from askbrief.text.words import bare_answer

__all__ = [
    "Sketch",
    "alike",
    "are_copies",
    "are_versions",
    "bare_answer",
    "core",
    "covered",
    "group_passages",
    "is_web",
    "link",
    "link_to",
    "linked",
    "page_address",
    "rules_fingerprint",
    "sketch",
    "split_sentences",
]
