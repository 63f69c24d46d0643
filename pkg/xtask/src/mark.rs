//! Which build a `.wasm` file is of, written into it: an app may serve the file by itself, and then an old one from a cache.

use anyhow::{Context as _, Result};
use flate2::Crc;

/// The name of the custom section.
const SECTION: &str = "hatchet-scheduled";

/// What names a build: its version, and a checksum of its code and of the bindings that call it.
pub(crate) fn of(version: &str, wasm: &[u8], glue: &str) -> String {
    let mut sum = Crc::new();
    sum.update(wasm);
    sum.update(glue.as_bytes());
    format!("{version} {:08x}", sum.sum())
}

/// The file with its mark at the end.
pub(crate) fn marked(mut wasm: Vec<u8>, mark: &str) -> Result<Vec<u8>> {
    // Lengths below 128 are a byte each.
    let length = |length: usize| u8::try_from(length).ok().filter(|byte| *byte < 128).context("the mark is too long");
    wasm.extend([0, length(1 + SECTION.len() + mark.len())?, length(SECTION.len())?]);
    wasm.extend(SECTION.bytes().chain(mark.bytes()));
    Ok(wasm)
}

#[cfg(test)]
mod tests {
    use wasmparser::{Parser, Payload};

    use super::*;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn the_mark_is_a_section_of_its_own() {
        let mark = of("1.2.3", EMPTY, "glue");
        let wasm = marked(EMPTY.to_vec(), &mark).unwrap();
        let sections: Vec<_> = Parser::new(0)
            .parse_all(&wasm)
            .filter_map(|payload| match payload.unwrap() {
                Payload::CustomSection(section) => Some((section.name().to_owned(), section.data().to_vec())),
                _ => None,
            })
            .collect();
        assert_eq!(sections, [(SECTION.to_owned(), mark.into_bytes())]);
    }

    #[test]
    fn code_bindings_and_version_each_change_it() {
        let mark = of("1.2.3", EMPTY, "glue");
        assert!(mark.starts_with("1.2.3 ") && mark.len() == "1.2.3 ".len() + 8, "{mark}");
        for other in [of("1.2.4", EMPTY, "glue"), of("1.2.3", b"\0asm", "glue"), of("1.2.3", EMPTY, "other")] {
            assert_ne!(mark, other);
        }
        assert!(marked(EMPTY.to_vec(), &"1".repeat(120)).is_err());
    }
}
