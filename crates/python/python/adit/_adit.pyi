"""The extension module: see the package `adit`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from os import PathLike
from typing import Any, Literal, Protocol

__version__: str

Language = Literal["zh", "en"]

class ArrowStream(Protocol):
    """A table of pyarrow, pandas, polars or DuckDB, or any other that shows itself as Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class ArrowArray(Protocol):
    """One batch, such as `pyarrow.RecordBatch`."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

Table = ArrowStream | ArrowArray

class Rulebook:
    """The rules of a plan, ready for reviews. Free to share among threads; pickled as the texts of its rules."""

    @staticmethod
    def load(
        *paths: str | PathLike[str],
        upper: Sequence[str | PathLike[str]] = (),
        readings: Mapping[str, str] | None = None,
        lang: Language = "zh",
    ) -> Rulebook:
        """Loads rule files and folders; `upper` are plans above, each one path. Exceptions speak `lang`.

        Vocabularies are looked for beside the rules and in `vocabulary` folders above; the words of mining are built in.
        Raises RulesError with every problem of every file.
        """

    @staticmethod
    def from_text(text: str, *, readings: Mapping[str, str] | None = None, lang: Language = "zh") -> Rulebook:
        """A rulebook of one text."""

    @property
    def plan(self) -> str | None:
        """The plan's id."""

    @property
    def title(self) -> str | None:
        """The plan's title as printed."""

    @property
    def fingerprint(self) -> str:
        """A digest of what decides: rulebooks of one fingerprint rule and count alike."""

    @property
    def clauses(self) -> list[str]:
        """The ids of the clauses, in order of the rules."""

    def facts(self) -> list[dict[str, Any]]:
        """The facts that the clauses read: key, label, type, values, units, and which clauses read each."""

    def review(
        self,
        facts: Mapping[str, Any] | str,
        *,
        as_of: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        registry: Table | None = None,
        reported: Mapping[str, str] | None = None,
        name: str = "facts",
    ) -> Ruling:
        """Rules on one case: a dict, or text in JSON or YAML. Places in it are shown under `name`.

        With a registry, the ruling also counts the indicators that are checked with each case, before and after it;
        `reported` are the office's statistics. Raises FactsError.
        """

    def rule(
        self,
        table: Table,
        *,
        keep: Sequence[str] = (),
        as_of: date | str | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Rulings:
        """Rules on every row of a table, batch by batch as the rulings are read.

        Columns are called as facts are, `生产规模（万吨/年）` with the unit of bare numbers. `keep` are columns that stand
        in front of the rulings, facts or not. Raises ColumnsError; a row whose facts cannot be used has no ruling and its
        problem in a column.
        """

    def tally(
        self,
        table: Table,
        *,
        keep: Sequence[str] = (),
        as_of: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        part: int = 0,
        leave_out: bool = False,
    ) -> Tally:
        """Counts the mines of a table, or of the part of one that has this number, for the plan's indicators.

        `keep` are columns that are no facts. Raises FactsError with the rows that cannot be used, or with `leave_out`
        counts how many they are.
        """

    def tally_from_bytes(
        self, data: bytes, *, as_of: date | str | None = None, readings: Mapping[str, str] | None = None
    ) -> Tally:
        """A tally from its bytes. Raises TallyError where it was made by other rules, another day or other readings."""

    def assess(
        self,
        table: Table,
        *,
        keep: Sequence[str] = (),
        as_of: date | str | None = None,
        base: Table | None = None,
        readings: Mapping[str, str] | None = None,
        reported: Mapping[str, str] | None = None,
        leave_out: bool = False,
    ) -> Assessment:
        """How the plan's indicators stand over a registry; `base` is that of an earlier year."""

    @staticmethod
    def _restored(state: bytes) -> Rulebook: ...

class Ruling:
    """The ruling on one case, with its reasons."""

    @property
    def ruling(self) -> Literal["admissible", "not-covered", "for-decision", "incomplete", "refused"]: ...
    @property
    def plan(self) -> str: ...
    @property
    def findings(self) -> list[dict[str, Any]]: ...
    @property
    def missing(self) -> list[dict[str, Any]]:
        """Facts that could still change the ruling."""

    @property
    def remedy(self) -> dict[str, Any] | None: ...
    @property
    def receipt(self) -> dict[str, Any]: ...
    def words(self, lang: Language | None = None) -> str:
        """The ruling in words: 不符合规划, Refused."""

    def to_dict(self, *, all: bool = False) -> dict[str, Any]:
        """What the command line prints with `--format json`; `all` adds findings that are not applicable."""

    def to_json(self, *, all: bool = False) -> str: ...
    def text(self, lang: Language | None = None, *, all: bool = False, width: int = 100) -> str: ...
    def markdown(self, lang: Language | None = None, *, all: bool = False) -> str: ...

class Rulings:
    """A table of rulings that is made as it is read: once, as a stream of Arrow or batch by batch."""

    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __iter__(self) -> Iterator[Batch]: ...
    def __next__(self) -> Batch: ...

class Batch:
    """Rulings on one batch of a table."""

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class Tally:
    """What the mines of a table, or of a part of one, add up to. Tallies of parts merge in any order."""

    @property
    def mines(self) -> int: ...
    @property
    def left_out(self) -> int:
        """How many rows could not be used."""

    def merge(self, *others: Tally) -> Tally: ...
    def assessment(self, *, base: Tally | None = None, reported: Mapping[str, str] | None = None) -> Assessment: ...
    def to_bytes(self) -> bytes:
        """Equal tallies have equal bytes."""

class Assessment:
    """How the indicators of a plan stand; as Arrow, a row each."""

    @property
    def plan(self) -> str: ...
    @property
    def mines(self) -> int: ...
    @property
    def left_out(self) -> int: ...
    @property
    def indicators(self) -> list[dict[str, Any]]: ...
    def to_dict(self) -> dict[str, Any]: ...
    def to_json(self) -> str: ...
    def text(self, lang: Language | None = None, *, width: int = 100) -> str: ...
    def markdown(self, lang: Language | None = None) -> str: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
