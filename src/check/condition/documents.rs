//! Documents: that they are there, in which state, of which day, and what they say.

use crate::ast::Sign;
use crate::check::condition::{ConditionReader, all, any};
use crate::check::lexicon::Meaning;
use crate::check::pieces::Piece;
use crate::date::Date;
use crate::diagnostic::{Code, Problem};
use crate::model::{
    AttestationMode, Condition, DocumentQuestion, FieldId, FieldKind, LeafSet, MemberId, Operator, TestKind,
};

impl ConditionReader<'_> {
    /// Documents: listed with 、 all of them where `all_wanted`, else any; parted by 或, any.
    pub fn documents(&mut self, all_wanted: bool) -> Option<Condition> {
        let mut conditions = Vec::new();
        let (mut listed, mut alternatives) = (false, false);
        loop {
            let start = self.at;
            let Some((field, document)) = self.document_here(0) else {
                return self.incomplete("后面应有材料的名称", "the name of a document is wanted here");
            };
            self.advance();
            conditions.push(self.of_document(field, document, start)?);
            let lists = self.is_sign(0, Sign::Listing) || self.has(0, |meaning| *meaning == Meaning::Listing);
            let or = self.has(0, |meaning| *meaning == Meaning::Or) && self.document_here(1).is_some();
            if !lists && !or {
                break;
            }
            listed |= lists;
            alternatives |= or;
            self.advance();
        }
        self.listed_with_or |= alternatives;
        if listed && alternatives {
            return self.mixed_connectives(0);
        }
        Some(if all_wanted && !alternatives { all(conditions) } else { any(conditions) })
    }

    pub(super) fn document_here(&self, ahead: usize) -> Option<(FieldId, MemberId)> {
        self.peek(ahead)?.meanings().iter().find_map(|meaning| {
            let Meaning::Member(enumeration, member) = meaning else { return None };
            let field = *self.scope.fields_of(*enumeration).first()?;
            matches!(self.scope.kind(field), Some(FieldKind::Documents(_))).then_some((field, *member))
        })
    }

    /// What is asked of a document whose name is read: behind it or in brackets its state, its day, what it says; nothing
    /// of these asks whether it is there.
    fn of_document(&mut self, field: FieldId, document: MemberId, start: usize) -> Option<Condition> {
        let mut asked = self.questions()?;
        if let Some(Piece::Bracket(inner, _)) = self.peek(0)
            && asked.is_empty()
        {
            let mut reader = ConditionReader::new(self.scope, inner, self.id);
            if reader.asks_of_document() {
                let found = reader.questions();
                reader.expect_end();
                self.failed |= reader.failed;
                asked = found?;
                self.advance();
            }
        }
        if asked.is_empty() {
            asked.push(DocumentQuestion::Presence);
        }
        let mode = match self.mode {
            Some(AttestationMode::Ground) => AttestationMode::Ground,
            _ => AttestationMode::Required,
        };
        let tests =
            asked.into_iter().map(|about| self.test(TestKind::Document { field, document, about, mode }, start));
        Some(all(tests.collect()))
    }

    /// Whether a question about a document begins here.
    fn asks_of_document(&self) -> bool {
        let filler = usize::from(self.has(0, |meaning| *meaning == Meaning::Filler));
        self.state_at(0).is_some()
            || self.has(0, |meaning| *meaning == Meaning::States)
            || self.has(filler, |meaning| *meaning == Meaning::DateOf)
    }

    fn questions(&mut self) -> Option<Vec<DocumentQuestion>> {
        let mut asked = Vec::new();
        while self.asks_of_document() {
            if self.state_at(0).is_some() {
                asked.push(self.state());
            } else if self.has(0, |meaning| *meaning == Meaning::States) {
                self.contents(&mut asked)?;
            } else {
                asked.push(self.day_of_document()?);
            }
            let parted = self.is_sign(0, Sign::Comma) || self.has(0, |meaning| *meaning == Meaning::And);
            let mut ahead = ConditionReader::new(self.scope, self.pieces, self.id);
            ahead.at = self.at + 1;
            if parted && ahead.asks_of_document() {
                self.advance();
            }
        }
        Some(asked)
    }

    fn state_at(&self, ahead: usize) -> Option<MemberId> {
        let states = self.scope.model.vocabulary.document_states.as_ref()?.enumeration;
        self.peek(ahead)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Member(enumeration, member) if *enumeration == states => Some(*member),
            _ => None,
        })
    }

    /// `批准、备案`: one of these states.
    fn state(&mut self) -> DocumentQuestion {
        let states = self.scope.model.vocabulary.document_states.as_ref().map(|states| states.enumeration);
        let (mut leaves, mut named) = (LeafSet::empty(), Vec::new());
        while let Some(member) = self.state_at(0) {
            self.advance();
            named.push(member);
            states.iter().for_each(|states| leaves.unite(&self.scope.leaves(*states, member)));
            let lists = self.is_sign(0, Sign::Listing)
                || self.has(0, |meaning| matches!(meaning, Meaning::Listing | Meaning::Or));
            if !lists || self.state_at(1).is_none() {
                break;
            }
            self.advance();
        }
        DocumentQuestion::State(leaves, named)
    }

    /// `载明「甲」、「乙」`: it says each of these.
    fn contents(&mut self, asked: &mut Vec<DocumentQuestion>) -> Option<()> {
        loop {
            self.advance();
            let Some(Piece::Quote(name, _)) = self.peek(0) else {
                return self.incomplete("「载明」后面应有「…」", "a quote is wanted after `stating`");
            };
            let number = self.scope.content(name);
            asked.push(DocumentQuestion::Contents(number));
            self.advance();
            let lists = self.is_sign(0, Sign::Listing) || self.has(0, |meaning| *meaning == Meaning::Listing);
            if !lists || !matches!(self.peek(1), Some(Piece::Quote(..))) {
                return Some(());
            }
        }
    }

    /// `的 日期 早于 2024-05-01`.
    fn day_of_document(&mut self) -> Option<DocumentQuestion> {
        while self.has(0, |meaning| matches!(meaning, Meaning::Filler | Meaning::DateOf)) {
            self.advance();
        }
        let front = self.comparison_here();
        if front.is_some() {
            self.advance();
        }
        let Some(Piece::Date(text, span)) = self.peek(0) else {
            return self.incomplete(
                "「日期」后面应有比较词和日期，如 早于 2024-05-01",
                "a comparison and a date are wanted here, such as `earlier than 2024-05-01`",
            );
        };
        self.advance();
        let Ok(bound) = text.parse::<Date>() else {
            return self.fail(Problem::error(Code::NoSuchDate, *span).with(text.clone()));
        };
        let comparator = self.comparator(front, *span)?;
        if comparator.operator == Operator::About {
            return self.incomplete("材料的日期不能写「左右」", "a document's date cannot be `about` a day");
        }
        Some(DocumentQuestion::Day(comparator.operator, bound))
    }
}
