"""What the tests share: the rules and the registry of a plan, and a table of mines made up by a fixed seed."""

import csv
import os
import random
from pathlib import Path

import pyarrow as pa
import pytest

import adit

ROOT = Path(__file__).resolve().parents[3]
PLAN = "rules/plans/yongchuan"

MINERALS = ["建筑石料用灰岩", "水泥用灰岩", "煤", "建筑用砂岩", "砖瓦用页岩", "锶矿", None]
ACTIVITIES = ["新建", "扩建", "延续", "整合", None]
AREAS = [[], ["生态保护红线"], ["自然保护地", "永久基本农田"], None]


@pytest.fixture(scope="session", autouse=True)
def at_the_root():
    # Files are shown relative to where one stands, here as for the command line.
    os.chdir(ROOT)


@pytest.fixture(scope="session")
def rulebook(at_the_root) -> adit.Rulebook:
    return adit.Rulebook.load(PLAN)


def made_up(rows: int, seed: int = 7) -> pa.Table:
    """Mines with every type of column, and holes in each."""
    chance = random.Random(seed)

    def some(value, share=0.85):
        return value if chance.random() < share else None

    columns = {
        "编号": pa.array([f"M{row}" for row in range(rows)]),
        "矿种": pa.array([chance.choice(MINERALS) for _ in range(rows)]),
        "办理事项": pa.array([chance.choice(ACTIVITIES) for _ in range(rows)]),
        "生产规模（万吨/年）": pa.array([some(chance.randrange(1, 200)) for _ in range(rows)], pa.int64()),
        "服务年限（年）": pa.array([some(chance.randrange(1, 40)) for _ in range(rows)], pa.int32()),
        "距离·长江干流岸线（千米）": pa.array([some(chance.randrange(0, 20), 0.6) for _ in range(rows)], pa.int64()),
        "位于": pa.array([chance.choice(AREAS) for _ in range(rows)], pa.list_(pa.string())),
        "新增划资源": pa.array([some(chance.random() < 0.3) for _ in range(rows)], pa.bool_()),
        "采矿许可证到期日": pa.array([some(18_000 + chance.randrange(4_000), 0.5) for _ in range(rows)], pa.int32()).cast(
            pa.date32()
        ),
    }
    return pa.table(columns)


@pytest.fixture(scope="session")
def mines() -> pa.Table:
    return made_up(2_000)


@pytest.fixture(scope="session")
def registry() -> pa.Table:
    """The registry of the plan, all columns as text."""
    with open(ROOT / PLAN / "registry-2020.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return pa.table({name: pa.array([row[name] or None for row in rows], pa.string()) for name in rows[0]})


def rows_of(rulings) -> list[dict]:
    return pa.table(rulings).to_pylist()
