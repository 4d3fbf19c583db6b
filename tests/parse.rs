//! The parsing phase: every input to its tree and its problems, and what no snapshot can say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use adit::ast::{Content, Entry, Item, ItemKind, Role, Sign, Token, TokenKind};
use adit::diagnostic::{Code, Language, Problem};
use adit::parse::{Limits, Parsed, decode, parse};
use adit::source::Source;
use adit::span::{SourceId, Span};
use proptest::prelude::*;

const ID: SourceId = SourceId::new(0);

fn source(text: &str) -> Source {
    Source::new(ID, "test.adit", text)
}

fn parsed(text: &str) -> Parsed {
    parse(&source(text), &Limits::default())
}

fn codes(parsed: &Parsed) -> Vec<Code> {
    parsed.problems.iter().map(Problem::code).collect()
}

/// The tokens of the entry at `index` of the last item, written out.
fn entry(parsed: &Parsed, index: usize) -> String {
    let tokens = parsed.file.items.last().and_then(|item| item.entries.get(index)).map(|entry| &entry.content);
    match tokens {
        Some(Content::Tokens(tokens)) => shown(tokens),
        Some(Content::Text(text)) => text.kind.clone(),
        Some(Content::Row(cells)) => cells.iter().map(|cell| format!("|{}", cell.kind)).collect(),
        None => "nothing".to_owned(),
    }
}

fn shown(tokens: &[Token]) -> String {
    tokens
        .iter()
        .map(|token| {
            let text = match &token.kind {
                TokenKind::Run(text) => text.clone(),
                TokenKind::Number(text) => format!("#{text}"),
                TokenKind::Date(text) => format!("@{text}"),
                TokenKind::Quote(text) => format!("“{text}”"),
                TokenKind::Bracket(inner) => format!("({})", shown(inner)),
                TokenKind::Sign(sign) => format!("{sign:?}"),
            };
            // `_` before a token: white space stands there.
            format!("{}{text}", if token.spaced { " _" } else { " " })
        })
        .collect()
}

fn describe(source: &Source, parsed: &Parsed) -> String {
    let mut text = String::new();
    for item in &parsed.file.items {
        let part = |part: &Option<adit::ast::Node<String>>| part.as_ref().map(|node| node.kind.clone());
        let _ = write!(text, "{:?} at {}", item.kind.kind, source.position(item.kind.span.start()).line);
        if let Some(id) = part(&item.id) {
            let _ = write!(text, " id {id}");
        }
        if let Some(title) = part(&item.title) {
            let _ = write!(text, " “{title}”");
        }
        let _ = writeln!(text, "{}", shown(&item.header));
        for entry in &item.entries {
            let first = if entry.starts_line { "" } else { "+ " };
            let role = entry.role.as_ref().map_or_else(String::new, |role| format!("{:?}", role.kind));
            let content = match &entry.content {
                Content::Tokens(tokens) => shown(tokens),
                Content::Text(words) => format!(" text: {}", words.kind),
                Content::Row(cells) => cells.iter().map(|cell| format!(" | {}", cell.kind)).collect(),
            };
            let _ = writeln!(text, "    {first}{role}{content}");
        }
    }
    for comment in &parsed.file.comments {
        let _ = writeln!(text, "{}", comment.kind);
    }
    for problem in &parsed.problems {
        let _ = writeln!(text, "{}", told(source, problem));
    }
    text
}

fn told(source: &Source, problem: &Problem) -> String {
    let place = source.position(problem.span().start());
    let name = problem.code().entry().name();
    let (chinese, english) = (problem.title(Language::Chinese), problem.title(Language::English));
    let at: String = source.slice(problem.span()).chars().take(20).flat_map(char::escape_default).collect();
    let at = if at.contains("\\u{20") || at.contains("\\u{ad") || at.contains("\\u{feff") {
        at
    } else {
        source.slice(problem.span()).chars().take(20).collect()
    };
    format!("{}:{} {name} {chinese} / {english} / at `{at}`", place.line, place.column)
}

fn outcome(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    let limits = Limits::default();
    match decode(ID, "input.adit", &bytes, &limits) {
        Ok(text) => {
            let source = source(&text);
            describe(&source, &parse(&source, &limits))
        }
        Err(problem) => told(&source(""), &problem),
    }
}

#[test]
fn good_inputs() {
    insta::glob!("inputs/parse/good/*.adit", |path| {
        let outcome = outcome(path);
        assert!(!outcome.contains(" A0"), "{}: {outcome}", path.display());
        insta::assert_snapshot!("good", outcome);
    });
}

#[test]
fn bad_inputs() {
    insta::glob!("inputs/parse/bad/*.adit", |path| {
        let outcome = outcome(path);
        assert!(outcome.contains(" A0"), "{}: {outcome}", path.display());
        insta::assert_snapshot!("bad", outcome);
    });
}

#[test]
fn rule_files_of_the_house_parse() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")];
    let mut problems = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "adit") {
                let source = source(&fs::read_to_string(&path).unwrap_or_default());
                let parsed = parse(&source, &Limits::default());
                problems.extend(parsed.problems.iter().map(|it| format!("{}: {}", path.display(), told(&source, it))));
            }
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn encodings_are_guessed() {
    let limits = Limits::default();
    let title = |bytes: &[u8]| match decode(ID, "x.adit", bytes, &limits) {
        Ok(text) => text,
        Err(problem) => problem.title(Language::English),
    };
    assert_eq!(title("规划".as_bytes()), "规划");
    assert_eq!(title(b"\xEF\xBB\xBFplan"), "plan");
    assert_eq!(title(b"\xB9\xE6\xBB\xAE"), "the file is not UTF-8 (it looks like GBK)");
    assert_eq!(title(b"\xFF\xFEp\0"), "the file is not UTF-8 (it looks like UTF-16)");
    assert_eq!(title(b"p\0l\0a\0n\0"), "the file is not UTF-8 (it looks like UTF-16)");
    assert_eq!(title(b"plan \xFF"), "the file is not UTF-8");
    assert_eq!(title(b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\x001"), "this is not a text file");
    let small = Limits { file_bytes: 3, ..limits };
    assert!(decode(ID, "x", b"abcd", &small).is_err_and(|problem| problem.code() == Code::FileTooLarge));
    assert_eq!(decode(ID, "x", b"abc", &small).as_deref(), Ok("abc"));
}

#[test]
fn ten_thousand_brackets_are_told_at_once() {
    for (opening, closing) in [("（", "）"), ("(", ")")] {
        let text = format!("条款 A-1 “甲”\n 禁止 {}煤{}\n 留下\n", opening.repeat(10_000), closing.repeat(10_000));
        for line_columns in [4096, 1_000_000] {
            let start = Instant::now();
            let source = source(&text);
            let parsed = parse(&source, &Limits { line_columns, ..Limits::default() });
            assert!(start.elapsed() < Duration::from_secs(2));
            assert_eq!(codes(&parsed), [Code::NestingTooDeep]);
            assert_eq!(parsed.problems.first().map(|problem| source.slice(problem.span())), Some(opening));
            assert_eq!(entry(&parsed, 0), " _留下");
        }
    }
}

#[test]
fn nesting_is_bounded_exactly() {
    let nested = |depth: usize| parsed(&format!("条款 A-1 “甲”\n 禁止 {}煤{}", "（".repeat(depth), "）".repeat(depth)));
    assert_eq!(codes(&nested(64)), []);
    assert_eq!(codes(&nested(65)), [Code::NestingTooDeep]);
}

#[test]
fn lines_and_numbers_are_bounded_exactly() {
    let long = |columns: usize| parsed(&format!("条款 A-1 “甲”\n{}\n 留下", "煤".repeat(columns)));
    assert_eq!(codes(&long(4096)), []);
    assert_eq!(codes(&long(4097)), [Code::LineTooLong]);
    assert_eq!(entry(&long(4097), 0), " _留下");
    let digits = |count: usize| parsed(&format!("条款 A-1 “甲”\n 不低于 {}.5吨", "9".repeat(count)));
    assert_eq!(codes(&digits(39)), []);
    assert_eq!(codes(&digits(40)), [Code::TooManyDigits]);
}

#[test]
fn a_lost_header_loses_its_lines_only() {
    let text = format!("条款 A-1 “甲”\n 一\n条款 A-2 “{}”\n 二\n条款 A-3 “丙”\n 三", "长".repeat(5000));
    let parsed = parsed(&text);
    assert_eq!(codes(&parsed), [Code::LineTooLong]);
    let ids: Vec<_> = parsed.file.items.iter().filter_map(|item| item.id.as_ref()).map(|id| id.kind.as_str()).collect();
    assert_eq!(ids, ["A-1", "A-3"]);
    assert_eq!(parsed.file.items.first().map(|item| item.entries.len()), Some(1));
}

#[test]
fn hostile_texts_take_linear_time() {
    for piece in
        ["《", "“", "〈a", "「『", "}\n", "①", "\u{200B}", "（\n", "1,", "a-", "且\n", "条款\n", "|", "/", "1/"]
    {
        let bytes = if piece.contains('\n') { 6_000 } else { 60_000 };
        let text = format!("条款 A-1 “甲”\n{}", piece.repeat(bytes / piece.len()));
        let limits = Limits { line_columns: usize::MAX, ..Limits::default() };
        let start = Instant::now();
        let parsed = parse(&source(&text), &limits);
        assert!(start.elapsed() < Duration::from_secs(20), "`{piece}` took {:?}", start.elapsed());
        assert!(parsed.problems.len() <= 1_000);
    }
}

#[test]
fn a_line_that_only_looks_like_a_header_is_a_phrase() {
    for line in
        ["规划区块 面积 1公顷", "表外矿 禁止", "分区 面积 1公顷", "区块 3个", "单位/年：万吨", "口径", "zone area"]
    {
        let parsed = parsed(&format!("条款 A-1 “甲”\n{line}\n"));
        assert_eq!((codes(&parsed), parsed.file.items.len()), (vec![], 1), "{line}");
    }
    for line in ["条款 灰岩", "条款", "条款 A-2 灰岩", "指标 “甲”", "试算 甲", "case", "use", "区块 QK-1", "规划 p"]
    {
        let parsed = parsed(&format!("条款 A-1 “甲”\n{line}\n"));
        assert_eq!((codes(&parsed), parsed.file.items.len()), (vec![Code::MalformedHeader], 2), "{line}");
    }
    for line in ["表 “甲”", "规划 “甲”", "条款A-2“甲”", "zone z-1 \"t\"", "分区 南部 “t”", "引用 甲", "条款 097 “甲”"]
    {
        let parsed = parsed(&format!("条款 A-1 “甲”\n{line}\n"));
        assert_eq!((codes(&parsed), parsed.file.items.len()), (vec![], 2), "{line}");
    }
}

#[test]
fn the_four_spellings_of_the_card() {
    for line in [
        "clause d \"sign\"      new building-limestone mine scale >= 100万吨/年",
        "条款 d “分写”        新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年",
        "条款 d “连写”        新建建筑石料用灰岩矿山生产规模１００万吨／年以上",
    ] {
        let parsed = parsed(line);
        assert_eq!(codes(&parsed), []);
        let entries = parsed.file.items.first().map(|item| item.entries.as_slice()).unwrap_or_default();
        assert!(matches!(entries, [Entry { role: None, starts_line: false, content: Content::Tokens(_), .. }]));
        assert!(entry(&parsed, 0).contains("#100 万吨"));
    }
}

#[test]
fn phrases_go_on() {
    for text in
        ["甲 且\n乙", "甲\n且 乙", "甲 且\n\n # 注\n乙", "甲、\n乙", "甲\n、乙", "甲 or\nb", "甲\nor b", "甲\n但 乙"]
    {
        let parsed = parsed(&format!("条款 A-1 “甲”\n{text}\n丙"));
        let count = parsed.file.items.first().map(|item| item.entries.len());
        assert_eq!((codes(&parsed), count), (vec![], Some(2)), "{text}");
    }
    // A role word opens an entry of its own; a reason is the rest of its line.
    for text in ["甲 且\n适用 乙", "理由 甲 且\n乙", "| 甲、\n乙", "依据 三 「甲」\n或 乙"] {
        let parsed = parsed(&format!("条款 A-1 “甲”\n{text}\n"));
        assert_eq!(parsed.file.items.first().map(|item| item.entries.len()), Some(2), "{text}");
    }
    // What goes on from a line that was left out is left out too, told once.
    let parsed = parsed("条款 A-1 “甲”\n甲 ① 且\n乙\n丙 ①\n或 丁\n戊");
    assert_eq!(codes(&parsed), [Code::UnexpectedCharacter; 2]);
    assert_eq!(entry(&parsed, 0), " 戊");
}

#[test]
fn roles_are_whole_words() {
    let role = |line: &str| {
        let parsed = parsed(&format!("条款 A-1 “甲”\n{line}\n"));
        let entry = parsed.file.items.first().and_then(|item| item.entries.first());
        entry.and_then(|entry| entry.role.as_ref()).map(|role| role.kind)
    };
    assert_eq!(role("适用 新建"), Some(Role::Applies));
    assert_eq!(role("适用：新建"), Some(Role::Applies));
    assert_eq!(role("ａｐｐｌｉｅｓ : new"), Some(Role::Applies));
    assert_eq!(role("通则"), Some(Role::General));
    assert_eq!(role("通则，禁止 开采"), Some(Role::General));
    assert_eq!(role("适用范围 新建"), None);
    assert_eq!(role("从严控制 新设"), None);
    assert_eq!(role("列举已尽"), None);
}

#[test]
fn a_vocabulary_keeps_its_commas() {
    let parsed = parsed("对象 矿山 mine，词头\n  地区 region：文本，可无\n  环节：甲 乙；丙 丁");
    assert_eq!(codes(&parsed), []);
    assert_eq!(entry(&parsed, 0), " _地区 _region Colon 文本 Comma 可无");
    assert_eq!(entry(&parsed, 1), " 甲 _乙 Semicolon 丙 _丁");
    let stage = parsed.file.items.first().and_then(|item| item.entries.get(1)).and_then(|entry| entry.role.as_ref());
    assert_eq!(stage.map(|role| role.kind), Some(Role::Stage));
}

#[test]
fn a_citation_is_its_section_and_its_quotes() {
    let cited = |line: &str| entry(&parsed(&format!("条款 A-1 “甲”\n{line}\n")), 0);
    assert_eq!(cited("依据 四（二）3 「甲，乙」"), " _四（二）3 _“甲，乙”");
    assert_eq!(cited("依据：三、（一）2．新要求，① 「甲」「乙」"), " 三、（一）2．新要求，① _“甲” “乙”");
    assert_eq!(cited("依据 （印发通知） 「甲」、「乙」，理由 丙，丁"), " _（印发通知） _“甲” “乙”");
    assert_eq!(cited("依据 四（一）专栏3"), " _四（一）专栏3");
    assert_eq!(cited("依据 「甲」"), " _“甲”");
    assert_eq!(cited("依据 一、二，口径 “丙”"), " _一、二");
}

#[test]
fn trees_are_equal_where_only_places_differ() {
    let one = parsed("条款 A-1 “甲”\n禁止 开采 煤");
    let other = parsed("条款   A-1 「甲」 {\n\n    禁止   开采 煤\n}");
    assert_eq!(one.file, other.file);
    assert_ne!(one.file, parsed("条款 A-1 “甲”\n禁止 开采 铁").file);
}

#[test]
fn signs_fold() {
    let parsed = parsed("条款 A-1 “甲”\n＞＝ ≥ ≧ ＜＝ ≤ > ＞ ＜ ＝ ！＝ ≠ 、 ： ．． ～ ＋ － ＊ × ／ ％");
    let signs: Vec<Sign> =
        tokens(&parsed).iter().filter_map(|it| if let TokenKind::Sign(s) = it.kind { Some(s) } else { None }).collect();
    use Sign::{
        Above, AtLeast, AtMost, Below, Colon, Equal, Listing, Minus, NotEqual, Percent, Plus, Range, Slash, Tilde,
        Times,
    };
    assert_eq!(
        signs,
        [
            AtLeast, AtLeast, AtLeast, AtMost, AtMost, Above, Above, Below, Equal, NotEqual, NotEqual, Listing, Colon,
            Range, Tilde, Plus, Minus, Times, Times, Slash, Percent
        ]
    );
}

fn tokens(parsed: &Parsed) -> Vec<Token> {
    let entry = parsed.file.items.first().and_then(|item| item.entries.first());
    match entry.map(|entry| &entry.content) {
        Some(Content::Tokens(tokens)) => tokens.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn places_skip_what_nobody_sees() {
    let source = source("条款 A-1 “甲”\n 开\u{200B}采 煤\u{200B} \u{200B}铁\n");
    let parsed = parse(&source, &Limits::default());
    assert_eq!(codes(&parsed), [Code::HiddenCharacter; 3]);
    let slices: Vec<_> = tokens(&parsed).iter().map(|token| source.slice(token.span).to_owned()).collect();
    assert_eq!(slices, ["开\u{200B}采", "煤", "铁"]);
}

/// Every place of a tree.
fn places(item: &Item) -> Vec<Span> {
    fn of_tokens(tokens: &[Token], spans: &mut Vec<Span>) {
        for token in tokens {
            spans.push(token.span);
            if let TokenKind::Bracket(inner) = &token.kind {
                of_tokens(inner, spans);
            }
        }
    }
    let mut spans = vec![item.head_span()];
    of_tokens(&item.header, &mut spans);
    for entry in &item.entries {
        spans.push(entry.span);
        spans.extend(entry.role.as_ref().map(|role| role.span));
        match &entry.content {
            Content::Tokens(tokens) => of_tokens(tokens, &mut spans),
            Content::Text(text) => spans.push(text.span),
            Content::Row(cells) => spans.extend(cells.iter().map(|cell| cell.span)),
        }
    }
    spans
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n条款 A-1 “甲” "),
        Just("\n表 “乙” {"),
        Just("\n说法 "),
        Just("\n引用 "),
        Just("\n"),
        Just(" "),
        Just("　"),
        Just("依据 四（二）"),
        Just("理由："),
        Just("另一口径 "),
        Just("适用 "),
        Just("、"),
        Just("，"),
        Just("；"),
        Just("："),
        Just("且"),
        Just("（"),
        Just(")"),
        Just("“"),
        Just("”"),
        Just("「甲」"),
        Just("\""),
        Just("|"),
        Just("\\|"),
        Just("#"),
        Just("煤"),
        Just("K2O"),
        Just("-"),
        Just("1"),
        Just("２"),
        Just("."),
        Just("/"),
        Just("%"),
        Just("\u{200B}"),
        Just("\r"),
        Just("\u{FEFF}"),
        Just("①"),
        Just("《"),
        Just("》"),
        Just("}"),
        Just("{"),
        Just(">="),
        Just("\t"),
        Just("2023-04-01"),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let source = source(text);
    let parsed = parse(&source, &Limits::default());
    let mut spans: Vec<Span> = parsed.file.items.iter().flat_map(places).collect();
    spans.extend(parsed.file.comments.iter().map(|comment| comment.span));
    spans.extend(parsed.problems.iter().flat_map(Problem::labels).map(|label| label.span));
    for span in spans {
        prop_assert!(text.get(span.start()..span.end()).is_some(), "{span:?} is no place");
    }
    prop_assert!(parsed.problems.is_sorted_by_key(Problem::span));
    prop_assert!(parsed.file.items.is_sorted_by_key(|item| item.kind.span));
    prop_assert!(parsed.file.comments.is_sorted_by_key(|comment| comment.span));
    prop_assert!(!parsed.problems.is_empty() || !parsed.file.items.is_empty());
    for item in &parsed.file.items {
        prop_assert!(item.kind.kind != ItemKind::Use || item.entries.is_empty());
        prop_assert!(item.entries.is_sorted_by_key(|entry| entry.span));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_pieces_parse(text in pieces()) {
        holds(&text)?;
    }

    #[test]
    fn any_text_parses(text in "\\PC{0,80}") {
        holds(&text)?;
    }

    #[test]
    fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode(ID, "any", &bytes, &Limits::default()) {
            holds(&text)?;
        }
    }
}
