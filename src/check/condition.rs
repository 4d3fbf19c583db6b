//! Conditions over cut terms: connectives, and one reader for each family of test.

mod clash;
mod compare;
mod documents;
mod existence;
mod limit;
mod members;
mod place;

pub(super) use clash::leave_nothing;
pub(super) use compare::turned;

use crate::ast::Sign;
use crate::check::lexicon::{Meaning, Note};
use crate::check::phrase::modal_of;
use crate::check::pieces::{Piece, span_of};
use crate::check::render::render;
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{AttestationMode, Condition, FieldId, Force, Test, TestKind};
use crate::span::Span;

/// Reads conditions from pieces, one piece at a time.
pub struct ConditionReader<'a> {
    scope: &'a mut Scope,
    pieces: &'a [Piece],
    at: usize,
    id: &'a str,
    mode: Option<AttestationMode>,
    last_field: Option<FieldId>,
    entity: Option<usize>,
    documents_first: bool,
    listed_with_or: bool,
    failed: bool,
}

impl<'a> ConditionReader<'a> {
    /// A reader at the first piece. `id` names the clause for 等.
    pub fn new(scope: &'a mut Scope, pieces: &'a [Piece], id: &'a str) -> Self {
        Self {
            scope,
            pieces,
            at: 0,
            id,
            mode: None,
            last_field: None,
            entity: None,
            documents_first: false,
            listed_with_or: false,
            failed: false,
        }
    }

    /// How an attestation without its own mode is read from here on; `None` demands one.
    pub fn set_mode(&mut self, mode: Option<AttestationMode>) {
        self.mode = mode;
    }

    /// Whether something could not be read.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// Whether all pieces are read.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.at >= self.pieces.len()
    }

    /// Steps over one piece.
    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// The place of what is not yet read.
    #[must_use]
    pub fn rest_span(&self) -> Option<Span> {
        span_of(self.pieces.get(self.at..)?)
    }

    /// The modal word that stands here.
    #[must_use]
    pub fn modal(&self) -> Option<(Force, bool, bool)> {
        modal_of(self.peek(0)?)
    }

    /// Reports what is left over.
    pub fn expect_end(&mut self) {
        if self.failed {
            return;
        }
        if let Some(piece) = self.peek(0) {
            let (span, text) = (piece.span(), render(std::slice::from_ref(piece)));
            self.fail::<()>(Problem::error(Code::IncompletePhrase, span).with_words(Words::new(
                format!("「{text}」接不上前文"),
                format!("`{text}` does not follow from what stands before it"),
            )));
        }
    }

    fn peek(&self, ahead: usize) -> Option<&'a Piece> {
        self.pieces.get(self.at + ahead)
    }

    fn has(&self, ahead: usize, wanted: impl Fn(&Meaning) -> bool) -> bool {
        self.peek(ahead).is_some_and(|piece| piece.meanings().iter().any(wanted))
    }

    fn is_sign(&self, ahead: usize, sign: Sign) -> bool {
        matches!(self.peek(ahead), Some(Piece::Sign(found, _)) if *found == sign)
    }

    fn span_since(&self, start: usize) -> Span {
        self.pieces.get(start..self.at).and_then(span_of).unwrap_or_default()
    }

    fn test(&self, kind: TestKind, start: usize) -> Condition {
        let words = render(self.pieces.get(start..self.at).unwrap_or_default());
        Condition::Test(Box::new(Test { kind, span: self.span_since(start), words, from: None }))
    }

    fn fail<T>(&mut self, problem: Problem) -> Option<T> {
        if !self.failed {
            self.scope.problems.push(problem);
        }
        self.failed = true;
        None
    }

    fn incomplete<T>(&mut self, chinese: &str, english: &str) -> Option<T> {
        let here = self.peek(0).map(Piece::span).or_else(|| self.pieces.last().map(|piece| piece.span().after()));
        let span = here.unwrap_or_default();
        self.fail(Problem::error(Code::IncompletePhrase, span).with_words(Words::new(chinese, english)))
    }

    /// A whole condition: groups joined by 且 or side by side, alternatives joined by 或; not both without brackets.
    pub fn condition(&mut self) -> Option<Condition> {
        let start = self.at;
        let mut alternatives: Vec<Condition> = Vec::new();
        let mut group = vec![self.unary()?];
        let mut explicit_and = false;
        while !self.at_end() {
            if self.has(0, |meaning| *meaning == Meaning::Filler) && self.peek(1).is_none() {
                // 的 before the head noun: 有 共伴生矿产 的 矿山.
                self.advance();
            } else if self.has(0, |meaning| *meaning == Meaning::And) {
                explicit_and = true;
                self.advance();
                group.push(self.unary()?);
            } else if self.has(0, |meaning| *meaning == Meaning::Or) {
                self.advance();
                self.never_both(&group, explicit_and);
                alternatives.push(all(std::mem::take(&mut group)));
                group.push(self.unary()?);
            } else if self.begins_primary() || self.compares_on() {
                group.push(self.unary()?);
            } else {
                break;
            }
        }
        if explicit_and && (!alternatives.is_empty() || self.listed_with_or) {
            return self.mixed_connectives(start);
        }
        self.never_both(&group, explicit_and);
        alternatives.push(all(group));
        Some(if alternatives.len() == 1 { alternatives.pop()? } else { Condition::Any(alternatives) })
    }

    fn mixed_connectives(&mut self, start: usize) -> Option<Condition> {
        let pieces = self.pieces.get(start..self.at).unwrap_or_default();
        let (and_first, or_first) = super::render::bracketings(pieces);
        let span = self.span_since(start);
        self.fail(Problem::error(Code::MixedConnectives, span).help(Words::new(
            format!("写成「{and_first}」或者「{or_first}」"),
            format!("write `{and_first}` or `{or_first}`"),
        )))
    }

    /// Whether a further comparison of the field named last stands here: 不少于 10年 不超过 20年.
    fn compares_on(&self) -> bool {
        self.last_field.is_some() && self.comparison_here().is_some()
    }

    fn unary(&mut self) -> Option<Condition> {
        if std::mem::take(&mut self.documents_first) {
            return self.documents(true);
        }
        if self.has(0, |meaning| *meaning == Meaning::Not) {
            self.advance();
            return Some(Condition::Not(Box::new(self.unary()?)));
        }
        self.primary()
    }

    fn primary(&mut self) -> Option<Condition> {
        while self.has(0, |meaning| *meaning == Meaning::Filler) {
            self.advance();
        }
        if let Some(Piece::Bracket(inner, _)) = self.peek(0) {
            return self.bracket(inner);
        }
        if self.comparison_here().is_some() {
            return match self.last_field {
                Some(field) => self.compare_field(field, self.at),
                None => self.incomplete("比较词前面没有字段", "a comparison with no field before it"),
            };
        }
        let Some(piece) = self.peek(0) else {
            return self.incomplete("后面应有条件", "a condition is wanted here");
        };
        let meanings = piece.meanings();
        if let Some(Meaning::Phrase(index)) = meanings.iter().find(|meaning| matches!(meaning, Meaning::Phrase(_))) {
            return self.phrase(*index);
        }
        if meanings.contains(&Meaning::Attested) {
            return self.attestation();
        }
        if meanings.contains(&Meaning::Stricter) {
            return self.stricter();
        }
        if meanings.contains(&Meaning::Has) {
            self.advance();
            return if self.listing_field(0).is_some() { self.exists(true) } else { self.documents(true) };
        }
        if meanings.contains(&Meaning::None) {
            self.advance();
            if self.listing_field(0).is_some() {
                return self.exists(false);
            }
            return Some(Condition::Not(Box::new(self.documents(false)?)));
        }
        self.field_or_member(piece)
    }

    fn field_or_member(&mut self, piece: &Piece) -> Option<Condition> {
        let meanings = piece.meanings();
        if meanings.contains(&Meaning::Located) && self.area_follows() {
            self.advance();
            return self.members();
        }
        if meanings.contains(&Meaning::Distance) && self.feature_follows() {
            return self.distance();
        }
        let field = meanings.iter().find_map(|meaning| match meaning {
            Meaning::Field(field) => Some(*field),
            _ => None,
        });
        let member = self.bare_member(piece);
        match field {
            Some(field) if !member || self.field_reads_on(field) => self.field(field),
            _ if member => self.members(),
            _ if meanings.iter().any(|meaning| matches!(meaning, Meaning::Member(..))) => self.members(),
            _ => {
                let text = render(std::slice::from_ref(piece));
                self.incomplete(&format!("「{text}」不能起一个条件"), &format!("`{text}` cannot begin a condition"))
            }
        }
    }

    /// Whether the piece is a value that may stand without the name of its field.
    fn bare_member(&self, piece: &Piece) -> bool {
        piece.meanings().iter().any(|meaning| match meaning {
            Meaning::Member(enumeration, _) => !self.scope.bare_fields_of(*enumeration).is_empty(),
            _ => false,
        })
    }

    fn bracket(&mut self, inner: &[Piece]) -> Option<Condition> {
        if inner.is_empty() {
            return self.incomplete("括号里应有条件", "a condition is wanted inside the brackets");
        }
        self.advance();
        self.read_inside(inner)
    }

    fn read_inside(&mut self, inner: &[Piece]) -> Option<Condition> {
        let mut reader = ConditionReader::new(self.scope, inner, self.id);
        reader.mode = self.mode;
        reader.last_field = self.last_field;
        reader.entity = self.entity;
        let condition = reader.condition();
        reader.expect_end();
        self.failed |= reader.failed;
        condition
    }

    /// The pieces before the first head noun, and the entity that it names, from here on. `None` where no head noun
    /// comes, or a modal word comes first.
    pub fn up_to_head_noun(&mut self) -> Option<&'a [Piece]> {
        let rest = self.pieces.get(self.at..)?;
        let head = rest.iter().position(|piece| piece.meanings().contains(&Meaning::HeadNoun))?;
        let before = rest.get(..head)?;
        if before.iter().any(|piece| modal_of(piece).is_some()) {
            return None;
        }
        if let Some(Piece::Term(term)) = rest.get(head) {
            self.entity = self.scope.heads.get(&term.spelling).copied();
        }
        Some(before)
    }

    /// Reads these pieces, which stand here, as one condition and steps over them.
    pub fn inner(&mut self, pieces: &[Piece]) -> Option<Condition> {
        let condition = self.read_inside(pieces);
        self.at += pieces.len();
        condition
    }

    /// Says whether the requirement begins with the names of documents (须有).
    pub fn expect_documents(&mut self, expected: bool) {
        self.documents_first = expected;
    }

    /// A phrase of the vocabulary: its condition, standing where it is used.
    fn phrase(&mut self, index: u16) -> Option<Condition> {
        let start = self.at;
        self.advance();
        let condition = self.scope.model.vocabulary.phrases.get(index as usize).map(|(_, body)| body.clone());
        let span = self.span_since(start);
        let words = render(self.pieces.get(start..self.at).unwrap_or_default());
        condition.map(|condition| placed(condition, span, &words))
    }

    fn attestation(&mut self) -> Option<Condition> {
        let start = self.at;
        self.advance();
        let Some(Piece::Quote(name, quoted)) = self.peek(0) else {
            return self.incomplete("「经认定」后面应有「…」", "a quote is wanted after `attested`");
        };
        self.advance();
        let own = match self.note() {
            Some(Note::Applicant) => Some(AttestationMode::Applicant),
            Some(Note::Authority) => Some(AttestationMode::Authority),
            Some(Note::PresumedNot) => Some(AttestationMode::PresumedNot),
            _ => None,
        };
        if own.is_some() {
            self.advance();
        }
        let Some(mode) = own.or(self.mode) else {
            return self.fail(Problem::error(Code::WhoseFinding, *quoted).with(name.clone()));
        };
        let name = self.scope.attestation(name);
        Some(self.test(TestKind::Attestation { name, mode }, start))
    }

    /// The note in brackets that stands here.
    fn note(&self) -> Option<Note> {
        let Some(Piece::Bracket(inner, _)) = self.peek(0) else { return None };
        let [only] = inner.as_slice() else { return None };
        only.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Note(note) => Some(*note),
            _ => None,
        })
    }

    /// `以严者为准 甲、乙`: each of them, so that each is found out in its own unit.
    fn stricter(&mut self) -> Option<Condition> {
        self.advance();
        let mut each = vec![self.unary()?];
        while self.parts_a_list() {
            self.advance();
            each.push(self.unary()?);
        }
        self.several(each)
    }

    fn parts_a_list(&self) -> bool {
        self.is_sign(0, Sign::Listing) || self.has(0, |meaning| *meaning == Meaning::Listing)
    }

    /// All of several; one alone has nothing that it could be stricter than.
    fn several(&mut self, each: Vec<Condition>) -> Option<Condition> {
        if each.len() > 1 {
            return Some(all(each));
        }
        self.incomplete("「以严者为准」后面应有两项以上，用 、 分开", "`stricter of` wants two or more, parted by `、`")
    }

    fn begins_primary(&self) -> bool {
        match self.peek(0) {
            Some(Piece::Bracket(..)) => self.note().is_none(),
            Some(piece @ Piece::Term(_)) => piece.meanings().iter().any(|meaning| {
                matches!(
                    meaning,
                    Meaning::Phrase(_)
                        | Meaning::Attested
                        | Meaning::Has
                        | Meaning::None
                        | Meaning::Not
                        | Meaning::Located
                        | Meaning::Distance
                        | Meaning::Field(_)
                        | Meaning::Member(..)
                        | Meaning::Filler
                        | Meaning::Stricter
                )
            }),
            _ => false,
        }
    }

    /// Steps over head nouns; whether there were any.
    pub fn skip_head_nouns(&mut self) -> bool {
        let start = self.at;
        while self.has(0, |meaning| *meaning == Meaning::HeadNoun) {
            self.advance();
        }
        self.at > start
    }

    /// Whether a term that selects cases stands here: a value, a phrase, brackets, a negation, a place. A field does not.
    #[must_use]
    pub fn begins_selector_term(&self) -> bool {
        if self.modal().is_some() {
            return false;
        }
        match self.peek(0) {
            Some(Piece::Bracket(..)) => true,
            Some(piece @ Piece::Term(_)) => {
                let meanings = piece.meanings();
                let selects = meanings
                    .iter()
                    .any(|meaning| matches!(meaning, Meaning::Phrase(_) | Meaning::Member(..) | Meaning::Filler));
                let document = self.document_here(0).is_some();
                let field = meanings.iter().any(|meaning| match meaning {
                    Meaning::Field(field) => self.field_reads_on(*field),
                    _ => false,
                });
                selects && !document && !field
            }
            _ => false,
        }
    }

    /// One term of a selector.
    pub fn selector_term(&mut self) -> Option<Condition> {
        self.unary()
    }
}

/// All of several conditions.
#[must_use]
pub fn all(mut conditions: Vec<Condition>) -> Condition {
    match conditions.len() {
        0 => Condition::Always,
        1 => conditions.pop().unwrap_or(Condition::Always),
        _ => Condition::All(conditions),
    }
}

/// Any of several conditions.
#[must_use]
pub fn any(mut conditions: Vec<Condition>) -> Condition {
    match conditions.len() {
        0 => Condition::Never,
        1 => conditions.pop().unwrap_or(Condition::Never),
        _ => Condition::Any(conditions),
    }
}

/// The same condition with every test standing at one place, in one wording.
fn placed(condition: Condition, span: Span, words: &str) -> Condition {
    match condition {
        Condition::Test(test) => {
            Condition::Test(Box::new(Test { kind: test.kind, span, words: words.to_owned(), from: test.from }))
        }
        Condition::All(list) => Condition::All(list.into_iter().map(|inner| placed(inner, span, words)).collect()),
        Condition::Any(list) => Condition::Any(list.into_iter().map(|inner| placed(inner, span, words)).collect()),
        Condition::Not(inner) => Condition::Not(Box::new(placed(*inner, span, words))),
        constant @ (Condition::Always | Condition::Never) => constant,
    }
}
