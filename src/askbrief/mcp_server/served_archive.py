"""The archive that the tools ask: opened beside the server, and at its newest revision with each call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from askbrief.errors import AskbriefError
from askbrief.serve.lanes import Lanes

if TYPE_CHECKING:
    from askbrief.api import Index
    from askbrief.serve.served_index import ServedIndex


class ServedArchive:
    """What ``open_index`` gives, once somebody needs it; an index that can't be opened now may be later."""

    def __init__(self, open_index: Callable[[], Index]) -> None:
        self._open_index = open_index
        self._served: ServedIndex | None = None
        self._lock = threading.Lock()
        self._beside = ThreadPoolExecutor(1, "askbrief-load")
        self._begun = False
        self.lanes = Lanes()
        """The threads that ask it."""

    def begin(self) -> None:
        """Open the index and load the models in a thread of their own; call it as often as you like."""
        if not self._begun:
            self._begun = True
            self._beside.submit(self._warm)

    def _warm(self) -> None:
        with suppress(AskbriefError):  # whoever calls a tool learns of it
            self._opened().warm()

    def newest(self) -> ServedIndex:
        """The index, with everything that was committed by now. Raises the ``errors.Index*``."""
        served = self._opened()
        served.refresh()
        return served

    def _opened(self) -> ServedIndex:
        from askbrief.serve.served_index import ServedIndex

        with self._lock:
            if self._served is None:
                self._served = ServedIndex(self._open_index())
            return self._served

    def close(self) -> None:
        """Close the index once it has been opened; it is asked no more."""
        self.lanes.close()
        self._beside.shutdown(cancel_futures=True)
        with self._lock:
            if self._served is not None:
                self._served.close()
                self._served.index.close()
