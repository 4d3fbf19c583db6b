//! Runs the tables in `tests/conformance` against an engine: every case loads its rules, and either has the errors it
//! says, or rules on each of its facts as it says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use adit::check::{self, Input};
use adit::diagnostic::{Problem, Severity};
use adit::facts::{read, tree};
use adit::model::{Expectation, Model, Subject, WrittenCase};
use adit::parse::{Limits, Parsed, parse};
use adit::rulebook::{GeneratedCase, GeneratedKind};
use adit::source::Source;
use adit::span::SourceId;
use adit::{ReviewOptions, Rulebook};
use serde::Deserialize;

use super::reference::Reviewer;

/// What stands before the rules of a case that has no prelude of its own.
pub const PRELUDE: &str = "引用 矿业\n规划 test “测试规划”\n  地区：测试县\n  规划期：2021..2025\n";

/// A table of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    case: Vec<Case>,
}

/// Rules with what is wrong with them, or with cases they are put to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The sentence of the language that it proves.
    pub sentence: String,
    /// The head of the plan, where it is not [`PRELUDE`].
    pub prelude: Option<String>,
    /// A vocabulary of its own.
    pub vocabulary: Option<String>,
    /// A plan above, whole, that is loaded beside it.
    pub upper: Option<String>,
    /// The clauses.
    pub rules: String,
    /// The codes of the errors, each as often as it is reported.
    pub errors: Option<Vec<String>>,
    /// Cases.
    #[serde(default)]
    pub review: Vec<Review>,
}

/// Facts and what is ruled on them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The facts, as JSON.
    pub facts: String,
    /// Readings chosen: clause → name.
    #[serde(default)]
    pub readings: BTreeMap<String, String>,
    /// The statuses of clauses.
    pub statuses: Option<BTreeMap<String, String>>,
    /// The ruling.
    pub ruling: Option<String>,
    /// What is missing, in any order.
    pub missing: Option<Vec<String>>,
    /// The code of the error that keeps the facts from being used.
    pub error: Option<String>,
}

/// A rule file.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What is compared of a ruling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Each finding's clause and status.
    pub statuses: BTreeMap<String, String>,
    /// The ruling.
    pub ruling: String,
    /// The names of what is missing.
    pub missing: BTreeSet<String>,
    /// Clauses the engine gave up on; they are not compared.
    pub skipped: Vec<String>,
}

/// Something that rules.
pub trait Engine {
    /// What it is called in the list of disagreements.
    fn name(&self) -> &'static str;

    /// Loads a plan with the vocabularies it may use, or says the codes of the errors.
    fn load(&self, vocabularies: &[RuleFile], plan: &RuleFile, upper: Option<&RuleFile>) -> Loading;
}

/// Loaded rules, or the codes of their errors.
pub type Loading = Result<Box<dyn Rules>, Vec<String>>;

/// Loaded rules.
pub trait Rules {
    /// Rules on facts in JSON in a choice of readings, or says the codes of the errors.
    fn review(&self, facts: &str, readings: &BTreeMap<String, String>) -> Result<Answer, Vec<String>>;
}

// ── the engine itself ────────────────────────────────────────────────────────────────────────────────────────

/// [`adit::Rulebook`]: diagrams, walked.
pub struct Compiled;

impl Engine for Compiled {
    fn name(&self) -> &'static str {
        "the engine"
    }

    fn load(&self, vocabularies: &[RuleFile], plan: &RuleFile, upper: Option<&RuleFile>) -> Loading {
        let files = vocabularies.iter().chain(std::iter::once(plan));
        let builder = files.fold(Rulebook::builder(), |builder, file| builder.source(&file.name, &file.text));
        let above = |file: &RuleFile| [adit::rulebook::RuleFile::new(&*file.name, &*file.text)];
        let checked = upper.into_iter().fold(builder, |builder, file| builder.upper(above(file))).check();
        match checked.rulebook() {
            Some(rulebook) => Ok(Box::new(rulebook.clone())),
            None => Err(error_codes(checked.problems())),
        }
    }
}

impl Rules for Rulebook {
    fn review(&self, facts: &str, readings: &BTreeMap<String, String>) -> Result<Answer, Vec<String>> {
        let options = ReviewOptions { readings: readings.clone(), ..ReviewOptions::default() };
        let prepared = self.prepare_text("facts.json", facts);
        let ruled = prepared.and_then(|facts| self.review_prepared(&facts, &options));
        let ruling = ruled.map_err(|error| error_codes(error.problems()))?.unfolded();
        let statuses = ruling.findings.iter().map(|it| (it.clause.to_string(), it.status.code().to_owned()));
        let later = ruling.later_duties.iter().map(|it| (it.clause.to_string(), "later-duty".to_owned()));
        let checks = ruling.authority_checks.iter().filter(|it| it.attestation.is_none());
        let authority = checks.map(|it| (it.clause.to_string(), "authority-duty".to_owned()));
        Ok(Answer {
            statuses: statuses.chain(later).chain(authority).collect(),
            ruling: ruling.ruling.code().to_owned(),
            missing: ruling.missing.iter().map(|it| it.fact.to_string()).collect(),
            skipped: Vec::new(),
        })
    }
}

// ── the reference as an engine ───────────────────────────────────────────────────────────────────────────────

/// [`reference`] behind the parser, the checker and the reader of facts.
pub struct Reference;

/// A model with nothing wrong.
pub struct ReferenceRules {
    /// The model.
    pub model: Model,
}

impl Engine for Reference {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn load(&self, vocabularies: &[RuleFile], plan: &RuleFile, upper: Option<&RuleFile>) -> Loading {
        let above = upper.map(|file| load_model(vocabularies, std::slice::from_ref(file), Vec::new())).transpose()?;
        let above = above.into_iter().map(Arc::new).collect();
        let model = load_model(vocabularies, std::slice::from_ref(plan), above)?;
        Ok(Box::new(ReferenceRules { model }))
    }
}

impl Rules for ReferenceRules {
    fn review(&self, facts: &str, readings: &BTreeMap<String, String>) -> Result<Answer, Vec<String>> {
        let other = read_so(&self.model, readings).map_err(|fault| vec![fault])?;
        rules_on(&Reviewer::new(other.as_ref().unwrap_or(&self.model)), facts)
    }
}

/// What the reference says of facts in JSON.
fn rules_on(reviewer: &Reviewer<'_>, facts: &str) -> Result<Answer, Vec<String>> {
    let source = Source::new(SourceId::new(0), "facts.json", facts);
    let (tree, mut problems) = tree::read(&source);
    let mut typed = None;
    if let Some(tree) = &tree {
        let (facts, more) = read(tree, reviewer.model, &source);
        problems.extend(more);
        typed = Some(facts);
    }
    let codes = error_codes(&problems);
    let (Some(typed), true) = (typed, codes.is_empty()) else { return Err(codes) };
    let outcome = reviewer.review(&typed).map_err(|code| vec![code.to_owned()])?;
    let statuses = outcome.findings.iter().map(|finding| (finding.clause.clone(), finding.status.code().to_owned()));
    let duties = outcome.duties.iter().map(|(clause, code)| (clause.clone(), (*code).to_owned()));
    Ok(Answer {
        statuses: statuses.chain(duties).collect(),
        ruling: outcome.ruling.code().to_owned(),
        missing: outcome.missing.iter().map(|(name, _)| name.clone()).collect(),
        skipped: outcome.skipped,
    })
}

/// The model of plan files, of the vocabularies they use, and below plans that they implement; or the codes of all errors.
pub fn load_model(vocabularies: &[RuleFile], plan: &[RuleFile], upper: Vec<Arc<Model>>) -> Result<Model, Vec<String>> {
    let all: Vec<&RuleFile> = plan.iter().chain(vocabularies).collect();
    let parsed: Vec<Rc<(Source, Parsed)>> = (0u32..).zip(&all).map(|(number, file)| parsed(number, file)).collect();
    let mut codes = Vec::new();
    let mut order = Vec::new();
    for index in 0..plan.len() {
        visit(&parsed, plan.len(), index, &mut Vec::new(), &mut order, &mut codes);
    }
    let used: Vec<&Rc<(Source, Parsed)>> = order.iter().filter_map(|index| parsed.get(*index)).collect();
    for file in &used {
        codes.extend(error_codes(&file.1.problems));
    }
    let inputs: Vec<Input<'_>> = used.iter().map(|file| Input { file: &file.1.file, source: &file.0 }).collect();
    let checked = check::check_below(&inputs, upper);
    codes.extend(error_codes(&checked.problems));
    codes.sort();
    if codes.is_empty() { Ok(checked.model) } else { Err(codes) }
}

/// A file's tree; that of a text already seen under this number is kept, the vocabularies being read again and again.
fn parsed(number: u32, file: &RuleFile) -> Rc<(Source, Parsed)> {
    type Seen = BTreeMap<(u32, String), Rc<(Source, Parsed)>>;
    thread_local! {
        static SEEN: RefCell<Seen> = const { RefCell::new(BTreeMap::new()) };
    }
    SEEN.with_borrow_mut(|seen| {
        let kept = seen.entry((number, file.text.clone())).or_insert_with(|| {
            let source = Source::new(SourceId::new(number), file.name.as_str(), file.text.as_str());
            let parsed = parse(&source, &Limits::default());
            Rc::new((source, parsed))
        });
        Rc::clone(kept)
    })
}

/// Puts what a file uses before it.
fn visit(
    parsed: &[Rc<(Source, Parsed)>],
    plans: usize,
    index: usize,
    path: &mut Vec<usize>,
    order: &mut Vec<usize>,
    codes: &mut Vec<String>,
) {
    if path.contains(&index) {
        codes.push("A0206".to_owned());
        return;
    }
    let Some(file) = parsed.get(index).map(|file| &file.1) else { return };
    if order.contains(&index) {
        return;
    }
    path.push(index);
    for (name, _) in check::uses(&file.file) {
        let found = parsed
            .iter()
            .enumerate()
            .skip(plans)
            .find(|(_, other)| check::vocabulary_names(&other.1.file).contains(&name));
        match found {
            Some((used, _)) => visit(parsed, plans, used, path, order, codes),
            None => codes.push("A0205".to_owned()),
        }
    }
    path.pop();
    order.push(index);
}

/// The codes of the errors among problems, in order.
pub fn error_codes(problems: &[Problem]) -> Vec<String> {
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
    let mut codes: Vec<String> = errors.map(|problem| problem.code().entry().name().to_owned()).collect();
    codes.sort();
    codes
}

// ── the runner ─────────────────────────────────────────────────────────────────────────────────────────────

/// The files of a folder with this ending, by name.
pub fn files_in(folder: &str, ending: &str) -> Vec<RuleFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<RuleFile> = Vec::new();
    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(ending)
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            files.push(RuleFile { name, text });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// Every case of every table, with its table's name. A table that cannot be read is a disagreement of its own.
pub fn cases() -> Vec<(String, Result<Vec<Case>, String>)> {
    let tables = files_in("tests/conformance", ".toml");
    let read = |text: &str| toml::from_str::<Table>(text).map(|table| table.case).map_err(|fault| fault.to_string());
    tables.into_iter().map(|table| (table.name, read(&table.text))).collect()
}

/// Runs every case and returns how many answers were compared, and every disagreement, grouped by table.
pub fn run(engine: &dyn Engine) -> (usize, String) {
    let vocabularies = files_in("rules/vocabulary", ".adit");
    let (mut compared, mut report) = (0, String::new());
    for (table, cases) in cases() {
        let mut lines = Vec::new();
        match cases {
            Ok(cases) => {
                for case in &cases {
                    let (count, differences) = run_case(engine, &vocabularies, case);
                    compared += count;
                    lines.extend(differences.into_iter().map(|line| format!("  {}: {line}", case.name)));
                }
            }
            Err(fault) => lines.push(format!("  cannot be read: {fault}")),
        }
        if !lines.is_empty() {
            let _ = writeln!(report, "{table} ({})\n{}", lines.len(), lines.join("\n"));
        }
    }
    (compared, report)
}

fn run_case(engine: &dyn Engine, vocabularies: &[RuleFile], case: &Case) -> (usize, Vec<String>) {
    let mut known = vocabularies.to_vec();
    if let Some(text) = &case.vocabulary {
        known.push(RuleFile { name: "测试.adit".to_owned(), text: text.clone() });
    }
    let prelude = case.prelude.as_deref().unwrap_or(PRELUDE);
    let plan = RuleFile { name: "test.adit".to_owned(), text: format!("{prelude}{}", case.rules) };
    let upper = case.upper.as_ref().map(|text| RuleFile { name: "upper.adit".to_owned(), text: text.clone() });
    let loaded = engine.load(&known, &plan, upper.as_ref());
    let rules = match (&case.errors, loaded) {
        (Some(wanted), loaded) => {
            let mut wanted = wanted.clone();
            wanted.sort();
            let codes = loaded.err().unwrap_or_default();
            let differs = codes != wanted;
            return (1, differs.then(|| format!("errors {codes:?}, want {wanted:?}")).into_iter().collect());
        }
        (None, Err(codes)) => return (case.review.len(), vec![format!("errors {codes:?}, want none")]),
        (None, Ok(rules)) => rules,
    };
    let mut differences = Vec::new();
    for review in &case.review {
        let found = compare(review, rules.review(&review.facts, &review.readings));
        if !found.is_empty() {
            differences.push(format!("{} → {}", review.facts, found.join("; ")));
        }
    }
    (case.review.len(), differences)
}

fn compare(review: &Review, answer: Result<Answer, Vec<String>>) -> Vec<String> {
    let mut differences = Vec::new();
    let answer = match (&review.error, answer) {
        (Some(wanted), Err(codes)) => {
            if codes != [wanted.clone()] {
                differences.push(format!("errors {codes:?}, want {wanted}"));
            }
            return differences;
        }
        (Some(wanted), Ok(answer)) => return vec![format!("{answer:?}, want the error {wanted}")],
        (None, Err(codes)) => return vec![format!("errors {codes:?}, want none")],
        (None, Ok(answer)) => answer,
    };
    if !answer.skipped.is_empty() {
        return differences;
    }
    for (clause, wanted) in review.statuses.iter().flatten() {
        let status = answer.statuses.get(clause).map_or("no finding", String::as_str);
        if status != wanted {
            differences.push(format!("{clause} {status}, want {wanted}"));
        }
    }
    if let Some(wanted) = review.ruling.as_ref().filter(|wanted| **wanted != answer.ruling) {
        differences.push(format!("ruling {}, want {wanted}", answer.ruling));
    }
    if let Some(wanted) = &review.missing {
        let wanted: BTreeSet<String> = wanted.iter().cloned().collect();
        if wanted != answer.missing {
            differences.push(format!("missing {:?}, want {wanted:?}", answer.missing));
        }
    }
    differences
}

// ── cases of the plans ───────────────────────────────────────────────────────────────────────────────────────

/// Puts the reference to the cases that a plan's own files write down; returns how many expectations were compared, and
/// what differs.
pub fn run_written(model: &Model) -> (usize, String) {
    let (mut compared, mut report) = (0, String::new());
    let reviewer = Reviewer::new(model);
    for case in &model.cases {
        for line in run_written_case(&reviewer, case, &mut compared) {
            let _ = writeln!(report, "{}: {line}", case.name);
        }
    }
    (compared, report)
}

/// The model in these readings; `None` where they are the plan's own.
fn read_so<'a>(
    model: &Model,
    readings: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Result<Option<Model>, String> {
    let mut read_so = None;
    for (id, name) in readings {
        if model.indicators.iter().any(|indicator| indicator.id == *id) {
            continue;
        }
        let place = model.clauses.iter().position(|clause| clause.id == *id);
        let place = place.ok_or_else(|| format!("no clause {id}"))?;
        let clause = &model.clauses[place];
        match clause.other_readings.iter().find(|reading| reading.name == *name) {
            Some(reading) => {
                read_so.get_or_insert_with(|| model.clone()).clauses[place].body = reading.body.clone();
            }
            None if clause.reading.as_ref().is_some_and(|reading| reading.name == *name) => {}
            None => return Err(format!("{id} has no reading {name}")),
        }
    }
    Ok(read_so)
}

fn run_written_case(reviewer: &Reviewer<'_>, case: &WrittenCase, compared: &mut usize) -> Vec<String> {
    let other = match read_so(reviewer.model, case.readings.iter().map(|(id, name)| (id, name))) {
        Ok(other) => other,
        Err(fault) => return vec![fault],
    };
    let model = other.as_ref().unwrap_or(reviewer.model);
    let source = Source::new(SourceId::new(0), "case", "");
    let (mut facts, problems) = read(&tree::given(&case.given), model, &source);
    for field in facts.iter().map(|(field, _)| field).collect::<Vec<_>>() {
        facts.set_source(field, &case.name);
    }
    let codes = error_codes(&problems);
    if !codes.is_empty() {
        return vec![format!("errors {codes:?}")];
    }
    let outcome = match reviewer.review_so(model, &case.readings, &facts) {
        Ok(outcome) => outcome,
        Err(code) => return vec![format!("error {code}")],
    };
    let mut differences = Vec::new();
    if !outcome.skipped.is_empty() {
        differences.push(format!("skipped {:?}", outcome.skipped));
    }
    for (expectation, _) in &case.expectations {
        *compared += 1;
        match expectation {
            Expectation::Status(clause, wanted) => {
                let of_others = model.clauses.iter().any(|it| it.id == *clause && it.subject() != Subject::Application);
                let silent = if of_others { "not-applicable" } else { "no finding" };
                let status = outcome.code_of(clause).unwrap_or(silent);
                if status != wanted {
                    differences.push(format!("{clause} {status}, want {wanted}"));
                }
            }
            Expectation::Ruling(wanted) => {
                let ruling = outcome.ruling.code();
                if ruling != wanted {
                    differences.push(format!("ruling {ruling}, want {wanted}"));
                }
            }
        }
    }
    differences
}

/// What was compared of the cases made from the rules.
#[derive(Debug, Default)]
pub struct Compared {
    /// Cases, by what they try.
    pub cases: BTreeMap<GeneratedKind, usize>,
    /// Statuses of clauses.
    pub statuses: usize,
    /// What differs.
    pub report: String,
}

/// Puts engine and reference to every case made from the rules: the clause concerned must come out as the comparison says,
/// and every other clause, the ruling and what is missing as the other one has it.
pub fn run_generated(rulebook: &Rulebook) -> Compared {
    let reviewer = Reviewer::new(rulebook.model());
    let mut compared = Compared::default();
    for case in &rulebook.generate_cases().cases {
        *compared.cases.entry(case.kind).or_default() += 1;
        for line in run_generated_case(rulebook, &reviewer, case, &mut compared.statuses) {
            let _ = writeln!(compared.report, "{} {}: {line}", case.clause, case.facts);
        }
    }
    compared
}

fn run_generated_case(
    rulebook: &Rulebook,
    reviewer: &Reviewer<'_>,
    case: &GeneratedCase,
    statuses: &mut usize,
) -> Vec<String> {
    let text = case.facts.to_string();
    let theirs = rules_on(reviewer, &text);
    let ours = Rules::review(rulebook, &text, &BTreeMap::new());
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Err(ours), Err(theirs)) if ours == theirs && ours == [case.expected.to_owned()] => return Vec::new(),
        (ours, theirs) => {
            let kept =
                |answer: Result<Answer, Vec<String>>| answer.map_or_else(|codes| format!("{codes:?}"), |it| it.ruling);
            return vec![format!("engine {}, reference {}, want {}", kept(ours), kept(theirs), case.expected)];
        }
    };
    let mut differences = Vec::new();
    let found = theirs.statuses.get(&case.clause).map_or("no finding", String::as_str);
    if found != case.expected {
        differences.push(format!("reference {found}, want {}", case.expected));
    }
    if !theirs.skipped.is_empty() {
        differences.push(format!("skipped {:?}", theirs.skipped));
    }
    for (clause, status) in &theirs.statuses {
        *statuses += 1;
        let own = ours.statuses.get(clause).map_or("no finding", String::as_str);
        if own != status {
            differences.push(format!("{clause} engine {own}, reference {status}"));
        }
    }
    if (&ours.ruling, &ours.missing) != (&theirs.ruling, &theirs.missing) {
        let (mine, other) = ((&ours.ruling, &ours.missing), (&theirs.ruling, &theirs.missing));
        differences.push(format!("engine {mine:?}, reference {other:?}"));
    }
    differences
}
