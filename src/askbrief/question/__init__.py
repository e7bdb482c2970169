"""What a question asks: whether it can be asked, which kind of answer it wants, and whose words."""

from askbrief.question.intent import Intent, QuestionWord, corrected, respelled, understand, wants_all
from askbrief.question.speaker_question import SpeakerQuestion, as_speaker_question
from askbrief.question.validate import require_script, validated_question

__all__ = [
    "Intent",
    "QuestionWord",
    "SpeakerQuestion",
    "as_speaker_question",
    "corrected",
    "require_script",
    "respelled",
    "understand",
    "validated_question",
    "wants_all",
]
