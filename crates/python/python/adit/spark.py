"""Rulings and indicators on a Spark cluster that is there already. `adit` has to be installed on its workers.

    from adit import Rulebook, spark

    rulebook = Rulebook.load("rules/plans/yongchuan")
    rulings = spark.rule(mines, rulebook, keep=["编号"])            # a DataFrame
    assessment = spark.assess(mines, rulebook, as_of="2020-12-31")  # as `rulebook.assess` gives it

The rules go along with the tasks as text; each worker process loads them once. Rows are handed over as Arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow
from pyspark import TaskContext
from pyspark.sql.types import ArrayType, BinaryType, StringType, StructField, StructType

from adit._adit import Assessment, Rulebook, Tally

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["assess", "merged", "rule", "tallies", "tally"]

_RULINGS = [
    StructField("ruling", StringType()),
    *(StructField(name, ArrayType(StringType())) for name in ("violated", "undetermined", "discretion")),
    StructField("problem", StringType()),
]

_TALLY = "tally"


def rule(
    frame: DataFrame,
    rulebook: Rulebook,
    *,
    keep: Sequence[str] = (),
    as_of: date | str | None = None,
    readings: Mapping[str, str] | None = None,
) -> DataFrame:
    """Rules on every row: the columns kept, then the ruling, as `Rulebook.rule` gives them."""
    options = {"keep": list(keep), "as_of": as_of, "readings": _plain(readings)}
    schema = StructType([*(frame.schema[name] for name in keep), *_RULINGS])

    def rule_part(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        reader = _reader(batches)
        if reader is None:
            return
        for rulings in rulebook.rule(reader, **options):
            yield _without_dictionaries(pyarrow.record_batch(rulings))

    return frame.mapInArrow(rule_part, schema)


def tallies(
    frame: DataFrame,
    rulebook: Rulebook,
    *,
    by: Sequence[str] = (),
    keep: Sequence[str] = (),
    as_of: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    leave_out: bool = False,
) -> DataFrame:
    """Partial tallies, one for each partition and each value of the columns `by`, in a column `tally` of bytes.

    They merge in any order: by `merged`, or by whatever else can group.
    """
    columns = list(by)
    along = [*columns, *keep]
    options = {"keep": along, "as_of": as_of, "readings": _plain(readings), "leave_out": leave_out}
    schema = StructType([*(frame.schema[name] for name in columns), StructField(_TALLY, BinaryType())])

    def tally_part(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        part = TaskContext.get().partitionId()
        if not columns:
            reader = _reader(batches)
            if reader is not None:
                counted = rulebook.tally(reader, part=part, **options)
                yield pyarrow.record_batch({_TALLY: pyarrow.array([counted.to_bytes()], pyarrow.binary())})
            return
        counted_by: dict[tuple[Any, ...], Tally] = {}
        fields: list[pyarrow.Field] = []
        for batch in batches:
            fields = [batch.schema.field(name) for name in columns]
            for values, rows in _groups(batch, columns):
                counted = rulebook.tally(rows, part=part, **options)
                earlier = counted_by.get(values)
                counted_by[values] = counted if earlier is None else earlier.merge(counted)
        if counted_by:
            values_by_column = zip(*counted_by, strict=True)
            arrays = [pyarrow.array(values, field.type) for values, field in zip(values_by_column, fields, strict=True)]
            arrays.append(pyarrow.array([counted.to_bytes() for counted in counted_by.values()], pyarrow.binary()))
            yield pyarrow.record_batch(arrays, names=[*columns, _TALLY])

    return frame.mapInArrow(tally_part, schema)


def merged(
    partial: DataFrame,
    rulebook: Rulebook,
    *,
    by: Sequence[str] = (),
    as_of: date | str | None = None,
    readings: Mapping[str, str] | None = None,
) -> DataFrame:
    """One tally for each value of the columns `by`, merged on the cluster from those of `tallies`."""
    columns = list(by)
    merge = _merge(rulebook, as_of, _plain(readings))

    def merge_group(group: pyarrow.Table) -> pyarrow.Table:
        bytes_of = merge(group.column(_TALLY).to_pylist()).to_bytes()
        first = group.slice(0, 1)
        return first.set_column(first.schema.get_field_index(_TALLY), _TALLY, pyarrow.array([bytes_of], pyarrow.binary()))

    return partial.select(*columns, _TALLY).groupBy(*columns).applyInArrow(merge_group, partial.select(*columns, _TALLY).schema)


def tally(
    frame: DataFrame,
    rulebook: Rulebook,
    *,
    keep: Sequence[str] = (),
    as_of: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    leave_out: bool = False,
) -> Tally:
    """The tally of all rows: counted where they lie, merged here."""
    plain = _plain(readings)
    partial = tallies(frame, rulebook, keep=keep, as_of=as_of, readings=plain, leave_out=leave_out)
    return _merge(rulebook, as_of, plain)([row[_TALLY] for row in partial.toLocalIterator()])


def assess(
    frame: DataFrame,
    rulebook: Rulebook,
    *,
    keep: Sequence[str] = (),
    as_of: date | str | None = None,
    base: DataFrame | None = None,
    readings: Mapping[str, str] | None = None,
    reported: Mapping[str, str] | None = None,
    leave_out: bool = False,
) -> Assessment:
    """How the plan's indicators stand over all rows, as `Rulebook.assess` gives it; `base` is an earlier year's registry."""
    count: Callable[[DataFrame], Tally] = lambda rows: tally(  # noqa: E731
        rows, rulebook, keep=keep, as_of=as_of, readings=readings, leave_out=leave_out
    )
    earlier = None if base is None else count(base)
    return count(frame).assessment(base=earlier, reported=reported)


def _merge(
    rulebook: Rulebook, as_of: date | str | None, readings: dict[str, str] | None
) -> Callable[[list[bytes]], Tally]:
    def merge(parts: list[bytes]) -> Tally:
        read = [rulebook.tally_from_bytes(part, as_of=as_of, readings=readings) for part in parts]
        none = pyarrow.record_batch([], names=[])
        first, *others = read or [rulebook.tally(none, as_of=as_of, readings=readings)]
        return first.merge(*others)

    return merge


def _plain(readings: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if readings is None else dict(readings)


def _reader(batches: Iterator[pyarrow.RecordBatch]) -> pyarrow.RecordBatchReader | None:
    """The batches of a partition as one stream; None of an empty one."""
    first = next(batches, None)
    if first is None:
        return None

    def all_batches() -> Iterator[pyarrow.RecordBatch]:
        yield first
        yield from batches

    return pyarrow.RecordBatchReader.from_batches(first.schema, all_batches())


def _groups(
    batch: pyarrow.RecordBatch, columns: list[str]
) -> Iterator[tuple[tuple[Any, ...], pyarrow.RecordBatch]]:
    """The rows of a batch by the values of some columns, each in its order."""
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, values in enumerate(zip(*(batch.column(name).to_pylist() for name in columns), strict=True)):
        places.setdefault(values, []).append(place)
    for values, rows in places.items():
        yield values, batch.take(pyarrow.array(rows, pyarrow.int64()))


def _without_dictionaries(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """Spark takes no dictionaries."""
    arrays = [
        array.dictionary_decode() if pyarrow.types.is_dictionary(array.type) else array for array in batch.columns
    ]
    return pyarrow.record_batch(arrays, names=batch.schema.names)
