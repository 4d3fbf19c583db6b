//! Rulings written in columns.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_ipc::writer::FileWriter;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::whole::Whole;

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
    writer: Writer,
    whole: Whole,
}

impl Sink {
    /// Begins a file.
    pub(crate) fn new(file: &Path, schema: &SchemaRef) -> io::Result<Self> {
        let (whole, out) = Whole::begin(file)?;
        let writer = if is(file, "parquet") {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties));
            Writer::Parquet(Box::new(writer.map_err(io::Error::other)?))
        } else {
            Writer::Ipc(Box::new(FileWriter::try_new(out, schema).map_err(io::Error::other)?))
        };
        Ok(Self { writer, whole })
    }

    /// Adds rulings.
    pub(crate) fn write(&mut self, rulings: &RecordBatch) -> io::Result<()> {
        match &mut self.writer {
            Writer::Parquet(writer) => writer.write(rulings).map_err(io::Error::other),
            Writer::Ipc(writer) => writer.write(rulings).map_err(io::Error::other),
        }
    }

    /// Ends the file and gives it its name.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.writer {
            Writer::Parquet(writer) => writer.into_inner().map_err(io::Error::other)?.flush()?,
            Writer::Ipc(mut writer) => {
                writer.finish().map_err(io::Error::other)?;
                writer.into_inner().map_err(io::Error::other)?.flush()?;
            }
        }
        self.whole.finish()
    }
}
