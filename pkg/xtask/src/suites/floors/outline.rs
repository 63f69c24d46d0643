//! What the text of one Rust module says about others.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Ident, ImplItemFn, Item, ItemMod, ItemUse, Macro, Meta, PatIdent, Path, Token, UseTree, Visibility,
};

/// The names of a path, from left to right.
pub(super) type Names = Vec<String>;

/// What a module says, child modules aside.
#[derive(Default)]
pub(super) struct Outline {
    /// The names that are defined here.
    pub(super) items: BTreeSet<String>,
    pub(super) uses: Vec<Use>,
    pub(super) paths: Vec<Names>,
    /// Paths in attributes, such as serde's `with`, which may mean a module as such.
    pub(super) quoted: Vec<Names>,
}

/// A name that a `use` brings.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) path: Names,
    pub(super) name: Imported,
    pub(super) is_reexport: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Imported {
    As(String),
    All,
}

/// Reads the items of a module; gives its child modules too.
pub(super) fn outline(items: &[Item]) -> (Outline, Vec<&ItemMod>) {
    let mut reader = Reader::default();
    items.iter().for_each(|item| reader.visit_item(item));
    let Reader { mut outline, children, variables } = reader;
    outline.paths.retain(|path| !path.is_empty() && !matches!(&path[..], [name] if variables.contains(name)));
    (outline, children)
}

#[derive(Default)]
struct Reader<'a> {
    outline: Outline,
    children: Vec<&'a ItemMod>,
    /// A name of these that stands alone means the variable, whatever item goes by it.
    variables: BTreeSet<String>,
}

impl<'a> Visit<'a> for Reader<'a> {
    fn visit_item(&mut self, item: &'a Item) {
        let (attributes, name) = head(item);
        if !attributes.iter().any(is_for_tests) {
            self.outline.items.extend(name.map(text));
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        if !function.attrs.iter().any(is_for_tests) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        self.children.push(module);
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if item.leading_colon.is_none() {
            let is_reexport = !matches!(item.vis, Visibility::Inherited);
            self.read_use(Vec::new(), &item.tree, is_reexport);
        }
    }

    fn visit_path(&mut self, path: &'a Path) {
        if path.leading_colon.is_none() {
            self.outline.paths.push(path.segments.iter().map(|segment| text(&segment.ident)).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_pat_ident(&mut self, variable: &'a PatIdent) {
        let name = text(&variable.ident);
        if name.starts_with(char::is_uppercase) {
            self.outline.paths.push(vec![name]);
        } else {
            self.variables.insert(name);
        }
        visit::visit_pat_ident(self, variable);
    }

    fn visit_macro(&mut self, call: &'a Macro) {
        visit::visit_macro(self, call);
        self.read_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.read_tokens(list.tokens.clone());
            self.outline.quoted.extend(list.tokens.clone().into_iter().filter_map(quoted));
        }
    }
}

impl Reader<'_> {
    fn read_use(&mut self, mut path: Names, tree: &UseTree, is_reexport: bool) {
        let name = match tree {
            UseTree::Path(step) => {
                path.push(text(&step.ident));
                return self.read_use(path, &step.tree, is_reexport);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.read_use(path.clone(), tree, is_reexport));
            }
            UseTree::Glob(_) => Imported::All,
            UseTree::Name(leaf) => {
                path.push(text(&leaf.ident));
                Imported::As(path.iter().rfind(|name| *name != "self").cloned().unwrap_or_default())
            }
            UseTree::Rename(leaf) => {
                path.push(text(&leaf.ident));
                Imported::As(text(&leaf.rename))
            }
        };
        self.outline.uses.push(Use { path, name, is_reexport });
    }

    /// Finds paths in what is not parsed: names that two colons join, save fields and methods, which follow a dot.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path = Names::new();
        let (mut colons, mut is_member) = (0, false);
        for token in tokens {
            if is(&token, ':') {
                colons += 1;
                continue;
            }
            let goes_on = colons == 2 && matches!(token, TokenTree::Ident(_));
            if !goes_on {
                self.outline.paths.push(std::mem::take(&mut path));
            }
            let is_dot = is(&token, '.') && !is_member;
            match token {
                TokenTree::Ident(name) if !is_member => path.push(text(&name)),
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                _ => {}
            }
            (colons, is_member) = (0, is_dot);
        }
        self.outline.paths.push(path);
    }
}

/// The path that a literal of text names, if it looks like one.
fn quoted(token: TokenTree) -> Option<Names> {
    let TokenTree::Literal(literal) = token else { return None };
    let text = literal.to_string();
    let path: Names = text.trim_matches('"').split("::").map(str::to_owned).collect();
    path.first().is_some_and(|first| ["crate", "super", "self"].contains(&first.as_str())).then_some(path)
}

fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// An item's attributes and its name.
fn head(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, None),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

/// Whether only tests are compiled with it: `#[cfg(test)]`, or `test` among what must all hold.
fn is_for_tests(attribute: &Attribute) -> bool {
    fn demands_test(condition: &Meta) -> bool {
        match condition {
            Meta::List(list) if list.path.is_ident("all") => list
                .parse_args_with(syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated)
                .is_ok_and(|conditions| conditions.iter().any(demands_test)),
            condition => condition.path().is_ident("test"),
        }
    }
    attribute.path().is_ident("cfg") && attribute.parse_args().is_ok_and(|condition| demands_test(&condition))
}

fn text(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}
