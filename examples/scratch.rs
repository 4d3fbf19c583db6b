//! scratch
use adit::{check, diagnostic::Language, parse, source::Source, span::SourceId};
fn main() {
    let mut sources = vec![];
    let mut files = vec![];
    let mut problems = vec![];
    for (i, name) in std::env::args().skip(1).enumerate() {
        let text = std::fs::read_to_string(&name).unwrap();
        let s = Source::new(SourceId::new(i as u32), name, text);
        let p = parse::parse(&s, &parse::Limits::default());
        problems.extend(p.problems);
        files.push(p.file);
        sources.push(s);
    }
    let inputs: Vec<_> = files.iter().zip(&sources).map(|(file, source)| check::Input { file, source }).collect();
    let t = std::time::Instant::now();
    let c = check::check(&inputs);
    problems.extend(c.problems);
    for p in &problems {
        let s = &sources[p.span().source().index()];
        let pos = s.position(p.span().start());
        println!(
            "{} {}:{}:{} {} | {} | help {} {:?}",
            p.code().entry().name(),
            s.name(),
            pos.line,
            pos.column,
            p.title(Language::Chinese),
            s.slice(p.span()),
            p.advice(Language::Chinese),
            p.mended_text()
        );
    }
    println!(
        "{} clauses, {} fields, {} cases, {:?}",
        c.model.clauses.len(),
        c.model.vocabulary.fields.len(),
        c.model.cases.len(),
        t.elapsed()
    );
}
