//! What a clause says, from what it means: its law, its exceptions, its readings.

use crate::diagnostic::Language;
use crate::model::{Attribute, Body, Clause, Condition, Exception, Force, Model, Subject};
use crate::report::ReportOptions;
use crate::report::condition::Conditions;
use crate::report::layout::{clean, padded, width, wrapped};
use crate::report::paint::{Painter, Style};
use crate::report::sources::Sources;
use crate::report::words::Word;

/// A clause in words of either language, with its citations, exceptions and readings; any other entry of the plan as its
/// rule file writes it, with its place. `None` where the rules hold neither.
#[must_use]
pub fn explain(model: &Model, id: &str, sources: &dyn Sources, options: ReportOptions) -> Option<String> {
    let Some(clause) = model.clauses.iter().find(|known| known.id == id) else {
        return as_written(model, id, sources);
    };
    let conditions = Conditions { model, language: options.language };
    let mut page = Page { conditions, options, rows: Vec::new() };
    page.law(clause);
    page.body(&clause.body);
    page.readings(clause);
    if let Some(source) = sources.source(clause.span.source()) {
        let place = source.position(clause.span.start());
        page.row(Word::RuleAt, format!("{}:{}:{}", source.name(), place.line, place.column));
    }
    Some(page.written(clause))
}

/// An indicator, figure, zone, block, table or advisory as it stands in its rule file.
fn as_written(model: &Model, id: &str, sources: &dyn Sources) -> Option<String> {
    let span = model.item_span(id)?;
    let source = sources.source(span.source())?;
    let place = source.position(span.start());
    let (_, first) = source.line(place.line)?;
    let mut text = format!("{}\n", clean(first.trim_end()));
    // The lines that belong to it are indented under it; a row of a table stands by itself.
    let row = first.starts_with([' ', '\t', '\u{3000}']);
    for number in place.line + 1.. {
        let Some((_, line)) = source.line(number).filter(|(_, line)| !row && line.starts_with([' ', '\t', '\u{3000}']))
        else {
            break;
        };
        text.push_str(&format!("{}\n", clean(line.trim_end())));
    }
    text.push_str(&format!("\n{}:{}:{}\n", source.name(), place.line, place.column));
    Some(text)
}

/// Heads with what is said behind them.
type Rows = Vec<(String, String)>;

struct Page<'a> {
    conditions: Conditions<'a>,
    options: ReportOptions,
    rows: Vec<(String, String)>,
}

impl Page<'_> {
    fn word(&self, word: Word) -> &'static str {
        word.text(self.options.language)
    }

    fn row(&mut self, head: Word, text: String) {
        if !text.is_empty() {
            self.rows.push((self.word(head).to_owned(), text));
        }
    }

    fn law(&mut self, clause: &Clause) {
        for citation in &clause.citations {
            let quote = citation.quote.as_ref().map(|quote| format!(" 「{quote}」")).unwrap_or_default();
            self.row(Word::Basis, format!("{}{quote}", citation.section));
        }
        let mut force = self.word(of_force(clause.force())).to_owned();
        if let Some(attribute) = clause.attribute {
            let attribute = self.word(match attribute {
                Attribute::Binding => Word::Binding,
                Attribute::Expected => Word::ExpectedAttribute,
                Attribute::Unmarked => Word::Unmarked,
            });
            force = format!("{force} · {attribute}");
        }
        self.row(Word::ForceRow, force);
        let subject = match clause.subject() {
            Subject::Application => String::new(),
            Subject::Registry => self.word(Word::OfRegistry).to_owned(),
            Subject::Authority => self.word(Word::OfAuthority).to_owned(),
        };
        // What the author wrote says more than the kind, except where the kind has a name in the other language.
        let words = clause
            .body
            .subject_words
            .clone()
            .filter(|_| self.options.language == Language::Chinese || clause.subject() == Subject::Application);
        self.row(Word::SubjectRow, words.unwrap_or(subject));
        self.row(Word::DutyHolderRow, clause.duty_holder.clone().unwrap_or_default());
        if let Some(stage) = self.stage(&clause.body) {
            self.row(Word::StageColumn, stage);
        }
        if clause.general {
            self.row(Word::GeneralRow, self.word(Word::General).to_owned());
        }
        self.row(Word::PrevailsOver, clause.prevails_over.join(", "));
        self.row(Word::WayThroughRow, clause.way_through.clone().unwrap_or_default());
        self.row(Word::QuoteDiffers, clause.quote_differs.clone().unwrap_or_default());
        let of_reading = clause.reading.as_ref().map(|reading| &reading.reason);
        self.row(Word::Reason, clause.reason.clone().filter(|reason| Some(reason) != of_reading).unwrap_or_default());
    }

    fn stage(&self, body: &Body) -> Option<String> {
        let vocabulary = &self.conditions.model.vocabulary;
        let member = vocabulary.enumeration(vocabulary.stages?)?.members.get(body.stage?)?;
        Some(match self.options.language {
            Language::Chinese => member.name.chinese.clone(),
            Language::English => member.name.key().to_owned(),
        })
    }

    fn body(&mut self, body: &Body) {
        for said in [self.applies(body), self.phrases(body), self.exceptions(body)] {
            self.rows.extend(said);
        }
    }

    fn applies(&self, body: &Body) -> Rows {
        let applies = (body.applies != Condition::Always).then(|| self.conditions.say(&body.applies));
        applies.into_iter().map(|said| (self.word(Word::AppliesRow).to_owned(), said)).collect()
    }

    fn phrases(&self, body: &Body) -> Rows {
        let mut rows = Vec::new();
        for part in &body.parts {
            if part.selector != Condition::Always {
                rows.push((self.word(Word::SelectorRow).to_owned(), self.conditions.say(&part.selector)));
            }
            let (head, requirement) = match (part.force, &part.requirement) {
                (_, Condition::Never) => (Word::RequirementColumn, self.word(of_force(part.force)).to_owned()),
                (Force::MustNot | Force::Restricted, Condition::Not(banned)) => {
                    (of_force(part.force), self.conditions.say(banned))
                }
                (_, requirement) => (Word::RequirementColumn, self.conditions.say(requirement)),
            };
            rows.push((self.word(head).to_owned(), requirement));
        }
        rows
    }

    fn exceptions(&self, body: &Body) -> Rows {
        let mut rows = Vec::new();
        body.exceptions.iter().for_each(|exception| self.exception(exception, 0, &mut rows));
        rows
    }

    fn exception(&self, exception: &Exception, depth: usize, rows: &mut Rows) {
        if depth > 8 {
            return;
        }
        let ground = self.conditions.say(&exception.ground);
        let colon = if self.options.language == Language::Chinese { "：" } else { ": " };
        let name = if exception.name.is_empty() { String::new() } else { format!("{}{colon}", exception.name) };
        rows.push((self.word(Word::ExceptionRow).to_owned(), format!("{}{name}{ground}", "  ".repeat(depth))));
        exception.exceptions.iter().for_each(|inner| self.exception(inner, depth + 1, rows));
    }

    fn readings(&mut self, clause: &Clause) {
        if let Some(reading) = &clause.reading {
            let comma = if self.options.language == Language::Chinese { "，" } else { ", " };
            let reason = format!("{}{comma}{} {}", reading.name, self.word(Word::Reason), reading.reason);
            self.row(Word::ReadingRow, reason);
        }
        for other in &clause.other_readings {
            self.row(Word::OtherReadingRow, other.name.clone());
            let stage = |body: &Body| -> Rows {
                self.stage(body).map(|stage| (self.word(Word::StageColumn).to_owned(), stage)).into_iter().collect()
            };
            // What the reading leaves as it is need not be said again; of what it changes, all of it is.
            let sides = [&other.body, &clause.body]
                .map(|body| [self.applies(body), self.phrases(body), self.exceptions(body), stage(body)]);
            let [own, first] = sides;
            let new: Rows =
                own.into_iter().zip(first).filter(|(own, first)| own != first).flat_map(|(own, _)| own).collect();
            self.rows.extend(new.into_iter().map(|(head, text)| (format!("  {head}"), text)));
        }
    }

    fn written(&self, clause: &Clause) -> String {
        let painter = Painter { colour: self.options.colour };
        let mut text = painter.paint(Style::Strong, &clean(&format!("{} {}", clause.id, clause.title)));
        text.push('\n');
        let column = self.rows.iter().map(|(head, _)| width(head)).max().unwrap_or(0) + 4;
        let room = self.options.width.saturating_sub(column).max(24);
        for (head, content) in &self.rows {
            let mut lead = format!("  {}", painter.paint(Style::Second, &padded(head, column - 2)));
            for line in wrapped(&clean(content), room) {
                text.push_str(&format!("{lead}{line}\n"));
                lead = " ".repeat(column);
            }
        }
        text
    }
}

const fn of_force(force: Force) -> Word {
    match force {
        Force::Must => Word::Must,
        Force::MustNot => Word::MustNot,
        Force::Restricted => Word::RestrictedForce,
        Force::InPrinciple => Word::InPrincipleForce,
        Force::Should => Word::Should,
        Force::Expected => Word::ExpectedForce,
        Force::Encouraged => Word::Encouraged,
        Force::Permitted => Word::Permitted,
    }
}
