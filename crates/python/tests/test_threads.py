"""While Rust works, Python goes on."""

import threading
import time

import polars as pl
import pyarrow as pa
import pytest

import adit
from conftest import PLAN, made_up


def longest_pause(work) -> tuple[float, float]:
    """How long some work took, and the longest that this thread had to wait meanwhile."""
    done = threading.Event()

    def run():
        work()
        done.set()

    thread = threading.Thread(target=run)
    start = last = time.perf_counter()
    longest = 0.0
    thread.start()
    while not done.is_set():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    thread.join()
    return last - start, longest


def works(rulebook):
    table = made_up(200_000).combine_chunks()
    return {
        "load": lambda: [adit.Rulebook.load(PLAN) for _ in range(3)],
        "tally": lambda: rulebook.tally(table.slice(0, 1_000)),
        "rule": lambda: list(rulebook.rule(table)),
        "rule into pyarrow": lambda: pa.table(rulebook.rule(table)),
        "rule into polars": lambda: pl.DataFrame(rulebook.rule(table)),
    }


@pytest.mark.parametrize("work", ["load", "tally", "rule", "rule into pyarrow", "rule into polars"])
def test_other_threads_run(rulebook, work):
    took, pause = longest_pause(works(rulebook)[work])
    # Work that held the lock would be one pause from beginning to end.
    assert took > 0.05 and pause < took / 2, f"{work}: {took:.3f} s, of which one pause of {pause:.3f} s"


def test_threads_share_a_rulebook(rulebook, mines):
    found = [None, None]

    def rule(place):
        found[place] = pa.table(rulebook.rule(mines)).to_pylist()

    threads = [threading.Thread(target=rule, args=(place,)) for place in (0, 1)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert found[0] == found[1] and len(found[0]) == mines.num_rows
