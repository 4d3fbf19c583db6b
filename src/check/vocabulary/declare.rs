//! Units: `单位 千克 kg（亦作 公斤）：质量，1/1000 吨`.

use crate::ast::{Item, ItemKind, Sign, Token, TokenKind};
use crate::check::lexicon::Meaning;
use crate::check::names::{read_name, split, split_once, words};
use crate::check::scope::Scope;
use crate::check::vocabulary::add_name;
use crate::diagnostic::{Code, Problem, Words};
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
    let mut factor = Number::ONE;
    for part in parts {
        match relation(scope, part, base) {
            Ok(Some(found)) => factor = found,
            Ok(None) => {}
            Err(problem) => scope.problems.push(*problem),
        }
    }
    let is_unit = |meaning: &Meaning| matches!(meaning, Meaning::Unit(_));
    let twice = declared.name.spellings().find(|spelling| scope.meanings_of(spelling).iter().any(is_unit));
    if let Some(spelling) = twice {
        scope.problems.push(Problem::error(Code::DuplicateName, declared.name.span).with(spelling));
        return;
    }
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
fn relation(scope: &Scope, part: &[Token], own: Dimension) -> Result<Option<Number>, Box<Problem>> {
    let [Token { kind: TokenKind::Number(number), span, .. }, Token { kind: TokenKind::Run(unit), span: place, .. }] =
        part
    else {
        return match part.first() {
            Some(Token { kind: TokenKind::Sign(Sign::Minus), span, .. }) => Err(Box::new(no_factor(*span))),
            _ => Ok(None),
        };
    };
    let factor = number.parse::<Number>().ok().filter(|factor| *factor > Number::ZERO);
    let Some(factor) = factor else { return Err(Box::new(no_factor(*span))) };
    let known = scope.model.vocabulary.units.iter().find(|known| known.name.spellings().any(|name| name == unit));
    match known {
        None => Err(Box::new(Problem::error(Code::UnknownWord, *place).with(unit.clone()))),
        Some(known) if known.dimension != own => {
            let words = Words::new(format!("「{unit}」量的是另一种量"), format!("`{unit}` measures something else"));
            Err(Box::new(Problem::error(Code::WrongType, *place).with_words(words)))
        }
        Some(known) => Ok(Some(factor.times(&known.factor))),
    }
}

fn no_factor(span: crate::span::Span) -> Problem {
    let word = Words::new(ItemKind::Unit.chinese(), ItemKind::Unit.english());
    let help = Words::new("换算的倍数大于 0，如 1/1000", "a factor is above zero, e.g. `1/1000`");
    Problem::error(Code::MalformedEntry, span).with_words(word).help(help)
}
