//! The grammar of phrases over cut terms: modality, selector, head noun, requirement.

use std::borrow::Cow;

use crate::ast::Sign;
use crate::check::condition::{ConditionReader, all};
use crate::check::lexicon::Meaning;
use crate::check::pieces::{Piece, span_of};
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{AttestationMode, Condition, Force, Part};
use crate::span::Span;

/// The modal words at one place of a phrase, taken together: 原则上 不得 is a principle that bans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Modality {
    force: Option<Force>,
    /// Whether they ban what follows.
    pub(super) bans: bool,
    has: bool,
}

impl Modality {
    fn read(reader: &mut ConditionReader<'_>) -> Self {
        let mut modality = Self::default();
        while let Some(word) = reader.modal() {
            modality.take(word);
            reader.advance();
        }
        modality
    }

    /// Adds one more word.
    pub(super) fn take(&mut self, (force, bans, has): (Force, bool, bool)) {
        self.force = Some(match self.force {
            Some(Force::InPrinciple) => Force::InPrinciple,
            _ => force,
        });
        self.bans |= bans;
        self.has |= has;
    }

    /// The force of words at two places of one phrase; must where there are none.
    pub(super) fn force_with(self, inner: Self) -> Force {
        match (self.force, inner.force) {
            (Some(Force::InPrinciple), _) | (_, Some(Force::InPrinciple)) => Force::InPrinciple,
            (leading, inner) => leading.or(inner).unwrap_or(Force::Must),
        }
    }
}

/// Reads one phrase of a clause. `id` names the clause for 等; problems go to the scope.
pub fn read_phrase(scope: &mut Scope, pieces: &[Piece], id: &str) -> Option<Part> {
    let span = span_of(pieces)?;
    let before = scope.problems.len();
    let in_order = modal_first(pieces);
    let mut reader = ConditionReader::new(scope, &in_order, id);
    let leading = Modality::read(&mut reader);
    reader.set_mode(None);
    let selector = read_selector(&mut reader);
    if reader.failed() {
        return None;
    }
    let inner = Modality::read(&mut reader);
    let (bans, has) = (leading.bans || inner.bans, leading.has || inner.has);
    reader.set_mode(if bans { None } else { Some(AttestationMode::Required) });
    let requirement_span = reader.rest_span().unwrap_or(span);
    reader.expect_documents(has);
    let requirement = if reader.at_end() && !has { None } else { reader.condition() };
    reader.expect_end();
    let failed = reader.failed();
    if failed || scope.problems.len() > before {
        return None;
    }
    finish(scope, selector, requirement, leading.force_with(inner), bans, span, requirement_span)
}

/// `生产规模 不得低于 100万吨/年` says what `不得 生产规模 低于 100万吨/年` does: a modal word between a field and its
/// comparison goes before the field. So where it is the only modal word, and, if it bans, where it bans nothing else.
fn modal_first(pieces: &[Piece]) -> Cow<'_, [Piece]> {
    let as_written = Cow::Borrowed(pieces);
    let is_modal = |piece: &Piece| modal_of(piece).is_some();
    let Some(first) = pieces.iter().position(is_modal) else { return as_written };
    let count = pieces.iter().skip(first).take_while(|piece| is_modal(piece)).count();
    let (before, rest) = pieces.split_at_checked(first).unwrap_or_default();
    let (modals, behind) = rest.split_at_checked(count).unwrap_or_default();
    let Some((field, before)) = before.split_last() else { return as_written };
    let is = |piece: &Piece, wanted: fn(&Meaning) -> bool| piece.meanings().iter().any(wanted);
    let compares = |piece: &Piece| {
        let signs = [Sign::AtLeast, Sign::AtMost, Sign::Above, Sign::Below, Sign::Equal, Sign::NotEqual];
        matches!(piece, Piece::Sign(sign, _) if signs.contains(sign))
            || is(piece, |meaning| matches!(meaning, Meaning::Comparison(comparison) if !comparison.behind))
    };
    let bans = modals.iter().filter_map(modal_of).any(|(_, bans, _)| bans);
    let goes_on = behind.iter().any(|piece| {
        is_modal(piece)
            || bans && is(piece, |meaning| matches!(meaning, Meaning::And | Meaning::Or | Meaning::Field(_)))
    });
    let fits = is(field, |meaning| matches!(meaning, Meaning::Field(_))) && behind.first().is_some_and(compares);
    if !fits || goes_on {
        return as_written;
    }
    let field = std::slice::from_ref(field);
    Cow::Owned([before, modals, field, behind].concat())
}

fn finish(
    scope: &mut Scope,
    selector: Condition,
    requirement: Option<Condition>,
    force: Force,
    bans: bool,
    span: Span,
    requirement_span: Span,
) -> Option<Part> {
    let requirement = match (requirement, bans) {
        (Some(condition), true) => Condition::Not(Box::new(condition)),
        (Some(condition), false) => condition,
        (None, true) => Condition::Never,
        (None, false) if matches!(force, Force::Encouraged | Force::Permitted) => Condition::Always,
        (None, false) => {
            scope.problems.push(Problem::error(Code::RequiresNothing, span).saying(Words::new(
                "这里只说了管谁，没说要求什么",
                "this says whom it speaks of, not what it requires",
            )));
            return None;
        }
    };
    Some(Part { selector, requirement, force, span, requirement_span })
}

/// What stands before the head noun selects the cases; without a head noun, what stands before the first piece that
/// cannot select.
fn read_selector(reader: &mut ConditionReader<'_>) -> Condition {
    if let Some(before) = reader.up_to_head_noun() {
        let selector = if before.is_empty() { Some(Condition::Always) } else { reader.inner(before) };
        reader.skip_head_nouns();
        return selector.unwrap_or(Condition::Always);
    }
    let mut conditions = Vec::new();
    while !reader.at_end() && reader.begins_selector_term() {
        match reader.selector_term() {
            Some(condition) => conditions.push(condition),
            None => break,
        }
    }
    reader.never_both(&conditions, false);
    all(conditions)
}

/// Reads an entry that is one condition (适用, a ground, 说法). `mode` is how an attestation without its own mode is read;
/// `None` demands one.
pub fn read_condition(
    scope: &mut Scope,
    pieces: &[Piece],
    id: &str,
    mode: Option<AttestationMode>,
) -> Option<Condition> {
    let before = scope.problems.len();
    let mut reader = ConditionReader::new(scope, pieces, id);
    reader.set_mode(mode);
    let condition = reader.condition();
    reader.skip_head_nouns();
    reader.expect_end();
    let failed = reader.failed();
    if failed || scope.problems.len() > before { None } else { condition }
}

/// Whether a piece is a modal word.
#[must_use]
pub fn modal_of(piece: &Piece) -> Option<(Force, bool, bool)> {
    piece.meanings().iter().find_map(|meaning| match meaning {
        Meaning::Modal { force, bans, has } => Some((*force, *bans, *has)),
        _ => None,
    })
}
