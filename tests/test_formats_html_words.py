"""HTML: the words of a page's article as a reader sees them, none lost, none added, none changed."""

from __future__ import annotations

import re

import pytest

from askbrief.errors import SourceError
from askbrief.formats import html
from askbrief.formats.shown_words import fragment_blocks
from mutations import hold, pieces

FIRST = "The northern quay at Harl was shut after a barge struck two of its piers, the port office said."
SECOND = "Engineers will look at the piers, and no ship may come nearer than half a mile until they finish."
THIRD = "The barge had left Ostrey at dawn with 300 tonnes of gravel, and its master said the rudder failed."


def page(body: str, head: str = "", before: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Barge strikes '
        f"quay</title>{head}</head>"
        f"<body><header><nav><a href='/'>Home</a></nav></header>{before}<main><article><h1>Barge strikes "
        f"quay</h1>{body}"
        "</article></main><footer><p>© 2024 Harl News. All rights reserved.</p></footer></body></html>"
    ).encode()


def between(markup: str, head: str = "") -> list[str]:
    """The paragraphs that come of some markup between the first and the last of an article."""
    document = html.read(page(f"<p>{FIRST}</p>{markup}<p>{SECOND}</p><p>{THIRD}</p>", head), "a.html")
    hold(document)
    found = pieces(document)
    assert found[0] == FIRST
    assert found[-2:] == [SECOND, THIRD]
    return found[1:-2]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<p>It will <del>not</del> open.</p>", "It will open."),
        ("<p>The fee is <s>12</s> 14 crowns.</p>", "The fee is 14 crowns."),
        ("<p>It opens<strike> never</strike>, they said.</p>", "It opens, they said."),
        ('<p>The fee is <span style="text-decoration: line-through">12</span> 14.</p>', "The fee is 14."),
        ("<p>Three <ins>people</ins> were hurt.</p>", "Three people were hurt."),
        ('<p>It <span style="display: none">never</span> sank.</p>', "It sank."),
        ('<p>It sank<span class="sr-only"> (opens elsewhere)</span>.</p>', "It sank."),
        ('<p>It sank<span class="visually-hidden">, see below</span>.</p>', "It sank."),
        ("<p>It <span hidden>never</span> sank.</p>", "It sank."),
        ('<p>It opens on <time datetime="2031-01-01">Friday</time>.</p>', "It opens on Friday."),
        ("<p><time>On Friday</time> it sank.</p>", "On Friday it sank."),
        ("<p>The <label>mayor</label> <output>left</output>.</p>", "The mayor left."),
        ("<p>No <button class='glossary'>quorum</button> was there.</p>", "No quorum was there."),
        ("<p>The <x-term>bollard</x-term> held.</p>", "The bollard held."),
        ("<p>Oke said <q>no</q> and left.</p>", "Oke said “no” and left."),
        ("<p>Oke said <q>he told me <q>go</q> twice</q>.</p>", "Oke said “he told me ‘go’ twice”."),
        ("<p>Oke said “<q>no</q>” twice.</p>", "Oke said “no” twice."),
        ("<p>Oke said <q>“no”</q> twice.</p>", "Oke said “no” twice."),
        ("<p>Some 10<sup>6</sup> litres of oil.</p>", "Some 10⁶ litres of oil."),
        ("<p>Some 12 km<sup>2</sup> of sea.</p>", "Some 12 km² of sea."),
        ("<p>The CO<sub>2</sub> of the 21<sup>st</sup>.</p>", "The CO2 of the 21st."),
        ("<p>It rose 2<sup>1</sup>/<sub>2</sub> feet.</p>", "It rose 2 1/2 feet."),
        ("<p>Three dockers<sup>1</sup> left.<sup>2</sup> All went.</p>", "Three dockers left. All went."),
        ('<p>It sank.<sup><a href="#n">[12]</a></sup></p>', "It sank."),
        ("<p>In 1988<sup>3</sup> it sank.</p>", "In 1988 it sank."),
        ('<p>Oke knew<a class="footnote-ref" href="#fn5">5</a> it.</p>', "Oke knew it."),
        ('<p>Oke saw <a href="#chart">5</a> ships.</p>', "Oke saw 5 ships."),
        ('<p><span class="dropcap">T</span>he pier fell.</p>', "The pier fell."),
        ('<p><span class="drop-cap">T</span>\nhe pier fell.</p>', "The pier fell."),
        ('<p><span class="drop-cap">A</span> pier fell.</p>', "A pier fell."),
        ('<div class="first-letter">I</div><p>n Harl it fell.</p>', "In Harl it fell."),
        ('<p><img src="t.gif" alt="T">he pier fell.</p>', "The pier fell."),
        ("<p>No.</p>", "No."),
        ("<p>Minister <a href='/o'>Orla Oke</a>, of Harl, left.</p>", "Minister Orla Oke, of Harl, left."),
        ("<p>東京<ruby>港<rp>(</rp><rt>こう</rt><rp>)</rp></ruby>です。</p>", "東京港です。"),
    ],
)
def test_words_are_those_that_a_reader_sees(markup: str, shown: str) -> None:
    assert between(markup) == [shown]


def test_rules_of_style_sheets_hide_and_strike_out() -> None:
    head = "<style>.a{display:none} .b{text-decoration:line-through} @media print{.c{display:none}}</style>"
    markup = '<p class="a">Never seen.</p><p>It <i class="b">sank</i> <i class="c">stayed</i> there.</p>'
    assert between(markup, head) == ["It stayed there."]


def test_what_a_script_shows_later_is_not_hidden_for_good() -> None:
    data = page(f"<p>{FIRST}</p><p>{SECOND}</p>").replace(b"<main>", b'<main style="opacity:0">')
    assert pieces(html.read(data, "a.html")) == [FIRST, SECOND]


def test_a_form_around_a_whole_page_hides_nothing() -> None:
    data = (
        page(f"<p>{FIRST}</p><p>{SECOND}</p>")
        .replace(b"<main>", b"<form><main>")
        .replace(b"</main>", b"</main></form>")
    )
    assert pieces(html.read(data, "a.html")) == [FIRST, SECOND]


def test_wire_copy_keeps_its_paragraphs() -> None:
    data = page("<pre>\nHARL (Wire) - The docks\nreopened today.\n\n  The mayor left at noon.\n</pre>")
    assert pieces(html.read(data, "a.html")) == [
        "HARL (Wire) - The docks reopened today.",
        "The mayor left at noon.",
    ]


def test_a_page_of_one_sentence_keeps_title_and_text_apart() -> None:
    document = html.read(page("<p>Minister <a href='/o'>Orla Oke</a>, of Harl, left.</p>"), "a.html")
    assert document.text == "Barge strikes quay\n\nMinister Orla Oke, of Harl, left."


def test_the_same_paragraph_twice_is_kept_twice() -> None:
    assert pieces(html.read(page(f"<p>{FIRST}</p>" * 2), "a.html")) == [FIRST, FIRST]


def test_a_sentence_that_the_extractor_loses_is_found() -> None:
    """trafilatura drops a paragraph of nothing but a label."""
    assert between("<p><label>The second pier is gone.</label></p>") == ["The second pier is gone."]


class TestTables:
    def rows(self, table: str) -> list[str]:
        return between(f"<table>{table}</table>")

    def test_cells_have_the_headings_of_their_columns(self) -> None:
        head = "<thead><tr><th>Port</th><th>Old fee</th><th>New fee</th></tr></thead>"
        assert self.rows(f"{head}<tr><td>Harl</td><td>12.50</td><td>14.00</td></tr>") == [
            "Harl | Old fee: 12.50 | New fee: 14.00"
        ]

    def test_headings_that_are_marked_up_as_cells(self) -> None:
        rows = "<tr><td>Port</td><td>2023</td><td>2024</td></tr><tr><td>Harl</td><td>120</td><td>95</td></tr>"
        assert self.rows(rows) == ["Harl | 2023: 120 | 2024: 95"]

    def test_headings_and_cells_that_span_others(self) -> None:
        head = "<tr><th rowspan=2>Port</th><th colspan=2>Ships</th></tr><tr><th>In</th><th>Out</th></tr>"
        rows = "<tr><td rowspan=2>Harl</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"
        assert self.rows(head + rows) == [
            "Harl | Ships In: 1 | Ships Out: 2",
            "Harl | Ships In: 3 | Ships Out: 4",
        ]

    def test_no_headings(self) -> None:
        rows = "<tr><th>Country</th><td>Lornland</td></tr><tr><th>People</th><td>4,120</td></tr>"
        assert self.rows(rows) == ["Country | Lornland", "People | 4,120"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p><strong>Read more: </strong><a href='/a'>Mayor Bly quits over the tug</a></p>",
        "<p><a href='/a'><em>ALSO READ | Twelve drown off Ostrey</em></a></p>",
        "<p>RELATED: <a href='/a'>Sofia Branco to run for mayor</a></p>",
        "<h3>Related stories</h3><ul><li><a href='/a'>Mayor quits.</a></li><li><a href='/b'>Twelve "
        "drown.</a></li></ul>",
        "<div class='box'><h4>Read next</h4><a href='/a'>Ferry sinks off Ostrey</a></div>",
        "<p>Sign up for our newsletter and get the news each morning.</p>",
        f"<blockquote class='pullquote'><p>{FIRST}</p></blockquote>",
        "<noscript><p>Please enable JavaScript to see the map.</p></noscript>",
        "<figure><img src='a'><figcaption>The quay. Photo: Rue Bly.</figcaption></figure>",
    ],
)
def test_links_to_other_stories_and_calls_on_readers_are_no_article(markup: str) -> None:
    assert between(markup) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Read the letter before you sign it, Oke said.</p>",
        "<p>More: the office wants it, and says so.</p>",
        "<p>The ministry said that <a href='/r'>the report was late</a>.</p>",
        "<p>Oke is the editor of a book on ports.</p>",
    ],
)
def test_sentences_that_only_look_like_them_stay(markup: str) -> None:
    assert len(between(markup)) == 1


@pytest.mark.parametrize(
    "markup",
    [
        "<section><h2>3 Comments</h2><div><b>gull77</b><p>Nobody looks after the port, I said so in "
        "2019.</p></div></section>",
        "<div class='author-bio'><p>Dana Oke covers ports for the Harl News. She was born in Ostrey.</p>"
        "</div>",
        "<p><em>Dana Oke covers ports for the Harl News.</em></p>",
        "<h3>About the author</h3><p>She was born in Ostrey, and sails.</p>",
    ],
)
def test_what_follows_an_article_is_none(markup: str) -> None:
    head = '<meta name="author" content="Dana Oke">'
    document = html.read(page(f"<p>{FIRST}</p><p>{SECOND}</p>{markup}", head), "a.html")
    assert pieces(document) == [FIRST, SECOND]
    assert document.author == "Dana Oke"


def test_no_author_is_made_of_a_biography() -> None:
    biography = (
        "<div class='author-bio'><p>Dana Oke covers ports for the Harl News. She won a prize.</p></div>"
    )
    assert html.read(page(f"<p>{FIRST}</p><p>{SECOND}</p>{biography}"), "a.html").author is None


@pytest.mark.parametrize(
    "body",
    [
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
        '<div id="app">Please enable JavaScript to view this page.</div><footer>© 2024 Harl News.</footer>',
        "<h1>harl.example</h1><p>Checking if the site connection is secure</p><p>Enable JavaScript and "
        "cookies to continue</p>",
    ],
)
def test_a_page_without_an_article_until_its_script_runs_is_refused(body: str) -> None:
    data = f"<html><head><title>Harl</title></head><body>{body}<script src='/a.js'></script></body></html>"
    with pytest.raises(
        SourceError, match=r"^a\.html has no article without its script; open it in a browser"
    ):
        html.read(data.encode(), "a.html")


class TestLiveBlogs:
    def test_posts_have_their_times_and_the_page_its_own_title(self) -> None:
        posts = "".join(
            f'<li class="post"><time datetime="2024-03-04T{at}:00Z">{at}</time><h2>{head}</h2>'
            f"<p>{words}</p></li>"
            for at, head, words in [("08:30", "Barge seen", SECOND), ("07:10", "Quay shut", FIRST)]
        )
        head = (
            '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Harl quay '
            'live", "datePublished":'
            ' "2024-03-04", "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Quay shut", '
            '"articleBody": "No."}]}</script>'
        )
        body = f"<h1>Harl quay live</h1><ol class='live-posts'>{posts}</ol>"
        data = f"<html><head>{head}</head><body>{body}</body></html>"
        document = html.read(data.encode(), "a.html")
        assert document.title == "Harl quay live"
        assert pieces(document) == [SECOND, FIRST]
        assert document.text.endswith(f"08:30\n\nBarge seen\n\n{SECOND}\n\n07:10\n\nQuay shut\n\n{FIRST}")

    def test_posts_in_data_alone(self) -> None:
        head = (
            '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Harl quay '
            'live", "liveBlogUpdate":'
            f' [{{"headline": "Barge seen", "datePublished": "2024-03-04T08:30:00Z",'
            f' "articleBody": "{SECOND}"}}, {{"headline": "Quay shut",'
            f' "datePublished": "2024-03-04T07:10:00Z", "articleBody": "{FIRST}"}}]}}</script>'
        )
        document = html.read(
            f"<html><head>{head}</head><body><div id=app></div></body></html>".encode(), "a.html"
        )
        assert pieces(document) == [SECOND, FIRST]
        assert "2024-03-04 07:10:00\n\nQuay shut" in document.text


class TestExports:
    def test_google_docs(self) -> None:
        data = (
            "<html><head><style>.c1{font-weight:700}.c4{text-decoration:line-through}</style></head>"
            "<body class='c8 doc-content'>"
            '<p class="c0 title"><span>Notes on the barge</span></p><p><span>The quay </span><span '
            'class="c4">is open</span>'
            '<span>&nbsp;was shut</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><span '
            'class="c1">&nbsp;on Tuesday.'
            '</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><hr><div><p><a '
            'href="#ftnt_ref1" id="ftnt1">[1]</a>'
            '<span>&nbsp;Port log.</span></p></div><div class="c10"><p><a href="#cmnt_ref1" '
            'id="cmnt1">[a]</a><span>Check this'
            "</span></p></div></body></html>"
        )
        document = html.read(data.encode(), "a.html")
        assert document.title == "Notes on the barge"
        assert pieces(document) == ["The quay was shut on Tuesday.", "Port log."]

    def test_libreoffice(self) -> None:
        data = (
            '<html><head><meta name="generator" content="LibreOffice 24.2 (Linux)"/><meta '
            'name="created" content='
            '"2024-03-04T10:00:00"/></head><body><div title="header"><p>Draft 3</p></div><h1>Barge</h1>'
            "<p>The quay <strike>is open"
            '</strike> was shut<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a>.</p>'
            '<div id="sdfootnote1"><p>'
            '<a class="sdfootnotesym" href="#sdfootnote1anc">1</a>Port log.</p></div><div '
            'title="footer"><p>Page 1</p></div></body>'
        )
        document = html.read(data.encode(), "a.html")
        assert (document.title, document.date) == ("Barge", "2024-03-04")
        assert pieces(document) == ["The quay was shut.", "Port log."]

    def test_telegram(self) -> None:
        def message(number: int, name: str, inner: str) -> str:
            sender = f'<div class="from_name">\n{name}\n</div>' if name else ""
            return (
                f'<div class="message default clearfix" id="message{number}"><div class="body"><div '
                f'class="pull_right date '
                f'details" title="0{number}.03.2024 09:12:33 UTC+01:00">09:12</div>{sender}{inner}</div>'
                f"</div>"
            )

        forwarded = (
            '<div class="forwarded body"><div class="from_name">Port Office <span class="date details" '
            'title="01.02.2024 09:13:33">'
            ' 01.02.2024</span></div><div class="text">Ships must wait.</div></div>'
        )
        history = (
            message(4, "Dana Oke", '<div class="text">We are <strong>not</strong> going back.</div>')
            + message(5, "", '<div class="text">The quay is shut.</div>')
            + message(6, "Rue Bly", forwarded)
            + message(7, "Rue Bly", '<div class="media_wrap"><a class="photo_wrap" href="p.jpg"></a></div>')
        )
        data = (
            '<html><body><div class="page_header"><div class="content"><div class="text bold">Harl '
            "Port</div></div></div>"
            f'<div class="page_body chat_page"><div class="history">{history}</div></div></body></html>'
        ).encode()
        first, others, left_out = html.read_all(data, "messages.html")
        assert [(each.text, each.author, each.date, each.site) for each in (first, *others)] == [
            ("We are not going back.", "Dana Oke", "2024-03-04", "Harl Port"),
            ("The quay is shut.", "Dana Oke", "2024-03-05", "Harl Port"),
            ("Ships must wait.", "Port Office", "2024-02-01", "Harl Port"),
        ]
        assert left_out == ["photo"]
        assert html.read_all(page(f"<p>{FIRST}</p>"), "a.html")[1:] == ((), ())


def test_markup_in_records_is_read_in_the_same_way() -> None:
    found = fragment_blocks("<p>It will <del>not</del> open, Oke said: <q>no</q>.</p>")
    assert [block.text for block in found] == ["It will open, Oke said: “no”."]


@pytest.mark.parametrize(
    "sentence",
    [
        'The mayor did <span id="comment">not</span> go, and <span class="share">Harl</span> stayed.',
        'Harl Bank closed at <span class="share-price">12 crowns</span> a share on Monday.',
        '<em class="related">Nobody</em> came to the harbour of Varna on Monday.',
        'Only <a class="promo" href="/x">the northern pier</a>, she said, was <span class="ad">safe</span>.',
    ],
)
def test_no_name_of_a_class_takes_words_out_of_a_sentence(sentence: str) -> None:
    rest = "<p>The harbour reopened on Monday after three weeks of repairs, the mayor said.</p>" * 3
    page = f"<html><body><article><h1>News</h1>{rest}<p>{sentence}</p>{rest}</article></body></html>"
    assert re.sub(r"<[^>]+>", "", sentence) in html.read(page.encode(), "a.html").text


def test_a_paragraph_of_the_article_may_have_any_class() -> None:
    rest = "<p>The harbour reopened on Monday after three weeks of repairs, the mayor said.</p>" * 3
    said = "The social workers of Dorn will strike on Monday, the union said."
    page = (
        f'<html><body><article><h1>News</h1>{rest}<p class="social">{said}</p>{rest}</article></body></html>'
    )
    assert said in html.read(page.encode(), "a.html").text


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        ("<figure><blockquote>{}</blockquote><figcaption>Mayor Lind</figcaption></figure>", True),
        ("<figure class='quote'><blockquote><p>{}</p></blockquote></figure>", True),
        ("<figure class='wp-block-pullquote'><blockquote>{}</blockquote></figure>", False),
        ("<figure><img src='a.jpg'><blockquote>{}</blockquote></figure>", False),
    ],
)
def test_a_quotation_in_a_figure_is_text_unless_it_is_pulled(figure: str, kept: bool) -> None:
    rest = "<p>The harbour reopened on Monday after three weeks of repairs, the mayor said.</p>" * 3
    said = "We will never close this quay again, whatever the storm does to its wall."
    written = figure.format(said)
    page = f"<html><body><article><h1>News</h1>{rest}{written}{rest}</article></body></html>"
    read = html.read(page.encode(), "a.html")
    assert (said in [read.text[a:b] for a, b in read.paragraphs]) is kept
