"""What a graph says of itself, read before it is loaded: one of an index may be somebody else's.

An ONNX file is a Protocol Buffers message. Only the fields that are wanted are looked at, by their numbers in
``onnx.proto``; to import ``onnx`` would take longer than a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FUNCTIONS = (25,)
"""``ModelProto.functions``: parts that a model defines itself, which may call one another a million times."""
NODE, INITIALIZER = (7, 1), (7, 5)
"""``ModelProto.graph``, and in it ``node`` and ``initializer``."""
OPERATOR, ATTRIBUTE = 4, 5
"""Fields of ``NodeProto``."""
SUBGRAPHS = (6, 11)
"""``g`` and ``graphs`` of ``AttributeProto``: what Loop, Scan and If run, as often as the graph's numbers
say."""
EXTERNAL = 13
"""``TensorProto.external_data``, with ``key`` and ``value``."""

MOST = 200_000
"""Fields of one message that are looked at: graphs of language models have some thousands of nodes."""

VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5


def require_straight(path: Path, beside: str) -> None:
    """Raise ValueError unless the graph at ``path`` runs each of its nodes once, and has its numbers in
    itself or in the file ``beside`` it."""
    view = memoryview(path.read_bytes())
    if next(_at(view, FUNCTIONS), None) is not None:
        raise ValueError("its graph defines operators of its own")
    for node in _at(view, NODE):
        for attribute in _inside(node, ATTRIBUTE):
            if any(next(_inside(attribute, number), None) is not None for number in SUBGRAPHS):
                name = bytes(next(_inside(node, OPERATOR), node[:0])[:40]).decode("ascii", "replace")
                raise ValueError(f"its graph has a {name}, which may run without end")
    for tensor in _at(view, INITIALIZER):
        for entry in _inside(tensor, EXTERNAL):
            key, value = (bytes(next(_inside(entry, number), entry[:0])) for number in (1, 2))
            if key == b"location" and value != beside.encode():
                raise ValueError("its graph has its numbers in another file")


def _at(view: memoryview, path: tuple[int, ...]) -> Iterator[memoryview]:
    """All messages at a path of field numbers."""
    first, *rest = path
    for each in _inside(view, first):
        if rest:
            yield from _at(each, tuple(rest))
        else:
            yield each


def _inside(view: memoryview, wanted: int) -> Iterator[memoryview]:
    """The contents of a field of bytes, each time that a message has it. Raises ValueError for no message."""
    at = 0
    for _ in range(MOST):
        if at == len(view):
            return
        key, at = _varint(view, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            _, at = _varint(view, at)
            continue
        if kind == BYTES:
            size, at = _varint(view, at)
        elif kind in (EIGHT, FOUR):
            size = 8 if kind == EIGHT else 4
        else:
            raise ValueError("its graph is no message")
        if size > len(view) - at:
            raise ValueError("its graph breaks off")
        if number == wanted and kind == BYTES:
            yield view[at : at + size]
        at += size
    raise ValueError("its graph has too many parts")


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where what follows it begins."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(view):
            break
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("its graph breaks off")
