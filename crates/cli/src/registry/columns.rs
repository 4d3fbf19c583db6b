//! What the head of a column says: a fact, the part of a fact, the unit of its bare numbers.

use std::sync::Arc;

use adit::facts::nearest;
use adit::model::{Field, FieldId, FieldKind, Vocabulary, fold, parse_unit};

/// What a form says of a column besides its name.
const ASIDES: [&str; 4] = ["必填", "选填", "required", "optional"];

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its head as printed, levels joined.
    pub(super) label: Arc<str>,
    /// What it holds.
    pub(super) holds: Holds,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Holds {
    /// A fact.
    Fact(Target),
    /// Something for people only.
    Nothing,
    /// Only the unit of what the level above names.
    Unit,
    /// Nobody knows; the nearest name.
    Unknown(Option<String>),
    /// No head at all.
    NoHead,
}

/// The fact that a column gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    /// The field.
    pub(super) id: FieldId,
    /// Of a map, the entry: a feature, a document, a finding.
    pub(super) inner: Option<String>,
    /// The unit of bare numbers.
    pub(super) unit: Option<String>,
    /// Whether an upper level of the head was passed over, because only the lower one is a name.
    pub(super) passed_over: bool,
}

/// Whether a column or key of this name is for people only.
pub(super) fn is_for_people(name: &str) -> bool {
    adit_arrow::is_for_people(&compact(name))
}

/// Reads a head, its levels from the top.
pub(super) fn read(vocabulary: &Vocabulary, levels: &[&str]) -> Column {
    let mut distinct: Vec<&str> = Vec::new();
    for level in levels.iter().map(|level| level.trim()).filter(|level| !level.is_empty()) {
        // A cell merged over several rows says one thing.
        if distinct.last() != Some(&level) {
            distinct.push(level);
        }
    }
    let label = distinct.iter().map(|level| one_line(level)).collect::<Vec<_>>().join("·").into();
    Column { label, holds: holds(vocabulary, &distinct) }
}

fn holds(vocabulary: &Vocabulary, levels: &[&str]) -> Holds {
    let mut unit = None;
    let mut names: Vec<String> = Vec::new();
    let mut is_unit = false;
    // 距离（千米）·铁路 is two levels in one cell.
    for level in levels.iter().flat_map(|level| level.split('·')) {
        let plain = compact(level);
        if parse_unit(vocabulary, &plain).is_some() {
            unit = Some(plain);
            is_unit = true;
            continue;
        }
        let (name, of_level) = without_unit(vocabulary, &plain);
        unit = of_level.or(unit);
        names.push(name);
    }
    let joined = names.concat();
    if joined.is_empty() {
        return if is_unit { Holds::Unit } else { Holds::NoHead };
    }
    let fact = |id, inner, unit, passed_over| Holds::Fact(Target { id, inner, unit, passed_over });
    if let Some(id) = field(vocabulary, &joined) {
        return fact(id, None, unit, false);
    }
    if let Some((id, inner)) = entry_of_map(vocabulary, &names) {
        return fact(id, Some(inner), unit, false);
    }
    if let Some((id, unit)) = with_bare_unit(vocabulary, &joined) {
        return fact(id, None, Some(unit), false);
    }
    let last = names.last().map(String::as_str).unwrap_or_default();
    if names.iter().any(|name| is_for_people(name)) {
        return Holds::Nothing;
    }
    match field(vocabulary, last).filter(|_| names.len() > 1) {
        Some(id) => fact(id, None, unit, true),
        None => {
            let spellings = || vocabulary.fields.iter().flat_map(|field| field.name.spellings());
            let near = nearest(&joined, spellings()).or_else(|| nearest(last, spellings()));
            // A name in full with something beside it: 生产规模（设计）.
            let within = || spellings().filter(|name| name.chars().count() > 1 && joined.contains(name));
            Holds::Unknown(near.or_else(|| within().max_by_key(|name| name.len())).map(str::to_owned))
        }
    }
}

/// The entry of a map: `距离·长江干流岸线`, `材料：开发利用方案`, or the map's name on the level above.
fn entry_of_map(vocabulary: &Vocabulary, names: &[String]) -> Option<(FieldId, String)> {
    let (map, inner) = match names {
        [one] => one.split_once(['·', ':', '/', '_'])?,
        [map, inner] => (map.as_str(), inner.as_str()),
        _ => return None,
    };
    let id = field(vocabulary, map).filter(|_| !inner.is_empty())?;
    let kind = &vocabulary.field(id)?.kind;
    matches!(kind, FieldKind::Distances(_) | FieldKind::Documents(_) | FieldKind::Attestations)
        .then(|| (id, inner.to_owned()))
}

/// `生产规模万吨/年`, `生产规模:万吨/年`.
fn with_bare_unit(vocabulary: &Vocabulary, name: &str) -> Option<(FieldId, String)> {
    let quantity = |field: &&Field| matches!(field.kind, FieldKind::Quantity(_));
    let spellings = vocabulary.fields.iter().filter(quantity).flat_map(|field| field.name.spellings());
    let mut found = spellings.filter_map(|spelling| {
        let unit = name.strip_prefix(spelling)?.trim_start_matches([':', '/', ',', '_', '-']);
        parse_unit(vocabulary, unit).filter(|_| !unit.is_empty())?;
        Some((spelling, unit))
    });
    let (spelling, unit) = found.next()?;
    Some((field(vocabulary, spelling)?, unit.to_owned()))
}

/// The field of a name; a head noun before it says nothing: 矿山名称 is 名称.
fn field(vocabulary: &Vocabulary, name: &str) -> Option<FieldId> {
    let named = |name: &str| vocabulary.field_named(name).or_else(|| vocabulary.field_named(&name.to_lowercase()));
    named(name).or_else(|| {
        let nouns = vocabulary.head_nouns.iter().flat_map(|noun| noun.spellings());
        nouns.filter_map(|noun| name.strip_prefix(noun)).find_map(|rest| named(rest.trim_start_matches('-')))
    })
}

/// The name without the bracket that gives its unit, and the unit.
fn without_unit(vocabulary: &Vocabulary, level: &str) -> (String, Option<String>) {
    let mut name = level.trim_matches(['*', ':']).to_owned();
    let mut unit = None;
    while let Some((before, inside)) = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
        let inside = inside.strip_prefix("单位").unwrap_or(inside).trim_start_matches(':');
        if parse_unit(vocabulary, inside).is_some() {
            unit = Some(inside.to_owned());
        } else if !ASIDES.contains(&inside) {
            break;
        }
        name = before.trim_matches(['*', ':']).to_owned();
    }
    (name, unit)
}

/// Folded, and without the blanks that only space Chinese out; between English words they are hyphens.
fn compact(text: &str) -> String {
    let folded = fold(text);
    let glue = if folded.chars().any(|sign| sign > '\u{2E7F}') { "" } else { "-" };
    folded.replace('［', "(").replace('］', ")").split_whitespace().collect::<Vec<_>>().join(glue)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
