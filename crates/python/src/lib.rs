//! Adit for Python: the extension module below the package `adit`.
//!
//! What a user sees is described in `python/adit/_adit.pyi`. Every call that loads, reviews or counts lets other threads
//! of Python run; what goes wrong becomes one of the package's exceptions.

mod assessment;
mod errors;
mod facts;
mod options;
mod rulebook;
mod ruling;
mod tables;
mod tally;

use pyo3::prelude::*;

#[pymodule]
fn _adit(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<rulebook::Rulebook>()?;
    module.add_class::<ruling::Ruling>()?;
    module.add_class::<tables::Rulings>()?;
    module.add_class::<tables::Batch>()?;
    module.add_class::<tally::Tally>()?;
    module.add_class::<assessment::Assessment>()
}
