//! Values of enumerations: lists, ordered comparisons, 等, places.

use crate::ast::Sign;
use crate::check::condition::{ConditionReader, all, any};
use crate::check::lexicon::{Comparison, Meaning, Note};
use crate::check::pieces::Piece;
use crate::check::render::render;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    AttestationMode, Condition, EnumerationId, FieldId, FieldKind, LeafSet, MemberId, Operator, Order, TestKind,
};

impl ConditionReader<'_> {
    /// Values of one enumeration whose field follows from them.
    pub(super) fn members(&mut self) -> Option<Condition> {
        self.members_of(None)
    }

    /// Values, of the given field or of the one they belong to.
    pub(super) fn members_of(&mut self, field: Option<FieldId>) -> Option<Condition> {
        let start = self.at;
        let wanted = field.and_then(|field| self.enumeration_of(field));
        let Some(enumeration) = self.enumeration_here(wanted) else {
            return self.ambiguous_member(field);
        };
        let named = self.member_list(enumeration);
        let field = match field {
            Some(field) => field,
            None => self.only_field(enumeration, start)?,
        };
        self.last_field = Some(field);
        if let Some(FieldKind::Documents(_)) = self.scope.kind(field) {
            self.at = start;
            return self.documents(true);
        }
        if let Some(FieldKind::Distances(_)) = self.scope.kind(field) {
            self.at = start;
            return self.distance_from_here(field);
        }
        if let Some(comparison) = self.comparison_behind() {
            return self.ordered(field, enumeration, &named, comparison, start);
        }
        let mut leaves = LeafSet::empty();
        for member in &named {
            leaves.unite(&self.scope.leaves(enumeration, *member));
        }
        let listed = self.test(TestKind::Member { field, leaves, named }, start);
        if self.has(0, |meaning| *meaning == Meaning::OpenList) {
            return self.open_list(field, enumeration, listed);
        }
        Some(listed)
    }

    fn enumeration_of(&self, field: FieldId) -> Option<EnumerationId> {
        self.scope.kind(field)?.enumeration()
    }

    /// The one enumeration that the term here, and the list it begins, can belong to.
    fn enumeration_here(&self, wanted: Option<EnumerationId>) -> Option<EnumerationId> {
        let mut candidates = self.enumerations_at(self.at);
        if let Some(wanted) = wanted {
            return candidates.contains(&wanted).then_some(wanted);
        }
        candidates.retain(|candidate| !self.scope.bare_fields_of(*candidate).is_empty());
        let mut ahead = self.at;
        while candidates.len() > 1 && self.lists_at(ahead + 1) {
            let next = self.enumerations_at(ahead + 2);
            candidates.retain(|candidate| next.contains(candidate));
            ahead += 2;
        }
        if candidates.len() > 1
            && let Some(entity) = self.entity
        {
            // 矿山 reads 小型 as one field, 矿床 as another: the head noun says whose value it is.
            candidates.retain(|candidate| {
                self.scope.bare_fields_of(*candidate).iter().any(|field| self.scope.entity_of(*field) == Some(entity))
            });
        }
        if candidates.len() == 1 { candidates.first().copied() } else { None }
    }

    fn enumerations_at(&self, index: usize) -> Vec<EnumerationId> {
        let meanings = self.pieces.get(index).map(Piece::meanings).unwrap_or_default();
        meanings
            .iter()
            .filter_map(|meaning| match meaning {
                Meaning::Member(enumeration, _) => Some(*enumeration),
                _ => None,
            })
            .collect()
    }

    fn lists_at(&self, index: usize) -> bool {
        match self.pieces.get(index) {
            Some(Piece::Sign(Sign::Listing, _)) => true,
            Some(piece) => piece.meanings().iter().any(|meaning| matches!(meaning, Meaning::Listing | Meaning::Or)),
            None => false,
        }
    }

    fn member_at(&self, index: usize, enumeration: EnumerationId) -> Option<MemberId> {
        self.pieces.get(index)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Member(found, member) if *found == enumeration => Some(*member),
            _ => None,
        })
    }

    fn member_list(&mut self, enumeration: EnumerationId) -> Vec<MemberId> {
        let mut named = Vec::new();
        while let Some(member) = self.member_at(self.at, enumeration) {
            named.push(member);
            self.advance();
            if !(self.lists_at(self.at) && self.member_at(self.at + 1, enumeration).is_some()) {
                break;
            }
            self.listed_with_or |= self.has(0, |meaning| *meaning == Meaning::Or);
            self.advance();
        }
        named
    }

    fn only_field(&mut self, enumeration: EnumerationId, start: usize) -> Option<FieldId> {
        let fields = self.scope.bare_fields_of(enumeration);
        match fields.as_slice() {
            [field] => Some(*field),
            _ => {
                let span = self.span_since(start);
                let words = render(self.pieces.get(start..self.at).unwrap_or_default());
                self.fail(Problem::error(Code::AmbiguousTerm, span).with(words))
            }
        }
    }

    fn ambiguous_member<T>(&mut self, field: Option<FieldId>) -> Option<T> {
        let Some(piece) = self.peek(0) else {
            return self.incomplete("后面应有一个值", "a value is wanted here");
        };
        let (span, text) = (piece.span(), render(std::slice::from_ref(piece)));
        if let Some(field) = field {
            let name = self.scope.field_name(field);
            return self.fail(Problem::error(Code::WrongType, span).with_words(Words::new(
                format!("「{text}」不是{name}的值"),
                format!("`{text}` is no value of {name}"),
            )));
        }
        let fields: Vec<FieldId> =
            self.enumerations_at(self.at).iter().flat_map(|enumeration| self.scope.fields_of(*enumeration)).collect();
        let choices = |is: &str, quoted: fn(String) -> String, or: &str| {
            let written = fields.iter().map(|field| quoted(format!("{} {is} {text}", self.scope.field_name(*field))));
            written.collect::<Vec<_>>().join(or)
        };
        let chinese = choices("是", |choice| format!("「{choice}」"), "或");
        let english = choices("is", |choice| format!("`{choice}`"), " or ");
        self.fail(
            Problem::error(Code::AmbiguousTerm, span)
                .with(text)
                .help(Words::new(format!("写成{chinese}"), format!("write {english}"))),
        )
    }

    /// 中型以上: every member that stands so to the named one, in the declared order.
    fn ordered(
        &mut self,
        field: FieldId,
        enumeration: EnumerationId,
        named: &[MemberId],
        comparison: Comparison,
        start: usize,
    ) -> Option<Condition> {
        self.ordered_operator(field, enumeration, named, comparison.operator, start)
    }

    pub(super) fn ordered_operator(
        &mut self,
        field: FieldId,
        enumeration: EnumerationId,
        named: &[MemberId],
        operator: Operator,
        start: usize,
    ) -> Option<Condition> {
        let order = self.scope.enumeration(enumeration).and_then(|found| found.order);
        let (Some(order), [bound]) = (order, named) else {
            let span = self.span_since(start);
            let name = self.scope.field_name(field);
            return self.fail(Problem::error(Code::UnorderedEnumeration, span).with(name));
        };
        let count = self.scope.enumeration(enumeration).map_or(0, |found| found.members.len());
        let mut leaves = LeafSet::empty();
        let mut members = Vec::new();
        for index in 0..count {
            let Ok(member) = u16::try_from(index).map(MemberId) else { continue };
            let rank = match order {
                Order::Rising => member.0.cmp(&bound.0),
                Order::Falling => bound.0.cmp(&member.0),
            };
            if operator.holds(rank) {
                leaves.unite(&self.scope.leaves(enumeration, member));
                members.push(member);
            }
        }
        Some(self.test(TestKind::Member { field, leaves, named: members }, start))
    }

    /// 等: with （列举已尽） the list is all; with a genus, inside it and unlisted is a matter of judgement; alone, what an
    /// attestation adds.
    fn open_list(&mut self, field: FieldId, enumeration: EnumerationId, listed: Condition) -> Option<Condition> {
        let start = self.at;
        self.advance();
        if self.note() == Some(Note::Complete) {
            self.advance();
            self.pass_name_of(field);
            return Some(listed);
        }
        let name = format!("{} 等", self.id);
        if let Some(genus) = self.member_at(self.at, enumeration) {
            self.advance();
            let leaves = self.scope.leaves(enumeration, genus);
            let inside = self.test(TestKind::Member { field, leaves, named: vec![genus] }, start);
            let name = self.scope.attestation(&name);
            let judged = self.test(TestKind::Attestation { name, mode: AttestationMode::Authority }, start);
            return Some(any(vec![listed, all(vec![inside, judged])]));
        }
        let mode = match self.note() {
            Some(Note::Applicant) => AttestationMode::Applicant,
            Some(Note::Authority) => AttestationMode::Authority,
            Some(Note::PresumedNot) | None => AttestationMode::PresumedNot,
            Some(_) => {
                let span = self.span_since(start);
                return self.fail(Problem::error(Code::MalformedOpenList, span));
            }
        };
        if self.note().is_some() {
            self.advance();
        }
        self.pass_name_of(field);
        let name = self.scope.attestation(&name);
        let attested = self.test(TestKind::Attestation { name, mode }, start);
        Some(any(vec![listed, attested]))
    }

    /// 煤等矿种 says no more than 煤等: the name of the field that the list is of.
    fn pass_name_of(&mut self, field: FieldId) {
        if self.has(0, |meaning| *meaning == Meaning::Field(field)) {
            self.advance();
        }
    }

    /// Whether a kind of area follows 位于.
    pub(super) fn area_follows(&self) -> bool {
        self.kind_follows(|kind| matches!(kind, FieldKind::Areas(_)))
    }

    /// Whether a feature follows 距.
    pub(super) fn feature_follows(&self) -> bool {
        self.kind_follows(|kind| matches!(kind, FieldKind::Distances(_)))
    }

    fn kind_follows(&self, wanted: impl Fn(&FieldKind) -> bool) -> bool {
        self.enumerations_at(self.at + 1)
            .into_iter()
            .flat_map(|enumeration| self.scope.fields_of(enumeration))
            .any(|field| self.scope.kind(field).is_some_and(&wanted))
    }
}
