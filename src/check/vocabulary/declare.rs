//! Units: `单位 千克 kg（亦作 公斤）：质量，1/1000 吨`.

use crate::ast::{Item, Sign, Token, TokenKind};
use crate::check::lexicon::Meaning;
use crate::check::names::{read_name, split, split_once, words};
use crate::check::scope::Scope;
use crate::check::vocabulary::add_name;
use crate::diagnostic::{Code, Problem};
use crate::model::{Name, Unit};
use crate::quantity::{BaseDimension, Dimension, Number};

pub(super) fn unit(scope: &mut Scope, item: &Item) {
    let Some((name, rest)) = split_once(&item.header, Sign::Colon) else {
        scope.problems.push(Problem::error(Code::MalformedEntry, item.kind.span).with(item.kind.kind.chinese()));
        return;
    };
    let Some(declared) = read_name(name, false) else { return };
    let mut parts = split(rest, Sign::Comma).into_iter();
    let dimension_words = parts.next().map(words).unwrap_or_default();
    let Some(dimension_word) = dimension_words.first() else { return };
    let base = dimension(scope, dimension_word, dimension_words.get(1), item);
    let factor = parts.find_map(|part| relation(scope, part)).unwrap_or(Number::ONE);
    let Ok(number) = u16::try_from(scope.model.vocabulary.units.len()) else { return };
    add_name(scope, &declared.name, &Meaning::Unit(number));
    scope.model.vocabulary.units.push(Unit { name: declared.name, dimension: base, factor });
}

/// The base dimension of this name, new if it is the first time.
fn dimension(scope: &mut Scope, word: &str, english: Option<&String>, item: &Item) -> Dimension {
    let dimensions = &mut scope.model.vocabulary.dimensions;
    let known = dimensions.iter().position(|name| name.chinese == word);
    let index = known.unwrap_or_else(|| {
        let english = english.cloned();
        dimensions.push(Name { chinese: word.to_owned(), english, span: item.kind.span, ..Name::default() });
        dimensions.len() - 1
    });
    if index >= Dimension::BASES {
        scope.problems.push(Problem::error(Code::DuplicateName, item.kind.span).with(word));
    }
    Dimension::base(BaseDimension(u8::try_from(index).unwrap_or(u8::MAX)))
}

/// `1/1000 吨`: how many base units of the named one. Text such as `365 日 = 1 年 不换算` is a remark and relates nothing.
fn relation(scope: &Scope, part: &[Token]) -> Option<Number> {
    let (number, unit) = match part {
        [first, second] => match (&first.kind, &second.kind) {
            (TokenKind::Number(number), TokenKind::Run(unit)) => (number, unit),
            _ => return None,
        },
        _ => return None,
    };
    let factor: Number = number.parse().ok()?;
    let known = scope.model.vocabulary.units.iter().find(|known| known.name.spellings().any(|name| name == unit))?;
    Some(factor.times(&known.factor))
}
