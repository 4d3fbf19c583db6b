//! Enumerations and taxonomies: members, genera, order, stages, default bases.

use std::collections::BTreeMap;

use crate::ast::{Item, ItemKind, Role, Sign, Token};
use crate::check::circle::circles;
use crate::check::lexicon::Meaning;
use crate::check::names::{Declared, read_name, split, split_once, words};
use crate::check::scope::Scope;
use crate::check::vocabulary::{add_name, entries_of, token_lines, tokens_of};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Enumeration, EnumerationId, Member, MemberId, Name, Order, RegistryEffect};
use crate::quantity::BasisId;
use crate::span::Span;

/// An enumeration while its members are collected.
#[derive(Debug, Default)]
pub struct Draft {
    /// What it is so far.
    pub enumeration: Enumeration,
    closed: Vec<bool>,
    stages: Vec<(String, String, [Span; 2])>,
    bases: Vec<(Option<String>, String, Span)>,
}

const ORDERED: [&str; 2] = ["有序", "ordered"];
const FALLING: [&str; 2] = ["由大到小", "falling"];
/// Whether an option says how an enumeration is listed.
pub(super) fn is_order(option: &str) -> bool {
    ORDERED.contains(&option) || FALLING.contains(&option)
}

const COMPLETE: [&str; 2] = ["列举已尽", "list complete"];

pub(super) fn draft(scope: &mut Scope, drafts: &mut Vec<Draft>, item: &Item) {
    let (head, first) = match split_once(&item.header, Sign::Colon) {
        Some((head, first)) => (head, Some(first)),
        None => (item.header.as_slice(), None),
    };
    let mut head_parts = split(head, Sign::Comma).into_iter();
    let Some(declared) = head_parts.next().and_then(|part| read_name(part, false)) else {
        scope.problems.push(Problem::error(Code::MalformedEntry, item.kind.span).with(item.kind.kind.chinese()));
        return;
    };
    let is_free = |meaning: &Meaning| matches!(meaning, Meaning::Located | Meaning::Distance);
    if crate::check::lexicon::Lexicon::is_reserved(&declared.name.chinese)
        && !scope.meanings_of(&declared.name.chinese).iter().any(is_free)
    {
        let word = declared.name.chinese;
        scope.problems.push(Problem::error(Code::ReservedWord, declared.name.span).with(word));
        return;
    }
    let position = drafts.iter().position(|known| known.enumeration.name.chinese == declared.name.chinese);
    if let (Some(known), ItemKind::Enumeration) = (position.and_then(|index| drafts.get(index)), item.kind.kind) {
        let first = known.enumeration.name.span;
        let problem = Problem::error(Code::DuplicateName, declared.name.span).with(declared.name.chinese);
        scope.problems.push(problem.also(first, Words::new("先在这里声明", "declared here first")));
        return;
    }
    let mut draft = match position {
        Some(index) => drafts.remove(index),
        None => {
            Draft { enumeration: Enumeration { name: declared.name, ..Enumeration::default() }, ..Draft::default() }
        }
    };
    for option in head_parts.flat_map(words) {
        draft.set_order(&option);
    }
    for line in first.into_iter().chain(token_lines(item).skip(1)) {
        draft.line(scope, line);
    }
    draft.stage_lines(item);
    draft.basis_lines(item);
    draft.registry_lines(scope, item);
    drafts.push(draft);
}

impl Draft {
    /// An enumeration that stands inside a field's declaration.
    #[must_use]
    pub fn inline(scope: &mut Scope, name: Name, members: &[Token], options: &[String]) -> Self {
        let mut draft = Self { enumeration: Enumeration { name, ..Enumeration::default() }, ..Self::default() };
        for option in options {
            draft.set_order(option);
        }
        draft.line(scope, members);
        draft
    }

    /// An enumeration of names that stand in no declaration: the places of a plan.
    #[must_use]
    pub fn of_names(chinese: &str, english: &str, names: Vec<Name>) -> Self {
        let own = Name { chinese: chinese.to_owned(), english: Some(english.to_owned()), ..Name::default() };
        let members: Vec<Member> = names.into_iter().map(|name| Member { name, ..Member::default() }).collect();
        let closed = vec![false; members.len()];
        let enumeration = Enumeration { name: own, members, ..Enumeration::default() };
        Self { enumeration, closed, ..Self::default() }
    }

    fn set_order(&mut self, option: &str) {
        if ORDERED.contains(&option) {
            self.enumeration.order = Some(Order::Rising);
        } else if FALLING.contains(&option) {
            self.enumeration.order = Some(Order::Falling);
        }
    }

    /// `属 english > 种 english、种`, or members alone.
    fn line(&mut self, scope: &mut Scope, line: &[Token]) {
        let (genus, members) = match split_once(line, Sign::Above) {
            Some((genus, members)) => {
                let mut listed = split(genus, Sign::Listing);
                let last = listed.pop();
                for alone in listed {
                    self.member(scope, alone, None);
                }
                (last.and_then(|last| self.member(scope, last, None)), members)
            }
            None => (None, line),
        };
        for part in split(members, Sign::Listing).into_iter().filter(|part| !part.is_empty()) {
            let before = (self.enumeration.members.len(), self.under(genus));
            let listed = self.member(scope, part, genus);
            // A value may stand under several genera; under one it stands once.
            if listed.is_some()
                && before == (self.enumeration.members.len(), self.under(genus))
                && let Some(name) = read_name(part, false).map(|declared| declared.name)
                && name.aliases.is_empty()
            {
                scope.problems.push(Problem::error(Code::DuplicateName, name.span).with(name.chinese));
            }
        }
    }

    /// How many members stand under a genus.
    fn under(&self, genus: Option<MemberId>) -> usize {
        let below = |member: &&Member| genus.is_some_and(|genus| member.parents.contains(&genus));
        self.enumeration.members.iter().filter(below).count()
    }

    fn member(&mut self, scope: &mut Scope, tokens: &[Token], genus: Option<MemberId>) -> Option<MemberId> {
        let Some(Declared { name, notes, rest }) = read_name(tokens, false) else {
            let span = tokens.first().map(|token| token.span).unwrap_or_default();
            scope.problems.push(Problem::error(Code::MalformedEntry, span).with(ItemKind::Enumeration.chinese()));
            return None;
        };
        if let Some(extra) = rest.first() {
            scope.problems.push(Problem::error(Code::MalformedEntry, name.span).with(extra.clone()));
        }
        let known = self.enumeration.members.iter().position(|member| member.name.chinese == name.chinese);
        let index = known.unwrap_or(self.enumeration.members.len());
        let id = MemberId(u16::try_from(index).ok()?);
        if known.is_none() {
            self.enumeration.members.push(Member { name: name.clone(), ..Member::default() });
            self.closed.push(false);
        }
        let member = self.enumeration.members.get_mut(index)?;
        if known.is_some() {
            member.name.english = member.name.english.take().or(name.english);
            for alias in name.aliases {
                if !member.name.aliases.contains(&alias) {
                    member.name.aliases.push(alias);
                }
            }
        }
        if let Some(genus) = genus.filter(|genus| *genus != id && !member.parents.contains(genus)) {
            member.parents.push(genus);
        }
        if notes.iter().any(|note| COMPLETE.contains(&note.as_str()))
            && let Some(closed) = self.closed.get_mut(index)
        {
            *closed = true;
        }
        Some(id)
    }

    /// `环节：新设 新立；扩建、改扩建 设计`.
    fn stage_lines(&mut self, item: &Item) {
        for entry in entries_of(item, Role::Stage) {
            for group in split(tokens_of(entry).unwrap_or_default(), Sign::Semicolon) {
                let listed = split(group, Sign::Listing);
                let last = listed.last().map(|part| words(part)).unwrap_or_default();
                let Some(stage) = last.get(1).cloned() else { continue };
                for part in listed {
                    if let (Some(member), Some(first), Some(end)) = (words(part).first(), part.first(), group.last()) {
                        self.stages.push((member.clone(), stage.clone(), [first.span, end.span]));
                    }
                }
            }
        }
    }

    /// `默认计量基准：矿石；煤 原煤`.
    fn basis_lines(&mut self, item: &Item) {
        for entry in entries_of(item, Role::DefaultBasis) {
            for group in split(tokens_of(entry).unwrap_or_default(), Sign::Semicolon) {
                match words(group).as_slice() {
                    [basis] => self.bases.push((None, basis.clone(), entry.span)),
                    [member, basis] => self.bases.push((Some(member.clone()), basis.clone(), entry.span)),
                    _ => {}
                }
            }
        }
    }

    /// `入册：新设 增加；扩建、变更 更新；整合 合并；闭坑 移除`.
    fn registry_lines(&mut self, scope: &mut Scope, item: &Item) {
        for entry in entries_of(item, Role::RegistryEffect) {
            for group in split(tokens_of(entry).unwrap_or_default(), Sign::Semicolon) {
                let listed = split(group, Sign::Listing);
                let last = listed.last().map(|part| words(part)).unwrap_or_default();
                let effect = last.get(1).and_then(|word| RegistryEffect::from_word(word));
                let named: Vec<Option<MemberId>> =
                    listed.iter().map(|part| words(part).first().and_then(|word| self.find(word))).collect();
                match (effect, named.into_iter().collect::<Option<Vec<MemberId>>>()) {
                    (Some(effect), Some(members)) => {
                        let own = members.into_iter().map(|member| (member, effect));
                        self.enumeration.registry_effects.extend(own);
                    }
                    _ => {
                        let word = Role::RegistryEffect.chinese();
                        scope.problems.push(Problem::error(Code::MalformedEntry, entry.span).with(word));
                    }
                }
            }
        }
    }

    /// The member of a name.
    pub(super) fn find(&self, word: &str) -> Option<MemberId> {
        let found = self.enumeration.members.iter().position(|member| member.name.spellings().any(|name| name == word));
        found.and_then(|index| u16::try_from(index).ok()).map(MemberId)
    }

    fn is_genus(&self, index: usize) -> bool {
        let id = MemberId(u16::try_from(index).unwrap_or(u16::MAX));
        self.enumeration.members.iter().any(|member| member.parents.contains(&id))
    }

    /// Gives every member its leaves: itself, or those below it and one implicit "other" unless it is closed.
    fn number_leaves(&mut self, problems: &mut Vec<Problem>) {
        let count = self.enumeration.members.len();
        let mut own = Vec::with_capacity(count);
        let mut next = 0;
        for index in 0..count {
            let closed_genus = self.is_genus(index) && self.closed.get(index).copied().unwrap_or(false);
            own.push(if closed_genus { None } else { Some(next) });
            next += usize::from(!closed_genus);
        }
        self.enumeration.leaf_count = next;
        for (index, leaf) in own.into_iter().enumerate() {
            let Some(leaf) = leaf else { continue };
            let mut above = vec![index];
            let mut seen = BTreeMap::new();
            while let Some(current) = above.pop() {
                if seen.insert(current, ()).is_some() {
                    continue;
                }
                let Some(member) = self.enumeration.members.get_mut(current) else { continue };
                member.leaves.insert(leaf);
                above.extend(member.parents.iter().map(|parent| parent.0 as usize));
            }
        }
        self.report_circles(problems);
    }

    fn report_circles(&self, problems: &mut Vec<Problem>) {
        let members = &self.enumeration.members;
        let parents = |index: usize| -> Vec<usize> {
            let above = members.get(index).map(|member| member.parents.as_slice()).unwrap_or_default();
            above.iter().map(|parent| parent.0 as usize).collect()
        };
        for way in circles(members.len(), parents) {
            let on_it: Vec<&Name> = way.iter().filter_map(|index| members.get(*index)).map(|it| &it.name).collect();
            let Some(first) = on_it.first() else { continue };
            let names: Vec<&str> = on_it.iter().map(|name| name.chinese.as_str()).collect();
            problems.push(Problem::error(Code::CircularGenus, first.span).with(names.join(" → ")));
        }
    }
}

/// Numbers leaves, puts members into the lexicon, and moves the drafts into the vocabulary. `valued` says which
/// enumerations are some field's values; the others (stages) stay out of the lexicon.
pub fn finish_enumerations(scope: &mut Scope, drafts: Vec<Draft>, valued: impl Fn(&str) -> bool) {
    let names: Vec<String> = drafts.iter().map(|draft| draft.enumeration.name.chinese.clone()).collect();
    let stage_owner = drafts.iter().flat_map(|draft| draft.stages.first()).next().map(|(_, stage, _)| stage.clone());
    let stages = stage_owner.and_then(|stage| {
        drafts.iter().position(|draft| !valued(&draft.enumeration.name.chinese) && draft.find(&stage).is_some())
    });
    let stage_names: Vec<String> = stages
        .and_then(|index| drafts.get(index))
        .map(|draft| draft.enumeration.members.iter().map(|member| member.name.chinese.clone()).collect())
        .unwrap_or_default();
    scope.model.vocabulary.stages = stages.and_then(|index| u16::try_from(index).ok()).map(EnumerationId);
    for ((index, mut draft), name) in (0u16..).zip(drafts).zip(names) {
        draft.number_leaves(&mut scope.problems);
        resolve_stages(scope, &mut draft, &stage_names);
        resolve_bases(scope, &mut draft);
        if valued(&name) {
            let members: Vec<Name> = draft.enumeration.members.iter().map(|member| member.name.clone()).collect();
            for (member, name) in (0u16..).zip(&members) {
                add_name(scope, name, &Meaning::Member(EnumerationId(index), MemberId(member)));
            }
        }
        scope.model.vocabulary.enumerations.push(draft.enumeration);
    }
}

fn resolve_stages(scope: &mut Scope, draft: &mut Draft, stage_names: &[String]) {
    for (member, stage, [of_member, of_stage]) in std::mem::take(&mut draft.stages) {
        let index = stage_names.iter().position(|name| *name == stage);
        match (draft.find(&member), index) {
            (Some(member), Some(index)) => draft.enumeration.stages.push((member, index)),
            (None, _) => scope.problems.push(Problem::error(Code::UnknownWord, of_member).with(member)),
            (_, None) => scope.problems.push(Problem::error(Code::UnknownWord, of_stage).with(stage)),
        }
    }
}

fn resolve_bases(scope: &mut Scope, draft: &mut Draft) {
    for (member, basis, span) in std::mem::take(&mut draft.bases) {
        let bases = &scope.model.vocabulary.bases;
        let found = bases.iter().position(|name| name.spellings().any(|spelling| spelling == basis));
        let Some(basis_id) = found.and_then(|index| u16::try_from(index).ok()).map(BasisId) else {
            scope.problems.push(Problem::error(Code::UnknownBasis, span).with(basis));
            continue;
        };
        match member {
            None => draft.enumeration.default_basis = Some(basis_id),
            Some(word) => match draft.find(&word) {
                Some(member) => draft.enumeration.default_bases.push((member, basis_id)),
                None => scope.problems.push(Problem::error(Code::UnknownWord, span).with(word)),
            },
        }
    }
}
