"""What goes wrong says what, where and what helps."""

import pickle

import pyarrow as pa
import pytest

import adit

RULES = "引用 矿业\n条款 甲-1 “甲”\n  新建 矿山 生产规模 不底于 100万吨/年\n"


def test_rules_are_told_with_their_places():
    with pytest.raises(adit.RulesError) as raised:
        adit.Rulebook.from_text(RULES, lang="en")
    error = raised.value
    assert error.code == "A0201" and isinstance(error, adit.AditError)
    problem = next(problem for problem in error.problems if problem.code == "A0201")
    assert (problem.file, problem.line, problem.column) == ("rules.adit", 3, 14)
    assert problem.mended == "不低于" and problem.severity == "error"
    assert "rules.adit:3:14" in str(error)
    assert "词" in str(pytest.raises(adit.RulesError, adit.Rulebook.from_text, RULES).value)


def test_all_problems_come_at_once(tmp_path):
    (tmp_path / "a.adit").write_text(RULES, encoding="utf-8")
    (tmp_path / "b.adit").write_text(RULES.replace("甲-1", "甲-2"), encoding="utf-8")
    error = pytest.raises(adit.RulesError, adit.Rulebook.load, tmp_path).value
    assert {problem.file.split("/")[-1] for problem in error.problems if problem.code == "A0201"} == {"a.adit", "b.adit"}


def test_files_that_are_not_there():
    error = pytest.raises(adit.RulesError, adit.Rulebook.load, "no/such/folder").value
    assert error.code == "A0702" and error.problems[0].file == "no/such/folder"
    with pytest.raises(ValueError):
        adit.Rulebook.load()


def test_facts_are_told_with_their_places(rulebook):
    text = '{"矿种": "建筑石料用灰岩",\n "生产规模": 80, "不是事实": 1}'
    error = pytest.raises(adit.FactsError, rulebook.review, text, name="application.json").value
    assert {problem.code for problem in error.problems} == {"A0603", "A0604"}
    assert {(problem.file, problem.line) for problem in error.problems} == {("application.json", 2)}
    assert pytest.raises(adit.RulesError, rulebook.review, {}, readings={"YC-097": "没有"}).value.code == "A0704"


def test_rows_are_told_by_their_numbers(rulebook):
    table = pa.table({"编号": ["a", "b", "c"], "矿种": ["煤", "没有这种矿", "也没有这种"]})
    error = pytest.raises(adit.FactsError, rulebook.tally, table).value
    assert [(problem.code, problem.file, problem.line) for problem in error.problems] == [
        ("A0610", "table", 2),
        ("A0610", "table", 3),
    ]
    tally = rulebook.tally(table, leave_out=True)
    assert (tally.mines, tally.left_out) == (1, 2)
    assert tally.assessment().left_out == 2


def test_columns_are_told(rulebook):
    error = pytest.raises(adit.ColumnsError, rulebook.rule, pa.table({"矿种": [b"x"], "没有": ["x"]})).value
    assert {problem.code for problem in error.problems} == {"A0803", "A0821"}


def test_exceptions_are_pickled(rulebook):
    error = pytest.raises(adit.FactsError, rulebook.review, {"生产规模": 80}).value
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is adit.FactsError and again.problems == error.problems and str(again) == str(error)
