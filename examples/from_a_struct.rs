//! Facts from a type of your own: anything that serialises, with Chinese or English names.
//!
//! `cargo run -q --example from_a_struct`

use adit::{Rulebook, Verdict};
use serde::Serialize;

const RULES: &str = "use 矿业
clause A \"New limestone mines\"
  new cement-limestone or building-limestone mine scale at least 100万吨/年
clause B \"Reclamation\"
  new mine must have reclamation-plan
";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Application {
    name: String,
    activity: &'static str,
    mineral: &'static str,
    scale: String,
    documents: Vec<&'static str>,
    documents_complete: bool,
}

fn main() -> Result<(), adit::Error> {
    let rulebook = Rulebook::from_text(RULES)?;
    let mut application = Application {
        name: "Honglu".to_owned(),
        activity: "new",
        mineral: "building-limestone",
        scale: "100万吨/年".to_owned(),
        documents: vec!["reclamation-plan"],
        documents_complete: true,
    };
    let ruling = rulebook.review(&application)?;
    println!("{}: {}", application.name, ruling.ruling.code());
    assert_eq!(ruling.ruling, Verdict::Admissible);

    application.documents.clear();
    let ruling = rulebook.review(&application)?;
    println!("{} without its documents: {}", application.name, ruling.ruling.code());
    assert_eq!(ruling.ruling, Verdict::Refused);
    Ok(())
}
