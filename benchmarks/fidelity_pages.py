"""Web pages in many layouts, each with the text that a reader sees of its article.

A layout is a function: of a story, it makes the page and the paragraphs that are its article. The words of
the stories are in ``data/fidelity/stories.json``. What surrounds an article (menus, teasers, comments,
notices) is no part of it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

STORIES = Path(__file__).parent / "data" / "fidelity" / "stories.json"


@dataclass(frozen=True, slots=True)
class Story:
    """The words of an article, and what its site shows beside it."""

    title: str
    author: str
    site: str
    date: str
    paragraphs: list[str]
    other: str
    table: list[list[str]]

    def tagged(self) -> list[str]:
        """The paragraphs as elements."""
        return [f"<p>{html.escape(words, quote=False)}</p>" for words in self.paragraphs]


Page = tuple[str, list[str]]
Layout = Callable[[Story], Page]


def stories() -> list[Story]:
    """The stories of which pages are made."""
    return [Story(**each) for each in json.loads(STORIES.read_text("utf-8"))]


def framed(story: Story, body: str, head: str = "") -> str:
    """A page of a news site with an article's body in it."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{story.title} - '
        f"{story.site}</title>"
        f'<meta property="og:title" content="{story.title}"><meta property="article:published_time" '
        f'content="{story.date}">'
        f'{head}</head><body><header><a href="/">{story.site}</a><nav><a href="/news">News</a> <a '
        f'href="/sport">Sport</a>'
        f'</nav></header><main><article><h1>{story.title}</h1><div class="story-body">{body}</div>'
        f"</article></main>"
        f"<footer><p>© {story.date[:4]} {story.site}. All rights reserved.</p></footer></body></html>"
    )


def _plain(story: Story) -> Page:
    return framed(story, "".join(story.tagged())), story.paragraphs


def _every(number: int, before: str, after: str) -> Layout:
    """Every so many words are in an element that leaves them as they are."""

    def layout(story: Story) -> Page:
        made = []
        for words in story.paragraphs:
            parts = [
                f"{before}{word}{after}" if at % number == number - 1 and word.isalnum() else word
                for at, word in enumerate(words.split())
            ]
            made.append(f"<p>{' '.join(parts)}</p>")
        return framed(story, "".join(made)), story.paragraphs

    return layout


def _with(extra: str, head: str = "", at: int = 3) -> Layout:
    """Something that is no part of the article stands between its paragraphs."""

    def layout(story: Story) -> Page:
        made = story.tagged()
        made.insert(at, extra.format(**_words(story)))
        return framed(story, "".join(made), head.format(**_words(story))), story.paragraphs

    return layout


def _in_sentence(extra: str, shown: str) -> Layout:
    """A paragraph of its own markup stands between the others; ``shown`` is what a reader sees of it."""

    def layout(story: Story) -> Page:
        made, seen = story.tagged(), [*story.paragraphs]
        made.insert(2, extra.format(**_words(story)))
        seen[2:2] = shown.format(**_words(story)).split("\n")
        return framed(story, "".join(made)), seen

    return layout


def _words(story: Story) -> Mapping[str, str]:
    return {"other": story.other, "author": story.author, "site": story.site, "first": story.paragraphs[0]}


def _divs(story: Story) -> Page:
    body = "".join(f'<div class="par"><span>{words}</span></div>' for words in story.paragraphs)
    return framed(story, body), story.paragraphs


def _breaks(story: Story) -> Page:
    return framed(story, f"<div>{'<br><br>'.join(story.paragraphs)}</div>"), story.paragraphs


def _wire(story: Story) -> Page:
    return framed(story, "<pre>" + "\n\n".join(story.paragraphs) + "\n</pre>"), story.paragraphs


def _drop_cap(story: Story) -> Page:
    first = story.paragraphs[0]
    made = [f'<p><span class="dropcap">{first[0]}</span>{first[1:]}</p>', *story.tagged()[1:]]
    return framed(story, "".join(made)), story.paragraphs


def _form(story: Story) -> Page:
    page, seen = _plain(story)
    return page.replace("<main>", '<form id="aspnetForm"><main>').replace("</main>", "</main></form>"), seen


def _table_layout(story: Story) -> Page:
    body = "<p>".join(story.paragraphs)
    return (
        f"<html><head><title>{story.title}</title></head><body><table width=760><tr><td colspan=2>"
        f"<b>{story.site} Online</b>"
        f"</td></tr><tr><td width=140><a href=a.htm>Home</a><br><a href=b.htm>Local</a></td><td><font "
        f"size=5><b>{story.title}"
        f"</b></font><p>{body}</td></tr></table></body></html>"
    ), story.paragraphs


def _data_table(story: Story) -> Page:
    head, *rows = story.table
    cells = "".join(f"<th>{name}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    made = story.tagged()
    made.insert(3, f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>")
    seen = [*story.paragraphs]
    seen[3:3] = [" ".join(head), *(" ".join(row) for row in rows)]
    return framed(story, "".join(made)), seen


def _live(story: Story) -> Page:
    posts = "".join(
        f'<article class="post"><time datetime="{story.date}T1{at}:05:00Z">1{at}:05</time><p>{words}</p>'
        f"</article>"
        for at, words in enumerate(story.paragraphs)
    )
    page = framed(story, f'<div class="live-blog">{posts}</div>').replace("<article><h1>", "<div><h1>")
    seen = [line for at, words in enumerate(story.paragraphs) for line in (f"1{at}:05", words)]
    return page.replace("</article></main>", "</div></main>"), seen


def _google_docs(story: Story) -> Page:
    body = "".join(
        f'<p class="c0"><span class="c1">{words}</span><span class="c4">Struck out. </span></p>'
        for words in story.paragraphs
    )
    return (
        "<html><head><style>.c1{color:#000}.c4{text-decoration:line-through}</style></head>"
        f'<body class="c8 doc-content"><p class="c3 title"><span>{story.title}</span></p>{body}</body></html>'
    ), story.paragraphs


def _libreoffice(story: Story) -> Page:
    body = "".join(
        f'<p style="margin-bottom: 0cm"><font face="Arial">{words}</font><a class="sdfootnoteanc" '
        f'href="#sdfootnote{at}sym">'
        f"<sup>{at}</sup></a></p>"
        for at, words in enumerate(story.paragraphs, 1)
    )
    return (
        '<html><head><meta name="generator" content="LibreOffice 24.2.4 (Linux)"/></head><body><div '
        'title="header"><p>Draft'
        f"</p></div><h1>{story.title}</h1>{body}</body></html>"
    ), story.paragraphs


_COMMENTS = (
    "<section><h2>3 Comments</h2><div><b>gull77</b><p>This is what happens when nobody looks after "
    "things, I said so in"
    " 2019.</p></div><div><b>Trask</b><p>It was the mayor who sold all of it.</p></div></section>"
)
_TEASERS = (
    '<h3>Related stories</h3><ul><li><a href="/1">{other}</a></li>'
    '<li><a href="/2">What the mayor knew</a></li></ul>'
)

LAYOUTS: dict[str, Layout] = {
    "plain": _plain,
    "divs": _divs,
    "line breaks": _breaks,
    "wire copy": _wire,
    "drop cap": _drop_cap,
    "one form": _form,
    "layout table": _table_layout,
    "data table": _data_table,
    "live blog": _live,
    "Google Docs": _google_docs,
    "LibreOffice": _libreoffice,
    "time": _every(5, '<time datetime="2024-01-01">', "</time>"),
    "label": _every(6, "<label>", "</label>"),
    "links": _every(5, '<a href="/topic">', "</a>"),
    "emphasis": _every(4, "<em>", "</em>"),
    "own elements": _every(6, "<news-term>", "</news-term>"),
    "buttons": _every(9, '<button class="glossary">', "</button>"),
    "notes": _every(9, "", '<sup><a href="#fn1">[1]</a></sup>'),
    "word breaks": _every(4, "<wbr>", "<wbr>"),
    "struck out": _every(7, "<del>not </del>", ""),
    "hidden": _every(
        8, '<span style="display:none">x</span>', '<span class="sr-only"> (opens elsewhere)</span>'
    ),
    "read more": _with('<p><strong>Read more: </strong><a href="/o">{other}</a></p>'),
    "also read": _with('<p><a href="/o"><em>ALSO READ | {other}</em></a></p>'),
    "teasers": _with(_TEASERS),
    "comments": _with(_COMMENTS, at=6),
    "biography": _with(
        '<div class="author-bio"><p>{author} covers the coast for the {site}. They live by it.</p></div>',
        at=6,
    ),
    "biography without a name": _with(
        "<p><em>{author} covers the coast for the {site}.</em></p>",
        '<meta name="author" content="{author}">',
        at=6,
    ),
    "newsletter": _with("<p>Sign up for our newsletter and get the news of the coast each morning.</p>"),
    "style sheet": _with('<p class="z">This was never to be seen.</p>', "<style>.z{{display:none}}</style>"),
    "pull quote": _with('<aside class="pullquote"><p>{first}</p></aside>'),
    "script notice": _with("<noscript><p>Please enable JavaScript to read this.</p></noscript>", at=0),
    "quotation": _in_sentence(
        "<p>“No,” they said, and the office wrote: <q>it will not happen again</q>.</p>",
        "“No,” they said, and the office wrote: “it will not happen again”.",
    ),
    "exponents": _in_sentence(
        "<p>It spread over 12 km<sup>2</sup> on the 21<sup>st</sup>, some 10<sup>6</sup> "
        "litres<sup>2</sup> in all.</p>",
        "It spread over 12 km² on the 21st, some 10⁶ litres in all.",
    ),
    "short paragraphs": _in_sentence("<p>No.</p><p>Nobody knows why.</p>", "No.\nNobody knows why."),
}
