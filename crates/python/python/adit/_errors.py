"""What goes wrong, as exceptions. Each problem has a stable code and its place; all of them come at once."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A place that a problem points at. Lines and columns count from one, columns in characters."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class Problem:
    """One problem: what is wrong, where, and what helps."""

    code: str
    severity: str
    title: str
    help: str
    mended: str | None
    labels: tuple[Label, ...]

    @property
    def file(self) -> str | None:
        """The file, or the name that facts were given under; of a row of a table, `table`."""
        return self.labels[0].file if self.labels else None

    @property
    def line(self) -> int | None:
        """The line; of a table, the row."""
        return self.labels[0].line if self.labels else None

    @property
    def column(self) -> int | None:
        return self.labels[0].column if self.labels else None


class AditError(Exception):
    """Why rules, facts or tables cannot be used. As text: all problems with their places, as the command line draws them."""

    def __init__(self, text: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(text, problems)
        self.problems = problems

    @property
    def code(self) -> str | None:
        """The code of the first error."""
        errors = [problem.code for problem in self.problems if problem.severity == "error"]
        return errors[0] if errors else None

    def __str__(self) -> str:
        return self.args[0]


class RulesError(AditError):
    """Rules that cannot be used: files, their text, a reading that no clause has."""


class FactsError(AditError):
    """Facts of a case, or of a row, that cannot be used."""


class ColumnsError(AditError):
    """Columns of a table that give no fact, or cannot."""


class TallyError(AditError):
    """Bytes that are no tally, or one by other rules, as of another day or in other readings."""


_KINDS = (("A0812", TallyError), ("A08", ColumnsError), ("A06", FactsError), ("", RulesError))


def of_problems(text: str, listed: str) -> AditError:
    """The exception for problems, given as JSON."""
    problems = tuple(
        Problem(**{**problem, "labels": tuple(Label(**label) for label in problem["labels"])})
        for problem in json.loads(listed)
    )
    code = next((problem.code for problem in problems if problem.severity == "error"), "")
    kind = next(kind for lead, kind in _KINDS if code.startswith(lead))
    return kind(text, problems)
