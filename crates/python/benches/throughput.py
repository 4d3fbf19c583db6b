"""Rows a second by Python and by Spark, on one machine.

    pip install --config-settings build-args="--profile release" ./crates/python
    python crates/python/benches/throughput.py rules/plans/yongchuan

Prints medians of five runs, after one that warms up. No time is asserted.
"""

import os
import statistics
import sys
import time
from pathlib import Path

import pyarrow as pa

import adit

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from conftest import made_up  # noqa: E402

DAY = "2025-01-01"


def seconds(work, runs: int = 5) -> float:
    work()
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def line(what: str, rows: int, took: float) -> None:
    print(f"| {what} | {rows:,} | {took:.2f} s | {rows / took:,.0f} |", flush=True)


def main(plan: str) -> None:
    rulebook = adit.Rulebook.load(plan)
    print(f"{rulebook!r}, adit {adit.__version__}, Python {sys.version.split()[0]}, {os.cpu_count()} cores\n")
    print("| | Rows | Took | Rows a second |\n|---|--:|--:|--:|")
    rows = 1_000_000
    one = made_up(100_000)
    table = pa.concat_tables([one] * (rows // one.num_rows))
    few = table.slice(0, 20_000)
    record = few.slice(0, 1).drop_columns(["位于"]).to_pylist()[0]
    facts = {"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年", "编号": record["编号"]}

    line("`review` of a dict, one by one", 2_000, seconds(lambda: [rulebook.review(facts, as_of=DAY) for _ in range(2_000)]))
    line("`rule`, pyarrow, one thread", rows, seconds(lambda: pa.table(rulebook.rule(table, as_of=DAY))))
    line("`tally`, one thread", few.num_rows, seconds(lambda: rulebook.tally(few, as_of=DAY), 3))

    from pyspark.sql import SparkSession

    from adit import spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    frame = session.createDataFrame(table).repartition(8).cache()
    small = session.createDataFrame(few).repartition(8).cache()
    frame.count(), small.count()
    nothing = lambda batches: batches  # noqa: E731
    line(
        "Spark, rows through Python and back, nothing done",
        rows,
        seconds(lambda: frame.mapInArrow(nothing, frame.schema).write.format("noop").mode("overwrite").save(), 3),
    )
    ruled = spark.rule(frame, rulebook, as_of=DAY)
    line("`spark.rule`, `local[2]`", rows, seconds(lambda: ruled.write.format("noop").mode("overwrite").save(), 3))
    line("`spark.tally`, `local[2]`", few.num_rows, seconds(lambda: spark.tally(small, rulebook, as_of=DAY), 3))
    session.stop()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "rules/plans/yongchuan")
