//! `--ask`: facts that could still change the ruling, asked for one by one.

use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal};

use adit::Error;
use adit::diagnostic::Language;
use adit::facts::tree::{self, Kind, Spanned};
use adit::rulebook::{FieldDescription, FieldType, PreparedFacts, Rulebook};
use adit::ruling::{Missing, MissingKind, ReviewOptions, Ruling};
use serde_json::{Map, Value};

use crate::commands::tell;
use crate::output::Output;
use crate::words::Say;

/// How often one fact is asked for.
const TRIES: usize = 3;

/// Whether there is somebody to ask.
pub(crate) fn is_possible(facts_in_file: bool) -> bool {
    facts_in_file && io::stdin().is_terminal()
}

/// The facts with the answers; as they were where there is nothing to ask.
pub(crate) fn complete(
    rulebook: &Rulebook,
    facts: PreparedFacts,
    options: &ReviewOptions,
    output: &Output,
) -> Result<PreparedFacts, Error> {
    let (tree, _) = tree::read(facts.text_source());
    let Some(Value::Object(values)) = tree.as_ref().map(value_of) else { return Ok(facts) };
    let mut asking = Asking { rulebook, fields: rulebook.fields(), values, facts, asked: BTreeSet::new(), output };
    loop {
        let ruling = rulebook.review_prepared(&asking.facts, options)?;
        let Some(missing) = asking.next(&ruling) else { return Ok(asking.facts) };
        if !asking.ask(&missing) {
            return Ok(asking.facts);
        }
    }
}

struct Asking<'a> {
    rulebook: &'a Rulebook,
    fields: Vec<FieldDescription>,
    values: Map<String, Value>,
    facts: PreparedFacts,
    asked: BTreeSet<(MissingKind, String)>,
    output: &'a Output,
}

impl Asking<'_> {
    fn say(&self, text: Say) -> &'static str {
        text.text(self.output.language())
    }

    /// The next fact to ask for.
    fn next(&mut self, ruling: &Ruling) -> Option<Missing> {
        let askable = |item: &&Missing| {
            matches!(item.kind, MissingKind::Fact | MissingKind::Document | MissingKind::Attestation)
                && !self.asked.contains(&(item.kind, item.fact.to_string()))
        };
        let missing = ruling.missing.iter().chain(&ruling.needed).find(askable)?.clone();
        if self.asked.is_empty() {
            self.output.complain(&format!("{}\n", self.say(Say::AskHead)));
        }
        self.asked.insert((missing.kind, missing.fact.to_string()));
        Some(missing)
    }

    /// Asks for one fact; false at the end of input.
    fn ask(&mut self, missing: &Missing) -> bool {
        let chinese = self.output.language() == Language::Chinese;
        let name = if chinese && !missing.label.is_empty() { &missing.label } else { &missing.fact };
        let field = self.field(missing).cloned();
        let hint = self.hint(missing, field.as_ref());
        let colon = if chinese { "：" } else { ": " };
        let mut question = format!("{name}{hint}{colon}");
        for _ in 0..TRIES {
            self.output.complain(&question);
            let mut answer = String::new();
            if io::stdin().lock().read_line(&mut answer).unwrap_or(0) == 0 {
                return false;
            }
            let answer = answer.trim();
            if answer.is_empty() || self.take(missing, field.as_ref(), answer) {
                return true;
            }
            question = self.say(Say::AskAgain).to_owned();
        }
        true
    }

    fn field(&self, missing: &Missing) -> Option<&FieldDescription> {
        let kind = match missing.kind {
            MissingKind::Document => Some(FieldType::Documents),
            MissingKind::Attestation => Some(FieldType::Attestations),
            _ => None,
        };
        self.fields.iter().find(|field| kind.map_or(field.key == missing.fact, |kind| field.kind == kind))
    }

    fn hint(&self, missing: &Missing, field: Option<&FieldDescription>) -> String {
        let yes_no = self.say(Say::AskYesNo).to_owned();
        if missing.kind != MissingKind::Fact {
            return yes_no;
        }
        let bracketed = |text: String| match self.output.language() {
            Language::Chinese => format!("（{text}）"),
            Language::English => format!(" ({text})"),
        };
        match field.map(|field| (field.kind, field)) {
            Some((FieldType::YesNo, _)) => yes_no,
            Some((FieldType::Quantity | FieldType::Distances, field)) if !field.units.is_empty() => {
                bracketed(field.units.join(" "))
            }
            _ => String::new(),
        }
    }

    /// Puts an answer in its place; false where it cannot be used.
    fn take(&mut self, missing: &Missing, field: Option<&FieldDescription>, answer: &str) -> bool {
        let mut values = self.values.clone();
        let text = Value::String(answer.to_owned());
        match (missing.kind, field) {
            (MissingKind::Fact, Some(field)) if field.kind == FieldType::Distances => {
                let feature = field.members.iter().find(|member| missing.label.contains(&member.label));
                let Some(feature) = feature.or(field.members.first()) else { return false };
                into_map(&mut values, field, &feature.label, text);
            }
            (MissingKind::Fact, Some(field)) => set(&mut values, field, text),
            (MissingKind::Fact, None) => {
                values.insert(missing.fact.to_string(), text);
            }
            (_, Some(field)) => into_map(&mut values, field, &missing.fact, text),
            (_, None) => return false,
        }
        let written = serde_json::to_string_pretty(&values).unwrap_or_default();
        match self.rulebook.prepare_text("answers.json", &written) {
            Ok(facts) => {
                self.facts = facts;
                self.values = values;
                true
            }
            Err(error) => {
                tell(error.problems(), &error, self.output);
                false
            }
        }
    }
}

/// The key under which the facts hold a field already.
fn key_of(values: &Map<String, Value>, field: &FieldDescription) -> String {
    let names = [field.key.clone(), field.key.replace('-', "_"), field.label.clone()];
    let known = names.into_iter().find(|name| values.contains_key(name));
    // A new one in the language of the others.
    let chinese = values.keys().any(|key| !key.is_ascii());
    known.unwrap_or_else(|| if chinese { field.label.clone() } else { field.key.clone() })
}

fn set(values: &mut Map<String, Value>, field: &FieldDescription, value: Value) {
    let key = key_of(values, field);
    let list = match &value {
        Value::String(text) if field.many && text.contains(['、', ',', '，']) => {
            let items = text.split(['、', ',', '，']).map(|item| Value::String(item.trim().to_owned()));
            Some(Value::Array(items.collect()))
        }
        _ => None,
    };
    values.insert(key, list.unwrap_or(value));
}

/// Puts an entry into the map of a field; a list of names becomes a map first.
fn into_map(values: &mut Map<String, Value>, field: &FieldDescription, name: &str, value: Value) {
    let key = key_of(values, field);
    let mut map = match values.get(&key) {
        Some(Value::Object(map)) => map.clone(),
        Some(Value::Array(items)) => {
            items.iter().filter_map(Value::as_str).map(|item| (item.to_owned(), Value::Bool(true))).collect()
        }
        _ => Map::new(),
    };
    map.insert(name.to_owned(), value);
    values.insert(key, Value::Object(map));
}

fn value_of(tree: &Spanned) -> Value {
    match &tree.kind {
        Kind::Null => Value::Null,
        Kind::Bool(flag) => Value::Bool(*flag),
        Kind::Number(digits) => digits.parse().map_or_else(|_| Value::String(digits.clone()), Value::Number),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::List(items) => Value::Array(items.iter().map(value_of).collect()),
        Kind::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), value_of(&entry.value))).collect())
        }
    }
}
