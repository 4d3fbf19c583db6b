//! Quotes held against a plan: verbatim or not, in every kind of file, and the locks that stand in the repository.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, StringFormat, dictionary};
use support::Folder;
use zip::write::SimpleFileOptions;

const RULES: &str = "引用 矿业
规划 test “测试规划”
  地区：测试县

条款 T-1 “规模”
  依据 一 「新建矿山生产规模不低于100万吨/年」
  新建 矿山 生产规模 不低于 100万吨/年

条款 T-2 “煤”
  依据 二 「禁止开采煤」
  禁止 开采 煤

不作判定 T-3 “原则”
  依据 一 「坚持节约优先」
  理由 没有标准

数据 T-4 “矿山”
  依据 一 「矿山共有17个」
";

const PLAN: &[&str] = &[
    "测试县矿产资源总体规划",
    "一、总则",
    "坚持节约 优先。矿山共有17个。[bookmark: _Toc1]新建矿山生产规",
    "模不低于100万吨/年；其余从其规定。",
    "二、禁止",
    "禁止开采煤。重申：禁止开采煤。",
];

fn plan() -> String {
    PLAN.join("\n")
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.put("rules/test.adit", RULES);
    folder.put("plan.txt", plan());
    folder
}

const WITH_PLAN: &[&str] = &["cite", "rules", "--source", "plan.txt"];

#[test]
fn verbatim_quotes_are_locked() {
    let folder = folder();
    folder.run(&["cite", "rules"]).is(2).says("A0702").says("cite.lock");
    folder.run(WITH_PLAN).is(0).says("4 条引文").says("已写 rules/cite.lock");
    let lock = fs::read_to_string(folder.0.join("rules/cite.lock")).unwrap();
    assert!(lock.contains("document.title = \"测试规划\"") && lock.contains("document.file = \"plan.txt\""), "{lock}");
    // Across a line break and past a bookmark: where it begins counts.
    assert!(lock.contains("item = \"T-1\", section = \"一\", offset = 50, line = 3, quote"), "{lock}");
    assert!(lock.contains("item = \"T-2\", section = \"二\", offset = 83, line = 6, times = 2, quote"), "{lock}");
    assert!(lock.contains("offset = 17, line = 3"), "{lock}");

    folder.run(&["cite", "rules"]).is(0).says("相符");
    folder.run(&[WITH_PLAN, &["--check"]].concat()).is(0).says("相符");
    folder.run(&["cite", "rules/test.adit"]).is(0);
    folder.run(WITH_PLAN).is(0);
    assert_eq!(fs::read_to_string(folder.0.join("rules/cite.lock")).unwrap(), lock, "twice the same");
    folder.run(&[WITH_PLAN, &["--lock", "other.lock", "--lang", "en"]].concat()).is(0).says("other.lock is written");
    assert_eq!(fs::read_to_string(folder.0.join("other.lock")).unwrap(), lock);
    let json = folder.run(&[WITH_PLAN, &["--check", "--format", "json"]].concat()).is(0).json();
    assert_eq!((&json["plan"], &json["quotes"], &json["document"]["cited"]), (&"test".into(), &4.into(), &36.into()));
    assert_eq!((json["citations"].as_array().unwrap().len(), &json["written"]), (4, &false.into()));
}

#[test]
fn a_quote_that_is_not_verbatim_is_shown_beside_the_plan() {
    let folder = folder();
    let cases = [
        ("不低于100", "不底于100", "T-1", "原文是「低」", "不【低】于"),
        ("新建矿山生产", "新建的矿山生产", "T-1", "原文没有", "新建矿山生产规模"),
        ("共有17个」", "共有1个」", "T-4", "这之后少了「7」", "1【7】个"),
        ("「矿山共有", "「煤山共有", "T-4", "原文是「矿」", "【矿】山共有"),
        ("坚持节约优先」", "坚恃节减优先」", "T-3", "原文是「约」", "坚【持】节【约】优先"),
    ];
    for (right, wrong, item, words, passage) in cases {
        let rules = RULES.replacen(right, wrong, 1);
        let line = 1 + rules.lines().position(|line| line.contains(wrong)).unwrap();
        folder.put("rules/test.adit", &rules);
        let run = folder.run(WITH_PLAN);
        run.is(1).says("A0901").says(item).says(words).says(passage).says("最近的一段");
        run.says(&format!("rules/test.adit:{line}:")).says("plan.txt:3:");
        folder.run(&[WITH_PLAN, &["--lang", "en"]].concat()).is(1).says("the nearest passage").says(passage);
    }
    folder.put("rules/test.adit", RULES.replace("「坚持节约优先」", "「毫不相干的另一句话在这里」"));
    folder.run(WITH_PLAN).is(1).says("A0901").says("没有相近的一段");
    assert!(!folder.0.join("rules/cite.lock").exists(), "nothing is locked while a quote is wrong");
}

#[test]
fn a_lock_that_is_not_of_these_rules_or_this_plan() {
    let folder = folder();
    folder.run(WITH_PLAN).is(0);
    let check = [WITH_PLAN, &["--check"]].concat();
    // Another quote, one more, one less.
    folder.put("rules/test.adit", RULES.replace("「禁止开采煤」", "「禁止开采」"));
    let run = folder.run(&["cite", "rules"]);
    run.is(1).says("A0902").says("锁文件里没有").says("rules/test.adit:10:").says("规则里没有").says("cite.lock:12:");
    folder.run(&check).is(1).says("A0902");
    folder.put("rules/test.adit", RULES.replace("「坚持节约优先」", "「坚持节约优先」\n  依据 一 「一、总则」"));
    folder.run(&["cite", "rules"]).is(1).says("锁文件里没有");
    folder.put("rules/test.adit", RULES.replace("  依据 二 「禁止开采煤」\n", ""));
    folder.run(&["cite", "rules"]).is(1).says("规则里没有");
    // White space is no change.
    folder.put("rules/test.adit", RULES.replace("「禁止开采煤」", "「禁止 开采煤」"));
    folder.run(&["cite", "rules"]).is(0);

    folder.put("rules/test.adit", RULES);
    folder.put("plan.txt", format!("新版\n{}", plan()));
    folder.run(&check).is(1).says("A0905").says("cite.lock:6:");
    folder.put("plan.txt", plan());
    let lock = fs::read_to_string(folder.0.join("rules/cite.lock")).unwrap();
    folder.put("rules/cite.lock", lock.replace("line = 6", "line = 5"));
    folder.run(&check).is(1).says("A0905").says("第 6 行");
    folder.run(&["cite", "rules"]).is(0);
    for broken in ["version = 1\n[document", "version = 2\n", "", &lock.replace("version = 1", "version = 9"), "甲 = 1"]
    {
        folder.put("rules/cite.lock", broken);
        let run = folder.run(&["cite", "rules"]);
        assert!(run.is(2).err.contains("A0904"), "{}", run.err);
    }
}

#[test]
fn other_encodings_of_the_plan() {
    let folder = folder();
    folder.put("plan.txt", encoding_rs::GBK.encode(&plan()).0);
    folder.run(WITH_PLAN).is(0).says("GBK");
    folder.put("plan.txt", format!("\u{feff}{}", plan().replace('\n', "\r\n")));
    folder.run(WITH_PLAN).is(0);
}

/// A Word document: a paragraph in runs, a table, an escaped sign, a text box that Word writes twice, deleted words.
fn docx() -> Vec<u8> {
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let mut body = String::new();
    for line in PLAN {
        let (left, right) = line.split_at(line.char_indices().nth(line.chars().count() / 2).unwrap().0);
        let _ = write!(body, "<w:p>{}<w:r><w:delText>删去</w:delText></w:r>{}</w:p>", run(left), run(right));
    }
    let cell = |text: &str| format!("<w:tc><w:p>{}</w:p></w:tc>", run(text));
    let _ = write!(body, "<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("煤 &lt;5米&#x3002;"), cell("铁&amp;锶"));
    let twice = format!("<w:p>{}</w:p>", run("只写一次"));
    let _ = write!(
        body,
        "<mc:AlternateContent><mc:Choice>{twice}</mc:Choice><mc:Fallback>{twice}</mc:Fallback></mc:AlternateContent>"
    );
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document><w:body>{body}</w:body></w:document>");
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    archive.write_all(xml.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_word_document() {
    let folder = folder();
    folder.put("规划.docx", docx());
    folder.put(
        "rules/more.adit",
        "引用 矿业\n不作判定 T-5 “表”\n  依据 二 「煤<5米。铁&锶」\n  依据 二 「只写一次」\n  理由 无\n",
    );
    folder.run(&["cite", "rules", "--source", "规划.docx"]).is(0).says("6 条引文");
    let lock = fs::read_to_string(folder.0.join("rules/cite.lock")).unwrap();
    assert!(lock.lines().any(|line| line.contains("\"T-5\"") && line.contains("line = 7")), "{lock}");
    assert!(lock.lines().filter(|line| line.contains("\"T-5\"")).all(|line| !line.contains("times")), "{lock}");
    folder.put("规划.docx", &docx()[..300]);
    folder.run(&["cite", "rules", "--source", "规划.docx"]).is(2).says("A0903");
}

/// A PDF whose text is in UTF-16, two lines a page, each page with its number.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "SimSun", "Encoding" => "UniGB-UCS2-H",
    });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids: Vec<Object> = Vec::new();
    for (number, page) in lines.chunks(3).enumerate() {
        let number = format!("- {} -", number + 1);
        let mut operations = Vec::new();
        for line in page.iter().copied().chain([number.as_str()]) {
            let bytes: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
            operations.push(Operation::new("BT", vec![]));
            operations.push(Operation::new("Tf", vec!["F1".into(), 12.into()]));
            operations.push(Operation::new("Tj", vec![Object::String(bytes, StringFormat::Hexadecimal)]));
            operations.push(Operation::new("ET", vec![]));
        }
        let content = Content { operations }.encode().unwrap();
        let content = document.add_object(Stream::new(dictionary! {}, content));
        let page = dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content };
        kids.push(document.add_object(page).into());
    }
    let count = i64::try_from(kids.len()).unwrap();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// The sentence of T-1 goes over the end of a page.
#[test]
fn a_pdf_with_a_text_layer() {
    let folder = folder();
    folder.put("plan.pdf", pdf(PLAN));
    folder.run(&["cite", "rules", "--source", "plan.pdf"]).is(0).says("4 条引文");
    folder.run(&["cite", "rules", "--source", "plan.pdf", "--check"]).is(0);
    folder.put("scan.pdf", pdf(&[]));
    folder.run(&["cite", "rules", "--source", "scan.pdf"]).is(2).says("A0903").says("扫描");
    let whole = pdf(PLAN);
    for length in [8, 100, whole.len() / 2] {
        folder.put("cut.pdf", &whole[..length]);
        folder.run(&["cite", "rules", "--source", "cut.pdf"]).is(2).says("A0903");
    }
}

#[test]
fn files_that_are_no_plan() {
    let folder = folder();
    folder.run(&["cite", "rules", "--source", "none.txt"]).is(2).says("A0702");
    folder.put("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    folder.run(&["cite", "rules", "--source", "old.doc"]).is(2).says(".docx");
    folder.put("empty.txt", " \n");
    assert!(folder.run(&["cite", "rules", "--source", "empty.txt"]).is(2).err.contains("A0903"));
    folder.put("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0");
    folder.run(&["cite", "rules", "--source", "picture.png"]).is(2).says("A0903");
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The plans of the repository that have a lock.
fn locked_plans() -> Vec<PathBuf> {
    let folders = fs::read_dir(workspace().join("rules/plans")).unwrap();
    let mut found: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    found.retain(|folder| folder.join("cite.lock").exists());
    found.sort();
    found
}

/// Whoever adds or changes a quote holds it against the plan again.
#[test]
fn committed_locks_cover_the_quotes() {
    let here = Folder::new();
    assert!(!locked_plans().is_empty());
    for plan in locked_plans() {
        here.run(&["cite", plan.to_str().unwrap()]).is(0);
    }
}

/// The plans' texts are not in the repository: where they are at hand, the locks are held against them.
#[test]
fn committed_locks_are_of_the_plans() {
    let given = std::env::var_os("ADIT_PLANS").map(PathBuf::from);
    let texts = given.unwrap_or_else(|| workspace().join("../shared/plans"));
    if !texts.is_dir() {
        return;
    }
    let here = Folder::new();
    for plan in locked_plans() {
        let lock = fs::read_to_string(plan.join("cite.lock")).unwrap();
        let name = lock.lines().find_map(|line| line.strip_prefix("document.file = ")).unwrap();
        let text = texts.join(name.trim_matches('"'));
        assert!(text.exists(), "{}", text.display());
        here.run(&["cite", plan.to_str().unwrap(), "--source", text.to_str().unwrap(), "--check"]).is(0);
    }
}

/// A table as the plan prints it: the class of a merged cell once, the attribute in another table.
const TABLE: &str = "
表 “开采总量”
  依据 三 专栏1
  列 类别：不计，合并
  列 矿种：矿种
  列 总量：数值，单位 万吨/年
  列 属性：属性，依 专栏2
  | 对应条目 | 类别 | 矿种   | 总量 | 属性   |
  | T-11     | 金属 | 铜、铅 | 10   | 约束性 |
  | T-12     | 金属 | 铁     | 20   | 预期性 |
  | T-13     | 能源 | 煤     | 30   | 预期性 |
  每行：矿种 矿山 年开采量 合计 不超过 总量
";

#[test]
fn a_row_is_held_like_any_other_quote() {
    let folder = folder();
    folder.put("plan.txt", format!("{}\n金属\n铜、铅\n10\n\n铁\n20\n能源\n煤\n30\n", plan()));
    folder.put("rules/table.adit", TABLE);
    folder.run(WITH_PLAN).is(0).says("7 条引文").says("已写");
    let cases = [
        ("| 20   |", "| 21   |", "T-12"),
        ("| 铁     |", "| 锰     |", "T-12"),
        ("| 金属 | 铁", "| 能源 | 铁", "T-12"),
        ("不计，合并", "不计", "T-12"),
        ("属性，依 专栏2", "属性", "T-11"),
    ];
    for (right, wrong, item) in cases {
        folder.put("rules/table.adit", TABLE.replacen(right, wrong, 1));
        folder.run(WITH_PLAN).is(1).says("A0901").says(item).says("rules/table.adit:");
    }
}
