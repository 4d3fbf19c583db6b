//! Files that appear when they are whole: an interrupted run leaves none behind.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// A file in the making, under another name beside its own.
pub(crate) struct Whole {
    partial: PathBuf,
    file: PathBuf,
}

impl Whole {
    /// Begins a file.
    pub(crate) fn begin(file: &Path) -> io::Result<(Self, BufWriter<File>)> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let partial = file.with_file_name(format!(".{name}.partial"));
        let out = BufWriter::new(File::create(&partial)?);
        Ok((Self { partial, file: file.to_owned() }, out))
    }

    /// Gives the file its name; everything has been written.
    pub(crate) fn finish(self) -> io::Result<()> {
        fs::rename(&self.partial, &self.file)
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // Best effort: after a rename there is nothing to remove, and what could not be written has been told.
        let _ = fs::remove_file(&self.partial);
    }
}
