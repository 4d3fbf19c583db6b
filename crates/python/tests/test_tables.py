"""Tables of every library come to what single cases come to."""

import pickle

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import adit
from conftest import made_up, rows_of


@pytest.fixture(scope="module")
def expected(rulebook, mines):
    return rows_of(rulebook.rule(mines, keep=["编号"]))


def test_bulk_is_single(rulebook, mines, expected):
    assert len(expected) == mines.num_rows
    assert {row["ruling"] for row in expected} >= {"refused", "incomplete"}
    for facts, row in zip(mines.slice(0, 400).to_pylist(), expected, strict=False):
        named = {}
        for column, value in facts.items():
            name, _, unit = column.partition("（")
            value = value if not unit or value is None else f"{value}{unit[:-1]}"
            field, _, entry = name.partition("·")
            named[field] = {entry: value} if entry else value
        if row["problem"]:
            code = pytest.raises(adit.FactsError, rulebook.review, named).value.code
            assert row["problem"].startswith(code) and row["ruling"] is None
            continue
        ruling = rulebook.review(named)
        assert ruling.ruling == row["ruling"], named
        statuses = {finding["clause"]: finding["status"] for finding in ruling.findings}
        for status in ("violated", "undetermined", "discretion"):
            assert all(statuses[clause] == status for clause in row[status])


def chunked(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(start, 333) for start in range(0, table.num_rows, 333)])


def with_dictionaries(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(place, field.name, pc.dictionary_encode(table.column(place)))
    return table


def with_other_types(table: pa.Table) -> pa.Table:
    types = {pa.string(): pa.string_view(), pa.int64(): pa.decimal128(23, 2), pa.int32(): pa.float64()}
    fields = [pa.field(field.name, types.get(field.type, field.type)) for field in table.schema]
    return table.cast(pa.schema(fields))


FORMS = {
    "pyarrow": lambda table: table,
    "chunks": chunked,
    "one batch": lambda table: table.combine_chunks().to_batches()[0],
    "stream": lambda table: chunked(table).to_reader(),
    "dictionaries": with_dictionaries,
    "other types": with_other_types,
    "pandas": lambda table: table.to_pandas(),
    "pandas, indexed": lambda table: table.to_pandas().set_index(pa.array(range(7, 2_007)).to_pandas()),
    "polars": pl.from_arrow,
    "polars, categories": lambda table: pl.from_arrow(table).with_columns(pl.col("矿种").cast(pl.Categorical)),
    "duckdb": lambda table: duckdb.from_arrow(table),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_library_gives_the_same(rulebook, mines, expected, form):
    assert rows_of(rulebook.rule(FORMS[form](mines), keep=["编号"])) == expected


def test_rulings_are_taken_by_every_library(rulebook, mines, expected):
    assert pl.DataFrame(rulebook.rule(mines, keep=["编号"]))["ruling"].to_list() == [row["ruling"] for row in expected]
    rulings = pa.RecordBatchReader.from_stream(rulebook.rule(mines))
    counted = duckdb.sql("select count(*) from rulings where ruling = 'refused'").fetchall()
    assert counted == [(sum(row["ruling"] == "refused" for row in expected),)]
    batches = [pa.record_batch(batch) for batch in rulebook.rule(chunked(mines), keep=["编号"])]
    assert [len(batch) for batch in batches] == [333] * 6 + [2]
    assert pa.Table.from_batches(batches).to_pylist() == expected


def test_rulings_are_a_stream(rulebook, mines):
    rulings = rulebook.rule(mines)
    assert pa.schema(rulings).names == ["ruling", "violated", "undetermined", "discretion", "problem"]
    pa.table(rulings)
    with pytest.raises(ValueError, match="read"):
        pa.table(rulings)


def test_columns_that_are_no_facts_go_along(rulebook, mines):
    table = mines.append_column("县", pa.array(["甲"] * mines.num_rows))
    with pytest.raises(adit.ColumnsError) as raised:
        rulebook.rule(table)
    assert raised.value.code == "A0803" and "县" in str(raised.value)
    rows = rows_of(rulebook.rule(table, keep=["县", "编号"]))
    assert list(rows[0])[:3] == ["县", "编号", "ruling"] and rows[3]["县"] == "甲" and rows[3]["编号"] == "M3"
    with pytest.raises(ValueError, match="没有"):
        rulebook.rule(table, keep=["没有"])
    with pytest.raises(TypeError, match="no table"):
        rulebook.rule([1, 2])


def test_a_row_that_cannot_be_used_says_why(rulebook):
    table = pa.table({"矿种": ["煤", "没有这种矿"], "办理事项": ["新建", "新建"]})
    good, bad = rows_of(rulebook.rule(table))
    assert good["ruling"] and good["problem"] is None
    assert bad["ruling"] is None and bad["problem"].startswith("A0610")


def test_an_empty_table_has_no_rulings(rulebook, mines):
    assert rows_of(rulebook.rule(mines.slice(0, 0))) == []
    assert rulebook.tally(mines.slice(0, 0)).mines == 0


def test_a_fault_of_the_stream_is_the_callers_own(rulebook, mines):
    def batches():
        yield mines.to_batches()[0]
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(mines.schema, batches())
    with pytest.raises(Exception, match="the disk is gone"):
        list(rulebook.rule(reader))


def test_an_assessment_is_a_table(rulebook, registry):
    assessment = rulebook.assess(registry, as_of="2020-12-31")
    table = pa.table(assessment)
    assert table.column("indicator").to_pylist() == [standing["indicator"] for standing in assessment.indicators]
    first = next(row for row in table.to_pylist() if row["indicator"] == "YC-051")
    assert (first["value"], first["status"], first["target_year"]) == ("35个", "met", 2025)
    assert pickle.loads(pickle.dumps(made_up(3))) == made_up(3)
