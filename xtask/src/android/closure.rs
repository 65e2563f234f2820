//! All libraries that a few roots need, each in one version: the highest that anybody asks for, as Gradle decides. Pure; where
//! metadata comes from is a function handed in.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    catalog::Coordinate,
    metadata::{Module, Packing, Wish},
};

/// One library of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) at: Coordinate,
    pub(super) packing: Packing,
}

type Name = (String, String);
/// Metadata of many libraries at once; `None` for one that is not in the repository.
pub(super) type Source<'a> = dyn FnMut(&[Coordinate]) -> Result<Vec<Option<Module>>, String> + 'a;

/// The versions that a set of roots ends at.
pub(super) struct Closure {
    versions: BTreeMap<Name, String>,
    known: BTreeMap<Coordinate, Option<Module>>,
}

impl Closure {
    /// Versions only ever rise, so this ends.
    pub(super) fn of(roots: &[Coordinate], source: &mut Source<'_>) -> Result<Self, String> {
        let versions = roots.iter().map(|root| (name(root), root.version.clone())).collect();
        let mut closure = Self { versions, known: BTreeMap::new() };
        loop {
            let live = closure.walk(roots, Some(&mut *source))?;
            let mut settled = true;
            for wish in live.iter().filter_map(|at| closure.known.get(at)?.as_ref()).flat_map(|module| module.constraints.clone()) {
                let named = (wish.group.clone(), wish.name.clone());
                if live.iter().any(|at| name(at) == named) {
                    settled &= !raise(&mut closure.versions, &wish);
                }
            }
            // A library that was passed in an older version than the one settled on has to be walked again.
            settled &= live.iter().all(|at| closure.versions.get(&name(at)) == Some(&at.version));
            if settled {
                return Ok(closure);
            }
        }
    }

    /// What `roots` need, in the settled versions, sorted; a part of the roots gives a part of the whole.
    pub(super) fn reached_from(&mut self, roots: &[Coordinate]) -> Result<Vec<Chosen>, String> {
        let live = self.walk(roots, None)?;
        let mut chosen = Vec::new();
        for at in live {
            let module = self.known.get(&at).cloned().flatten().ok_or_else(|| format!("{at} is not in the repository"))?;
            if module.packing != Packing::Nothing {
                chosen.push(Chosen { at, packing: module.packing });
            }
        }
        Ok(chosen)
    }

    fn walk(&mut self, roots: &[Coordinate], mut source: Option<&mut Source<'_>>) -> Result<BTreeSet<Coordinate>, String> {
        let mut live = BTreeSet::new();
        let mut next: BTreeSet<Name> = roots.iter().map(name).collect();
        while !next.is_empty() {
            let level: Vec<Coordinate> = next
                .iter()
                .filter_map(|named| {
                    let version = self.versions.get(named)?.clone();
                    Some(Coordinate { group: named.0.clone(), name: named.1.clone(), version })
                })
                .filter(|at| !live.contains(at))
                .collect();
            let unknown: Vec<Coordinate> = level.iter().filter(|at| !self.known.contains_key(at)).cloned().collect();
            if let (Some(source), false) = (source.as_mut(), unknown.is_empty()) {
                let found = source(&unknown)?;
                self.known.extend(unknown.into_iter().zip(found));
            }
            next.clear();
            for at in level {
                let wishes = self.known.get(&at).and_then(Option::as_ref).map(|module| module.dependencies.clone()).unwrap_or_default();
                for wish in wishes {
                    if source.is_some() {
                        raise(&mut self.versions, &wish);
                    }
                    next.insert((wish.group, wish.name));
                }
                live.insert(at);
            }
        }
        Ok(live)
    }
}

fn name(at: &Coordinate) -> Name {
    (at.group.clone(), at.name.clone())
}

/// Whether the wish is higher than what was known.
fn raise(versions: &mut BTreeMap<Name, String>, wish: &Wish) -> bool {
    let Some(version) = &wish.version else { return false };
    let named = (wish.group.clone(), wish.name.clone());
    let higher = versions.get(&named).is_none_or(|known| compare(version, known) == Ordering::Greater);
    if higher {
        versions.insert(named, version.clone());
    }
    higher
}

/// Numbers count, a word is before any number: 1.0-alpha before 1.0 before 1.0.1.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let parts = |version: &str| -> Vec<(u8, u64, String)> {
        let split = version.split(['.', '-', '+', '_']);
        let part = |text: &str| text.parse().map_or_else(|_| (0, 0, text.to_owned()), |number| (2, number, String::new()));
        split.map(part).chain([(1, 0, String::new())]).collect()
    };
    parts(left).cmp(&parts(right))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(text: &str) -> Coordinate {
        let mut parts = text.split(':').map(str::to_owned);
        Coordinate { group: parts.next().unwrap(), name: parts.next().unwrap(), version: parts.next().unwrap() }
    }

    fn module(needs: &[&str], insists: &[&str]) -> Module {
        let wishes = |list: &[&str]| list.iter().map(|text| Wish::from(&at(text))).collect();
        Module { packing: Packing::Aar, dependencies: wishes(needs), constraints: wishes(insists) }
    }

    fn resolve(roots: &[&str], world: &[(&str, Module)]) -> Result<Vec<String>, String> {
        let world: BTreeMap<Coordinate, Module> = world.iter().map(|(text, module)| (at(text), module.clone())).collect();
        let roots: Vec<Coordinate> = roots.iter().map(|text| at(text)).collect();
        let mut source = |asked: &[Coordinate]| Ok(asked.iter().map(|one| world.get(one).cloned()).collect());
        let chosen = Closure::of(&roots, &mut source)?.reached_from(&roots)?;
        Ok(chosen.into_iter().map(|one| one.at.to_string()).collect())
    }

    #[test]
    fn the_highest_version_wins_and_what_only_the_lower_needed_is_gone() {
        let world = [
            ("g:a:1", module(&["g:b:1", "g:c:1"], &[])),
            ("g:b:1", module(&["g:old:1"], &[])),
            ("g:b:2", module(&[], &[])),
            ("g:c:1", module(&["g:b:2"], &[])),
            ("g:old:1", module(&[], &[])),
        ];
        assert_eq!(resolve(&["g:a:1"], &world).unwrap(), ["g:a:1", "g:b:2", "g:c:1"]);
    }

    #[test]
    fn a_constraint_raises_what_is_there_and_brings_in_nothing() {
        let world = [("g:a:1", module(&["g:b:1"], &["g:b:3", "g:never:7"])), ("g:b:1", module(&[], &[])), ("g:b:3", module(&[], &[]))];
        assert_eq!(resolve(&["g:a:1"], &world).unwrap(), ["g:a:1", "g:b:3"]);
    }

    #[test]
    fn a_missing_library_matters_only_in_the_version_that_is_chosen() {
        let world = [("g:a:1", module(&["g:hole:1", "g:c:1"], &[])), ("g:c:1", module(&["g:hole:2"], &[])), ("g:hole:2", module(&[], &[]))];
        assert_eq!(resolve(&["g:a:1"], &world).unwrap(), ["g:a:1", "g:c:1", "g:hole:2"]);
        assert_eq!(resolve(&["g:lost:1"], &[]).unwrap_err(), "g:lost:1 is not in the repository");
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (lower, higher) in [("1.9.0", "1.10.0"), ("1.0.0-alpha01", "1.0.0"), ("1.0", "1.0.1"), ("2.0-rc1", "2.0.0")] {
            assert_eq!(compare(lower, higher), Ordering::Less, "{lower} {higher}");
        }
    }
}
