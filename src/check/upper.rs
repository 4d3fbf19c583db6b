//! Plans above this one: whether it implements them, and the numbers that it takes from them.

use std::sync::Arc;

use crate::check::condition::{all, any};
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem, Words, nearest};
use crate::model::{
    Body, Borrowed, BoundBasis, Citation, Comparator, Condition, DocumentQuestion, EnumerationId, FieldId, FieldKind,
    LeafSet, Model, Operator, Part, Plan, PropertyValue, Test, TestKind,
};
use crate::quantity::Quantity;
use crate::span::Span;

/// Holds the plans above against what this plan says it implements.
pub(super) fn settle(scope: &mut Scope) {
    let mut problems = Vec::new();
    let mut seen: Vec<&Plan> = Vec::new();
    for upper in &scope.model.upper {
        let Some(plan) = &upper.plan else {
            let span = upper.clauses.first().map(|clause| clause.span).unwrap_or_default();
            let help =
                Words::new("在上位规划的文件里写「规划 编号 “标题”」", "give the plan above a `plan id \"title\"`");
            problems.push(Problem::error(Code::NotImplemented, span).with("").help(help));
            continue;
        };
        if let Some(first) = seen.iter().find(|other| other.is_titled(&plan.title)) {
            let problem = Problem::error(Code::DuplicateId, plan.span).with(plan.title.clone());
            problems.push(problem.also(first.span, Words::new("先在这里", "first here")));
            continue;
        }
        seen.push(plan);
        problems.extend(not_implemented(scope.model.plan.as_ref(), plan));
    }
    scope.problems.extend(problems);
}

fn not_implemented(own: Option<&Plan>, upper: &Plan) -> Option<Problem> {
    let titles = own.map(|plan| plan.implements.as_slice()).unwrap_or_default();
    if titles.iter().any(|title| upper.is_titled(title)) {
        return None;
    }
    let mut problem = Problem::error(Code::NotImplemented, upper.span).with(upper.title.clone());
    if let Some(own) = own {
        problem = problem.also(own.span, Words::new("本规划", "this plan"));
    }
    Some(match (nearest(&upper.title, titles.iter().map(String::as_str)), titles) {
        (Some(near), _) => {
            problem.help(Words::new(format!("本规划落实的是「{near}」"), format!("this plan implements `{near}`")))
        }
        (None, []) => problem,
        (None, titles) => problem.help(Words::new(
            format!("本规划落实的是「{}」", titles.join("」「")),
            format!("this plan implements `{}`", titles.join("`, `")),
        )),
    })
}

/// What an upper plan says under a name, of some of the cases.
struct Row {
    /// The cases, in the words of the plan above.
    cases: Condition,
    /// What it bounds, where it is a bound.
    field: Option<FieldId>,
    says: Says,
    from: Arc<Borrowed>,
}

enum Says {
    /// This number.
    Number(Quantity),
    /// A number that is not printed; where a printed one stands above it, that one.
    Open(Option<Quantity>),
    /// That there is none to meet.
    Nothing,
}

/// The comparison with a number of a plan above: for each row of that plan, its cases meet its number. What no row
/// speaks of stays a number that is not there.
pub(super) fn number(
    scope: &mut Scope,
    missing: Test,
    comparator: &Comparator,
    place: Span,
) -> Result<Condition, Box<Problem>> {
    let TestKind::Parameter { name, of: Some(field) } = missing.kind.clone() else {
        return Ok(Condition::Test(Box::new(missing)));
    };
    let mut found: Vec<(Arc<Model>, Vec<Row>)> = Vec::new();
    for upper in &scope.model.upper {
        let rows = rows(upper, &name);
        if !rows.is_empty() {
            found.push((Arc::clone(upper), rows));
        }
    }
    let problem = || Problem::error(Code::UnknownParameter, place).with(name.clone());
    let (upper, rows) = match (found.pop(), found.first().and_then(|(_, rows)| rows.first())) {
        (Some(only), None) => only,
        (Some((_, rows)), Some(first)) => {
            let here = || Words::new("这里有", "here is one");
            let last = rows.first().map(|row| row.from.span).unwrap_or_default();
            let help =
                Words::new("几部上位规划都有，名称要能分开", "several plans above have it: tell them apart by name");
            return Err(Box::new(problem().also(first.from.span, here()).also(last, here()).help(help)));
        }
        (None, _) => {
            return match misspelt(scope, &name) {
                Some(near) => Err(Box::new(problem().meant(near))),
                None => Ok(Condition::Test(Box::new(missing))),
            };
        }
    };
    let mut reader = Reader { scope, upper: &upper, missing, field, name: &name, comparator, place };
    reader.condition(&rows)
}

/// The one number that plans above print under a name whatever the case; `None` where it may stand in a plan that is not
/// loaded.
pub(super) fn only_number(scope: &Scope, name: &str, place: Span) -> Result<Option<Quantity>, Box<Problem>> {
    let rows: Vec<Row> = scope.model.upper.iter().flat_map(|upper| rows(upper, name)).collect();
    let problem = || Problem::error(Code::UnknownParameter, place).with(name);
    match rows.as_slice() {
        [Row { cases: Condition::Always, says: Says::Number(quantity), .. }] => Ok(Some(quantity.clone())),
        [] => match misspelt(scope, name) {
            Some(near) => Err(Box::new(problem().meant(near))),
            None => Ok(None),
        },
        [first, ..] => {
            let label = Words::new("不是管全部情形的一个数", "not one number for every case");
            let help = Words::new(
                "指标只能取用一个数：数据、指标，或管全部情形的条款",
                "an indicator takes one number: of a figure, an indicator, or a clause about every case",
            );
            Err(Box::new(problem().also(first.from.span, label).help(help)))
        }
    }
}

/// The name of a number in the plans above that this one is a slip of, where all that the plan implements are loaded. A
/// name that is like none of theirs is of a document that is no plan above, such as a rule of the ministry's.
fn misspelt<'s>(scope: &'s Scope, name: &str) -> Option<&'s str> {
    if scope.model.upper.is_empty() || scope.model.implemented().any(|(_, plan)| plan.is_none()) {
        return None;
    }
    nearest(name, scope.model.upper.iter().flat_map(|upper| names(upper)))
}

/// Every name that a number can be asked for under.
fn names(model: &Model) -> impl Iterator<Item = &str> {
    let figures = model.figures.iter().flat_map(|figure| {
        std::iter::once(figure.title.as_str()).chain(figure.values.iter().map(|value| value.label.as_str()))
    });
    let tables = model.tables.iter().map(|table| table.title.as_str());
    let clauses = model.clauses.iter().map(|clause| clause.title.as_str());
    let indicators = model.indicators.iter().map(|indicator| indicator.title.as_str());
    figures.chain(tables).chain(clauses).chain(indicators).filter(|name| !name.is_empty())
}

/// Everything that a plan prints under a name: a figure or one of its values, else a clause or the rows of a table.
fn rows(model: &Model, name: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for figure in &model.figures {
        let own = figure.values.first().filter(|_| figure.title == name);
        let value = figure.values.iter().find(|value| value.label == name).or(own);
        if let Some(PropertyValue::Amount(quantity)) = value.map(|value| &value.value) {
            let from = borrowed(model, name, (&figure.id, &figure.title), figure.citations.first(), figure.span);
            rows.push(Row { cases: Condition::Always, field: None, says: Says::Number(quantity.clone()), from });
        }
    }
    for indicator in model.indicators.iter().filter(|indicator| indicator.title == name) {
        if let Some(quantity) = indicator.body.quantities().next() {
            let (id, span) = (&indicator.id, indicator.body.span);
            let from = borrowed(model, name, (id, &indicator.title), indicator.citations.first(), span);
            rows.push(Row { cases: Condition::Always, field: None, says: Says::Number(quantity.clone()), from });
        }
    }
    for clause in &model.clauses {
        let of_table = clause.title.strip_prefix(name).is_some_and(|rest| rest.starts_with('：'));
        if clause.title != name && !of_table {
            continue;
        }
        for part in &clause.body.parts {
            let Some((field, says)) = says(&part.requirement) else { continue };
            let span = part.requirement_span;
            let own = clause.citations.iter().find(|citation| covers(citation.span, span));
            let citation = own.or(clause.citations.first());
            let from = borrowed(model, name, (&clause.id, &clause.title), citation, span);
            rows.push(Row { cases: cases(&clause.body, part), field, says, from });
        }
    }
    for unasked in model.unasked.iter().filter(|unasked| unasked.table == name) {
        let table = model.tables.iter().find(|table| table.title == name);
        let (id, span) = table.map(|table| (table.id.as_str(), table.span)).unwrap_or_default();
        let from = borrowed(model, name, (id, name), table.and_then(|table| table.citations.first()), span);
        rows.push(Row { cases: unasked.cases.clone(), field: Some(unasked.field), says: Says::Nothing, from });
    }
    rows
}

fn covers(outer: Span, inner: Span) -> bool {
    outer.source() == inner.source() && outer.start() <= inner.start() && inner.end() <= outer.end()
}

fn borrowed(
    model: &Model,
    name: &str,
    (id, title): (&str, &str),
    citation: Option<&Citation>,
    span: Span,
) -> Arc<Borrowed> {
    let plan = model.plan.as_ref();
    Arc::new(Borrowed {
        name: name.to_owned(),
        plan: plan.map(|plan| plan.id.clone()).unwrap_or_default(),
        plan_title: plan.map(|plan| plan.title.clone()).unwrap_or_default(),
        clause: id.to_owned(),
        title: title.to_owned(),
        citation: citation.cloned(),
        span,
    })
}

/// The cases that a phrase speaks of, those of its clause's exceptions aside.
pub(super) fn cases(body: &Body, part: &Part) -> Condition {
    let excepted = body.exceptions.iter().map(|exception| {
        let back = exception.exceptions.iter().map(|inner| Condition::Not(Box::new(inner.ground.clone())));
        Condition::Not(Box::new(all(std::iter::once(exception.ground.clone()).chain(back).collect())))
    });
    let spoken = [body.applies.clone(), part.selector.clone()].into_iter().chain(excepted);
    all(spoken.filter(|condition| *condition != Condition::Always).collect())
}

/// The one number of a requirement; `None` for one that is not a bound of one field.
fn says(requirement: &Condition) -> Option<(Option<FieldId>, Says)> {
    match requirement {
        Condition::Test(test) => match &test.kind {
            TestKind::Amount { field, bound, .. } => Some((Some(*field), Says::Number(bound.clone()))),
            TestKind::Parameter { of, .. } => Some((*of, Says::Open(None))),
            _ => None,
        },
        Condition::Not(inner) => match says(inner)? {
            (field, Says::Number(bound)) => Some((field, Says::Number(bound))),
            _ => None,
        },
        // A class whose number is not printed, beside the printed number of the class above it.
        Condition::Any(inner) => match inner.as_slice() {
            [printed, open] => match (says(printed)?, says(open)?) {
                ((field, Says::Number(bound)), (_, Says::Open(None))) => Some((field, Says::Open(Some(bound)))),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Puts rows of a plan above into the words of the plan below.
struct Reader<'a> {
    scope: &'a mut Scope,
    upper: &'a Model,
    missing: Test,
    field: FieldId,
    name: &'a str,
    comparator: &'a Comparator,
    place: Span,
}

impl Reader<'_> {
    fn condition(&mut self, rows: &[Row]) -> Result<Condition, Box<Problem>> {
        let (mut met, mut spoken) = (Vec::new(), Vec::new());
        for row in rows {
            let field = row.field.map(|field| translated_field(self.scope, self.upper, field));
            if field.is_some_and(|field| field != Some(self.field)) {
                continue;
            }
            let Some(cases) = translate(self.scope, self.upper, &row.cases) else {
                return Err(Box::new(self.own_places(row)));
            };
            let cases = placed(cases, &self.missing);
            let meets = match &row.says {
                Says::Nothing => None,
                Says::Number(bound) => Some(self.amount(bound, &row.from)?),
                Says::Open(printed) => Some(self.open(printed.as_ref(), &row.from)?),
            };
            if let Some(meets) = meets {
                met.push(if cases == Condition::Always {
                    meets
                } else {
                    Condition::Any(vec![Condition::Not(Box::new(cases.clone())), meets])
                });
            }
            spoken.push(cases);
        }
        if spoken.is_empty() {
            return Err(Box::new(self.other_field(rows)));
        }
        if !spoken.contains(&Condition::Always) {
            spoken.push(self.unprinted());
            met.push(any(spoken));
        }
        Ok(all(met))
    }

    /// A number that the plan above has no row for, or does not print.
    fn unprinted(&self) -> Condition {
        let name = format!("{}（上位规划未载明）", self.name);
        let kind = TestKind::Parameter { name, of: Some(self.field) };
        Condition::Test(Box::new(Test { kind, ..self.missing.clone() }))
    }

    /// A number that lies between nothing and what is printed above it.
    fn open(&self, printed: Option<&Quantity>, from: &Arc<Borrowed>) -> Result<Condition, Box<Problem>> {
        let Some(printed) = printed else { return Ok(self.unprinted()) };
        let above = self.amount(printed, from)?;
        Ok(match self.comparator.operator {
            Operator::AtLeast | Operator::Above => any(vec![above, self.unprinted()]),
            Operator::AtMost | Operator::Below => all(vec![above, self.unprinted()]),
            Operator::Equal | Operator::NotEqual | Operator::About => self.unprinted(),
        })
    }

    fn amount(&self, bound: &Quantity, from: &Arc<Borrowed>) -> Result<Condition, Box<Problem>> {
        let fits =
            matches!(self.scope.kind(self.field), Some(FieldKind::Quantity(fits)) if fits.contains(&bound.dimension));
        if !fits {
            return Err(Box::new(self.clash(bound, from)));
        }
        let basis = match bound.basis {
            Some(basis) => BoundBasis::Named(basis),
            None => self.scope.bound_basis(bound),
        };
        let comparator = self.comparator.clone();
        let kind = TestKind::Amount { field: self.field, comparator, bound: bound.clone(), basis };
        Ok(Condition::Test(Box::new(Test { kind, from: Some(Arc::clone(from)), ..self.missing.clone() })))
    }

    fn clash(&self, bound: &Quantity, from: &Borrowed) -> Problem {
        let vocabulary = &self.scope.model.vocabulary;
        let text = |chinese| vocabulary.dimension_text(bound.dimension, chinese);
        let declared = |chinese: bool| match self.scope.kind(self.field) {
            Some(FieldKind::Quantity(all)) => {
                let all: Vec<String> = all.iter().map(|found| vocabulary.dimension_text(*found, chinese)).collect();
                all.join(if chinese { " 或 " } else { " or " })
            }
            _ => self.scope.field_name(self.field),
        };
        Problem::error(Code::DimensionClash, self.place)
            .with_words(Words::new(text(true), text(false)))
            .with_words(Words::new(declared(true), declared(false)))
            .also(from.span, Words::new(text(true), text(false)))
    }

    fn problem(&self, row: Option<&Row>, label: Words, help: Words) -> Problem {
        let problem = Problem::error(Code::UnknownParameter, self.place).with(self.name).help(help);
        match row {
            Some(row) => problem.also(row.from.span, label),
            None => problem,
        }
    }

    fn own_places(&self, row: &Row) -> Problem {
        let label = Words::new("按上位规划自己的分区、区块分开", "told apart by places of the plan above");
        let help = Words::new(
            "本规划没有这些分区、区块，这个数不能取用",
            "this plan has no such places, so the number cannot be taken",
        );
        self.problem(Some(row), label, help)
    }

    fn other_field(&self, rows: &[Row]) -> Problem {
        let name = self.scope.field_name(self.field);
        let label = Words::new(format!("不是{name}的数"), format!("no number of {name}"));
        let help = Words::new(format!("这里要的是{name}的一个数"), format!("one number of {name} is wanted here"));
        self.problem(rows.first(), label, help)
    }
}

/// The same condition as if asked where the number is wanted.
fn placed(condition: Condition, at: &Test) -> Condition {
    let each = |list: Vec<Condition>| list.into_iter().map(|inner| placed(inner, at)).collect();
    match condition {
        Condition::Test(test) => Condition::Test(Box::new(Test { span: at.span, ..*test })),
        Condition::All(list) => Condition::All(each(list)),
        Condition::Any(list) => Condition::Any(each(list)),
        Condition::Not(inner) => Condition::Not(Box::new(placed(*inner, at))),
        constant @ (Condition::Always | Condition::Never) => constant,
    }
}

/// The field of the plan below that a field of the plan above is.
pub(super) fn translated_field(scope: &Scope, upper: &Model, field: FieldId) -> Option<FieldId> {
    let theirs = upper.vocabulary.field(field)?;
    let own = scope.model.vocabulary.field_named(theirs.name.key())?;
    // Zones and blocks are each plan's own: what the other counts as its third zone is none of this plan's.
    let ours = scope.kind(own)?;
    (members(upper, theirs.kind.enumeration()) == members(&scope.model, ours.enumeration())).then_some(own)
}

/// What an enumeration holds, as far as two that are alike can be told apart.
fn members(model: &Model, enumeration: Option<EnumerationId>) -> Option<Vec<(String, LeafSet)>> {
    let found = model.vocabulary.enumeration(enumeration?)?;
    Some(found.members.iter().map(|one| (one.name.chinese.clone(), one.leaves.clone())).collect())
}

/// The same question about a document in the words of this plan.
fn translated_question(scope: &mut Scope, upper: &Model, about: &DocumentQuestion) -> Option<DocumentQuestion> {
    match about {
        DocumentQuestion::Contents(name) => {
            upper.contents.get(usize::from(*name)).map(|name| DocumentQuestion::Contents(scope.content(name)))
        }
        DocumentQuestion::State(..) => {
            let states = |model: &Model| {
                model.vocabulary.document_states.as_ref().and_then(|states| members(model, Some(states.enumeration)))
            };
            (states(upper) == states(&scope.model)).then(|| about.clone())
        }
        DocumentQuestion::Presence | DocumentQuestion::Day(..) => Some(about.clone()),
    }
}

/// A condition of the plan above in the words of the plan below; `None` where that lacks them.
pub(super) fn translate(scope: &mut Scope, upper: &Model, condition: &Condition) -> Option<Condition> {
    let mut each = |list: &[Condition]| -> Option<Vec<Condition>> {
        list.iter().map(|inner| translate(scope, upper, inner)).collect()
    };
    Some(match condition {
        Condition::Always | Condition::Never => condition.clone(),
        Condition::All(list) => Condition::All(each(list)?),
        Condition::Any(list) => Condition::Any(each(list)?),
        Condition::Not(inner) => Condition::Not(Box::new(translate(scope, upper, inner)?)),
        Condition::Test(test) => {
            let kind = translated_kind(scope, upper, &test.kind)?;
            Condition::Test(Box::new(Test { kind, ..test.as_ref().clone() }))
        }
    })
}

fn translated_kind(scope: &mut Scope, upper: &Model, kind: &TestKind) -> Option<TestKind> {
    let mut kind = kind.clone();
    match &mut kind {
        TestKind::Member { field, .. }
        | TestKind::Amount { field, .. }
        | TestKind::Day { field, .. }
        | TestKind::Flag { field }
        | TestKind::Absent { field }
        | TestKind::Count { field, .. }
        | TestKind::Distance { field, .. } => *field = translated_field(scope, upper, *field)?,
        TestKind::Document { field, about, .. } => {
            *field = translated_field(scope, upper, *field)?;
            *about = translated_question(scope, upper, about)?;
        }
        TestKind::Fields { left, right, .. } => {
            *left = translated_field(scope, upper, *left)?;
            *right = translated_field(scope, upper, *right)?;
        }
        TestKind::Attestation { name, .. } => {
            *name = scope.attestation(upper.attestations.get(usize::from(*name))?);
        }
        TestKind::Parameter { of, .. } => *of = None,
    }
    Some(kind)
}
