"""What the server says that a page is, and the format that it is read in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from askbrief.errors import FetchError
from askbrief.fetch.address import Address
from askbrief.media_type import MediaType, parse_media_type

LISTINGS = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml",
        "application/feed+json", "application/json", "application/gzip", "application/x-gzip",
    }
)  # fmt: skip
"""Types of feeds and sitemaps that no page has; a feed may be called ``text/html`` too."""


class PageFormats(Protocol):
    """The formats that pages can be read in."""

    def accepts(self, media_type: MediaType) -> bool:
        """Whether content of this type may be readable."""

    def identify(self, media_type: MediaType, address: str, data: bytes) -> tuple[str, bytes] | None:
        """The suffix of a page's format and its content, text in UTF-8; None if no format reads it."""


def content_type(headers: Mapping[str, str]) -> MediaType:
    """The media type in the headers of a response."""
    return parse_media_type(headers.get("content-type", ""))


def require_readable(address: Address, headers: Mapping[str, str], formats: PageFormats) -> None:
    """Check the headers before the content is downloaded.

    Raises:
        FetchError: the content is nothing that can be indexed: an image, a video, or an unsupported format.
    """
    media_type = content_type(headers)
    if media_type.name not in LISTINGS and not formats.accepts(media_type):
        raise FetchError(f"{address} is {media_type}, which can't be indexed", hint="leave it out")


def identify(address: Address, media_type: MediaType, data: bytes, formats: PageFormats) -> tuple[str, bytes]:
    """The suffix of a page's format and its content, text in UTF-8.

    Raises:
        FetchError: the format can't be identified, or is not supported.
    """
    found = formats.identify(media_type, str(address), data)
    if found is None:
        raise FetchError(f"{address} is {media_type}, and no feed or sitemap", hint="leave it out")
    return found
