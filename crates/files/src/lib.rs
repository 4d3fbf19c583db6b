//! Rule files and vocabularies of [Adit](adit) from the disk, which the language itself does not touch.
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("adit-files-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # std::fs::write(folder.join("county.adit"), "引用 矿业\n条款 T-1 “甲”\n  依据 一 「禁止开采煤」\n  禁止 开采 煤\n")?;
//! let read = adit_files::read(&[folder.clone()], &[]).map_err(|fault| fault.problem.to_string())?;
//! let rulebook = read.builder().build()?;
//! assert_eq!(rulebook.review_json(r#"{"办理事项": "新建", "矿种": "煤"}"#)?.ruling.code(), "refused");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use adit::diagnostic::{Code, Problem, Words};
use adit::rulebook::{Resolver, RuleFile, Rulebook, RulebookBuilder};
use adit::source::Source;
use adit::span::{SourceId, Span};

/// How deep folders are followed.
const DEEPEST: usize = 32;

/// A problem of a file as such, with a text that stands for it.
#[derive(Debug)]
pub struct FileProblem {
    /// The problem.
    pub problem: Problem,
    /// The file, without its content.
    pub sources: Vec<Source>,
}

impl FileProblem {
    /// A problem of a file as a whole.
    #[must_use]
    pub fn new(name: &str, problem: Problem) -> Self {
        Self { problem, sources: vec![Source::new(SourceId::default(), name, "")] }
    }

    /// A file that cannot be read.
    #[must_use]
    pub fn unreadable(path: &Path, fault: &io::Error) -> Self {
        let name = shown(path);
        let words = match fault.kind() {
            io::ErrorKind::NotFound => Words::new("没有这个文件或文件夹", "no such file or folder"),
            io::ErrorKind::PermissionDenied => Words::new("没有权限", "permission denied"),
            _ => Words::same(fault.to_string()),
        };
        let problem = Problem::error(Code::CannotRead, Span::default()).with(name.as_str()).with_words(words);
        Self::new(&name, problem)
    }
}

/// The rule files of a plan and of those above it, as they stand on the disk, and where vocabularies may be.
#[derive(Debug, Clone)]
pub struct RuleFiles {
    /// The plan's own.
    pub own: Vec<RuleFile>,
    /// Those of each plan above.
    pub upper: Vec<Vec<RuleFile>>,
    folders: Folders,
}

/// Reads rule files and folders, and those of plans above, each of them one path; vocabularies are looked for beside them
/// and in `vocabulary` folders above.
///
/// # Errors
/// A path that cannot be read, a folder without rules.
pub fn read(paths: &[PathBuf], upper: &[PathBuf]) -> Result<RuleFiles, FileProblem> {
    Ok(RuleFiles {
        own: rule_files(paths)?,
        upper: upper.iter().map(|path| rule_files(std::slice::from_ref(path))).collect::<Result<_, _>>()?,
        folders: Folders { folders: vocabulary_folders(&[paths, upper].concat()) },
    })
}

impl RuleFiles {
    /// A builder over them.
    #[must_use]
    pub fn builder(&self) -> RulebookBuilder<'static> {
        let builder = self.own.iter().cloned().fold(Rulebook::builder(), RulebookBuilder::file);
        let builder = self.upper.iter().cloned().fold(builder, RulebookBuilder::upper);
        builder.resolver(self.folders.clone())
    }
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
#[derive(Debug, Clone)]
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

/// A path as it is shown: relative to where one stands if it lies below, with forward slashes.
#[must_use]
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let relative = here.as_ref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let text = relative.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}
