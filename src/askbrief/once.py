"""What is made once and used by many threads, a property of an object or a model of the whole process; and
what may take no longer than it should."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, overload
from weakref import WeakValueDictionary

T = TypeVar("T")

_MAKING = threading.Lock()


class computed_once(Generic[T]):  # noqa: N801 — used as ``property`` is
    """As ``functools.cached_property``, computed by one thread while others wait for it.

    That of the standard library has no lock from Python 3.12 on, and before, one for all objects.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self._lock_name = f"_{name}_lock"

    @overload
    def __get__(self, instance: None, owner: type) -> computed_once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> computed_once[T] | T:
        if instance is None:
            return self
        kept = instance.__dict__
        with _MAKING:
            lock = kept.setdefault(self._lock_name, threading.RLock())
        with lock:
            if self._name not in kept:
                kept[self._name] = self._compute(instance)
            found: T = kept[self._name]
            return found


_MODELS: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()
_LOADING: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)


def shared(key: Hashable, load: Callable[[], T]) -> T:
    """What ``load`` gives, loaded once for all of this process that use it at the same time under ``key``: a
    model takes a hundred megabytes, and its runs don't depend on one another."""
    with _MAKING:
        lock = _LOADING[key]
    with lock:
        found = _MODELS.get(key)
        if found is None:
            found = _MODELS[key] = load()
        result: T = found
        return result


def within(seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` gives or raises, done by another thread. Raises TimeoutError after some seconds; the
    thread, which nothing can end, is left to itself. What a library panics with is a RuntimeError."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # panics of Rust are no Exception in Python
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if done:
        return done[0]
    if failed:
        (error,) = failed
        raise error if isinstance(error, Exception) else RuntimeError(str(error)) from error
    raise TimeoutError(f"it takes longer than {seconds:g} seconds")
