//! Rule files and facts from the disk.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use adit::parse::{self, Limits};
use adit::rulebook::RulebookBuilder;
use adit::span::SourceId;
pub(crate) use adit_files::{FileProblem, shown};

/// A builder over rule files and folders, and over those of plans above.
pub(crate) fn builder(paths: &[PathBuf], upper: &[PathBuf]) -> Result<RulebookBuilder<'static>, FileProblem> {
    adit_files::read(paths, upper).map(|files| files.builder())
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
