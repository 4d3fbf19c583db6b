//! Rule files, vocabularies and facts from the disk.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use adit::diagnostic::{Code, Language, Problem, Words};
use adit::parse::{self, Limits};
use adit::rulebook::{Resolver, RuleFile, Rulebook, RulebookBuilder};
use adit::source::Source;
use adit::span::{SourceId, Span};

use crate::words::Say;

/// How deep folders are followed.
const DEEPEST: usize = 32;

/// A problem of a file as such, with a text that stands for it.
pub(crate) struct FileProblem {
    /// The problem.
    pub(crate) problem: Problem,
    /// The file, without its content.
    pub(crate) sources: Vec<Source>,
}

impl FileProblem {
    /// A problem of a file as a whole.
    pub(crate) fn new(name: &str, problem: Problem) -> Self {
        Self { problem, sources: vec![Source::new(SourceId::default(), name, "")] }
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, fault: &io::Error) -> Self {
        let name = shown(path);
        let words = match fault.kind() {
            io::ErrorKind::NotFound => in_both(Say::NotFound),
            io::ErrorKind::PermissionDenied => in_both(Say::NoPermission),
            _ => Words::same(fault.to_string()),
        };
        let problem = Problem::error(Code::CannotRead, Span::default()).with(name.as_str()).with_words(words);
        Self::new(&name, problem)
    }
}

fn in_both(say: Say) -> Words {
    Words::new(say.text(Language::Chinese), say.text(Language::English))
}

/// A builder over rule files and folders, and over those of plans above, each of them one path; vocabularies are looked
/// for beside them and in `vocabulary` folders above.
pub(crate) fn builder(paths: &[PathBuf], upper: &[PathBuf]) -> Result<RulebookBuilder<'static>, FileProblem> {
    let mut builder = Rulebook::builder();
    for file in rule_files(paths)? {
        builder = builder.file(file);
    }
    for path in upper {
        builder = builder.upper(rule_files(std::slice::from_ref(path))?);
    }
    let folders = vocabulary_folders(&[paths, upper].concat());
    Ok(builder.resolver(Folders { folders }))
}

/// The rule files at some paths, each once.
fn rule_files(paths: &[PathBuf]) -> Result<Vec<RuleFile>, FileProblem> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let before = files.len();
        if fs::metadata(path).map_err(|fault| FileProblem::unreadable(path, &fault))?.is_dir() {
            collect(path, 0, &mut files)?;
            if files.len() == before {
                let name = shown(path);
                let problem = Problem::error(Code::NoRules, Span::default()).with(name.as_str());
                return Err(FileProblem::new(&name, problem));
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut read = Vec::new();
    for path in files {
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if !seen.contains(&real) {
            seen.push(real);
            read.push(read_rules(&path)?);
        }
    }
    Ok(read)
}

fn read_rules(path: &Path) -> Result<RuleFile, FileProblem> {
    let bytes = fs::read(path).map_err(|fault| FileProblem::unreadable(path, &fault))?;
    Ok(RuleFile::new(shown(path), bytes))
}

/// All `*.adit` below a folder, in order of their names.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), FileProblem> {
    let fault = |fault: io::Error| FileProblem::unreadable(folder, &fault);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        entries.push(entry.map_err(fault)?.path());
    }
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let kind = fs::symlink_metadata(&path).map_err(|fault| FileProblem::unreadable(&path, &fault))?;
        if kind.is_dir() && !hidden && depth < DEEPEST {
            collect(&path, depth + 1, files)?;
        } else if path.extension().is_some_and(|ending| ending == "adit") && !hidden && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// The `vocabulary` folders beside the rules and on the way up to the root, nearest first.
fn vocabulary_folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for path in paths {
        let Ok(real) = fs::canonicalize(path) else { continue };
        for above in real.ancestors() {
            let folder = above.join("vocabulary");
            if folder.is_dir() && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        if real.is_file()
            && let Some(beside) = real.parent()
            && !folders.contains(&beside.to_path_buf())
        {
            folders.insert(0, beside.to_path_buf());
        }
    }
    folders
}

/// Vocabularies in folders.
struct Folders {
    folders: Vec<PathBuf>,
}

impl Resolver for Folders {
    fn vocabulary(&self, name: &str) -> Vec<RuleFile> {
        let mut found: Vec<RuleFile> = Vec::new();
        for folder in &self.folders {
            let mut paths: Vec<PathBuf> =
                fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            paths.retain(|path| path.extension().is_some_and(|ending| ending == "adit"));
            paths.sort_by_key(|path| (path.file_stem().is_none_or(|stem| stem != name), path.clone()));
            found.extend(paths.iter().filter_map(|path| Some(RuleFile::new(shown(path), fs::read(path).ok()?))));
        }
        found
    }
}

/// The text of a fact file, or of standard input.
pub(crate) fn facts(path: Option<&Path>) -> Result<(String, String), FileProblem> {
    let (name, bytes) = match path {
        Some(path) => (shown(path), fs::read(path).map_err(|fault| FileProblem::unreadable(path, &fault))?),
        None => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|fault| FileProblem::unreadable(Path::new("-"), &fault))?;
            ("-".to_owned(), bytes)
        }
    };
    // How large one case may be is for the reader of facts to say; a file may hold many.
    let limits = Limits { file_bytes: usize::MAX, ..Limits::default() };
    match parse::decode(SourceId::default(), &name, &bytes, &limits) {
        Ok(text) => Ok((name, text)),
        Err(problem) => Err(FileProblem::new(&name, problem)),
    }
}

/// A path as it is shown: relative to where one stands if it lies below, with forward slashes.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.as_ref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let text = relative.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}
