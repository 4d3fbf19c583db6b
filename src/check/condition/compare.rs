//! Comparisons: amounts, days, distances, yes/no fields, one field with another.

use crate::ast::Sign;
use crate::check::amount::read_amount;
use crate::check::condition::{ConditionReader, all, any};
use crate::check::lexicon::{Comparison, Meaning, Measuring, Note};
use crate::check::pieces::Piece;
use crate::check::render::{render, sign_text};
use crate::date::Date;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Comparator, Condition, FieldId, FieldKind, MemberId, Operator, TestKind};
use crate::quantity::{Dimension, Number, Quantity};
use crate::span::Span;

impl ConditionReader<'_> {
    /// The comparison word or sign that stands here before its value.
    pub(super) fn comparison_here(&self) -> Option<(Comparison, String)> {
        let plain = |operator| Comparison { operator, behind: false, needs_direction: false };
        match self.peek(0)? {
            Piece::Sign(sign, _) => {
                let operator = match sign {
                    Sign::AtLeast => Operator::AtLeast,
                    Sign::AtMost => Operator::AtMost,
                    Sign::Above => Operator::Above,
                    Sign::Below => Operator::Below,
                    Sign::Equal => Operator::Equal,
                    Sign::NotEqual => Operator::NotEqual,
                    _ => return None,
                };
                Some((plain(operator), sign_text(*sign).to_owned()))
            }
            Piece::Term(term) => term.meanings.iter().find_map(|meaning| match meaning {
                Meaning::Comparison(comparison) if !comparison.behind => Some((*comparison, term.spelling.clone())),
                _ => None,
            }),
            _ => None,
        }
    }

    /// The comparison word that stands behind a value, with a note that turns it (以上（不含）).
    pub(super) fn comparison_behind(&mut self) -> Option<Comparison> {
        let (comparison, _) = self.behind()?;
        Some(comparison)
    }

    fn behind(&mut self) -> Option<(Comparison, String)> {
        let early = self.inclusion();
        if early.is_some() && self.pieces.get(self.at + 1).is_some_and(is_behind) {
            self.advance();
        }
        let Piece::Term(term) = self.peek(0)? else { return None };
        let comparison = term.meanings.iter().find_map(|meaning| match meaning {
            Meaning::Comparison(comparison) if comparison.behind => Some(*comparison),
            _ => None,
        })?;
        let words = term.spelling.clone();
        self.advance();
        let late = self.inclusion();
        if late.is_some() {
            self.advance();
        }
        let operator = early.or(late).map_or(comparison.operator, |inclusive| turned(comparison.operator, inclusive));
        Some((Comparison { operator, ..comparison }, words))
    }

    fn inclusion(&self) -> Option<bool> {
        match self.note() {
            Some(Note::Inclusive) => Some(true),
            Some(Note::Exclusive) => Some(false),
            _ => None,
        }
    }

    /// Whether what follows the field here reads on as a comparison of it, so that it is not meant as a value.
    pub(super) fn field_reads_on(&self, field: FieldId) -> bool {
        let yes_no = matches!(self.scope.kind(field), Some(FieldKind::YesNo));
        let follows = match self.peek(1) {
            Some(Piece::Number(..) | Piece::Date(..)) => true,
            Some(Piece::Sign(sign, _)) => !matches!(sign, Sign::Listing),
            Some(piece) => piece.meanings().iter().any(|meaning| {
                matches!(
                    meaning,
                    Meaning::Comparison(_)
                        | Meaning::Is
                        | Meaning::None
                        | Meaning::Has
                        | Meaning::Stricter
                        | Meaning::Measure(Measuring::Count)
                )
            }),
            None => false,
        };
        yes_no || follows
    }

    /// A condition that begins with a field.
    pub(super) fn field(&mut self, field: FieldId) -> Option<Condition> {
        let start = self.at;
        self.advance();
        self.last_field = Some(field);
        if self.has(0, |meaning| matches!(meaning, Meaning::None | Meaning::Has)) {
            let wanted = self.has(0, |meaning| *meaning == Meaning::Has);
            self.advance();
            return self.existence(field, wanted, start);
        }
        if self.has(0, |meaning| *meaning == Meaning::Measure(Measuring::Count)) {
            return self.count(field, start);
        }
        match self.scope.kind(field)? {
            FieldKind::YesNo => self.flag(field, start),
            FieldKind::Member(_) | FieldKind::Areas(_) => self.member_field(field, start),
            FieldKind::Quantity(_) | FieldKind::Date => self.compare_field(field, start),
            FieldKind::Distances(_) => self.distance_from_here(field),
            FieldKind::Documents(_) => self.documents(true),
            FieldKind::Text | FieldKind::Attestations | FieldKind::Conversions => {
                let (span, name) = (self.span_since(start), self.scope.field_name(field));
                self.fail(Problem::error(Code::WrongType, span).with_words(Words::new(
                    format!("「{name}」只作记载，不能比较"),
                    format!("`{name}` is only recorded and cannot be compared"),
                )))
            }
        }
    }

    fn flag(&mut self, field: FieldId, start: usize) -> Option<Condition> {
        let mut says = true;
        let asked = self.is_sign(0, Sign::Equal) || self.has(0, |meaning| *meaning == Meaning::Is);
        if asked {
            self.advance();
            says = !self.has(0, |meaning| *meaning == Meaning::No);
            let spelled = self.has(0, |meaning| matches!(meaning, Meaning::No | Meaning::Is));
            if spelled {
                self.advance();
            }
        } else if self.comparison_here().is_some() {
            let (span, name) = (self.span_since(start), self.scope.field_name(field));
            return self.fail(Problem::error(Code::WrongType, span).with_words(Words::new(
                format!("「{name}」只有是或否，不能比较大小"),
                format!("`{name}` is a yes/no field and cannot be compared"),
            )));
        }
        let test = self.test(TestKind::Flag { field }, start);
        Some(if says { test } else { Condition::Not(Box::new(test)) })
    }

    fn member_field(&mut self, field: FieldId, start: usize) -> Option<Condition> {
        let equal = self.is_sign(0, Sign::Equal) || self.has(0, |meaning| *meaning == Meaning::Is);
        if equal {
            self.advance();
        } else if let Some((comparison, _)) = self.comparison_here() {
            self.advance();
            return self.member_comparison(field, comparison, start);
        }
        if let Some(own) = self.place_property() {
            return self.compare_place(field, None, own, start);
        }
        if self.has(0, |meaning| *meaning == Meaning::Not) {
            self.advance();
            return Some(Condition::Not(Box::new(self.members_of(Some(field))?)));
        }
        if self.at_end() {
            return self.incomplete("字段后面应有比较词和值", "a comparison and a value are wanted after the field");
        }
        self.members_of(Some(field))
    }

    fn member_comparison(&mut self, field: FieldId, comparison: Comparison, start: usize) -> Option<Condition> {
        if matches!(comparison.operator, Operator::NotEqual) {
            return Some(Condition::Not(Box::new(self.members_of(Some(field))?)));
        }
        let Some(FieldKind::Member(enumeration)) = self.scope.kind(field).cloned() else { return None };
        let member = self.peek(0).and_then(|piece| {
            piece.meanings().iter().find_map(|meaning| match meaning {
                Meaning::Member(found, member) if *found == enumeration => Some(*member),
                _ => None,
            })
        });
        match member {
            Some(member) => {
                self.advance();
                if self.comparison_behind().is_some_and(|behind| behind.operator != comparison.operator) {
                    let span = self.span_since(start);
                    return self.disagree(span);
                }
                self.ordered_operator(field, enumeration, &[member], comparison.operator, start)
            }
            None => self.members_of(Some(field)),
        }
    }

    /// `<comparison> <value>`, `<value><comparison>` or `<comparison> <field>` for a field whose name is already read.
    pub(super) fn compare_field(&mut self, field: FieldId, start: usize) -> Option<Condition> {
        let mut front = self.comparison_here();
        if front.is_some() {
            self.advance();
        } else if self.has(0, |meaning| *meaning == Meaning::Is) {
            front = Some((
                Comparison { operator: Operator::Equal, behind: false, needs_direction: false },
                "是".to_owned(),
            ));
            self.advance();
        }
        if let (Some((comparison, _)), Some(inclusive)) = (&mut front, self.inclusion()) {
            comparison.operator = turned(comparison.operator, inclusive);
            self.advance();
        }
        if self.has(0, |meaning| *meaning == Meaning::Stricter) {
            return self.stricter_values(field, front, start);
        }
        self.against_value(field, front, start)
    }

    /// `不低于 以严者为准 100万吨/年、30万立方米/年`, or each with its own comparison.
    fn stricter_values(
        &mut self,
        field: FieldId,
        front: Option<(Comparison, String)>,
        start: usize,
    ) -> Option<Condition> {
        let mut each = Vec::new();
        let mut begin = start;
        loop {
            self.advance();
            each.push(match &front {
                Some(front) => self.against_value(field, Some(front.clone()), begin)?,
                None => self.compare_field(field, begin)?,
            });
            if !self.parts_a_list() {
                return self.several(each);
            }
            begin = self.at + 1;
        }
    }

    fn against_value(
        &mut self,
        field: FieldId,
        front: Option<(Comparison, String)>,
        start: usize,
    ) -> Option<Condition> {
        if self.has(0, |meaning| *meaning == Meaning::DefersTo) {
            return self.parameter(field, front, start);
        }
        if let Some(own) = self.place_property() {
            let comparison = front.map(|(comparison, words)| (comparison.operator, words));
            return self.compare_place(field, comparison, own, start);
        }
        let is_date = matches!(self.scope.kind(field), Some(FieldKind::Date));
        if is_date { self.compare_day(field, front, start) } else { self.compare_amount(field, front, start) }
    }

    fn compare_amount(
        &mut self,
        field: FieldId,
        front: Option<(Comparison, String)>,
        start: usize,
    ) -> Option<Condition> {
        if let (Some((comparison, words)), Some(right)) = (&front, self.other_field()) {
            return self.compare_two(field, comparison.operator, words.clone(), right, start);
        }
        let rest = self.pieces.get(self.at..).unwrap_or_default();
        let Some((bound, bound_span, used)) = read_amount(self.scope, rest) else {
            if let Some(problem) = self.value_of_another_type(field) {
                return self.fail(problem);
            }
            if self.modal().is_some() {
                let place = self.peek(0).map(Piece::span).unwrap_or(self.span_since(start));
                let name = self.scope.field_name(field);
                let words = Words::new("情态词写在字段前面", "a modal word stands before the field");
                let help = Words::new(
                    format!("写成「应 {name} 不低于 …」；「不得低于」写成「不低于」"),
                    format!("write `must {name} at least …`; instead of `must not less than` write `at least`"),
                );
                return self.fail(Problem::error(Code::IncompletePhrase, place).with_words(words).help(help));
            }
            return self.incomplete(
                "字段后面应有比较词和带单位的数值",
                "a comparison and an amount with its unit are wanted after the field",
            );
        };
        self.at += used;
        let comparator = self.comparator(front, bound_span)?;
        let field_span = self.pieces.get(start).map(Piece::span).unwrap_or_default();
        self.check_dimension(field, &bound, bound_span, field_span)?;
        self.within_whole(field, &bound, bound_span)?;
        let basis = self.scope.bound_basis(&bound);
        self.scope.numbers.insert(self.span_since(start), bound_span);
        Some(self.test(TestKind::Amount { field, comparator, bound, basis }, start))
    }

    /// Whether the field can be as much as the bound.
    fn within_whole(&mut self, field: FieldId, bound: &Quantity, span: Span) -> Option<()> {
        let most = self.scope.model.vocabulary.field(field)?.most.clone();
        let Some(most) = most.filter(|most| bound.value > *most) else { return Some(()) };
        let percent = most.times(&Number::from_integer(100));
        let words = Words::new(format!("至多 {percent}%"), format!("at most {percent}%"));
        let name = self.scope.field_name(field);
        self.fail(Problem::error(Code::OutsideWhole, span).with(name).with(bound.text()).with_words(words))
    }

    /// A word stands where an amount is wanted.
    fn value_of_another_type(&self, field: FieldId) -> Option<Problem> {
        let piece = self.peek(0)?;
        let is_value = piece.meanings().iter().any(|meaning| matches!(meaning, Meaning::Member(..)));
        let (text, name) = (render(std::slice::from_ref(piece)), self.scope.field_name(field));
        is_value.then(|| {
            Problem::error(Code::WrongType, piece.span())
                .with_words(Words::new(format!("「{text}」不是{name}的值"), format!("`{text}` is no value of {name}")))
        })
    }

    fn compare_day(&mut self, field: FieldId, front: Option<(Comparison, String)>, start: usize) -> Option<Condition> {
        if let (Some((comparison, words)), Some(right)) = (&front, self.other_field()) {
            return self.compare_two(field, comparison.operator, words.clone(), right, start);
        }
        if matches!(self.peek(0), Some(Piece::Number(..))) {
            return self.elapsed(field, front, start);
        }
        let Some(Piece::Date(text, span)) = self.peek(0) else {
            return self.incomplete("字段后面应有比较词和日期", "a comparison and a date are wanted after the field");
        };
        self.advance();
        let Ok(bound) = text.parse::<Date>() else {
            return self.fail(Problem::error(Code::NoSuchDate, *span).with(text.clone()));
        };
        let comparator = self.comparator(front, *span)?;
        Some(self.test(TestKind::Day { field, comparator, bound }, start))
    }

    /// `投产日期 满 1年`: the day as of which stands so to the day and so much time.
    fn elapsed(&mut self, field: FieldId, front: Option<(Comparison, String)>, start: usize) -> Option<Condition> {
        let rest = self.pieces.get(self.at..).unwrap_or_default();
        let (span_of_time, span, used) = read_amount(self.scope, rest)?;
        self.at += used;
        let comparator = self.comparator(front, span)?;
        // Time is what has a unit of a twelfth: the vocabulary says so of 月.
        let twelfth = Number::ONE.divide(&Number::from_integer(12));
        let units = &self.scope.model.vocabulary.units;
        let year = units
            .iter()
            .find(|unit| unit.dimension == span_of_time.dimension && Some(&unit.factor) == twelfth.as_ref());
        let months = span_of_time.value.times(&Number::from_integer(12)).to_string().parse::<i32>().ok();
        let as_of = self.scope.model.vocabulary.field_named("as-of");
        let (Some(_), Some(months), Some(as_of)) = (year, months, as_of) else {
            let words = Words::new("日期之后的时间写成年、月", "time after a day is written in years and months");
            return self.fail(Problem::error(Code::WrongType, span).with_words(words));
        };
        Some(self.test(TestKind::Fields { left: as_of, comparator, right: field, months }, start))
    }

    fn other_field(&self) -> Option<FieldId> {
        self.peek(0)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Field(field) => Some(*field),
            _ => None,
        })
    }

    fn compare_two(
        &mut self,
        left: FieldId,
        operator: Operator,
        words: String,
        right: FieldId,
        start: usize,
    ) -> Option<Condition> {
        self.advance();
        let fits = match (self.scope.kind(left)?, self.scope.kind(right)?) {
            (FieldKind::Date, FieldKind::Date) => true,
            (FieldKind::Quantity(one), FieldKind::Quantity(other)) => one.iter().any(|found| other.contains(found)),
            _ => false,
        };
        if !fits {
            let span = self.span_since(start);
            let (one, other) = (self.scope.field_name(left), self.scope.field_name(right));
            return self.fail(Problem::error(Code::WrongType, span).with_words(Words::new(
                format!("「{one}」与「{other}」不能比较"),
                format!("`{one}` and `{other}` cannot be compared"),
            )));
        }
        let comparator = Comparator { operator, words };
        Some(self.test(TestKind::Fields { left, comparator, right, months: 0 }, start))
    }

    /// The comparison made by the words before and behind one value; they must agree.
    pub(super) fn comparator(&mut self, front: Option<(Comparison, String)>, value: Span) -> Option<Comparator> {
        let front_inclusion = self.inclusion();
        if front_inclusion.is_some() && front.is_some() && !self.pieces.get(self.at + 1).is_some_and(is_behind) {
            self.advance();
        }
        let behind = self.behind();
        let direction = match self.note() {
            Some(Note::Cap) => Some(Operator::AtMost),
            Some(Note::Floor) => Some(Operator::AtLeast),
            Some(Note::Both) => Some(Operator::Equal),
            _ => None,
        };
        if direction.is_some() {
            self.advance();
        }
        match (front, behind, direction) {
            (Some((front, words)), behind, direction) if front.needs_direction => {
                let behind = behind.map(|(behind, _)| behind.operator);
                match (direction, behind) {
                    (Some(one), Some(other)) if one != other => self.disagree(value),
                    (Some(operator), _) | (None, Some(operator)) => Some(Comparator { operator, words }),
                    (None, None) => {
                        let place = self.undirected().unwrap_or(value);
                        self.fail(Problem::error(Code::DirectionNeeded, place).with(words))
                    }
                }
            }
            (Some((front, words)), behind, direction) => {
                let operator = front_inclusion.map_or(front.operator, |inclusive| turned(front.operator, inclusive));
                let agrees = behind.is_none_or(|(behind, _)| behind.operator == operator)
                    && direction.is_none_or(|direction| direction == operator);
                if agrees { Some(Comparator { operator, words }) } else { self.disagree(value) }
            }
            (None, Some((behind, words)), _) => Some(Comparator { operator: behind.operator, words }),
            (None, None, _) => self.fail(
                Problem::error(Code::IncompletePhrase, value)
                    .with_words(Words::new("数值前后没有比较词", "no comparison stands before or behind the value")),
            ),
        }
    }

    /// `<comparison> <amount>` or `<amount><comparison>` of something that is no field.
    pub fn bound(&mut self) -> Option<(Comparator, Quantity, Span)> {
        let front = self.comparison_here();
        if front.is_some() {
            self.advance();
        }
        let rest = self.pieces.get(self.at..).unwrap_or_default();
        let Some((bound, span, used)) = read_amount(self.scope, rest) else {
            return self.incomplete("后面应有比较词和数值", "a comparison and an amount are wanted here");
        };
        self.at += used;
        let comparator = self.comparator(front, span)?;
        Some((comparator, bound, span))
    }

    /// The word that leaves its direction open, the last one read.
    fn undirected(&self) -> Option<Span> {
        let undirected =
            |meaning: &Meaning| matches!(meaning, Meaning::Comparison(comparison) if comparison.needs_direction);
        let read = self.pieces.get(..self.at)?;
        read.iter().rev().find(|piece| piece.meanings().iter().any(undirected)).map(Piece::span)
    }

    fn disagree<T>(&mut self, value: Span) -> Option<T> {
        self.fail(
            Problem::error(Code::IncompletePhrase, value).with_words(Words::new(
                "数值前后的比较词意思不同",
                "the comparisons before and behind the value disagree",
            )),
        )
    }

    fn check_dimension(&mut self, field: FieldId, bound: &Quantity, value: Span, field_span: Span) -> Option<()> {
        let Some(FieldKind::Quantity(dimensions)) = self.scope.kind(field).cloned() else { return Some(()) };
        if dimensions.contains(&bound.dimension) {
            return Some(());
        }
        if bound.dimension == Dimension::NONE && bound.unit_text != "%" {
            let text = bound.text();
            let problem = Problem::error(Code::MissingUnit, value).with(text);
            return self.fail(problem);
        }
        let vocabulary = &self.scope.model.vocabulary;
        let text = |chinese: bool| vocabulary.dimension_text(bound.dimension, chinese);
        let declared = |chinese: bool| {
            let all: Vec<String> = dimensions.iter().map(|found| vocabulary.dimension_text(*found, chinese)).collect();
            all.join(if chinese { " 或 " } else { " or " })
        };
        let mut problem = Problem::error(Code::DimensionClash, value)
            .with_words(Words::new(text(true), text(false)))
            .with_words(Words::new(declared(true), declared(false)))
            .saying(Words::new(text(true), text(false)))
            .also(field_span, Words::new(declared(true), declared(false)));
        if let Some(mended) = self.with_missing_divisor(bound, &dimensions) {
            problem = problem.mended(mended);
        }
        self.fail(problem)
    }

    /// `30万立方米/年` where `30万立方米` was written of a field measured per year.
    fn with_missing_divisor(&self, bound: &Quantity, dimensions: &[Dimension]) -> Option<String> {
        let units = &self.scope.model.vocabulary.units;
        let divisor = units.iter().find(|unit| dimensions.contains(&bound.dimension.per(unit.dimension)))?;
        Some(format!("{}/{}", bound.text(), divisor.name.chinese))
    }

    /// `距 <feature> 不超过 5千米`, the word 距 standing here.
    pub(super) fn distance(&mut self) -> Option<Condition> {
        self.advance();
        let feature = self.peek(0)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Member(enumeration, member) => {
                let field = *self.scope.fields_of(*enumeration).first()?;
                matches!(self.scope.kind(field), Some(FieldKind::Distances(_))).then_some((field, *member))
            }
            _ => None,
        });
        let (field, member) = feature?;
        self.distance_to(field, member, self.at.saturating_sub(1))
    }

    /// `<feature> 不超过 5千米`, the feature standing here.
    pub(super) fn distance_from_here(&mut self, field: FieldId) -> Option<Condition> {
        let member = self.peek(0).and_then(|piece| {
            piece.meanings().iter().find_map(|meaning| match meaning {
                Meaning::Member(enumeration, member) if self.scope.fields_of(*enumeration).contains(&field) => {
                    Some(*member)
                }
                _ => None,
            })
        });
        match member {
            Some(member) => self.distance_to(field, member, self.at),
            None => self.incomplete("后面应有距离的起点", "the feature the distance is measured from is wanted here"),
        }
    }

    fn distance_to(&mut self, field: FieldId, feature: MemberId, start: usize) -> Option<Condition> {
        let mut features = vec![feature];
        while self.is_sign(1, Sign::Listing)
            && let Some(next) = self.feature_at(2, field)
        {
            features.push(next);
            self.at += 2;
        }
        self.advance();
        let front = self.comparison_here();
        if front.is_some() {
            self.advance();
        }
        let rest = self.pieces.get(self.at..).unwrap_or_default();
        let Some((bound, span, used)) = read_amount(self.scope, rest) else {
            return self.incomplete("后面应有距离，如 不超过 5千米", "a distance such as `at most 5km` is wanted here");
        };
        self.at += used;
        let comparator = self.comparator(front, span)?;
        let length = self.scope.length_dimension();
        if length.is_some_and(|length| length != bound.dimension) {
            let vocabulary = &self.scope.model.vocabulary;
            let text = |chinese| vocabulary.dimension_text(bound.dimension, chinese);
            let wanted = |chinese| vocabulary.dimension_text(length.unwrap_or_default(), chinese);
            let problem = Problem::error(Code::DimensionClash, span)
                .with_words(Words::new(text(true), text(false)))
                .with_words(Words::new(wanted(true), wanted(false)));
            return self.fail(problem);
        }
        self.scope.numbers.insert(self.span_since(start), span);
        // Far from several is far from each of them; near several is near one of them.
        let each = matches!(comparator.operator, Operator::AtLeast | Operator::Above);
        let tests = features
            .into_iter()
            .map(|feature| {
                let (comparator, bound) = (comparator.clone(), bound.clone());
                self.test(TestKind::Distance { field, feature, comparator, bound }, start)
            })
            .collect();
        Some(if each { all(tests) } else { any(tests) })
    }

    /// The feature of a field of distances that stands so far ahead.
    fn feature_at(&self, ahead: usize, field: FieldId) -> Option<MemberId> {
        self.peek(ahead)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Member(enumeration, member) if self.scope.fields_of(*enumeration).contains(&field) => {
                Some(*member)
            }
            _ => None,
        })
    }
}

fn is_behind(piece: &Piece) -> bool {
    piece.meanings().iter().any(|meaning| matches!(meaning, Meaning::Comparison(comparison) if comparison.behind))
}

/// （含） and （不含） turn a comparison without changing its side.
pub(crate) const fn turned(operator: Operator, inclusive: bool) -> Operator {
    match (operator, inclusive) {
        (Operator::Above, true) => Operator::AtLeast,
        (Operator::AtLeast, false) => Operator::Above,
        (Operator::Below, true) => Operator::AtMost,
        (Operator::AtMost, false) => Operator::Below,
        (other, _) => other,
    }
}
