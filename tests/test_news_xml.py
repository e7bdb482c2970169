"""XML of newsrooms: agencies' items and their versions, feeds as files, wikis, journals and editions."""

from __future__ import annotations

import bz2
import json
import zipfile
from pathlib import Path

import pytest

from askbrief.errors import SourceError
from askbrief.formats import DocumentRef, LeftOut, is_collection_file, read, read_collection
from askbrief.formats.xml_kinds import root_of
from askbrief.types import Document
from conftest import Archive, Cli

NITF = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf><head><meta name="slugline" content="FERRY-LUND"/><docdata management-status="usable">
<doc-id id-string="w-17"/><urgency ed-urg="3"/><date.issue norm="20240603T101500Z"/>
<date.release norm="20990604T060000Z"/><du-key key="ferry" version="2"/></docdata></head>
<body><body.head><hedline><hl1>Ferry hits pier</hl1><hl2>Nine hurt</hl2></hedline>
<byline>By <person>Ines Moran</person></byline><dateline>
<location>LUND</location>, June 3</dateline></body.head>
<body.content>
<p>A ferry hit <location>Lund</location>’s pier and hurt <num>9</num> people, <person>Paul Ost</person>
said.</p><p>It cost 1<frac><frac-num>1</frac-num><frac-den>2</frac-den></frac>&nbsp;million.</p>
<hl2>Harbour closed</hl2></body.content></body></nitf>"""

G2 = """<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:w:1"
version="{version}"><itemMeta><provider><name>Lund Wire</name></provider>
<versionCreated>2024-06-0{version}T09:00:00+02:00</versionCreated>
<pubStatus qcode="stat:{status}"/></itemMeta>
<contentMeta><by>By Ines Moran</by><headline>Ferry hits pier</headline>
<slugline>FERRY/</slugline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>
<p>{count} passengers were <b>hurt</b> on the ferry.</p></body></html></inlineXML></contentSet></newsItem>"""

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Lund Post</title>
<item><title>Ferry &amp;amp; pier</title><link>https://lund.example/a</link><guid>lund-1</guid>
<dc:creator>Ines Moran</dc:creator><pubDate>Mon, 03 Jun 2024 10:00:00 GMT</pubDate>
<description>Short.</description>
<content:encoded><![CDATA[<p>A ferry <em>hit</em> the pier.</p>
<p>Nobody drowned.</p>]]></content:encoded></item>
<item><title>Two</title><link>https://lund.example/b</link>
<description>Only a summary &hellip;</description></item>
{more}</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Lund Post</title>
<author><name>Desk</name></author><entry><id>urn:1</id><title>Ferry</title>
<link href="https://lund.example/1"/><published>2024-06-03T10:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>A ferry <em>hit</em> it.</p></div></content></entry>
<entry><id>urn:2</id><title>Sum</title><content type="text">5 &lt; 6 is so.</content></entry></feed>"""

WIKI = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">
  <siteinfo><sitename>News</sitename><base>https://wiki.example/wiki/Main_Page</base></siteinfo>
  <page><title>Ferry hits pier</title><ns>0</ns>
    <revision><timestamp>2024-06-05T10:00:00Z</timestamp><text>{{date|June 3, 2024}}
A '''ferry''' hit the [[pier|old pier]] at {{w|Lund}},&lt;ref&gt;a note&lt;/ref&gt; [[Paul Ost]] said.

It lies {{convert|5|km}} away.

== Sources ==
* {{source|x}}
</text></revision>
  </page>
  <page><title>R</title><ns>0</ns><redirect title="x"/><revision>
<text>#REDIRECT [[x]]</text></revision></page>
  <page><title>Talk:R</title><ns>1</ns><revision><text>Hello.</text></revision></page>
</mediawiki>"""

JATS = """<article><front><journal-meta><journal-title-group><journal-title>Ports</journal-title>
</journal-title-group></journal-meta><article-meta><article-id pub-id-type="doi">10.1/x</article-id>
<title-group><article-title>On <italic>ferries</italic></article-title></title-group><contrib-group><contrib>
<name><surname>Moran</surname><given-names>Ines</given-names></name></contrib></contrib-group>
<pub-date><day>3</day><month>6</month><year>2024</year></pub-date></article-meta></front>
<body><sec><title>Intro</title>
<p>They carried 10<sup>6</sup> people<sup><xref ref-type="bibr">3</xref></sup> once.</p>
</sec></body><back><ref-list><ref>
<mixed-citation>Other 2020.</mixed-citation></ref></ref-list></back></article>"""

TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>Debate</title></titleStmt>
<publicationStmt><date when="1923-05-04"/></publicationStmt></fileDesc></teiHeader><text><body>
<head>Bill</head>
<sp><speaker>MR. OST.</speaker><p>The har<lb break="no"/>bour is <choice><sic>shut</sic><corr>closed</corr>
</choice>.
<note>See 4.</note></p></sp></body></text></TEI>"""


def made(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def items(path: Path) -> tuple[dict[str, Document], list[str]]:
    """The documents of a collection by their parts, and what was left out."""
    held = list(read_collection(path, path.name))
    documents = {
        each.part: each.read(f"{path.name}#{each.part}") for each in held if isinstance(each, DocumentRef)
    }
    return documents, [each.what for each in held if isinstance(each, LeftOut)]


def cited(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.paragraphs]


@pytest.mark.parametrize("name", ["a.xml", "a.nitf", "a.story"])
def test_nitf_has_its_text_and_what_the_desk_says_of_it(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, name, NITF)
    assert not is_collection_file(path)
    found = read(path, name)
    assert cited(found) == [
        "A ferry hit Lund’s pier and hurt 9 people, Paul Ost said.",
        "It cost 1 1/2 million.",
    ]
    assert (found.title, found.author, found.date) == ("Ferry hits pier", "Ines Moran", "2024-06-03")
    assert found.details == {
        "guid": "ferry", "version": "2", "status": "usable", "slug": "FERRY-LUND", "dateline": "LUND, June 3",
        "urgency": "3", "embargo": "20990604T060000Z",
    }  # fmt: skip


def test_newsml_g2_has_its_text_also_in_a_message(tmp_path: Path) -> None:
    text = G2.format(version=2, status="usable", count="Nine")
    found = read(made(tmp_path, "a.xml", text), "a.xml")
    assert cited(found) == ["Nine passengers were hurt on the ferry."]
    assert (found.site, found.date, found.details["slug"]) == ("Lund Wire", "2024-06-02", "FERRY/")
    inner = text.partition("?>")[2]
    message = f"<newsMessage><itemSet>{inner}<packageItem guid='p'/></itemSet></newsMessage>"
    documents, left = items(made(tmp_path, "b.xml", message))
    assert documents["urn:newsml:w:1"].text == found.text
    assert left == ["items without a text of their own"]


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_nothing_of_a_withdrawn_item_can_be_cited(tmp_path: Path, status: str) -> None:
    found = read(made(tmp_path, "a.xml", G2.format(version=2, status=status, count="Nine")), "a.xml")
    assert (found.paragraphs, found.text, found.details["status"]) == ((), "Ferry hits pier", status)


def test_ninjs_has_the_same_details(tmp_path: Path) -> None:
    item = {
        "uri": "urn:w:1", "version": "2", "versioncreated": "2024-06-03T10:00:00Z", "headline": "Ferry",
        "body_text": "Nine were hurt.", "pubstatus": "usable", "urgency": 3, "slugline": "FERRY/",
    }  # fmt: skip
    withheld = {**item, "uri": "urn:w:2", "pubstatus": "withheld", "body_text": ""}
    path = made(tmp_path, "a.json", json.dumps([item, withheld]))
    usable, other = items(path)[0].values()
    assert cited(usable) == ["Nine were hurt."]
    assert usable.details == {
        "guid": "urn:w:1", "version": "2", "status": "usable", "slug": "FERRY/", "urgency": "3",
    }  # fmt: skip
    assert (other.paragraphs, other.details["status"]) == ((), "withheld")


def test_a_feed_is_a_collection_of_the_items_with_their_texts(tmp_path: Path) -> None:
    documents, left = items(made(tmp_path, "feed.xml", RSS.format(more="")))
    found = documents["lund-1"]
    assert cited(found) == ["A ferry hit the pier.", "Nobody drowned."]
    assert (found.title, found.author, found.date) == ("Ferry & pier", "Ines Moran", "2024-06-03")
    assert (found.url, found.site) == ("https://lund.example/a", "Lund Post")
    assert [*documents] == ["lund-1"]
    assert "only a summary" in left[0]


def test_items_of_a_json_feed_without_a_text_are_reported_as_those_of_rss(tmp_path: Path) -> None:
    whole = {"id": "1", "url": "https://lund.example/1", "content_html": "<p>A ferry <em>hit</em> it.</p>"}
    others = [{"id": "2", "url": "u", "summary": "Sum."}, {"id": "3", "date_published": "2024-06-03"}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [whole, *others]}
    documents, left = items(made(tmp_path, "feed.json", json.dumps(feed)))
    assert [cited(each) for each in documents.values()] == [["A ferry hit it."]]
    assert len(left) == 2


def test_a_description_is_a_text_if_it_has_paragraphs_and_does_not_go_on(tmp_path: Path) -> None:
    texts = [
        "&lt;p&gt;A.&lt;/p&gt;&lt;p&gt;B.&lt;/p&gt;",
        "&lt;p&gt;A.&lt;/p&gt;&lt;p&gt;B […]&lt;/p&gt;",
        "A.",
    ]
    more = "".join(
        f"<item><guid>{n}</guid><description>{text}</description></item>" for n, text in enumerate(texts)
    )
    documents, _ = items(made(tmp_path, "feed.rss", RSS.format(more=more)))
    assert [*documents] == ["lund-1", "0"]


def test_atom_is_read_by_the_types_of_its_texts(tmp_path: Path) -> None:
    documents, _ = items(made(tmp_path, "feed.atom", ATOM))
    assert {name: cited(each) for name, each in documents.items()} == {
        "urn:1": ["A ferry hit it."],
        "urn:2": ["5 < 6 is so."],
    }


def test_a_feed_that_breaks_off_says_so_after_its_whole_items(tmp_path: Path) -> None:
    text = RSS.format(more="<item><guid>x</guid><description>" + "It goes on. " * 40)
    path = made(tmp_path, "feed.rss", text.removesuffix("</channel></rss>"))
    held = read_collection(path, "feed.rss")
    assert getattr(next(held), "part", "") == "lund-1"
    with pytest.raises(SourceError, match=r"feed\.rss breaks off"):
        list(held)


def test_xml_in_archives_and_compressed_is_read_by_its_content(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("feed.xml", RSS.format(more=""))
        archive.writestr("story.xml", NITF)
    assert sorted(items(tmp_path / "a.zip")[0]) == ["feed.xml#lund-1", "story.xml"]
    (tmp_path / "w.xml.bz2").write_bytes(bz2.compress(WIKI.encode()))
    assert [*items(tmp_path / "w.xml.bz2")[0]] == ["Ferry hits pier"]


def test_a_wiki_has_articles_and_cites_no_sentence_that_a_template_completes(tmp_path: Path) -> None:
    documents, left = items(made(tmp_path, "w.xml", WIKI))
    (found,) = documents.values()
    assert cited(found) == ["A ferry hit the old pier at Lund, Paul Ost said."]
    assert "It lies {{convert|5|km}} away." in found.text
    assert (found.date, found.url) == ("2024-06-03", "https://wiki.example/wiki/Ferry_hits_pier")
    assert left == ["redirects", "pages that are no articles"]


def test_an_article_of_a_journal_has_no_notes_glued_to_its_words(tmp_path: Path) -> None:
    found = read(made(tmp_path, "a.xml", JATS), "a.xml")
    assert cited(found) == ["They carried 10^6 people once."]
    assert (found.title, found.author, found.date) == ("On ferries", "Ines Moran", "2024-06-03")
    assert found.url == "https://doi.org/10.1/x"


def test_an_edition_has_the_words_of_its_source(tmp_path: Path) -> None:
    found = read(made(tmp_path, "a.xml", TEI), "a.xml")
    assert cited(found) == ["MR. OST: The harbour is shut."]
    assert found.date == "1923-05-04"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<?xml version='1.0'?><plist/>", "isn't read .its root element is <plist>"),
        ("<urlset xmlns='x'><url/></urlset>", "is a sitemap"),
        ("<article><title>DocBook</title></article>", "not that of JATS"),
        ("Just words.", "is not XML"),
        ("<!DOCTYPE nitf [<!ENTITY a 'b'>]><nitf><body>&a;</body></nitf>", "declares entities"),
        ("<nitf><body>", "is damaged"),
    ],
)
def test_other_xml_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        read(made(tmp_path, "a.xml", text), "a.xml")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xef\xbb\xbf<!-- <rss> --><feed xmlns='a'>", "feed"),
        ("<?xml version='1.0'?><rss >".encode("utf-16"), "rss"),
        (b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="x">', "RDF"),
    ],
)
def test_the_root_element_tells_the_kind(head: bytes, name: str) -> None:
    found = root_of(head)
    assert found
    assert found.name == name


def test_versions_are_reported_and_a_withdrawal_removes_them(archive: Archive, cli: Cli) -> None:
    for version, status, count in ((1, "usable", "Seven"), (2, "usable", "Nine")):
        made(archive.files, f"v{version}.xml", G2.format(version=version, status=status, count=count))
    ran = cli("index", archive.files, "--index", archive.index)
    assert "v2.xml is version 2 of" in ran.err
    made(archive.files, "v3.xml", G2.format(version=3, status="canceled", count="Nine"))
    ran = cli("index", archive.files, "--index", archive.index)
    assert ran.code == 0
    assert "v1.xml was withdrawn by" in ran.err
    again = cli("index", archive.files, "--index", archive.index)
    assert "v1.xml is left out: it was withdrawn by" in again.err
    listed = cli("status", "--json", "--documents", "--index", archive.index).json["listed"]
    assert [each["source"].rpartition("/")[2] for each in listed if each["source"].endswith(".xml")] == [
        "v3.xml"
    ]
    shown = cli("show", "v3.xml", "--json", "--index", archive.index)
    assert json.loads(shown.out)["document"]["details"]["status"] == "canceled"
    assert cli("show", "v3.xml", "--index", archive.index).code == 0
