"""What a question asks: whether it can be asked, which kind of answer it wants, and whose words."""

from askbrief.question.antecedents import Asked
from askbrief.question.antecedents import names as names_in
from askbrief.question.colloquial import in_plain_words
from askbrief.question.comparison import about, alternatives
from askbrief.question.day import AskedDay, asked_day
from askbrief.question.follow_up import in_full, leans, part_in_full
from askbrief.question.intent import (
    Intent,
    QuestionWord,
    corrected,
    respelled,
    understand,
    wants_all,
    wants_list,
    wants_newest,
)
from askbrief.question.office import Office, asked_office, is_of_another
from askbrief.question.parts import parts
from askbrief.question.search_query import search_query
from askbrief.question.speaker_question import SpeakerQuestion, as_speaker_question, is_report
from askbrief.question.topic import asked_topic, keywords
from askbrief.question.validate import require_script, validated_question

__all__ = [
    "Asked",
    "AskedDay",
    "Intent",
    "Office",
    "QuestionWord",
    "SpeakerQuestion",
    "about",
    "alternatives",
    "as_speaker_question",
    "asked_day",
    "asked_office",
    "asked_topic",
    "corrected",
    "in_full",
    "in_plain_words",
    "is_of_another",
    "is_report",
    "keywords",
    "leans",
    "names_in",
    "part_in_full",
    "parts",
    "require_script",
    "respelled",
    "search_query",
    "understand",
    "validated_question",
    "wants_all",
    "wants_list",
    "wants_newest",
]
