"""Records of news programs: whose words reach the archive, what is said of the rest, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbrief import formats
from askbrief.errors import SourceError
from askbrief.formats import DocumentRef, LeftOut, field_markup, rich_text
from askbrief.types import Document

ONE = "The lock at Sandvig will not open before autumn, said Maren Holt."
TWO = "Boats have to take the canal until then."
HTML = f"<p>{ONE}</p>\n<p>{TWO}</p>"
DAY = "2023-08-09"


def items(path: Path, value: Any) -> tuple[list[Document | str], list[LeftOut]]:
    """The documents of a JSON file with a value, or why there is none; and what is left out."""
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    documents: list[Document | str] = []
    left_out: list[LeftOut] = []
    for each in formats.read_collection(path, path.name):
        if isinstance(each, LeftOut):
            left_out.append(each)
            continue
        try:
            documents.append(each.read(each.part))
        except SourceError as error:
            documents.append(str(error))
    return documents, left_out


def only(tmp_path: Path, value: Any) -> Document:
    documents, left_out = items(tmp_path / "r.json", value)
    assert left_out == []
    (document,) = documents
    assert isinstance(document, Document), document
    return document


def cited(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.paragraphs]


def bold(text: str, kind: str = "bold") -> dict[str, str]:
    return {"type": kind, "text": text}


# -- shapes: the record, and its paragraphs, title, date, author, site and address

TOLD = (ONE, TWO)
SHAPES: dict[str, tuple[Any, tuple[str, ...], str | None, str | None, str | None, str | None, str | None]] = {
    "Telegram": (
        {"name": "Lock news", "type": "public_channel", "messages": [
            {"id": 4, "type": "message", "date": f"{DAY}T10:00:00", "date_unixtime": "1691575200",
             "from": "Lock news", "from_id": "channel4",
             "text": ["The lock at ", bold("Sandvig", "text_link"), " will ", bold("not"),
                      " open before autumn, said ", bold("Maren Holt", "mention_name"), ".\n\n",
                       bold(TWO)]}]},
        TOLD, None, DAY, "Lock news", None, None),
    "forwarded in Telegram": (
        {"messages": [{"id": 4, "date": DAY, "from": "Lock news", "from_id": "c",
         "forwarded_from": "Maren Holt",
                       "text": ONE}]},
        (ONE,), None, DAY, "Maren Holt", None, None),
    "Arc ANS": (
        {"_id": "A", "type": "story", "headlines": {"basic": "Lock &amp; canal"},
         "created_date": "2020-01-01",
         "last_updated_date": "2024-01-01", "display_date": f"{DAY}T10:00:00Z",
         "credits": {"by": [{"name": "Ada Lind", "type": "author"}]}, "source": {"name": "Sound Post"},
         "canonical_url": "https://post.example/lock",
         "content_elements": [{"_id": "1", "type": "text", "content": ONE.replace("not", "<b>not</b>")},
                              {"_id": "2", "type": "list", "items": [{"type": "text", "content": TWO}]}]},
        TOLD, "Lock & canal", DAY, "Ada Lind", "Sound Post", "https://post.example/lock"),
    "Washington Post collection": (
        {"id": "w", "article_url": "https://post.example/lock", "title": "Lock", "author": "Ada Lind",
         "published_date": 1691575200000, "source": "Sound Post", "contents": [
             None, {"content": "Lock", "mime": "text/plain", "type": "title"},
             {"content": 1691575200000, "mime": "text/plain", "type": "date"},
             {"content": ONE.replace("Maren", "<a href=\"/m\">Maren</a>"), "subtype": "paragraph",
              "type": "sanitized_html", "mime": "text/html"},
             {"content": TWO, "subtype": "paragraph", "type": "sanitized_html", "mime": "text/html"}]},
        TOLD, "Lock", DAY, "Ada Lind", "Sound Post", "https://post.example/lock"),
    "type and text": (
        {"title": "Lock", "date": DAY, "body": [{"type": "paragraph", "text": ONE},
                                                {"type": "paragraph", "text": TWO}]},
        TOLD, "Lock", DAY, None, None, None),
    "Guardian": (
        {"response": {"status": "ok", "results": [
            {"id": "w/lock", "type": "article", "webPublicationDate": f"{DAY}T10:00:00Z", "webTitle": "Lock",
             "webUrl": "https://post.example/lock",
             "fields": {"byline": "Ada Lind", "bodyText": f"{ONE}\n\n{TWO}",
              "lastModified": "2024-01-01"}}]}},
        TOLD, "Lock", DAY, "Ada Lind", None, "https://post.example/lock"),
    "one of the Guardian": (
        {"response": {"status": "ok", "content": {
            "id": "w/lock", "webPublicationDate": f"{DAY}T10:00:00Z", "webTitle": "Lock",
            "fields": {"body": HTML}}}},
        TOLD, "Lock", DAY, None, None, None),
    "New York Times": (
        {"status": "OK", "response": {"docs": [
            {"_id": "n", "abstract": ONE, "lead_paragraph": TWO, "snippet": ONE,
             "pub_date": f"{DAY}T10:00:00",
             "web_url": "https://post.example/lock", "source": "Sound Post", "headline": {"main": "Lock"},
             "multimedia": [], "byline": {"original": "By Ada Lind", "person": [{"firstname": "Ada"}]}}]}},
        TOLD, "Lock", DAY, "Ada Lind", "Sound Post", "https://post.example/lock"),
    "WordPress": (
        [{"id": 3, "date": f"{DAY}T10:00:00", "modified": "2024-01-01", "link": "https://post.example/lock",
          "title": {"rendered": "Lock &#8211; canal"}, "content": {"rendered": HTML, "protected": False},
          "excerpt": {"rendered": "<p>Lock.</p>"}, "author": 3,
           "_embedded": {"author": [{"name": "Ada Lind"}]}}],
        TOLD, "Lock – canal", DAY, "Ada Lind", None, "https://post.example/lock"),
    "News API": (
        {"status": "ok", "totalResults": 1, "articles": [
            {"source": {"id": None, "name": "Sound Post"}, "author": "Ada Lind", "title": "Lock",
             "description": ONE, "url": "https://post.example/lock", "publishedAt": f"{DAY}T10:00:00Z",
             "content": f"{ONE}\n\n{TWO}"}]},
        TOLD, "Lock", DAY, "Ada Lind", "Sound Post", "https://post.example/lock"),
    "MediaCloud": (
        {"stories": [{"id": "m", "media_id": 1, "media_name": "post.example", "title": "Lock", "text": ONE,
                      "publish_date": DAY, "indexed_date": "2024-01-01",
                       "url": "https://post.example/lock"}]},
        (ONE,), "Lock", DAY, None, "post.example", "https://post.example/lock"),
    "ninjs 1": (
        {"uri": "urn:x:1", "type": "text", "versioncreated": "2024-01-01", "firstcreated": f"{DAY}T10:00:00Z",
         "headline": "Lock", "byline": "By Ada Lind", "body_xhtml": HTML, "copyrightholder": "Sound Post"},
        TOLD, "Lock", DAY, "Ada Lind", "Sound Post", None),
    "ninjs 3": (
        {"uri": "urn:x:1", "versionCreated": "2024-01-01", "contentCreated": DAY,
         "headlines": [{"role": "short", "value": "L."}, {"role": "main", "value": "Lock"}], "by": "Ada Lind",
         "bodies": [{"role": "main", "contentType": "text/plain", "value": f"{ONE} {TWO}"},
                    {"role": "main", "contentType": "text/html", "value": HTML}]},
        TOLD, "Lock", DAY, "Ada Lind", None, None),
    "ActivityPub": (
        {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": [
            {"id": "https://s.example/1/activity", "type": "Create", "actor": "https://s.example/boosts",
             "published": "2023-08-10", "object": {
                 "id": "https://s.example/1", "type": "Note", "summary": None,
                  "published": f"{DAY}T10:00:00Z",
                 "url": "https://s.example/@holt/1", "attributedTo": "https://s.example/holt",
                  "content": HTML}}]},
        TOLD, None, DAY, "https://s.example/holt", None, "https://s.example/@holt/1"),
    "Mastodon": (
        [{"id": "1", "created_at": f"{DAY}T10:00:00Z", "account": {"acct": "holt", "display_name": "Maren"},
          "content": HTML, "url": "https://s.example/@holt/1", "reblog": None, "spoiler_text": ""}],
        TOLD, None, DAY, "Maren", None, "https://s.example/@holt/1"),
    "boost in Mastodon": (
        [{"id": "1", "created_at": "2024-01-01", "account": {"acct": "b", "display_name": "B"},
         "content": HTML,
          "reblog": {"created_at": DAY, "content": HTML, "url": "https://s.example/@holt/1",
                     "account": {"acct": "holt", "display_name": "Maren"}}}],
        TOLD, None, DAY, "Maren", None, "https://s.example/@holt/1"),
    "Twitter": (
        [{"tweet": {"id_str": "1", "created_at": "Wed Aug 09 10:00:00 +0000 2023", "truncated": True,
                    "text": "The lock at Sandvig will…", "full_text": ONE.replace("not", "&amp;not"),
                    "user": {"name": "Maren", "screen_name": "holt"}}}],
        (ONE.replace("not", "&not"),), None, DAY, "Maren", None, None),
    "Elasticsearch": (
        {"hits": {"total": 1, "hits": [{"_id": "e", "_source": {"headline": "Lock", "text": ONE}}]}},
        (ONE,), "Lock", None, None, None, None),
    "JSON Feed": (
        {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [
            {"id": "1", "url": "https://post.example/lock", "content_html": HTML, "title": "Lock",
             "date_published": DAY, "date_modified": "2024-01-01", "authors": [{"name": "Ada Lind"}]}]},
        TOLD, "Lock", DAY, "Ada Lind", None, "https://post.example/lock"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_records_of_known_programs(tmp_path: Path, shape: str) -> None:
    value, paragraphs, *about = SHAPES[shape]
    found = only(tmp_path, value)
    assert tuple(cited(found)) == paragraphs
    title, *others = about
    assert title is None or found.title == title
    assert [found.date, found.author, found.site, found.url] == others


# -- texts kept as objects

EDITORS: dict[str, Any] = {
    "ProseMirror": {"type": "doc", "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "The lock "},
                                          {"type": "text", "marks": [{"type": "bold"}], "text": "stays"},
                                          {"type": "text", "text": " shut."}]},
        {"type": "paragraph"},
        {"type": "bulletList", "content": [
            {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text",
             "text": TWO}]}]}]}]},
    "Slate": [{"type": "paragraph", "children": [{"text": "The lock "}, {"text": "stays", "bold": True},
                                                 {"text": " shut."}]},
              {"type": "paragraph", "children": [{"text": TWO}]}],
    "Lexical": {"root": {"type": "root", "children": [
        {"type": "paragraph", "children": [{"type": "text", "text": "The lock "},
                                           {"type": "link", "url": "/", "children": [
                                               {"type": "text", "text": "stays"}]},
                                           {"type": "text", "text": " shut."}]},
        {"type": "quote", "children": [{"type": "text", "text": TWO}]}]}},
    "Draft.js": {"blocks": [{"key": "a", "type": "unstyled", "text": "The lock stays shut.", "depth": 0},
                            {"key": "b", "type": "unstyled", "text": TWO, "depth": 0}], "entityMap": {}},
    "Portable Text": [
        {"_type": "block", "style": "normal", "markDefs": [], "children": [
            {"_type": "span", "marks": [], "text": "The lock "}, {"_type": "span", "marks": ["em"],
             "text": "stays"},
            {"_type": "span", "marks": [], "text": " shut."}]},
        {"_type": "block", "style": "blockquote", "children": [{"_type": "span", "text": TWO}]}],
    "Editor.js": {"time": 1, "blocks": [{"type": "paragraph",
     "data": {"text": "The lock <b>stays</b> shut."}},
                                        {"type": "list", "data": {"style": "unordered", "items": [TWO]}}]},
    "Contentful": {"nodeType": "document", "data": {}, "content": [
        {"nodeType": "paragraph", "data": {}, "content": [
            {"nodeType": "text", "value": "The lock ", "marks": []},
            {"nodeType": "hyperlink", "data": {"uri": "/"}, "content": [{"nodeType": "text",
             "value": "stays"}]},
            {"nodeType": "text", "value": " shut.", "marks": []}]},
        {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": TWO}]}]},
    "trees by name": [
        {"name": "paragraph", "attributes": {}, "children": [
            {"name": "text", "attributes": {"value": "The lock "}, "children": []},
            {"name": "link", "attributes": {"href": "/"}, "children": [
                {"name": "text", "attributes": {"value": "stays"}, "children": []}]},
            {"name": "text", "attributes": {"value": " shut."}, "children": []}]},
        {"name": "paragraph", "children": [{"name": "text", "attributes": {"value": TWO}, "children": []}]}],
    "Quill": {"ops": [{"insert": "The lock "}, {"insert": "stays", "attributes": {"bold": True}},
                      {"insert": f" shut.\n\n{TWO}\n"}]},
    "paragraphs": ["The lock stays shut.", TWO],
    "strings and objects": ["The lock stays shut.", {"type": "paragraph", "text": TWO}],
}  # fmt: skip


@pytest.mark.parametrize("editor", EDITORS)
def test_a_paragraph_in_parts_is_joined_in_order(tmp_path: Path, editor: str) -> None:
    found = only(tmp_path, {"title": "Lock", "content": EDITORS[editor]})
    assert cited(found) == ["The lock stays shut.", TWO]


def test_headings_are_shown_and_not_cited(tmp_path: Path) -> None:
    body = [{"type": "header", "content": "What happens now?"}, {"type": "text", "content": ONE},
            {"type": "faq", "question": "How long?", "answer": TWO}]  # fmt: skip
    found = only(tmp_path, {"headline": "Lock", "body": body})
    assert found.text == f"What happens now?\n\n{ONE}\n\nHow long?\n\n{TWO}"
    assert cited(found) == [ONE, TWO]


def test_a_table_has_a_paragraph_for_each_row(tmp_path: Path) -> None:
    table = {
        "type": "table",
        "rows": [[{"content": "Toll"}, {"content": "12 crowns"}], ["Berth", "40 crowns"]],
    }
    assert cited(only(tmp_path, {"body": [table]})) == ["Toll | 12 crowns", "Berth | 40 crowns"]


def test_what_has_no_words_is_named(tmp_path: Path) -> None:
    body = [{"type": "image", "url": "/a.jpg", "caption": ONE}, {"type": "text", "content": TWO},
            {"type": "chart", "id": 4}]  # fmt: skip
    (found,), left_out = items(tmp_path / "r.json", {"body": body})
    assert isinstance(found, Document)
    assert found.text == TWO
    assert left_out == [LeftOut("parts of texts", "image"), LeftOut("parts of texts", "chart")]


def test_words_struck_out_are_not_the_writers(tmp_path: Path) -> None:
    text = ["The lock will ", bold("not", "strikethrough"), " open on Monday."]
    (found,), left_out = items(tmp_path / "r.json", {"text": text})
    assert isinstance(found, Document)
    assert found.text == "The lock will  open on Monday."
    assert left_out == [LeftOut("parts of texts", "strikethrough")]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"body": [{"type": "text", "content": TWO}, {"type": "factbox", "points": [{"words": ONE}]}]},
         "'body' .*'factbox'.*'points.words'"),
        ({"body": {"en-gb": ONE, "de": TWO}}, "'body'.*'en-gb', 'de'"),
        ({"text": ["One.", True]}, "'text' is true"),
        ({"title": "Lock", "url": "https://post.example/lock", "seendate": "20230809T100000Z",
          "domain": "post.example"}, "index the addresses"),
    ],
)  # fmt: skip
def test_words_that_can_not_be_read_are_refused_by_name(tmp_path: Path, record: Any, why: str) -> None:
    (found,), _ = items(tmp_path / "r.json", [record])
    assert isinstance(found, str)
    assert re.search(why, found)


def test_a_field_that_a_part_has_beside_its_text_is_named(tmp_path: Path) -> None:
    body = [{"type": "text", "content": TWO, "note": ONE, "plain": TWO}]
    _, left_out = items(tmp_path / "r.json", {"body": body})
    assert left_out == [LeftOut("parts of texts", "note")]


def test_a_cut_text_says_so_and_its_broken_sentence_is_not_cited(tmp_path: Path) -> None:
    cut = {"content": f"{ONE} Boats have to take the can… [+2034 chars]", "description": "Lock."}
    (found,), left_out = items(tmp_path / "r.json", cut)
    assert isinstance(found, Document)
    assert cited(found) == [ONE]
    assert "can… [+2034 chars]" in found.text
    assert [each.what for each in left_out] == ["the rest of texts that their source has cut"]


def test_a_text_cut_in_its_first_sentence_is_that_of_the_description(tmp_path: Path) -> None:
    record = {"publishedAt": DAY, "content": "The lock at Sandvig will… [+9 chars]", "description": ONE}
    assert cited(only(tmp_path, record)) == [ONE]
    (found,), _ = items(tmp_path / "r.json", {**record, "description": None})
    assert "was cut by its source" in str(found)


def test_messages_and_activities_without_words_are_no_failures(tmp_path: Path) -> None:
    messages = [
        {"id": 1, "type": "service", "date": DAY, "action": "create_channel", "text": ""},
        {"id": 2, "type": "message", "date_unixtime": "1691575200", "photo": "a.jpg", "text": ""},
        {"id": 3, "type": "message", "date_unixtime": "1691575200", "text": ONE},
        {"id": "https://s.example/2", "type": "Announce", "actor": "x", "object": "https://s.example/1"},
    ]
    (found,), left_out = items(tmp_path / "r.json", {"messages": messages})
    assert isinstance(found, Document)
    assert [each.what.split()[0] for each in left_out] == ["service", "messages", "activities"]


def test_all_lists_with_texts_are_read_and_others_named(tmp_path: Path) -> None:
    chats = [
        {"name": "a", "messages": [{"id": 1, "text": ONE}]},
        {"name": "b", "messages": [{"id": 2, "text": TWO}]},
    ]
    value = {
        "contacts": {"list": [{"first_name": "Ada"}]},
        "chats": {"list": chats},
        "notes": [{"text": "Three."}],
    }
    documents, left_out = items(tmp_path / "r.json", value)
    assert [each.text for each in documents if isinstance(each, Document)] == ["Three.", ONE, TWO]
    assert left_out == [LeftOut("lists without texts", "contacts.list")]


def test_readers_comments_beside_a_text_are_named(tmp_path: Path) -> None:
    (found,), left_out = items(tmp_path / "r.json", {"text": ONE, "comments": [{"date": DAY, "text": TWO}]})
    assert isinstance(found, Document)
    assert left_out == [LeftOut("lists of texts beside a text", "comments")]


def test_a_line_may_hold_a_list(tmp_path: Path) -> None:
    line = json.dumps({"articles": [{"text": ONE}, {"text": TWO}]})
    documents, _ = items(tmp_path / "r.jsonl", f"{line}\n{line}\n")
    assert [each.source for each in documents if isinstance(each, Document)] == ["1.1", "1.2", "2.1", "2.2"]


def test_a_row_with_too_many_cells_is_not_cut(tmp_path: Path) -> None:
    documents, _ = items(tmp_path / "r.csv", 'text,date\nOne, two,2023-08-09\n"One, two",2023-08-09,,\n')
    assert [isinstance(each, Document) for each in documents] == [False, True]


# -- markup


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("The pilot&#8217;s plan was <b>not</b> ready.", "The pilot’s plan was not ready."),
        ("He &amp; she, 3 &lt; 4.", "He & she, 3 < 4."),
        ("One.\n\nTwo <i>and</i>\nthree.", "One.\n\nTwo and\nthree."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<h2>Why</h2>\n\nOne.\n\nTwo.", "Why\n\nOne.\n\nTwo."),
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;", "One & two."),
        ("One &amp;#8211; two.", "One – two."),
        ("&#147;Yes,&#148; he said.", "“Yes,” he said."),
        ("<![CDATA[<p>One.</p>]]>", "One."),
        ("<b>Ada</b> <ada@post.example> wrote 1 < 2.", "Ada <ada@post.example> wrote 1 < 2."),
        ("if a<b and c>d, AT&T; R&D <b> &c.", "if a<b and c>d, AT&T; R&D <b> &c."),
    ],
)
def test_markup_in_a_text(tmp_path: Path, written: str, text: str) -> None:
    assert only(tmp_path, {"text": written}).text == text


def test_markup_in_titles_and_names(tmp_path: Path) -> None:
    record = {"title": "A &amp; B", "author": "<em>Ada</em> Lind", "site": "R&amp;D", "text": ONE}
    found = only(tmp_path, record)
    assert (found.title, found.author, found.site) == ("A & B", "Ada Lind", "R&D")


@given(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"])))
def test_a_text_without_markup_stays_as_it_is(text: str) -> None:
    assert field_markup.decoded(text) == text


words = st.text("abc .,", min_size=1, max_size=8)
trees = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=4)
    | st.fixed_dictionaries({"type": st.sampled_from(["paragraph", "bold", "text", "quote"]), "text": words})
    | st.fixed_dictionaries({"type": st.sampled_from(["paragraph", "list"]), "children": st.lists(inner,
      max_size=3)}),
)  # fmt: skip


@given(trees)
def test_every_word_of_a_tree_is_read_in_its_order(tree: Any) -> None:
    read = rich_text.read(tree, "text")
    written = "".join(text for _, text in rich_text.strings(tree))
    assert "".join("".join(piece.text for piece in read.pieces).split()) == "".join(written.split())


# -- dates


@pytest.mark.parametrize(
    ("record", "day"),
    [
        ({"published_date": DAY}, DAY), ({"publishDate": DAY}, DAY), ({"seendate": "20230809T101500Z"}, DAY),
        ({"dateTime": f"{DAY} 10:00"}, DAY), ({"created_at": "Wed Aug 09 10:00:00 +0000 2023"}, DAY),
        ({"first_publication_date": DAY}, DAY), ({"posted_on": DAY}, DAY), ({"issuedAt": DAY}, DAY),
        ({"created": DAY}, DAY), ({"dc:date": DAY}, DAY), ({"pubDate": "Wed, 09 Aug 2023 10:00:00 GMT"}, DAY),
        ({"updated_at": "2024-01-01", "datePublished": DAY}, DAY), ({"modified": "2024-01-01",
         "created": DAY}, DAY),
        ({"published": True, "date": DAY}, DAY), ({"dateModified": "2024-01-01"}, "2024-01-01"),
        ({"scraped_at": "2024-01-01", "url": "https://post.example/2023/08/09/lock"}, DAY),
        ({"date": "2023/8/9 10:00:00"}, DAY), ({"date": "09.08.2023 10:00"}, DAY), ({"date": "25/08/2023"},
         "2023-08-25"),
        ({"date": "08/25/2023"}, "2023-08-25"), ({"date": "08/08/2023"}, "2023-08-08"),
         ({"date": "9-Aug-2023"}, DAY),
        ({"date": "Updated 7:45 PM EST, Wed August 9, 2023"}, DAY), ({"opening_date": DAY}, None),
        ({"birthdate": DAY}, None), ({"date": "1 May 2023 to 9 August 2023"}, "2023-05-01"),
    ],
)  # fmt: skip
def test_dates_by_the_shape_of_their_names(tmp_path: Path, record: Any, day: str | None) -> None:
    assert only(tmp_path, {"text": ONE, **record}).date == day


@pytest.mark.parametrize("date", ["08/09/2023", "9 août 2023", "soon"])
def test_a_date_that_can_not_be_read_is_named(tmp_path: Path, date: str) -> None:
    (found,), left_out = items(tmp_path / "r.json", {"text": ONE, "date": date})
    assert isinstance(found, Document)
    assert found.date is None
    assert left_out == [LeftOut("dates that can't be read", date)]


def test_an_item_is_a_document_or_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps([{"text": ONE}, 4]), encoding="utf-8")
    found = list(formats.read_collection(tmp_path / "r.json", "r.json"))
    assert [isinstance(each, DocumentRef) for each in found] == [True, True]


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_a_record_nested_too_deeply_does_not_touch_the_next(tmp_path: Path, suffix: str) -> None:
    deep = '{"text": ' + "[" * 400 + '{"a": {"text": "One."}}' + "]" * 400 + ', "id": 1}'
    documents, _ = items(tmp_path / f"r.{suffix}", f'{deep}\n{{"text": "{ONE}"}}\n')
    assert [getattr(each, "text", "") for each in documents] == ["", ONE]


@pytest.mark.parametrize(
    ("record", "why"), [({"text": ""}, "an empty text in its field 'text'"), ({}, "no field for its text")]
)
def test_a_record_without_a_text_says_whether_it_has_the_field(
    tmp_path: Path, record: dict[str, str], why: str
) -> None:
    documents, _ = items(tmp_path / "r.json", [{"title": "Lock", **record}])
    assert why in str(documents[0])


def test_a_lead_is_not_taken_for_the_text(tmp_path: Path) -> None:
    record = {"title": "Lock", "text": "Short lead.", "body": f"{ONE}\n\n{TWO}"}
    documents, left_out = items(tmp_path / "r.json", [record])
    assert [cited(one) for one in documents if isinstance(one, Document)] == [[ONE, TWO]]
    assert left_out == [LeftOut("parts of texts", "its field 'text'")]
    begins = {"title": "Lock", "text": ONE[:20], "body": f"{ONE} {TWO}"}
    assert cited(only(tmp_path, [begins])) == [f"{ONE} {TWO}"]
    marked_up = {"title": "Lock", "text": f"{ONE} {TWO}", "html": HTML * 2}
    assert cited(only(tmp_path, [marked_up])) == [f"{ONE} {TWO}"]


@pytest.mark.parametrize("sign", ["[Removed]", "[removed]", "[deleted]"])
def test_a_text_that_was_taken_back_is_none(tmp_path: Path, sign: str) -> None:
    kept = {"title": "Lock", "content": ONE, "description": TWO, "publishedAt": DAY}
    gone = {"title": sign, "content": sign, "description": sign, "publishedAt": DAY}
    documents, left_out = items(tmp_path / "r.json", [gone, kept])
    assert [cited(one) for one in documents if isinstance(one, Document)] == [[ONE]]
    assert [each.what for each in left_out] == ["articles without words"]


@pytest.mark.parametrize("paragraph", [f"<p>{ONE}</p>", ONE])
def test_codes_of_wordpress_are_no_words(tmp_path: Path, paragraph: str) -> None:
    content = (
        f'{paragraph}\n\n[caption id="a_1" width="300"]<img src="a.jpg" /> The lock in May[/caption]\n\n'
        f'[gallery ids="1,2"]\n\n[embed]https://example.org/v[/embed]\n\n{TWO} [sic]'
    )
    assert cited(only(tmp_path, [{"content": {"rendered": content}, "title": {"rendered": "Lock"}}])) == [
        ONE,
        "The lock in May",
        f"{TWO} [sic]",
    ]
