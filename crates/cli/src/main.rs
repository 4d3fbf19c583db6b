//! The command line of Adit.
fn main() {}
