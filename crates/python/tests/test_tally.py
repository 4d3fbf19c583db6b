"""Partial tallies merge in any order, wherever they were made."""

import json
import os
import pickle
import random
import subprocess
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pyarrow as pa
import pytest

import adit
from conftest import PLAN, ROOT

DAY = "2020-12-31"


def test_an_assessment_is_that_of_the_command_line(rulebook, registry):
    command = [os.environ["ADIT_COMMAND"], "assess", PLAN, "--registry", f"{PLAN}/registry-2020.csv"]
    command += ["--as-of", DAY, "--format", "json"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8").stdout
    assert rulebook.assess(registry, as_of=DAY).to_dict() == json.loads(printed)


def parts_of(rulebook, table, size, **options):
    slices = [table.slice(start, size) for start in range(0, table.num_rows, size)]
    return [rulebook.tally(rows, part=number, **options) for number, rows in enumerate(slices)]


def test_parts_merge_in_any_order(rulebook, mines):
    # Without ids, lists name mines by their places in the whole: the order of the parts must not show there either.
    table = mines.drop_columns(["编号"]).slice(0, 300)
    whole = rulebook.tally(table, as_of=DAY).assessment().to_json()
    parts = parts_of(rulebook, table, 37, as_of=DAY)
    seen = set()
    for seed in range(6):
        random.Random(seed).shuffle(parts)
        left, right = parts[:3], parts[3:]
        merged = left[0].merge(*left[1:]).merge(right[0].merge(*right[1:]))
        assert merged.mines == 300 and merged.assessment().to_json() == whole
        seen.add(merged.to_bytes())
    assert len(seen) == 1


def test_bytes_and_pickles_are_the_tally(rulebook, registry):
    tally = rulebook.tally(registry, as_of=DAY)
    assert rulebook.tally_from_bytes(tally.to_bytes(), as_of=DAY) == tally
    restored = pickle.loads(pickle.dumps(tally))
    assert restored == tally and restored.assessment().to_json() == tally.assessment().to_json()


def count(task):
    rulebook, part, rows = task
    return rulebook.tally(rows, part=part, as_of=DAY)


def test_other_processes_count(rulebook, registry):
    tasks = [(rulebook, part, registry.slice(part * 12, 12)) for part in range(3)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        first, *others = pool.map(count, tasks)
    assert others[1].merge(first, others[0]).assessment().to_json() == rulebook.assess(registry, as_of=DAY).to_json()


def test_tallies_that_do_not_belong_together(rulebook, registry):
    tally = rulebook.tally(registry, as_of=DAY)
    for data in (b"", b"{}", tally.to_bytes()[:-9], b'{"census": 99}'):
        assert pytest.raises(adit.TallyError, rulebook.tally_from_bytes, data, as_of=DAY).value.code == "A0812"
    with pytest.raises(adit.TallyError):
        rulebook.tally_from_bytes(tally.to_bytes(), as_of="2025-12-31")
    other = adit.Rulebook.from_text("引用 矿业\n条款 T-1 “甲”\n  依据 一 「禁止开采煤」\n  禁止 开采 煤\n")
    with pytest.raises(adit.TallyError):
        other.tally_from_bytes(tally.to_bytes(), as_of=DAY)
    with pytest.raises(ValueError):
        tally.merge(rulebook.tally(registry))


def test_statistics_of_the_office_join_late(rulebook, registry):
    tally = rulebook.tally(registry, as_of=DAY)
    assert tally.assessment(reported={"没有人问": "1个"}).to_json() == tally.assessment().to_json()
    with pytest.raises(ValueError, match="amount"):
        tally.assessment(reported={"甲": "许多"})
    assert tally.assessment(base=tally).mines == pa.table(registry).num_rows
