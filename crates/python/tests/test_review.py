"""One case: what the command line says, from Python."""

import json
import os
import pickle
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import adit
from conftest import PLAN, ROOT

CASES = sorted((ROOT / PLAN / "cases").glob("*.json"))
LIMESTONE = {"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_json_is_that_of_the_command_line(rulebook, case: Path):
    name = str(case.relative_to(ROOT))
    command = [os.environ["ADIT_COMMAND"], "review", PLAN, "--facts", name, "--format", "json"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8").stdout
    text = case.read_text(encoding="utf-8")
    ruling = rulebook.review(text, name=name)
    assert ruling.to_json() + "\n" == printed
    whole = subprocess.run([*command, "--all"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8").stdout
    assert ruling.to_json(all=True) + "\n" == whole
    # A dict is the same case: only places and the digest of the text differ.
    of_dict = rulebook.review(json.loads(text)).to_dict()
    assert of_dict["ruling"] == ruling.ruling
    assert [finding["status"] for finding in of_dict["findings"]] == [it["status"] for it in ruling.findings]


def test_a_ruling_speaks_both_languages(rulebook):
    ruling = rulebook.review(LIMESTONE)
    assert ruling.ruling == "refused" and ruling.plan == "yongchuan"
    assert ruling.words() == "不符合规划" and ruling.words("en") == "Refused"
    assert "差 20万吨/年" in ruling.text() and "YC-097" in ruling.text("en")
    assert ruling.markdown().startswith("#") and ruling.remedy["reaches"]
    assert repr(ruling) == "<adit.Ruling refused by yongchuan>"


def test_values_of_python_are_facts(rulebook):
    facts = {
        **LIMESTONE,
        "生产规模": {"value": Decimal("1E+2"), "unit": "万吨/年"},
        "办理事项": "延续",
        "采矿许可证到期日": date(2030, 1, 1),
        "距离": {"长江干流岸线": "30千米"},
        "位于": (),
        "新增划资源": None,
    }
    given = rulebook.review(facts, as_of=date(2025, 1, 1))
    written = {**facts, "生产规模": "100万吨/年", "采矿许可证到期日": "2030-01-01", "位于": []}
    text = json.dumps(written, ensure_ascii=False)
    assert given.ruling == rulebook.review(text, as_of="2025-01-01").ruling
    assert given.receipt["as_of"] == "2025-01-01"
    for value in (object(), {1: 2}, b"bytes"):
        with pytest.raises(TypeError):
            rulebook.review({"名称": value})
    with pytest.raises(ValueError, match="as_of"):
        rulebook.review(LIMESTONE, as_of="soon")


def test_a_registry_joins_the_ruling(rulebook, registry):
    case = {**LIMESTONE, "名称": "新矿", "生产规模": "120万吨/年"}
    ruling = rulebook.review(case, registry=registry, as_of="2020-12-31")
    assert "quotas-not-checked" not in ruling.to_dict()["notes"]
    assert ruling.to_dict()["quotas"] and ruling.to_dict(all=True)["quotas"] == ruling.to_dict()["quotas"]


def test_a_rulebook_says_what_it_reads(rulebook):
    assert rulebook.plan == "yongchuan" and "YC-097" in rulebook.clauses
    scale = next(fact for fact in rulebook.facts() if fact["key"] == "scale")
    assert "YC-097" in scale["clauses"]


def test_a_rulebook_is_pickled_as_its_texts(rulebook, tmp_path, monkeypatch):
    pickled = pickle.dumps(rulebook)
    monkeypatch.chdir(tmp_path)
    restored = pickle.loads(pickled)
    assert restored.fingerprint == rulebook.fingerprint
    assert restored.review(LIMESTONE).to_json() == rulebook.review(LIMESTONE).to_json()
    assert pickle.loads(pickled) is restored


def test_plans_above_and_own_vocabularies_are_pickled(tmp_path):
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "颜色.adit").write_text("词汇 颜色\n枚举 颜色 colour：红 red、绿 green\n", encoding="utf-8")
    (tmp_path / "city.adit").write_text(
        "引用 矿业\n规划 city “某市规划”\n数据 C-1 “最低开采规模”\n  依据 二 「不低于30万吨/年」\n  最低开采规模 是 30万吨/年\n",
        encoding="utf-8",
    )
    (tmp_path / "county.adit").write_text(
        "引用 矿业\n引用 颜色\n规划 county “某县规划”\n  落实：“某市规划”\n条款 X-1 “规模”\n  依据 四 「不低于市规划的最低开采规模」\n"
        "  新建 矿山 生产规模 不低于 从「最低开采规模」\n",
        encoding="utf-8",
    )
    rulebook = adit.Rulebook.load(tmp_path / "county.adit", upper=[tmp_path / "city.adit"], lang="en")
    restored = pickle.loads(pickle.dumps(rulebook))
    facts = {"办理事项": "新建", "矿种": "铁", "生产规模": "20万吨/年"}
    assert restored.fingerprint == rulebook.fingerprint
    assert restored.review(facts).to_json() == rulebook.review(facts).to_json()
    assert restored.review(facts).ruling == "refused" and restored.review(facts).words() == "Refused"
