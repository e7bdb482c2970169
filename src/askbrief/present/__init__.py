"""Records as plain dicts for JSON, and places as text: for the command line, and for any server.

The JSON documents are contracts: a key may be added, but none is renamed or removed.
"""

from askbrief.present.check_report import REASONS, REPORT_BEGINS, check_report, check_summary
from askbrief.present.citation_place import parts, place, speech
from askbrief.present.exports import (
    FORMATS,
    Export,
    csv_table,
    exported,
    of_answers,
    of_check,
    of_quotations,
    of_search,
    require_format,
)
from askbrief.present.json_contracts import (
    answer,
    check,
    index_run,
    quotation,
    search,
    shown,
    speaker,
    status,
    to_json,
    verification,
)
from askbrief.present.run_summary import counts, number, run_summary

__all__ = [
    "FORMATS",
    "REASONS",
    "REPORT_BEGINS",
    "Export",
    "answer",
    "check",
    "check_report",
    "check_summary",
    "counts",
    "csv_table",
    "exported",
    "index_run",
    "number",
    "of_answers",
    "of_check",
    "of_quotations",
    "of_search",
    "parts",
    "place",
    "quotation",
    "require_format",
    "run_summary",
    "search",
    "shown",
    "speaker",
    "speech",
    "status",
    "to_json",
    "verification",
]
