//! Facts as Python holds them, written as a file of facts.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PySet, PyString, PyTuple};

/// How deep dictionaries and lists are followed; the reader of facts refuses far less.
const DEEPEST: usize = 100;

/// Facts as JSON. Text is taken as it stands; numbers keep the digits that Python shows, so that none is rounded.
pub(crate) fn text_of(facts: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = facts.cast::<PyString>() {
        return Ok(text.to_str()?.to_owned());
    }
    if facts.cast::<PyMapping>().is_err() {
        let kind = facts.get_type().name()?;
        return Err(PyTypeError::new_err(format!("facts are a dict, or text in JSON or YAML, not {kind}")));
    }
    let mut text = String::new();
    write(facts, &mut text, 0)?;
    Ok(text)
}

fn write(value: &Bound<'_, PyAny>, text: &mut String, depth: usize) -> PyResult<()> {
    if depth > DEEPEST {
        return Err(PyTypeError::new_err(format!("facts are nested more than {DEEPEST} deep")));
    }
    if value.is_none() {
        text.push_str("null");
    } else if let Ok(answer) = value.cast::<PyBool>() {
        text.push_str(if answer.is_true() { "true" } else { "false" });
    } else if let Ok(words) = value.cast::<PyString>() {
        quote(words.to_str()?, text);
    } else if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
        number(&value.str()?.to_cow()?, text);
    } else if let Ok(entries) = value.cast::<PyDict>() {
        write_entries(entries.items().try_iter()?, text, depth)?;
    } else if let Ok(entries) = value.cast::<PyMapping>() {
        write_entries(entries.items()?.try_iter()?, text, depth)?;
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() || value.is_instance_of::<PySet>() {
        write_items(value, text, depth)?;
    } else if value.hasattr("as_integer_ratio")? {
        // A Decimal: `f` writes it without an exponent.
        number(&value.call_method1("__format__", ("f",))?.str()?.to_cow()?, text);
    } else if value.hasattr("isoformat")? {
        quote(&day(value)?, text);
    } else {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!("a value of type {kind} is no fact")));
    }
    Ok(())
}

fn write_entries<'py>(
    entries: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
    text: &mut String,
    depth: usize,
) -> PyResult<()> {
    text.push('{');
    for (index, entry) in entries.enumerate() {
        let (key, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = entry?.extract()?;
        text.push_str(if index == 0 { "" } else { ", " });
        let Ok(name) = key.cast::<PyString>() else {
            return Err(PyTypeError::new_err(format!("the name of a fact is a str, not {}", key.get_type().name()?)));
        };
        quote(name.to_str()?, text);
        text.push_str(": ");
        write(&value, text, depth + 1)?;
    }
    text.push('}');
    Ok(())
}

fn write_items(items: &Bound<'_, PyAny>, text: &mut String, depth: usize) -> PyResult<()> {
    text.push('[');
    for (index, item) in items.try_iter()?.enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        write(&item?, text, depth + 1)?;
    }
    text.push(']');
    Ok(())
}

fn quote(words: &str, text: &mut String) {
    text.push_str(&serde_json::Value::from(words).to_string());
}

/// A number in its digits; `nan` and `inf` stay words, for the reader of facts to refuse.
fn number(digits: &str, text: &mut String) {
    let is_number = digits.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '-' | '+' | '.' | 'e' | 'E'));
    if is_number { text.push_str(digits) } else { quote(digits, text) }
}

/// The day of a `date` or `datetime`, or of text.
pub(crate) fn day(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let written = if value.hasattr("isoformat")? { value.call_method0("isoformat")?.str()? } else { value.str()? };
    let written = written.to_cow()?.into_owned();
    Ok(written.split('T').next().unwrap_or_default().to_owned())
}
