"""Saved answers checked again: every citation against the index, and against the source file itself."""

from askbrief.verify.compare import FoundWords, State
from askbrief.verify.saved_answer import load
from askbrief.verify.verification import SourceState, Verification, VerifiedCitation, verify

__all__ = ["FoundWords", "SourceState", "State", "Verification", "VerifiedCitation", "load", "verify"]
