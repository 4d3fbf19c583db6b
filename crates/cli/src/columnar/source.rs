//! Registries in columns, read batch by batch.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::columnar::ROWS;
use crate::files::shown;

/// What a file of columns is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Parquet,
    IpcFile,
    IpcStream,
}

/// A registry in columns.
pub(crate) struct Columns {
    path: PathBuf,
    kind: Kind,
    /// The name that is shown.
    pub(crate) name: String,
    /// Its columns.
    pub(crate) schema: SchemaRef,
}

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>;

impl Columns {
    /// Opens a file; `None` where it holds no columns. What it is, its first bytes say, not its name.
    pub(crate) fn open(path: &Path) -> io::Result<Option<Self>> {
        let mut start = Vec::new();
        File::open(path)?.take(8).read_to_end(&mut start)?;
        let kind = match start.as_slice() {
            [b'P', b'A', b'R', b'1', ..] => Kind::Parquet,
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] => Kind::IpcFile,
            [0xFF, 0xFF, 0xFF, 0xFF, ..] => Kind::IpcStream,
            _ => return Ok(None),
        };
        let (schema, _) = opened(path, kind)?;
        Ok(Some(Self { path: path.to_owned(), kind, name: shown(path), schema }))
    }

    /// Its rows, batch by batch.
    pub(crate) fn batches(&self) -> io::Result<Batches> {
        opened(&self.path, self.kind).map(|(_, batches)| batches)
    }
}

fn opened(path: &Path, kind: Kind) -> io::Result<(SchemaRef, Batches)> {
    let file = File::open(path)?;
    let damaged = |error: &dyn std::fmt::Display| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
    Ok(match kind {
        Kind::Parquet => {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(&error))?;
            let schema = builder.schema().clone();
            let reader = builder.with_batch_size(ROWS).build().map_err(|error| damaged(&error))?;
            (schema, Box::new(reader))
        }
        Kind::IpcFile => {
            let reader = FileReader::try_new(BufReader::new(file), None).map_err(|error| damaged(&error))?;
            (reader.schema(), Box::new(reader))
        }
        Kind::IpcStream => {
            let reader = StreamReader::try_new(BufReader::new(file), None).map_err(|error| damaged(&error))?;
            (reader.schema(), Box::new(reader))
        }
    })
}
