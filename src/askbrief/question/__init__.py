"""What a question asks: whether it can be asked, which kind of answer it wants, and whose words."""

from askbrief.question.intent import Asked, Word, corrected, respelled, understand, wants_all
from askbrief.question.speaker_question import Spoken, spoken
from askbrief.question.validate import require_script, validated_question

__all__ = [
    "Asked",
    "Spoken",
    "Word",
    "corrected",
    "require_script",
    "respelled",
    "spoken",
    "understand",
    "validated_question",
    "wants_all",
]
