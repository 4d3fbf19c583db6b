//! Rulings written in columns: the file appears when it is whole, an interrupted run leaves none behind.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_ipc::writer::FileWriter;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// Whether a file of this name is written in columns.
pub(crate) fn is_columnar(file: &Path) -> bool {
    is(file, "parquet") || is(file, "arrow")
}

fn is(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

enum Writer {
    Parquet(Box<ArrowWriter<BufWriter<File>>>),
    Ipc(Box<FileWriter<BufWriter<File>>>),
}

/// A file of rulings in the making.
pub(crate) struct Sink {
    writer: Option<Writer>,
    partial: PathBuf,
    file: PathBuf,
}

impl Sink {
    /// Begins a file.
    pub(crate) fn new(file: &Path, schema: &SchemaRef) -> io::Result<Self> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let partial = file.with_file_name(format!(".{name}.partial"));
        let out = BufWriter::new(File::create(&partial)?);
        let begun = if is(file, "parquet") {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties));
            writer.map(|writer| Writer::Parquet(Box::new(writer))).map_err(io::Error::other)
        } else {
            FileWriter::try_new(out, schema).map(|writer| Writer::Ipc(Box::new(writer))).map_err(io::Error::other)
        };
        let mut sink = Self { writer: None, partial, file: file.to_owned() };
        sink.writer = Some(begun?);
        Ok(sink)
    }

    /// Adds rulings.
    pub(crate) fn write(&mut self, rulings: &RecordBatch) -> io::Result<()> {
        match &mut self.writer {
            Some(Writer::Parquet(writer)) => writer.write(rulings).map_err(io::Error::other),
            Some(Writer::Ipc(writer)) => writer.write(rulings).map_err(io::Error::other),
            None => Ok(()),
        }
    }

    /// Ends the file and gives it its name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match self.writer.take() {
            Some(Writer::Parquet(writer)) => writer.into_inner().map_err(io::Error::other)?.flush()?,
            Some(Writer::Ipc(mut writer)) => {
                writer.finish().map_err(io::Error::other)?;
                writer.into_inner().map_err(io::Error::other)?.flush()?;
            }
            None => {}
        }
        std::fs::rename(&self.partial, &self.file)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // Best effort: after a rename there is nothing to remove, and what could not be written has been told.
        let _ = std::fs::remove_file(&self.partial);
    }
}
