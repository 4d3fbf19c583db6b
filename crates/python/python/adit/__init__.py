"""Admission rules as code, for Chinese county mineral plans.

    import adit

    rulebook = adit.Rulebook.load("rules/plans/yongchuan")
    ruling = rulebook.review({"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"})
    assert ruling.ruling == "refused"

Tables of pyarrow, pandas, polars or DuckDB, or any other that shows itself as Arrow, are ruled on by `Rulebook.rule` and
assessed by `Rulebook.assess`. `adit.spark` does both on a cluster.
"""

from adit._adit import Assessment, Batch, Rulebook, Ruling, Rulings, Tally, __version__
from adit._errors import AditError, ColumnsError, FactsError, Label, Problem, RulesError, TallyError

__all__ = [
    "AditError",
    "Assessment",
    "Batch",
    "ColumnsError",
    "FactsError",
    "Label",
    "Problem",
    "Rulebook",
    "RulesError",
    "Ruling",
    "Rulings",
    "Tally",
    "TallyError",
    "__version__",
]
