//! What stands right: the unit that the rules use for a field, and what a field takes in words.

use crate::diagnostic::Words;
use crate::model::{Body, Condition, Exception, Field, FieldId, FieldKind, Model, TestKind, Vocabulary};
use crate::quantity::{Dimension, Number, Quantity};

/// The unit a person would write for a field: the one that most of the rules' bounds on it are in, else the base unit.
pub(super) fn unit(model: &Model, field: FieldId, dimensions: &[Dimension]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    each_bound(model, &mut |of, bound| {
        if of == field && dimensions.contains(&bound.dimension) && bound.basis.is_none() && !bound.unit_text.is_empty()
        {
            match counts.iter_mut().find(|(text, _)| *text == bound.unit_text) {
                Some((_, count)) => *count += 1,
                None => counts.push((&bound.unit_text, 1)),
            }
        }
    });
    let most = counts.iter().map(|(_, count)| *count).max();
    match counts.iter().find(|(_, count)| Some(*count) == most) {
        Some((text, _)) => (*text).to_owned(),
        None => dimensions.first().map_or_else(String::new, |first| base_unit(&model.vocabulary, *first)),
    }
}

/// The base unit of a dimension, by the Chinese names: `吨/年`; `%` for a ratio.
pub(super) fn base_unit(vocabulary: &Vocabulary, dimension: Dimension) -> String {
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for (base, power) in dimension.powers() {
        let one = Dimension::base(base);
        let unit = vocabulary.units.iter().find(|unit| unit.dimension == one && unit.factor == Number::ONE);
        let name = unit.map_or("?", |unit| unit.name.chinese.as_str());
        let list = if power > 0 { &mut above } else { &mut below };
        for _ in 0..power.unsigned_abs() {
            list.push(name);
        }
    }
    match (above.is_empty(), below.is_empty()) {
        (true, true) => "%".to_owned(),
        (false, true) => above.join("·"),
        (_, false) => format!("{}/{}", above.join("·"), below.join("/")),
    }
}

/// The dimension that distances are measured in: the vocabulary's, else that of the rules' own bounds.
pub(crate) fn length(model: &Model) -> Option<Dimension> {
    let mut found = model.vocabulary.distance_dimension;
    if found.is_none() {
        each_test(model, &mut |test| {
            if let TestKind::Distance { bound, .. } = test {
                found = found.or(Some(bound.dimension));
            }
        });
    }
    found
}

/// What a field takes, in words that finish "should be …".
pub(super) fn words(model: &Model, id: FieldId, field: &Field) -> Words {
    match &field.kind {
        FieldKind::Member(enumeration) => {
            let name = model.vocabulary.enumeration(*enumeration).map(|found| found.name.clone()).unwrap_or_default();
            Words::new(format!("{}中的一个名称", name.chinese), format!("a name of `{}`", name.key()))
        }
        FieldKind::YesNo => Words::new("「是」或「否」", "yes or no"),
        FieldKind::Date => Words::new("日期，如 2025-12-31", "a date such as 2025-12-31"),
        FieldKind::Text => Words::new("文字", "words"),
        FieldKind::Quantity(dimensions) => {
            let unit = unit(model, id, dimensions);
            Words::new(format!("带单位的文字，如 \"100{unit}\""), format!("text with a unit, such as \"100{unit}\""))
        }
        FieldKind::Areas(_) => Words::new("名称的列表", "a list of names"),
        FieldKind::Distances(_) => Words::new(
            "各处的距离，如 {\"长江干流岸线\": \"3千米\"}",
            "a map of distances, such as {\"river\": \"3km\"}",
        ),
        FieldKind::Documents(_) => Words::new("材料名称的列表", "a list of documents"),
        FieldKind::Attestations => Words::new("各项认定的「是」或「否」", "a map of findings to yes or no"),
        FieldKind::Conversions => {
            Words::new("折算的列表，每项有 from、to、factor、source", "a list of {from, to, factor, source}")
        }
    }
}

fn each_bound<'a>(model: &'a Model, take: &mut impl FnMut(FieldId, &'a Quantity)) {
    each_test(model, &mut |test| {
        if let TestKind::Amount { field, bound, .. } | TestKind::Distance { field, bound, .. } = test {
            take(*field, bound);
        }
    });
}

fn each_test<'a>(model: &'a Model, take: &mut impl FnMut(&'a TestKind)) {
    let mut open: Vec<&Condition> = Vec::new();
    for clause in &model.clauses {
        conditions(&clause.body, &mut open);
    }
    open.reverse();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::Always | Condition::Never => {}
            Condition::Test(test) => take(&test.kind),
            Condition::All(parts) | Condition::Any(parts) => open.extend(parts.iter().rev()),
            Condition::Not(inner) => open.push(inner),
        }
    }
}

fn conditions<'a>(body: &'a Body, into: &mut Vec<&'a Condition>) {
    into.push(&body.applies);
    for part in &body.parts {
        into.extend([&part.selector, &part.requirement]);
    }
    let mut exceptions: Vec<&Exception> = body.exceptions.iter().collect();
    while let Some(exception) = exceptions.pop() {
        into.push(&exception.ground);
        exceptions.extend(&exception.exceptions);
    }
}
