"""Sentences: what must and must not part them; their places; passages; time and text without bound."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from askbrief.text import group_passages, split_sentences
from askbrief.text.sentences import LONGEST
from askbrief.types import Extent, Sentence
from growth import assert_linear

# Each line is one paragraph; " | " stands where one sentence ends and the next begins.
PARAGRAPHS = """
It rained in St. Petersburg. | Nobody minded.
The U.S. aid arrived late, and the U.S. Senate knew. | It said nothing.
He never left the U.S. | The president did. | He flew from the U.S. to the U.K. and back.
He left the U.S. | “The road was long,” he wrote.
Prices rose 3.5 percent to $1.25. | Then they fell .5 percent.
J. K. Rowling met John F. Kennedy's aide, J.R. Smith, in Washington, D.C. | They talked.
It was you and I. | Jones saw Albert I. Jones and Mary I. Roe.
So do I. | Roe left. | “Ann and I.” | Roe won.
World War I. | Germany lost. | She met King Charles I. | Spain knew.
Mm. | Hot out. | Shh. | Smith is asleep.
They live at N°. 12 and n°. 1026.253. | That is the place.
Vitamin C. | The cure was a myth. | She likes it more than I. | Smith agrees.
Gen. Mark Milley, Sen. Ann Lee (R-Ariz.) and Lt. Col. Bo Ray spoke. | Mr. Ray left. | Dr. Lee stayed.
“Gov. Smith is out,” said Rep. Jane Roe. | Gov. Smith was not.
It closes Jan. 5 and opens Sept. 12. | It closed in Sept. | The rest is history.
No. 5 Downing Street is empty. | No. | I did not know it. | See Figs. 2 and 3, pp. 4 and 5.
They closed the deal with Pitt, Briggs & Co. at noon. | It held.
She runs Acme Inc. | The firm is small. | Acme Inc. Chief Executive Tim Roe agreed.
He sold Brown & Co. | Smith bought it.
The train left at 5 p.m. on Friday. | It came at 9 p.m. | The bus came at 9 a.m. Monday, at 6 p.m. ET.
The show starts at 9 p.m. | Smith will host it.
At 5 a.m. Mr. Smith left. | Shortly before 10:30 p.m. Kirby spoke. | On Monday at 6 P.M. Ms. Roe rang.
At 5 p.m. | The show ended. | “At 5 p.m.” | Smith left. | It ended at 5 p.m. | Mr. Smith left.
Apples, pears, etc. | Plums came later. | It was Smith vs. Jones, in Smith v. Jones.
He left the F.B.I. | Mr. Roe stayed, i.e. The Boss, a.k.a. The Man.
Lt.Gov. Roe met Sec. Smith, Amb. Jones, Profs. Lee and Ray, and Messrs. Fox and Hart.
The case of Martin Luther King Jr. shows it. | It was King Jr. | He wrote it.
It lasted 53 secs. | Runners wept. | It weighed 5 lbs. 3 oz. and fell 10 ft. | Nobody was hurt.
“The enemy has kind of stalled, basically," Kirby said. | “Their advance is over.”
“Go!” he said. | “Is it so?” she asked. | "Why?" Smith asked. | "No!" the crowd roared.
"Why?" President Jane Roe asked in the New Year. | "Who?" Roe, a former aide, said. | They left.
"Who are you?" | Smith answered: "Nobody." | "Why not?" | Smith said he had no idea.
“Is it?” | The crowd left. | “It is!” | She knew it.
''We try,'' Mr. Obama said. | ''It is something.'' | ''Good,'' she said on ''This Week.'' | They left.
"He said, 'Go away.' | I went." | “He said: ‘It is over.’” | They parted.
“I asked, ‘Why?’” he said. | “‘Because,’ she said.” | She wept.
"It is time," he said. | "It has... | "Time is short," she added.
I think . . . maybe not. | He left ... and returned. | He waited... | Nobody came.
He waited… | Nobody came. | We … they … all went.
“We lost. … | But we fought. ... | We will.” | “It was good. . . . | It is better.” | “No. ... | and so on.”
We make plans ... I wish we did not.
(He was right. | She was not.) | The rest (all of it) is known. | (Nobody asked.)
Thank you. | (Applause.) | I was there. | (APPLAUSE) | So was he. | [laughs] | Yes, he was.
It was late (he said so.) | Nobody cared [sic]. | [He] went home.
LONDON (Reuters) - The bank said no. | It meant it.
WASHINGTON, D.C. — The president left. | FAIRVIEW, W.Va. - The coal was high. | MIAMI, Fla. -- It rained.
Q: What happened? | A: I fell. | Q. When? | A. On Friday.
1. The first item. | 2. The second. | (a) The third.
1. Raise the pay | 2. Cut the hours | 3. Mend the roof
2.) Raise the pay. | It is low. | 3.) Cut the hours.
The crew asks for this: | 1) More pay | 2) “Fair” hours | 3) 12 new boats. | It struck in May.
Results: | 1. Bo Ray (NED) 1:31:44.742 | 2. Al Lee 1:32:01.1 | 3. Jo Fox
a. The port opens | b. The ferry sails | c. A bridge falls
(i) The port opens; | (ii) The ferry sails. | It is full. | (iii) A bridge falls
I. The port opens | II. The ferry sails | III. A bridge falls | IV. All go home
A) The port opens | B) The ferry sails
[1] Ray, A Book of Boats | [2] Lee, The Sea
He paid (1) the boat, (2) the oars and (3) the sail. | She paid 1) The Hague, and 2) The Bank.
See No. 1. | The rest is in No. 2. | The end. | A. Smith met B. Jones at C. Lee's house.
He came 1. | The others came 2. | The last one fell. | It was 3) The Bank.
• one thing | • two things | • three things
• 9. The port opens | • 10. The ferry sails
⁃9. The port opens | ⁃10. The ferry sails | •It ends
See www.example.com/a.html?b=C. | It is at example.com. | Write to a.b@example.com now.
It ran on Node.js and Yahoo! Mail. | Yahoo! | The firm is gone. | He hosts Jeopardy! on Monday.
iPhone sales rose. | iPhone sales fell. | al-Qaida denied it.
What?! | Really?! | No!! | He asked why? and left.
They had three: one, two; three. | It was so: Nobody came; everybody left.
He stood at the front — “Are you sure?” — and waited. | Who knew? | — The crowd did.
I'm fine... | 2004 was a good year. | In 2003. | 2004 was better.
He released Live! (1993) and Re! (1994). | They sold.
He is the c.e.o. of St. Mary's. | The 7.30 train left.
THE U.S. AND THE U.N. MET IN ST. LOUIS. | MR. SMITH LEFT. | SEE NO. 5.
She said “no.” | He said 'yes.' | It was «fine.» | So it was.
It is true.[1] | So is this.[2][3] | That is not.
It is true. [1 - 3] | So is this. [4, 5,7–9] | That is not.
The quay has stood for years. | (credit: Ann Roe)
It fell. | (photo editor: Jo Lee)
It was low (see: tide). | It rose.
It is true. [1] | So is this. [2] [3] | “That is not.” [4] | It is all.[citation needed] | It ends.[note 5]
“It was so” (Smith 55). | “It was so.” (Smith 55). | “Was it?” [Roe, p. 5].
“It was.” | (It was not.) | They left.
He walks. | – Smith runs. | -- Jones sits.
"""
CASES = [line for line in PARAGRAPHS.strip().splitlines() if line]

SIGNS = [
    *"abcIAZ.!?…\"'“”‘’()[]- \n\t•0123,:;&@/",
    " ",
    "\u2028",
    "\x00",
    "\ud83d",
    "\u200b",
    "\n\n",
    "日本。",
    "ا؟",
]
WORDS = [
    "Mr.",
    "U.S.",
    "p.m.",
    "The",
    "No.",
    "Inc.",
    "...",
    ". . .",
    "[laughs]",
    "Smith asked.",
    "“Why?”",
    "iPhone",
    "1. The",
    "2. The",
    "(i) One",
    "b. Two",
    "[2]",
]
PIECES = st.sampled_from([*SIGNS, *(f"{word} " for word in WORDS)])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=120).map("".join))


def cut(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, [(0, len(text))])]


@pytest.mark.parametrize("line", CASES)
def test_sentences_part_where_marked(line: str) -> None:
    assert cut(line.replace(" | ", " ")) == line.split(" | ")


def test_hard_wraps_are_space() -> None:
    assert cut("The first line\nruns on, says Mr.\n  Smith. The second\r\nends here.\n") == [
        "The first line\nruns on, says Mr.\n  Smith.",
        "The second\r\nends here.",
    ]


def test_a_missing_space_parts_only_plain_words() -> None:
    assert cut("It ends.The next begins.") == ["It ends.", "The next begins."]
    assert cut("It is.[1]Then “it was.”Now it is.") == ["It is.[1]", "Then “it was.”", "Now it is."]
    for whole in (
        "www.The.com is gone",
        "U.S.A is",
        "e.g.The one",
        "v1.Two is",
        "x.y(a.B) is",
        "well...Then I",
    ):
        assert cut(whole) == [whole]


def test_blank_lines_part_what_has_no_mark() -> None:
    assert cut("A headline\n\nA sentence.\n \nAnother") == ["A headline", "A sentence.", "Another"]


def test_numbers_count_from_one_in_each_paragraph() -> None:
    text = "One. Two.\n\n  \n\nThree."
    assert split_sentences(text, [(0, 9), (9, 15), (15, len(text))]) == (
        Sentence(0, 4, 1, 1),
        Sentence(5, 9, 1, 2),
        Sentence(15, 21, 3, 1),
    )


def test_paragraphs_are_not_looked_beyond() -> None:
    text = "He lives in the U.S. The end. No. 5"
    assert [text[s.start : s.end] for s in split_sentences(text, [(0, 20), (21, 33), (34, 35)])] == [
        "He lives in the U.S.",
        "The end.",
        "No.",
        "5",
    ]


@given(TEXTS, st.lists(st.integers(0, 200), max_size=6))
@example("", [])
@example("... It was", [])
def test_sentences_cover_every_visible_character_once_in_order(text: str, places: list[int]) -> None:
    edges = sorted(min(place, len(text)) for place in places)
    paragraphs: list[Extent] = list(pairwise([0, *edges, len(text)]))
    found = split_sentences(text, paragraphs)
    for before, after in pairwise(found):
        assert before.end <= after.start
        assert (before.paragraph, before.number) < (after.paragraph, after.number)
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in found)
    assert all(
        paragraphs[s.paragraph - 1][0] <= s.start < s.end <= paragraphs[s.paragraph - 1][1] for s in found
    )
    visible = [i for i, character in enumerate(text) if not character.isspace()]
    assert visible == [i for s in found for i in range(s.start, s.end) if not text[i].isspace()]


@given(TEXTS)
def test_cutting_twice_changes_nothing(text: str) -> None:
    found = split_sentences(text, [(0, len(text))])
    again = split_sentences(text, [(s.start, s.end) for s in found])
    assert [(s.start, s.end) for s in again] == [(s.start, s.end) for s in found]


def test_what_never_ends_is_cut_between_words() -> None:
    text = "word " * 2000
    found = cut(text)
    assert all(LONGEST - 10 <= len(sentence) <= LONGEST for sentence in found[:-1])
    assert " ".join(found) == text.strip()


def test_a_word_without_end_is_cut_all_the_same() -> None:
    assert [len(sentence) for sentence in cut("x" * (2 * LONGEST + 1))] == [LONGEST, LONGEST, 1]


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        ". ",
        "a.",
        "... ",
        '!"',
        "A. ",
        " \n",
        "• ",
        "x",
        "[1]",
        '." "A ',
        "\n\n",
        "?” Of the ",
        "1. A ",
        "(i) A ",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = unit * (size // len(unit))
        return lambda: split_sentences(text, [(0, len(text))])

    assert_linear(work, 20_000, 200_000)


def test_importing_reads_nothing_and_no_library() -> None:
    import subprocess

    program = (
        "import sys; from askbrief.text import sentences as s; print(s.english_words.cache_info().currsize)"
    )
    code = f"{program}; print('regex' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"0\nFalse\n"


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def grouped(text: str, paragraphs: list[Extent], limit: int) -> list[str]:
    found = split_sentences(text, paragraphs)
    return [text[p.start : p.end] for p in group_passages(text, found, words, limit)]


def test_passages_keep_paragraphs_together() -> None:
    text = "One two. Three four.\nFive six. Seven eight.\nNine ten."
    assert grouped(text, [(0, 20), (21, 43), (44, 53)], 6) == [
        "One two. Three four.",
        "Five six. Seven eight.\nNine ten.",
    ]


def test_passages_have_no_short_tail() -> None:
    text = " ".join(["One two three."] * 9)
    assert sorted(len(passage.split()) for passage in grouped(text, [(0, len(text))], 24)) == [12, 15]


def test_a_sentence_over_the_limit_is_alone() -> None:
    text = "One two. One two three four five six. One."
    assert grouped(text, [(0, len(text))], 3) == ["One two.", "One two three four five six.", "One."]


def test_nothing_makes_no_passages() -> None:
    assert group_passages("", (), words, 10) == ()


@given(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=6), max_size=8), st.integers(1, 30))
def test_passages_hold_each_sentence_once_within_the_limit(sizes: list[list[int]], limit: int) -> None:
    text, found = "", []
    for paragraph, row in enumerate(sizes, 1):
        for number, size in enumerate(row, 1):
            found.append(Sentence(len(text), len(text) + size + 1, paragraph, number))
            text += "x" * size + ". "
    made = group_passages(text, found, lambda texts: [len(piece) - 1 for piece in texts], limit)
    assert [i for passage in made for i in range(passage.first, passage.last)] == list(range(len(found)))
    for passage in made:
        inside = found[passage.first : passage.last]
        assert (passage.start, passage.end) == (inside[0].start, inside[-1].end)
        assert len(inside) == 1 or sum(s.end - s.start - 1 for s in inside) <= limit
