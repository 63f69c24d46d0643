//! The imports of JavaScript and TypeScript.

use super::imports::Imports;
use super::sources::Sources;

/// What the package's build puts in the place of a name.
const ALIASES: [(&str, &str); 3] =
    [("facade", "./facade.js"), ("wasm-module", "./edge.js"), ("wasm-module", "./inline.js")];

/// The imports among files of folders that are bundled together: what is not found in its own folder is in another.
pub(super) fn imports(folders: &[&str], sources: &Sources) -> Imports {
    let mut imports = Imports::default();
    for (file, text) in sources {
        let own = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for specifier in specifiers(text) {
            let aliases = ALIASES.iter().filter(|(name, _)| *name == specifier).map(|(_, path)| *path);
            for path in aliases.chain([specifier]).filter(|path| path.starts_with('.')) {
                let mut candidates = std::iter::once(&own).chain(folders).map(|folder| join(folder, path));
                if let Some(found) = candidates.find(|path| sources.contains_key(path)) {
                    imports.add(file, &found);
                }
            }
        }
    }
    imports
}

/// What a file imports, as it is written.
fn specifiers(text: &str) -> Vec<&str> {
    let starts =
        ["import ", "import{", "import\"", "export {", "export{", "export *", "export type {", "export type *"];
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if starts.iter().any(|start| line.starts_with(start)) {
            let statement = text.get(at..).and_then(|rest| rest.split(';').next()).unwrap_or_default();
            found.extend(statement.split(['"', '\'']).nth(1));
        }
        at += line.len();
    }
    let calls = text.split("import(").skip(1).filter(|rest| rest.trim_start().starts_with(['"', '\'']));
    found.extend(calls.filter_map(|rest| rest.split(['"', '\'']).nth(1)));
    found
}

/// A relative path from a folder.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::sources::of;
    use super::*;

    #[test]
    fn imports_of_every_form_are_read_and_nothing_else() {
        let text = "// import \"./comment.js\";\nimport \"./effects.js\";\nimport a from './a.js';\nimport {\n  b,\n  \
            type B,\n} from \"../b.js\";\nimport type { C } from \"./c.js\";\nexport * from \"./d.js\";\nexport { e } \
            from \"./e.js\";\nexport { a };\nexport const f = \"./f.js\";\nexport type G = typeof import(\"./g.js\");\n\
            const h = await import(\"./h.js\");\nimport(h);\n * import i from \"./i.js\";\n";
        let found = ["./effects.js", "./a.js", "../b.js", "./c.js", "./d.js", "./e.js", "./g.js", "./h.js"];
        assert_eq!(specifiers(text), found);
    }

    #[test]
    fn a_circle_through_a_type_or_a_second_folder_is_found() {
        let types = of(&[
            ("s/a.ts", "import { b } from \"./low/b.ts\";"),
            ("s/low/b.ts", "import { html } from \"lit-html\";\nimport type { A } from \"../a.ts\";"),
        ]);
        assert_eq!(imports(&["s"], &types).circles(), ["a circle: s/a.ts → s/low/b.ts → s/a.ts"]);
        let mut folders = of(&[
            ("js/run.js", "import { load } from \"./load.js\";"),
            ("loaders/load.js", "import \"./glue.js\";\nimport { compile } from \"wasm-module\";"),
            ("loaders/inline.js", "export const compile = 1;"),
        ]);
        assert_eq!(imports(&["js", "loaders"], &folders).circles(), [""; 0]);
        folders.insert("loaders/inline.js".to_owned(), "import { run } from \"./run.js\";".to_owned());
        assert_eq!(
            imports(&["js", "loaders"], &folders).circles(),
            ["3 files in a circle, such as js/run.js → loaders/load.js → loaders/inline.js → js/run.js: \
              js/run.js, loaders/inline.js, loaders/load.js"]
        );
    }
}
