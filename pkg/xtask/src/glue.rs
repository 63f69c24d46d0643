//! Reshapes the bindings that wasm-bindgen makes.
//!
//! They are a module that holds one instance for good and does work when it is imported. The package needs the
//! opposite: nothing at import, and a fresh instance after a panic, with objects of the broken one unable to reach
//! the new one. So the module's body becomes that of a function, `createGlue`, called once per instance.

use std::fmt::Write as _;

use anyhow::{Result, bail};

/// From here on wasm-bindgen's output fetches and starts the instance, which the loaders do.
const LOADER: &str = "async function __wbg_load(";
const EXPORTS: &str = "wasm = instance.exports;";
/// Writes out a value for an error that nobody is shown: whatever is in it, however deep and large it is.
const DEBUG: &str = "function debugString(val) {";

/// Turns wasm-bindgen's `web` output into a module that exports `createGlue(globals, onTrap)`.
///
/// Fails when the output is not of the expected shape, which a new version of wasm-bindgen may bring.
pub(crate) fn reshape(source: &str) -> Result<String> {
    let Some((source, _loader)) = source.split_once(LOADER) else {
        bail!("wasm-bindgen's output has no `{LOADER}`: its shape has changed");
    };
    if source.matches(EXPORTS).count() != 1 {
        bail!("wasm-bindgen's output does not have `{EXPORTS}` exactly once: its shape has changed");
    }
    let Some((before, (_, after))) =
        source.split_once(DEBUG).and_then(|(before, rest)| Some((before, rest.split_once("\n}\n")?)))
    else {
        bail!("wasm-bindgen's output has no `{DEBUG}`: its shape has changed");
    };
    let source = format!("{before}{DEBUG}\n    return typeof val;\n}}\n{after}");
    let mut imports = String::new();
    let mut body = String::new();
    let mut names = Vec::new();
    for line in source.lines() {
        if line.starts_with("import ") {
            writeln!(imports, "{line}")?;
            continue;
        }
        let line = match line.strip_prefix("export ") {
            Some(declaration) => {
                names.push(declared_name(declaration)?);
                declaration
            }
            None => line,
        };
        writeln!(body, "{}", line.replace(EXPORTS, "wasm = guard(instance.exports, onTrap);"))?;
    }
    if names.is_empty() {
        bail!("the WebAssembly exports nothing to JavaScript");
    }
    Ok(format!(
        "import {{ guard }} from \"./guard.js\";\n{imports}\n\
         export function createGlue({{ TextDecoder, TextEncoder, queueMicrotask }}, onTrap) {{\n{body}\n\
         async function instantiate(module) {{\n    \
         __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);\n\
         }}\n\
         return {{ instantiate, {} }};\n}}\n",
        names.join(", ")
    ))
}

/// The name in `class Client {` or `function onPanic(`.
fn declared_name(declaration: &str) -> Result<&str> {
    let after_keyword = ["class ", "function ", "const "].iter().find_map(|keyword| declaration.strip_prefix(keyword));
    let name = after_keyword.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next());
    match name {
        Some(name) if !name.is_empty() => Ok(name),
        _ => bail!("wasm-bindgen's output exports something unexpected: `{declaration}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "import { createError } from './errors.js';\n\nexport class Client {\n}\n\
        export function onPanic(f) {\n}\nfunction __wbg_finalize_init(instance, module) {\n    \
        wasm = instance.exports;\n}\nfunction debugString(val) {\n    switch (val) {\n    }\n}\n\
        async function __wbg_load(module, imports) {\n}\n\
        export { initSync, __wbg_init as default };\n";

    #[test]
    fn the_module_becomes_a_function_that_returns_what_was_exported() {
        let glue = reshape(SOURCE).unwrap();
        assert!(
            glue.starts_with("import { guard } from \"./guard.js\";\nimport { createError } from './errors.js';\n")
        );
        assert!(glue.contains("\nclass Client {"));
        assert!(glue.contains("    wasm = guard(instance.exports, onTrap);"));
        assert!(glue.contains("return { instantiate, Client, onPanic };"));
        assert_eq!(glue.matches("export ").count(), 1, "only createGlue is exported:\n{glue}");
        assert!(!glue.contains("initSync"));
        assert!(glue.contains("function debugString(val) {\n    return typeof val;\n}\n"));
    }

    #[test]
    fn output_of_another_shape_is_refused() {
        assert!(reshape("export class Client {}").unwrap_err().to_string().contains("shape has changed"));
        assert!(reshape(&SOURCE.replace("wasm = instance.exports;", "")).is_err());
        assert!(reshape(&SOURCE.replace("debugString", "debugText")).is_err());
        assert!(reshape(&SOURCE.replace("export class Client", "export default Client")).is_err());
        assert!(reshape("wasm = instance.exports;\nasync function __wbg_load(").is_err());
    }
}
