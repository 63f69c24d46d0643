//! Which crates the code of a `.wasm` file comes from, by the names of its functions.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// A crate whose code is less than this, in bytes, is counted with the others.
const WORTH_NAMING: usize = 1024;

/// The code of each crate, all its functions one after the other, and the data; the largest first.
pub(crate) fn code_by_crate(wasm: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    let mut names = HashMap::new();
    let mut data = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            Payload::DataSection(segments) => {
                for segment in segments {
                    data.extend_from_slice(segment?.data);
                }
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { continue };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for function in functions {
                        let function = function?;
                        names.insert(function.index, function.name);
                    }
                }
            }
            _ => {}
        }
    }
    let mut crates: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for (index, body) in (imported..).zip(bodies) {
        let name = names.get(&index).map_or("others", |name| crate_of(name));
        crates.entry(name).or_default().extend_from_slice(body);
    }
    let mut named: Vec<(String, Vec<u8>)> = Vec::new();
    let mut others = crates.remove("others").unwrap_or_default();
    for (name, code) in crates {
        if code.len() < WORTH_NAMING {
            others.extend(code);
        } else {
            named.push((name.to_owned(), code));
        }
    }
    named.push(("texts, tables and other data".to_owned(), data));
    named.sort_by_key(|(_, code)| std::cmp::Reverse(code.len()));
    named.push(("others".to_owned(), others));
    Ok(named)
}

/// The crate in the name of a function, as in `<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::end`.
fn crate_of(name: &str) -> &str {
    let start = name.trim_start_matches(['<', '&', '(', '[', '*']);
    let start = ["mut ", "const ", "dyn "].iter().fold(start, |start, word| start.strip_prefix(word).unwrap_or(start));
    let end = start.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(start.len());
    match start.split_at(end) {
        // Exports, and what wasm-bindgen wraps around them.
        (export, rest) if !rest.starts_with("::") && !rest.starts_with('[') && export.contains('_') => "exports",
        // A built-in type, or a generic one: its code is the standard library's.
        (word, rest) if !rest.starts_with("::") && !rest.starts_with('[') || word.is_empty() => "core",
        (word, _) if ["str", "char", "u32", "usize"].contains(&word) => "core",
        (word, _) => word,
    }
}

#[cfg(test)]
mod tests {
    use super::crate_of;

    #[test]
    fn functions_are_told_to_their_crates() {
        let told = [
            "hatchet_scheduled::js::client::Client::answer::{{closure}}",
            "<&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::deserialize_any",
            "<dlmalloc[e24a27700634d609]::dlmalloc::Dlmalloc<System>>::malloc",
            "<str>::to_lowercase",
            "<T as alloc::string::SpecToString>::spec_to_string",
            "client_bulkDelete externref shim",
        ];
        assert_eq!(told.map(crate_of), ["hatchet_scheduled", "serde_json", "dlmalloc", "core", "core", "exports"]);
    }
}
