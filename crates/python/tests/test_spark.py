"""A real Spark on this machine: rulings byte for byte, tallies and indicators as without it."""

import os
import sys

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from adit import spark
from conftest import made_up

DAY = "2020-12-31"


@pytest.fixture(scope="module")
def session():
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("adit")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500")
        .getOrCreate()
    )
    yield session
    session.stop()


def bytes_of(table: pa.Table) -> bytes:
    """A table as Arrow writes it, chunks and dictionaries aside."""
    arrays = [column.combine_chunks() for column in table.columns]
    plain = [array.dictionary_decode() if pa.types.is_dictionary(array.type) else array for array in arrays]
    fields = [pa.field(name, array.type) for name, array in zip(table.schema.names, plain, strict=True)]
    batch = pa.record_batch(plain, schema=pa.schema(fields))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def alike(table: pa.Table) -> pa.Table:
    """The same columns in the types that Arrow of Rust gives them."""
    item = pa.list_(pa.field("item", pa.string()))
    types = {True: item}
    fields = [pa.field(field.name, types.get(pa.types.is_list(field.type), field.type)) for field in table.schema]
    return table.cast(pa.schema(fields))


@pytest.fixture(scope="module")
def frame(session):
    return session.createDataFrame(made_up(5_000)).repartitionByRange(4, "编号")


def test_rulings_are_those_of_one_process(rulebook, frame):
    here = frame.toArrow()
    ruled = spark.rule(frame, rulebook, keep=["编号"], as_of=DAY).toArrow().sort_by("编号")
    expected = pa.table(rulebook.rule(here, keep=["编号"], as_of=DAY)).sort_by("编号")
    assert ruled.num_rows == 5_000
    assert bytes_of(alike(ruled)) == bytes_of(alike(expected))


def test_tallies_and_indicators_are_those_of_one_process(rulebook, frame):
    some = frame.limit(600).repartition(4).cache()
    here = some.toArrow()
    expected = rulebook.assess(here, as_of=DAY)
    assert spark.tally(some, rulebook, as_of=DAY).mines == 600
    assert spark.assess(some, rulebook, as_of=DAY).to_json() == expected.to_json()
    earlier = spark.assess(some, rulebook, as_of=DAY, base=some).to_json()
    assert earlier == rulebook.assess(here, as_of=DAY, base=here).to_json()


def test_groups_merge_on_the_cluster(rulebook, session):
    table = made_up(600)
    table = table.append_column("县", pa.array([f"county {row % 3}" for row in range(600)]))
    frame = session.createDataFrame(table).repartition(5, "编号")
    partial = spark.tallies(frame, rulebook, by=["县"], as_of=DAY)
    assert partial.count() > 3
    found = {row["县"]: bytes(row["tally"]) for row in spark.merged(partial, rulebook, by=["县"], as_of=DAY).collect()}
    here = frame.toArrow()
    assert set(found) == {"county 0", "county 1", "county 2"}
    for county, data in found.items():
        rows = here.filter(pa.compute.equal(here.column("县"), county))
        expected = rulebook.tally(rows, keep=["县"], as_of=DAY)
        read = rulebook.tally_from_bytes(data, as_of=DAY)
        assert read.assessment().to_json() == expected.assessment().to_json()
    # Without groups all partial tallies merge into one.
    everything = spark.merged(spark.tallies(frame, rulebook, keep=["县"], as_of=DAY), rulebook, as_of=DAY).collect()
    assert len(everything) == 1
    assert rulebook.tally_from_bytes(bytes(everything[0]["tally"]), as_of=DAY).mines == 600


def test_rules_go_along_as_text(rulebook, session, tmp_path, monkeypatch):
    # Where the task runs there need be no rule files.
    monkeypatch.chdir(tmp_path)
    ruled = spark.rule(session.createDataFrame(made_up(20)), rulebook)
    assert ruled.columns == ["ruling", "violated", "undetermined", "discretion", "problem"]
    assert ruled.count() == 20


def test_an_empty_frame(rulebook, session):
    empty = session.createDataFrame(made_up(5)).filter("false")
    assert spark.rule(empty, rulebook).count() == 0
    assert spark.assess(empty, rulebook).mines == 0
