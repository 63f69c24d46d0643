//! Which file imports which, and what is wrong with that.

use std::collections::{BTreeMap, BTreeSet};

/// The files that each file imports.
#[derive(Debug, Default)]
pub(super) struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    pub(super) fn add(&mut self, from: &str, to: &str) {
        if from != to {
            self.0.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A sentence for each group of files that import each other, with the shortest circle among them.
    pub(super) fn circles(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        let mut told = BTreeSet::new();
        for file in self.0.keys().map(String::as_str) {
            let group: Vec<_> =
                self.reached(file).into_iter().filter(|other| self.reached(other).contains(file)).collect();
            if told.contains(file) || group.is_empty() {
                continue;
            }
            let circles = group.iter().filter_map(|file| self.circle(file));
            let shortest = circles.min_by_key(Vec::len).unwrap_or_default().join(" → ");
            sentences.push(match group.len() {
                2 => format!("a circle: {shortest}"),
                count => format!("{count} files in a circle, such as {shortest}: {}", group.join(", ")),
            });
            told.extend(group);
        }
        sentences
    }

    /// A sentence for each import from a floor above, and one for the modules that are on no floor.
    pub(super) fn upwards(&self, folder: &str, floors: &[&str]) -> Vec<String> {
        let floor = |file: &str| match module(folder, file) {
            "lib" | "main" => Some(floors.len()),
            module => floors.iter().position(|floor| *floor == module),
        };
        let files = self.0.iter().flat_map(|(file, imported)| imported.iter().chain([file]));
        let strays: BTreeSet<_> = files.filter(|file| floor(file).is_none()).map(|file| module(folder, file)).collect();
        let mut sentences = Vec::new();
        if !strays.is_empty() {
            let strays: Vec<_> = strays.into_iter().collect();
            sentences.push(format!("{folder} has modules on none of its floors: {}", strays.join(", ")));
        }
        for (file, imported) in &self.0 {
            for above in imported.iter().filter(|above| floor(file).zip(floor(above)).is_some_and(|(a, b)| a < b)) {
                sentences.push(format!("{file} imports {above}, which is on a floor above"));
            }
        }
        sentences
    }

    /// Everything that a file imports, or that is imported by what it imports.
    fn reached<'a>(&'a self, file: &str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut todo: Vec<&str> = self.of(file).collect();
        while let Some(next) = todo.pop() {
            if reached.insert(next) {
                todo.extend(self.of(next));
            }
        }
        reached
    }

    /// The shortest way from a file back to itself.
    fn circle<'a>(&'a self, file: &'a str) -> Option<Vec<&'a str>> {
        let mut ways: Vec<Vec<&str>> = vec![vec![file]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for next in way.last().into_iter().flat_map(|last| self.of(last)) {
                    let way = [&way[..], &[next]].concat();
                    if next == file {
                        return Some(way);
                    }
                    if seen.insert(next) {
                        longer.push(way);
                    }
                }
            }
            ways = longer;
        }
        None
    }

    fn of(&self, file: &str) -> impl Iterator<Item = &str> {
        self.0.get(file).into_iter().flatten().map(String::as_str)
    }
}

/// The module at the root that a file belongs to.
fn module<'a>(folder: &str, file: &'a str) -> &'a str {
    let below = file.strip_prefix(folder).unwrap_or(file).trim_start_matches('/');
    below.split(['/', '.']).next().unwrap_or(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(pairs: &[(&str, &str)]) -> Imports {
        let mut imports = Imports::default();
        pairs.iter().for_each(|(from, to)| imports.add(from, to));
        imports
    }

    #[test]
    fn every_circle_is_named_once_and_a_fork_is_none() {
        let fork = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "d")];
        assert_eq!(imports(&fork).circles(), [""; 0]);
        let two = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "c"), ("d", "c"), ("z", "a")];
        assert_eq!(imports(&two).circles(), ["a circle: a → b → a", "3 files in a circle, such as c → d → c: c, d, e"]);
    }

    #[test]
    fn an_import_upwards_is_named_and_one_downwards_is_fine() {
        let pairs = [("s/lib.rs", "s/top/mod.rs"), ("s/top/mod.rs", "s/low.rs"), ("s/top/a.rs", "s/top/b.rs")];
        assert_eq!(imports(&pairs).upwards("s", &["low", "top"]), [""; 0]);
        assert_eq!(
            imports(&pairs).upwards("s", &["top", "low"]),
            ["s/top/mod.rs imports s/low.rs, which is on a floor above"]
        );
        assert_eq!(imports(&pairs).upwards("s", &["top"]), ["s has modules on none of its floors: low"]);
        assert_eq!(
            imports(&[("s/low.rs", "s/lib.rs")]).upwards("s", &["low"]),
            ["s/low.rs imports s/lib.rs, which is on a floor above"]
        );
    }
}
