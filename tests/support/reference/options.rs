//! What each unknown may be: members, days, amounts, counts, documents, lengths.

use super::*;

impl Ground<'_> {
    pub(super) fn field_options(&self, id: FieldId) -> Vec<Value> {
        let Some(field) = self.field(id) else { return Vec::new() };
        let given = self.given(id);
        if given == Some(&FactValue::None) {
            return vec![Value::None];
        }
        let mut options = match &field.kind {
            FieldKind::Member(enumeration) => self.member_options(id, *enumeration, field.many, false),
            FieldKind::Areas(enumeration) => self.member_options(id, *enumeration, true, true),
            FieldKind::YesNo => match given {
                Some(FactValue::YesNo(answer)) => vec![Value::Yes(*answer)],
                _ => yes_no(None),
            },
            FieldKind::Date => self.day_options(id),
            FieldKind::Quantity(dimensions) => self.amount_options(id, field.domain, dimensions),
            _ => vec![Value::Something],
        };
        if given.is_none() && field.optional {
            options.push(Value::None);
        }
        options
    }

    /// What all questions about a field answer for one leaf. Leaves of one signature are one.
    pub(super) fn signature(&self, id: FieldId, leaf: usize) -> Vec<usize> {
        let mut signature: Vec<usize> = self
            .tests
            .iter()
            .filter_map(|test| match test {
                TestKind::Member { field, leaves, .. } if *field == id => Some(usize::from(leaves.contains(leaf))),
                _ => None,
            })
            .collect();
        if self.stage && stage_field(&self.model.vocabulary) == Some(id) {
            signature.push(stage_of(&self.model.vocabulary, id, leaf).map_or(0, |stage| stage + 1));
        }
        for (grading, row) in &self.tables {
            let sets = row.keys.iter().filter(|(field, _)| *field == id);
            signature.extend(sets.map(|(_, set)| usize::from(set.contains(leaf))));
            if grading.field == id {
                signature.push(leaf);
            }
        }
        signature
    }

    pub(super) fn one_of_each(&self, id: FieldId, leaves: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        leaves.filter(|leaf| seen.insert(self.signature(id, *leaf))).collect()
    }

    pub(super) fn member_options(
        &self,
        id: FieldId,
        enumeration: EnumerationId,
        many: bool,
        may_be_empty: bool,
    ) -> Vec<Value> {
        let main = mineral_field(&self.model.vocabulary).is_some_and(|(field, _)| field == id);
        let fits = |leaf: usize| match self.case_basis {
            Some(basis) if main => default_basis_of(self.model, leaf) == basis,
            _ => true,
        };
        let default = self.field(id).and_then(|field| field.default);
        let given: Option<Vec<MemberId>> = match self.given(id) {
            Some(FactValue::Members(members)) => Some(members.clone()),
            _ => default.map(|member| vec![member]),
        };
        let leaves_of = |member: MemberId| {
            self.model.vocabulary.member(enumeration, member).map(|found| found.leaves.clone()).unwrap_or_default()
        };
        let count = self.model.vocabulary.enumeration(enumeration).map_or(0, |found| found.leaf_count);
        let anything: LeafSet = LeafSet::all(count);
        match given {
            Some(members) => {
                let mut lists: Vec<Value> = vec![Value::Leaves(None, BTreeSet::new())];
                for (index, member) in members.iter().enumerate() {
                    let leaves = leaves_of(*member);
                    let choices = self.one_of_each(id, leaves.iter().filter(|leaf| index > 0 || fits(*leaf)));
                    lists = lists.iter().flat_map(|list| choices.iter().map(|leaf| with_leaf(list, *leaf))).collect();
                }
                lists
            }
            None => {
                let firsts = self.one_of_each(id, anything.iter().filter(|leaf| fits(*leaf)));
                let mut lists: Vec<Value> =
                    firsts.iter().map(|leaf| with_leaf(&Value::Leaves(None, BTreeSet::new()), *leaf)).collect();
                if may_be_empty {
                    lists.push(Value::Leaves(None, BTreeSet::new()));
                }
                if many {
                    self.lengthen(id, &mut lists, &self.one_of_each(id, anything.iter()));
                }
                lists
            }
        }
    }

    /// Adds every longer list that answers the questions in a new way.
    pub(super) fn lengthen(&self, id: FieldId, lists: &mut Vec<Value>, more: &[usize]) {
        let answers = |list: &Value| -> (Vec<usize>, Vec<bool>) {
            let Value::Leaves(_, leaves) = list else { return (Vec::new(), Vec::new()) };
            let asked = self.tests.iter().filter_map(|test| match test {
                TestKind::Member { field, leaves: set, .. } if *field == id => {
                    Some(leaves.iter().any(|leaf| set.contains(*leaf)))
                }
                _ => None,
            });
            let stages: BTreeSet<usize> = match self.stage {
                true => leaves.iter().filter_map(|leaf| stage_of(&self.model.vocabulary, id, *leaf)).collect(),
                false => BTreeSet::new(),
            };
            (stages.last().copied().into_iter().collect(), asked.collect())
        };
        let mut seen: Vec<(Vec<usize>, Vec<bool>)> = lists.iter().map(answers).collect();
        let mut at = 0;
        while let Some(list) = lists.get(at).cloned() {
            for leaf in more {
                let longer = with_leaf(&list, *leaf);
                let answered = answers(&longer);
                if !seen.contains(&answered) {
                    seen.push(answered);
                    lists.push(longer);
                }
            }
            at += 1;
        }
    }

    // ── days ──

    /// The fields compared with one another, this one among them.
    pub(super) fn companions(&self, id: FieldId) -> BTreeSet<FieldId> {
        let mut found = BTreeSet::from([id]);
        loop {
            let before = found.len();
            for test in &self.tests {
                if let TestKind::Fields { left, right, .. } = test
                    && (found.contains(left) || found.contains(right))
                {
                    found.extend([*left, *right]);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    pub(super) fn known_day(&self, id: FieldId) -> Option<i64> {
        let day = |field: FieldId| match self.given(field) {
            Some(FactValue::Day(day)) => Some(day_number(*day)),
            _ => None,
        };
        let vocabulary = &self.model.vocabulary;
        day(id).or_else(|| {
            let as_of = vocabulary.field_named("as-of") == Some(id);
            if as_of { vocabulary.field_named("decided").and_then(day) } else { None }
        })
    }

    pub(super) fn day_options(&self, id: FieldId) -> Vec<Value> {
        if let Some(day) = self.known_day(id) {
            return vec![Value::Day(day)];
        }
        let companions = self.companions(id);
        let as_of = self.model.vocabulary.field_named("as-of");
        let period = self.model.plan.as_ref().and_then(|plan| plan.period).and_then(|(first, last)| {
            Some((day_number(Date::new(first, 1, 1)?), day_number(Date::new(last, 12, 31)?)))
        });
        let mut cuts: BTreeSet<i64> = companions.iter().filter_map(|field| self.known_day(*field)).collect();
        for test in &self.tests {
            if let TestKind::Day { field, bound, .. } = test
                && companions.contains(field)
            {
                cuts.insert(day_number(*bound));
            }
        }
        if as_of.is_some_and(|field| companions.contains(&field)) {
            cuts.extend(period.into_iter().flat_map(|(first, last)| [first, last]));
        }
        if cuts.is_empty() {
            cuts.insert(738_000);
        }
        let near: BTreeSet<i64> = cuts.iter().flat_map(|day| (day - 2)..=(day + 2)).collect();
        let within = |day: &i64| match period {
            Some((first, last)) if as_of == Some(id) => (first..=last).contains(day),
            _ => true,
        };
        near.into_iter().filter(within).map(Value::Day).collect()
    }

    // ── amounts ──

    pub(super) fn resolved(&self, channel: Channel) -> Channel {
        match (channel.basis, self.case_basis) {
            (Basis::OfCase, Some(basis)) => Channel { basis, ..channel },
            _ => channel,
        }
    }

    pub(super) fn factor(&self, from: Channel, to: Channel) -> Option<Number> {
        factor(self.model, self.facts, from, to)
    }

    pub(super) fn known_amount(&self, id: FieldId) -> Option<(Channel, Number)> {
        if let Derived::Known(value) = derived(self.model, self.facts, id)
            && let Some(FieldKind::Quantity(dimensions)) = self.field(id).map(|field| &field.kind)
            && let Some(dimension) = dimensions.first()
        {
            return Some((Channel { dimension: *dimension, basis: Basis::None }, value));
        }
        match self.given(id) {
            Some(FactValue::Amount(quantity)) => {
                Some((self.resolved(fact_channel(self.model, quantity)), quantity.value.clone()))
            }
            _ => None,
        }
    }

    /// The channels that somebody measures in, those that convert into one another together.
    pub(super) fn channel_groups(&self) -> Vec<Vec<Channel>> {
        let mut channels: BTreeSet<Channel> = BTreeSet::new();
        for test in &self.tests {
            match test {
                TestKind::Amount { field, bound, basis, .. } => {
                    channels.insert(self.bound_channel(bound, *basis));
                    channels.extend(self.known_amount(*field).map(|(channel, _)| channel));
                }
                TestKind::Fields { left, right, .. } => {
                    for field in [left, right] {
                        channels.extend(self.known_amount(*field).map(|(channel, _)| channel));
                        if let Some(FieldKind::Quantity(dimensions)) = self.field(*field).map(|field| &field.kind)
                            && let Some(dimension) = dimensions.first()
                        {
                            let basis = if bears_basis(self.model, *dimension) { Basis::OfCase } else { Basis::None };
                            channels.insert(self.resolved(Channel { dimension: *dimension, basis }));
                        }
                    }
                }
                _ => {}
            }
        }
        let mut groups: Vec<Vec<Channel>> = Vec::new();
        for channel in channels {
            let home = groups.iter_mut().find(|group| {
                group.first().is_some_and(|first| factor(self.model, self.facts, channel, *first).is_some())
            });
            match home {
                Some(group) => group.push(channel),
                None => groups.push(vec![channel]),
            }
        }
        groups
    }

    pub(super) fn bound_channel(&self, bound: &Quantity, basis: BoundBasis) -> Channel {
        self.resolved(Channel { dimension: bound.dimension, basis: bound_basis(basis) })
    }

    /// The group that a channel belongs to, and the factor into the group's own channel.
    pub(super) fn place(&self, channel: Channel) -> Option<(usize, Number)> {
        self.groups.iter().enumerate().find_map(|(index, group)| {
            let first = group.first()?;
            self.factor(channel, *first).map(|factor| (index, factor))
        })
    }

    pub(super) fn amount_options(&self, id: FieldId, domain: Option<Domain>, dimensions: &[Dimension]) -> Vec<Value> {
        let companions = self.companions(id);
        let mut cuts: Vec<BTreeSet<Number>> = vec![BTreeSet::new(); self.groups.len()];
        let mut cut = |channel: Channel, value: &Number| {
            if let Some((group, factor)) = self.place(channel)
                && let Some(cuts) = cuts.get_mut(group)
            {
                cuts.insert(value.times(&factor));
            }
        };
        for test in &self.tests {
            if let TestKind::Amount { field, bound, basis, .. } = test
                && companions.contains(field)
            {
                cut(self.bound_channel(bound, *basis), &bound.value);
            }
        }
        for field in &companions {
            if let Some((channel, value)) = self.known_amount(*field) {
                cut(channel, &value);
            }
        }
        for (_, row) in self.tables.iter().filter(|(grading, _)| companions.contains(&grading.measured)) {
            for (_, threshold) in &row.thresholds {
                if let Threshold::From(bound, _) = threshold {
                    cut(self.resolved(fact_channel(self.model, bound)), &bound.value);
                }
            }
        }
        let known = self.known_amount(id).and_then(|(channel, value)| {
            let (group, factor) = self.place(channel)?;
            Some((group, value.times(&factor)))
        });
        let inner = if companions.len() > 1 { 3 } else { 1 };
        let mut options: Vec<Vec<Number>> = vec![Vec::new()];
        for (index, group) in self.groups.iter().enumerate() {
            let measurable = group.iter().any(|channel| dimensions.contains(&channel.dimension));
            let asked = companions.len() > 1 || cuts.get(index).is_some_and(|cuts| !cuts.is_empty());
            let values = match &known {
                _ if !measurable || !asked => vec![Number::ZERO],
                Some((known, value)) if *known == index => vec![value.clone()],
                _ => cuts.get(index).map(|cuts| points(cuts, domain, inner)).unwrap_or_default(),
            };
            options = options
                .iter()
                .flat_map(|list| {
                    values.iter().map(move |value| {
                        let mut list = list.clone();
                        list.push(value.clone());
                        list
                    })
                })
                .collect();
        }
        options.into_iter().map(Value::Amount).collect()
    }

    pub(super) fn count_options(&self, id: FieldId) -> Vec<Value> {
        let known = match self.given(id) {
            Some(FactValue::None) => Some(0),
            Some(FactValue::Members(members)) => Some(members.len()),
            Some(FactValue::Texts(texts)) => Some(texts.len()),
            _ => None,
        };
        let whole = |count: usize| Value::Length(Number::from_integer(i64::try_from(count).unwrap_or(i64::MAX)));
        known.map_or_else(|| (0..=50).map(whole).collect(), |count| vec![whole(count)])
    }

    /// Not there; or there, in each state, of each day, saying each set of what is asked.
    pub(super) fn document_options(&self, field: FieldId, document: MemberId) -> Vec<Value> {
        let known = document_known(self.model, self.facts, field, document);
        let mut found = Vec::new();
        if known != Some(true) {
            found.push(Value::Yes(false));
        }
        if known == Some(false) {
            return found;
        }
        let fact = listed_document(self.facts, field, document).filter(|fact| fact.present);
        let (mut leaves, mut said, mut cuts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut states = false;
        for test in &self.tests {
            let TestKind::Document { field: of, document: one, about, .. } = test else { continue };
            match about {
                _ if (*of, *one) != (field, document) => {}
                DocumentQuestion::Presence => {}
                DocumentQuestion::State(..) => states = true,
                DocumentQuestion::Contents(number) => {
                    said.insert(*number);
                }
                DocumentQuestion::Day(_, bound) => {
                    cuts.insert(day_number(*bound));
                }
            }
        }
        let known_states = self.model.vocabulary.document_states.as_ref().filter(|_| states);
        if let Some(known) = known_states {
            let vocabulary = &self.model.vocabulary;
            let of = |member: MemberId| vocabulary.member(known.enumeration, member).map(|found| found.leaves.clone());
            let all = vocabulary.enumeration(known.enumeration).map_or(0, |found| found.leaf_count);
            let wanting = known.wanting.and_then(of).unwrap_or_default();
            match fact.and_then(|fact| fact.state).and_then(of) {
                Some(own) => leaves.extend(own.iter()),
                None => leaves.extend((0..all).filter(|leaf| !wanting.contains(*leaf))),
            }
        }
        let leaves: Vec<Option<usize>> =
            if leaves.is_empty() { vec![None] } else { leaves.into_iter().map(Some).collect() };
        let days: Vec<i64> = match fact.and_then(|fact| fact.day) {
            Some(day) => vec![day_number(day)],
            None if cuts.is_empty() => vec![0],
            None => cuts.iter().flat_map(|cut| [cut - 1, *cut, cut + 1]).collect(),
        };
        let mut contents: Vec<BTreeSet<u16>> = vec![BTreeSet::new()];
        match fact.and_then(|fact| fact.contents.clone()) {
            Some(own) => contents = vec![own],
            None => {
                for number in said {
                    let with = contents.iter().cloned().map(|mut set| {
                        set.insert(number);
                        set
                    });
                    let with: Vec<_> = with.collect();
                    contents.extend(with);
                }
            }
        }
        for leaf in &leaves {
            for day in &days {
                found.extend(contents.iter().map(|said| Value::Document(*leaf, *day, said.clone())));
            }
        }
        found
    }

    pub(super) fn length_options(&self, id: FieldId, wanted: MemberId) -> Vec<Value> {
        match self.given(id) {
            Some(FactValue::None) => return vec![Value::None],
            Some(FactValue::Distances(lengths)) => {
                if let Some((length, _)) = lengths.get(&wanted) {
                    return vec![Value::Length(length.value.clone())];
                }
            }
            _ => {}
        }
        let cuts = self.tests.iter().filter_map(|test| match test {
            TestKind::Distance { field, feature, bound, .. } if *field == id && *feature == wanted => {
                Some(bound.value.clone())
            }
            _ => None,
        });
        points(&cuts.collect(), Some(Domain::NotNegative), 1).into_iter().map(Value::Length).collect()
    }

    // ── truth ──
}
