"""What surrounds or interrupts an article, removed from a page's tree: by the names and roles of elements,
by the headings above, and by the words of links to other stories.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from askbrief.formats.document import Block, ends_sentence
from askbrief.formats.markup import BREAKS, INLINE
from askbrief.formats.shown_words import drop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

AROUND = (
    "amp-ad", "amp-embed", "amp-sticky-ad", "amp-consent", "amp-sidebar", "amp-list", "amp-social-share",
    "amp-user-notification", "dialog", "nav", "template",
)  # fmt: skip
"""Elements that never hold an article's text."""
ROLES = frozenset({"alertdialog", "complementary", "dialog", "navigation", "search"})
OTHERS = re.compile(
    r"comments?|comentarios?|commentaires?|commenti|komment\w+|reacties|leserbriefe?|respond|disqus|coral|viafoura"
    r"|cookies?|consent|gdpr|didomi|onetrust|regwall|barrier"
)
"""Words in the class or id of readers' comments, and of banners that block the page."""
BIOGRAPHY = re.compile(
    r"bio|biography|about-(?:the-)?(?:author|writer|reporter)s?|(?:author|writer|journalist|reporter|byline)"
    r"-(?:bio|biography|box|card|profile|description|about|blurb|details)"
)
"""Words for what a page says of its author."""
EXTRAS = re.compile(
    r"ads?|advert|advertisement|contribut\w*|donat\w*|newsletters?|onwards?|outbrain|podcasts?|popup|promos?"
    r"|recirc\w*|recommend\w*|related|share|sharing|social|sponsored|subscri(?:be|ption|ptions)|taboola|upsell|toc"
    r"|read-more|also-read|inline-teaser|most-(?:read|viewed|popular)|call-to-action|table-of-contents"
    r"|more-(?:stories|news|on|from)|further-reading|see-also|trending|you-may|read-next|up-next|editsection|edit-section"
)
"""Words for what interrupts or follows an article; wrappers of pages have some of them too."""
PULL_QUOTE = re.compile(r"pull-?quotes?|quote-callout|callout-quote")
MOST = 0.7
"""A box with more than this share of the text in paragraphs is a wrapper of the article."""

OF_OTHERS = re.compile(
    r"(?:\d+ )?(?:comments?|reactions?|replies)|(?:leave|post|add) a (?:comment|reply)|join the "
    r"(?:conversation|discussion)"
    r"|(?:read(?:er)?s?’? )?comments?|about the (?:author|writer|reporter|journalist)s?|about (?:us|our "
    r"reporters?)"
)
"""Headings of what others than the author wrote, or of what is about the author."""
OF_LINKS = re.compile(
    r"related(?: (?:articles?|stor(?:y|ies)|topics?|content|links?|posts?|news|coverage|reading))?|read "
    r"(?:more|next|also)"
    r"|more (?:on this(?: story| topic)?|stories|news|headlines|like this|coverage|(?:from|in|about|on) "
    r".{1,40})|see also"
    r"|also (?:read|on .{1,30}|in .{1,30})|you (?:may|might) (?:also )?(?:like|be interested).*"
    r"|recommended.{0,30}"
    r"|most (?:read|popular|viewed|shared|commented)|trending(?: now)?|top stories|latest (?:news|stories"
    r"|headlines)"
    r"|(?:editor.?s.? )picks?|don.?t miss.{0,30}|what to read next|up next|popular(?: now)?|around the "
    r"web|sponsored.{0,30}"
    r"|promoted.{0,30}|from our partners|further reading|keep reading|elsewhere on .{1,30}|tags|topics"
    r"|mehr zum thema|lire aussi|lea también|leggi anche|lees ook|les også|läs (?:också|mer)|leia "
    r"(?:também|mais)"
)
"""Headings of links to other stories."""
_LABEL = re.compile(
    r"(?:click here to )?(?:(?:read|see|watch|listen|view)(?: (?:more|also|next|now|our|full story|the "
    r"full story|to))?"
    r"|(?:also|must) read|related(?: (?:articles?|story|stories|coverage|news|content|reading|video))?"
    r"|more(?: on this)?"
    r"|see also|don.?t miss|recommended(?: reading| for you)?|further reading|opinion|explainer|in "
    r"(?:pictures|depth|video)"
    r"|mehr zum thema|lesen sie auch|(?:à )?lire aussi|lea también|te puede interesar|leggi anche|lees "
    r"ook|les også"
    r"|läs (?:också|mer)|leia (?:também|mais)|zobacz też|czytaj (?:też|także|więcej)|читайте также)\b",
    re.IGNORECASE,
)
"""What begins a line that links to another story."""
_SEPARATOR = re.compile(r"\s*[:|»>–—→-]")
_LINK_ALONE = re.compile(
    r"[\[(<«]?\s*(?:(?:read|see|find out|learn|show|view) (?:more|all)(?: here)?|continue reading|full "
    r"story|more"
    r"|read (?:the )?full (?:story|article)|click here|more (?:details|here)|back to top|subscribe|sign "
    r"up)\s*[\])>»→….]*",
    re.IGNORECASE,
)
"""Words of links that are no part of a sentence."""
CALLS = re.compile(
    r"(?:please )?(?:follow|like|join|find) (?:us|our|@\w+|the [\w ]{1,40}) (?:on|at) \w+|(?:please "
    r")?sign up (?:for|to|here)\b"
    r"|subscribe (?:to|now|for|here|today)\b|download (?:our|the) (?:free )?app\b|get (?:our|the) [\w "
    r"’']{1,40}newsletter"
    r"|do you have a (?:story|tip|news)|got a (?:story|tip)\b|click here to|share this (?:article|story"
    r"|page|on)\b"
    r"|advertisement$|story continues below|article continues (?:after|below)|support (?:our|quality"
    r"|independent) journalism"
    r"|we (?:and our partners )?use cookies|this (?:site|website) uses cookies|we value your privacy|by "
    r"(?:continuing|using)"
    r" .{0,40}you (?:agree|accept|consent)|(?:©|\(c\)|copyright)\s*(?:©\s*)?\d{4}",
    re.IGNORECASE,
)
"""What paragraphs begin with that call on readers to do something, or are about the site."""
NEEDS_SCRIPT = re.compile(
    r"(?:sorry,? )?(?:please )?(?:you (?:need|have|must)(?: to)? )?(?:enable|activate|turn on|allow"
    r"|switch on)"
    r"(?: your)? (?:java-?script|cookies)"
    r"|(?:this|our|the) (?:site|website|page|app|application|content|video|article|feature) (?:requires"
    r"|needs|works best with|"
    r"will not (?:work|function)|doesn.t work|relies on) .{0,40}java-?script"
    r"|(?:java-?script|cookies?) (?:is|are|must be|has been|have been|appears? to be|needs? to be|seems?)"
    r"(?: currently)?(?: to be)? (?:disabled|required|not enabled|enabled|turned off|off|unavailable)"
    r"|your browser (?:does not|doesn.t|has|is|may)|(?:we.ve|we have|it (?:looks|seems|appears)) "
    r".{0,40}java-?script"
    r"|to (?:use|view|run|continue|see|read) .{0,60}java-?script|checking (?:your browser|if the site)"
    r"|loading\b.{0,20}$|please wait\b.{0,40}$|(?:just )?one moment\b.{0,30}$|you need to enable "
    r"javascript.*",
    re.IGNORECASE,
)
"""What a page says instead of its article if its script doesn't run."""
LONGEST_LINE = 200
"""Characters of a line that is no part of the article by its first words."""
LINKED = 0.8

LAST = 3
"""Blocks among which the one about the author is."""
_DOES = (
    r"(?:is (?:an?|the|our|based|senior|chief|political)\b|(?:also )?(?:covers|writes|edits|teaches"
    r"|lives)\b|reports (?:on|for|from)\b"
    r"|has (?:covered|been|written|reported|worked)\b|joined\b|can be (?:reached|contacted|followed)|was "
    r"(?:born|previously)\b)"
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


def drop_boilerplate(tree: HtmlElement) -> None:
    """Remove from a tree what surrounds or interrupts its article."""
    for element in [*tree.iter(*AROUND), *tree.iterfind(".//*[@role]")]:
        if element.tag in AROUND or element.get("role") in ROLES:
            drop(element)
    _drop_boxes(tree)
    holding = _holding(tree)
    for element in list(tree.iter(*_LEVELS)):
        _drop_section(element, holding)
    for element in list(tree.iter("p", "li", "div", "h2", "h3", "h4", "h5", "h6", "blockquote")):
        if element not in holding and _is_line_of_others(element):
            drop(element)
    for link in list(tree.iter("a")):
        if _LINK_ALONE.fullmatch(_words(link)) and not (link.tail or "").strip(" .»→"):
            drop(link)


def without_author(article: list[Block], author: str | None) -> list[Block]:
    """The blocks without the line that only names the author, and the one among the last that says who it
    is."""
    named = [re.escape(name) for name in (author or "").split("; ") if " " in name]
    if not named:
        return article
    one = f"(?:{'|'.join(named)})"
    line = re.compile(rf"by:? {one}(?:(?:,| and|, and| &) {one})*", re.IGNORECASE)
    biography = re.compile(rf"{one}(?:,| \(|’s\b)? {_DOES}", re.IGNORECASE)
    last = len(article) - LAST
    kept = [
        block
        for at, block in enumerate(article)
        if not line.fullmatch(block.text) and not (at >= max(last, 1) and biography.match(block.text))
    ]
    return kept or article


def drop_biographies(tree: HtmlElement) -> None:
    """Remove what a page says of its author beside the article, so that no author is made of it."""
    for element in list(tree.iterfind(".//body//*")):
        if any(map(BIOGRAPHY.fullmatch, names(element))) and _is_prose(element):
            drop(element)


def names(element: HtmlElement) -> set[str]:
    """The words in an element's class and id, alone and joined by hyphens in twos and threes."""
    written = " ".join(element.get(name, "") for name in ("class", "id", "itemprop", "data-component"))
    found: set[str] = set()
    for name in written.split():
        words = [word.lower() for word in _WORD.findall(name)]
        found.update("-".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words)))
    return found


def weights(tree: HtmlElement) -> dict[HtmlElement, int]:
    """The number of characters in the paragraphs of each element."""
    found: dict[HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        size = len(paragraph.text_content())
        for element in (paragraph, *paragraph.iterancestors()):
            found[element] = found.get(element, 0) + size
    return found


def linked_share(element: HtmlElement) -> float:
    """The share of an element's letters that are in links."""
    total = len(_squeezed(element.text_content()))
    return sum(len(_squeezed(link.text_content())) for link in element.iter("a")) / total if total else 0.0


def _holding(tree: HtmlElement) -> set[HtmlElement]:
    """The elements that hold an article by what they are or what is in them."""
    marked = tree.xpath(".//h1 | .//main | .//*[@itemprop='articleBody']")
    return {around for element in marked for around in (element, *element.iterancestors())}


def _drop_boxes(tree: HtmlElement) -> None:
    """Remove boxes that surround the article according to their names or attributes, but no wrapper of it."""
    holding, sizes = _holding(tree), weights(tree)
    largest = MOST * sizes.get(tree, 0)
    text = ""
    for element in list(tree.iterfind(".//body//*")):
        if element in holding or element.tag in {"article", *BREAKS} or _is_within_sentence(element):
            continue
        named = names(element)
        small = sizes.get(element, 0) <= largest
        extra = small and (
            any(map(EXTRAS.fullmatch, named)) or (any(map(BIOGRAPHY.fullmatch, named)) and _is_prose(element))
        )
        if (
            element.get("aria-modal") == "true"
            or any(map(OTHERS.fullmatch, named))
            or (extra and not _is_paragraph(element))
        ):
            drop(element)
        elif any(map(PULL_QUOTE.fullmatch, named)):
            text = text or _squeezed(tree.text_content())
            if text.count(_squeezed(element.text_content()).strip("“”\"‘’'")) > 1:
                drop(element)


def _is_within_sentence(element: HtmlElement) -> bool:
    """Whether an inline element is part of a sentence that begins before it or goes on after it: without it,
    the sentence would say something else."""
    if element.tag not in INLINE:
        return False
    before, parent = element.getprevious(), element.getparent()
    text = (before.tail if before is not None else parent.text if parent is not None else None) or ""
    after = (element.tail or "").lstrip()
    begun = bool(text.strip()) and not ends_sentence(" ".join(text.split()))
    return begun or after[:1].islower() or after[:1] in tuple(",;.?!")


def _is_paragraph(element: HtmlElement) -> bool:
    """Whether an element is one paragraph that says something, and no line of links."""
    return element.tag == "p" and ends_sentence(_words(element)) and linked_share(element) < 0.5


def _drop_section(heading: HtmlElement, holding: set[HtmlElement]) -> None:
    """Remove what is under a heading of comments, of a biography or of links to other stories, and itself."""
    words = re.sub(r"\s*[(\[]?\d+[)\]]?$|[:.…»>]+$", "", _words(heading)).casefold()
    of_others, of_links = OF_OTHERS.fullmatch(words), OF_LINKS.fullmatch(words)
    if heading in holding or heading.getparent() is None or not (of_others or of_links):
        return
    top = heading
    while (
        top.getnext() is None
        and _words(top.getparent()) == _words(heading)
        and top.getparent() not in holding
    ):
        top = top.getparent()
    section = [top]
    for element in top.itersiblings():
        level = _LEVELS.get(str(element.tag))
        if element in holding or (level and level <= _LEVELS[heading.tag]) or element.tag == "article":
            break
        if of_links and not _is_teaser(element):
            break
        section.append(element)
    for element in section:
        drop(element)


def _is_teaser(element: HtmlElement) -> bool:
    share = linked_share(element)
    return (
        share > 0.5 or not _words(element) or (share > 0 and element.tag not in {"p", "blockquote", "table"})
    )


def _is_line_of_others(element: HtmlElement) -> bool:
    """Whether a paragraph links to another story, calls on readers, or is a notice about scripts."""
    inner = element.iterdescendants()
    if any(isinstance(each.tag, str) and each.tag not in INLINE and each.tag not in BREAKS for each in inner):
        return False
    words = _words(element)
    if not words or len(words) > LONGEST_LINE:
        return False
    if CALLS.match(words) or NEEDS_SCRIPT.match(words):
        return element.tag in {"p", "div", "li"}
    label = _LABEL.match(words)
    if not label or element.tag == "li":
        return False
    apart = _SEPARATOR.match(words, label.end())
    rest = len(_squeezed(words[label.end() :]))
    linked = sum(len(_squeezed(link.text_content())) for link in element.iter("a"))
    if rest and linked >= LINKED * rest:
        return bool(apart) or linked >= LINKED * len(_squeezed(words)) or not ends_sentence(words)
    return (
        bool(apart)
        and not ends_sentence(words)
        and len(words.split()) > len(label[0].split()) + 2
        and (
            label[0].lower() not in {"more", "opinion", "explainer", "see", "read", "watch", "view", "listen"}
        )
    )


def _is_prose(element: HtmlElement) -> bool:
    """Whether an element has more than a name and a role in it."""
    words = _words(element)
    return ends_sentence(words) or len(words.split()) > 8


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _squeezed(text: str) -> str:
    return "".join(text.split())
