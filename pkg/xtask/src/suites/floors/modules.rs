//! The modules of a crate, and which file defines what a path names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use syn::Item;

use super::imports::Imports;
use super::outline::{Imported, Outline, outline};
use super::sources::Sources;

/// The imports among the files of a crate, or of a library and a program in one folder.
pub(super) fn imports(folder: &str, sources: &Sources) -> Result<Imports> {
    let mut imports = Imports::default();
    for root in ["lib", "main"] {
        let file = format!("{folder}/{root}.rs");
        if sources.contains_key(&file) {
            let mut modules = Modules { sources, all: Vec::new() };
            modules.read_file(file, folder, None)?;
            modules.count(&mut imports);
        }
    }
    Ok(imports)
}

/// The modules of a crate, the root first.
struct Modules<'a> {
    sources: &'a Sources,
    all: Vec<Module>,
}

struct Module {
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    outline: Outline,
}

/// What a path names.
#[derive(Clone, Copy)]
enum Named {
    Module(usize),
    /// Something that this module defines.
    ItemOf(usize),
    /// Something of another crate.
    Foreign,
}

impl Modules<'_> {
    /// Reads a file, and the modules below it in `folder`.
    fn read_file(&mut self, file: String, folder: &str, parent: Option<usize>) -> Result<usize> {
        let text = self.sources.get(&file).with_context(|| format!("{file} is missing"))?;
        let parsed = syn::parse_file(text).with_context(|| format!("{file} is not Rust"))?;
        self.read_items(&parsed.items, file, folder, parent)
    }

    fn read_items(&mut self, items: &[Item], file: String, folder: &str, parent: Option<usize>) -> Result<usize> {
        let (outline, children) = outline(items);
        let index = self.all.len();
        self.all.push(Module { file: file.clone(), parent, children: BTreeMap::new(), outline });
        for child in children {
            let name = child.ident.to_string();
            let below = format!("{folder}/{name}");
            let read = match &child.content {
                Some((_, items)) => self.read_items(items, file.clone(), &below, Some(index)),
                None => {
                    let names = [format!("{below}.rs"), format!("{below}/mod.rs")];
                    let found = names.into_iter().find(|file| self.sources.contains_key(file));
                    self.read_file(found.with_context(|| format!("{below} is missing"))?, &below, Some(index))
                }
            };
            let child = read?;
            if let Some(module) = self.all.get_mut(index) {
                module.children.insert(name, child);
            }
        }
        Ok(index)
    }

    fn count(&self, imports: &mut Imports) {
        for (index, module) in self.all.iter().enumerate() {
            // Of a name that is both, a `use` brings the module; what it is used for tells whether the item is meant.
            let uses = module.outline.uses.iter().filter_map(|import| match self.follow(index, &import.path, true) {
                Named::ItemOf(target) if import.is_reexport && self.is_below(target, index) => None,
                named => named.item(),
            });
            let paths = module.outline.paths.iter().filter_map(|path| self.follow(index, path, false).item());
            let quoted = module.outline.quoted.iter().filter_map(|path| match self.follow(index, path, true) {
                Named::Module(target) => Some(target),
                named => named.item(),
            });
            for target in uses.chain(paths).chain(quoted).filter_map(|target| self.all.get(target)) {
                imports.add(&module.file, &target.file);
            }
        }
    }

    fn is_below(&self, module: usize, above: usize) -> bool {
        let parent = |module: &usize| self.all.get(*module).and_then(|module| module.parent);
        std::iter::successors(Some(module), parent).any(|module| module == above)
    }

    /// What a path in a module names: of an item and a module of one name the module if `to_module`.
    fn follow(&self, from: usize, path: &[String], to_module: bool) -> Named {
        self.follow_unless_seen(from, path, to_module, &mut BTreeSet::new())
    }

    fn follow_unless_seen<'a>(
        &'a self,
        from: usize,
        path: &'a [String],
        to_module: bool,
        seen: &mut BTreeSet<(usize, &'a str, bool)>,
    ) -> Named {
        let mut at = Named::Module(from);
        for (place, name) in path.iter().enumerate() {
            let Named::Module(module) = at else { break };
            at = match name.as_str() {
                "crate" => Named::Module(0),
                "self" => at,
                "super" => self.all.get(module).and_then(|module| module.parent).map_or(Named::Foreign, Named::Module),
                name => match self.look_up(module, name, to_module || place + 1 < path.len(), seen) {
                    Some(found) => found,
                    None if place == 0 => Named::Foreign,
                    None => Named::ItemOf(module),
                },
            };
        }
        at
    }

    /// What a name means in a module.
    fn look_up<'a>(
        &'a self,
        index: usize,
        name: &'a str,
        to_module: bool,
        seen: &mut BTreeSet<(usize, &'a str, bool)>,
    ) -> Option<Named> {
        let module = self.all.get(index)?;
        if !seen.insert((index, name, to_module)) {
            return None;
        }
        let child = module.children.get(name).map(|child| Named::Module(*child));
        if child.is_some() && to_module {
            return child;
        }
        if module.outline.items.contains(name) {
            return Some(Named::ItemOf(index));
        }
        if let Some(import) =
            module.outline.uses.iter().find(|import| matches!(&import.name, Imported::As(it) if it == name))
        {
            return Some(self.follow_unless_seen(index, &import.path, to_module, seen));
        }
        if child.is_some() {
            return child;
        }
        let mut found = None;
        for glob in module.outline.uses.iter().filter(|import| import.name == Imported::All) {
            match self.follow_unless_seen(index, &glob.path, true, seen) {
                Named::Module(from) => found = self.look_up(from, name, to_module, seen).or(found),
                // It may be one of those; then it is no file's here.
                Named::Foreign => found = found.or(Some(Named::Foreign)),
                Named::ItemOf(_) => {}
            }
        }
        found
    }
}

impl Named {
    /// The module that defines the item, if it is one of this crate.
    fn item(self) -> Option<usize> {
        if let Self::ItemOf(module) = self { Some(module) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sources::of;
    use super::*;

    /// What a.rs and b.rs import, below a root that declares both.
    fn between(a: &str, b: &str) -> Vec<String> {
        let root = "pub mod a; pub mod b; #[cfg(test)] mod testing; pub use a::*; pub(crate) use b::{B, time};";
        let sources = of(&[("s/lib.rs", root), ("s/a.rs", a), ("s/b.rs", b)]);
        imports("s", &sources).unwrap().circles()
    }

    #[test]
    fn a_circle_is_found_however_the_path_is_written() {
        let circle = ["a circle: s/a.rs → s/b.rs → s/a.rs"];
        let b = "use crate::a::A; pub struct B; pub mod time { pub fn now() {} }";
        for a in [
            "use crate::b::B; pub struct A;",
            "use super::b::{self, B as Other}; pub struct A;",
            "use crate::B; pub struct A;",
            "use super::*; pub struct A(B);",
            "use crate::b::*; pub struct A(B);",
            "use crate::b::*; pub struct A; fn f() { if let B = x {} }",
            "use crate::b as other; pub struct A; fn f() { other::time::now() }",
            "pub struct A; impl From<super::B> for A {}",
            "pub struct A; fn f() { use crate::b::B; }",
            "pub struct A; fn f() { vec![x.y(), crate::b::time::now()]; }",
            "pub struct A(#[serde(with = \"crate::b::time\")] u8);",
            "pub struct A; pub use crate::b::B;",
            "pub struct A; mod inner { fn f() -> super::super::b::B {} }",
            "pub struct A; fn f() { crate::b::made_by_a_macro() }",
            "pub struct A; #[cfg(not(test))] use crate::b::B;",
        ] {
            assert_eq!(between(a, b), circle, "{a}");
        }
    }

    #[test]
    fn no_circle_is_invented() {
        let b = "use crate::a::A; pub struct B; pub fn time() {}";
        for a in [
            "pub struct A;",
            "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
            "pub struct A; #[cfg(all(unix, test))] use crate::b::B;",
            "pub struct A; impl A { #[cfg(test)] fn f() -> crate::b::B {} }",
            "/// [`B`](crate::b::B)\npub struct A;",
            "pub struct A; fn f() { assert!(x.b == \"crate::b::B\") }",
            "pub struct A; fn b() { self::b(); b.b::<u8>(..b); }",
            "pub struct A; use other::b::B; fn f() -> B {}",
            "pub struct A; use crate::b;",
            "pub struct A; use super::*; fn f(time: u8) { g(time, A { time }) }",
            "pub struct A; use other::*; fn f(_: B) {}",
        ] {
            assert_eq!(between(a, b), [""; 0], "{a}");
        }
    }

    #[test]
    fn a_folder_that_passes_names_on_imports_nothing_and_one_that_works_with_them_does() {
        let sources = |folder: &str| {
            of(&[
                ("s/main.rs", "mod x; fn main() { x::run() } fn x() {}"),
                ("s/x/mod.rs", folder),
                ("s/x/low.rs", "pub struct Low; pub fn low() {}"),
                ("s/x/high.rs", "use super::{Low, Shared}; use crate::x; pub fn high(_: Low) { x::low() }"),
            ])
        };
        let circles = |folder: &str| imports("s", &sources(folder)).unwrap().circles();
        let passes = "mod low; mod high; pub use low::{Low, low}; pub(crate) use high::high; use other::Shared;";
        assert_eq!(circles(passes), [""; 0]);
        let works = ["a circle: s/x/high.rs → s/x/mod.rs → s/x/high.rs"];
        let defines = "mod low; mod high; pub use low::{Low, low}; pub use high::high; pub struct Shared;";
        assert_eq!(circles(defines), [""; 0]);
        assert_eq!(circles(&format!("{defines} pub fn run() {{ high(Low) }}")), works);
        assert_eq!(circles(&format!("{defines} pub fn run() {{ high::high(Low) }}")), works);
    }

    #[test]
    fn a_file_that_is_missing_or_no_rust_is_an_error() {
        assert!(imports("s", &of(&[("s/lib.rs", "mod a;")])).is_err());
        assert!(imports("s", &of(&[("s/lib.rs", "mod")])).is_err());
    }
}
