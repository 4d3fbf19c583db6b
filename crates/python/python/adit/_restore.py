"""Rulebooks from their pickled texts. A process loads each only once, however many tasks bring it along."""

from functools import lru_cache

from adit._adit import Rulebook


@lru_cache(maxsize=16)
def rulebook(state: bytes) -> Rulebook:
    return Rulebook._restored(state)
