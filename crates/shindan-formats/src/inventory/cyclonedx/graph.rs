//! The dependency graph: references that point to nothing, references defined twice, circles.
//!
//! References are chosen by whoever writes the file, so that tables with a fixed hash could be made to collide. Here
//! they are sorted by hash and text instead: the worst case is that of sorting.

use std::borrow::Cow;

/// A reference: its hash ([`hash`]), its text, the number of the component that it belongs to.
pub(super) type Reference<'de> = (u64, Cow<'de, str>, u32);

/// The distinct references of a document, with a directory by hash.
pub(super) struct References<'de> {
    /// Sorted by hash, then by text.
    sorted: Vec<Reference<'de>>,
    /// `directory[h]..directory[h + 1]` are those whose hash starts with the bits `h`.
    directory: Vec<u32>,
    shift: u32,
}

impl<'de> References<'de> {
    /// Builds the table. A reference that is defined again is handed to `duplicate` with the owner of the later
    /// definition.
    pub(super) fn new(mut sorted: Vec<Reference<'de>>, mut duplicate: impl FnMut(&str, u32)) -> Self {
        let bits = sorted.len().next_power_of_two().trailing_zeros().clamp(1, 20);
        let shift = 64 - bits;
        sort(&mut sorted, bits);
        sorted.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0 && later.1 == earlier.1;
            if same {
                duplicate(&later.1, later.2);
            }
            same
        });
        let directory = directory(&sorted, bits);
        References { sorted, directory, shift }
    }

    /// Number of the reference, counted from 0.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let hash = hash(text);
        let prefix = usize::try_from(hash >> self.shift).ok()?;
        let start = *self.directory.get(prefix)?;
        let end = *self.directory.get(prefix + 1)?;
        let bucket = self.sorted.get(start as usize..end as usize)?;
        let found = bucket.binary_search_by(|(other, key, _)| (*other, &**key).cmp(&(hash, text))).ok()?;
        Some(start + u32::try_from(found).ok()?)
    }

    /// Text of the reference with this number.
    pub(super) fn text(&self, number: u32) -> &str {
        self.sorted.get(number as usize).map_or("", |(_, text, _)| text)
    }

    /// Number of the component that the reference belongs to, as given to [`References::new`].
    pub(super) fn owner(&self, number: u32) -> u32 {
        self.sorted.get(number as usize).map_or(super::NO_COMPONENT, |(_, _, owner)| *owner)
    }

    /// Every reference with the number of its component.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.sorted.iter().map(|(_, text, owner)| (&**text, *owner))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.sorted.len()
    }
}

/// Sorts references where they are: each goes at once to those whose hashes begin with the same bits, of which there are few, and these are
/// sorted.
fn sort(references: &mut [Reference<'_>], bits: u32) {
    let starts = directory(references, bits);
    let bucket_of = |reference: &Reference<'_>| (reference.0 >> (64 - bits)) as usize;
    let mut next = starts.clone();
    for (bucket, bounds) in starts.windows(2).enumerate() {
        let [start, end] = *bounds else { continue };
        // What stands where the bucket goes on is changed for what belongs there.
        while let Some(at) = next.get(bucket).copied().filter(|at| *at < end) {
            let Some(to) = references.get(at as usize).map(bucket_of) else { break };
            let Some(place) = next.get_mut(to) else { break };
            if to != bucket {
                // Both lie within: a bucket has as many places as there are references for it.
                let Ok([one, other]) = references.get_disjoint_mut([at as usize, *place as usize]) else {
                    break;
                };
                std::mem::swap(one, other);
            }
            *place += 1;
        }
        let sorted = references.get_mut(start as usize..end as usize).unwrap_or_default();
        if sorted.len() > 1 {
            sorted.sort_unstable();
        }
    }
}

/// Where those whose hash begins with these bits start, once they are sorted.
fn directory(references: &[Reference<'_>], bits: u32) -> Vec<u32> {
    let mut starts = vec![0_u32; (1 << bits) + 1];
    for (hash, ..) in references {
        if let Some(count) = starts.get_mut((hash >> (64 - bits)) as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// A quick hash of a text, eight bytes at a time. Good enough to spread; nothing depends on it being hard to invert.
pub(super) fn hash(text: &str) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = text.len() as u64;
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        state = (state.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }
    let rest = chunks.remainder().iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    state = (state.rotate_left(23) ^ rest).wrapping_mul(MULTIPLIER);
    state ^= state >> 32;
    state.wrapping_mul(MULTIPLIER)
}

/// Finds circles among `edges` (sorted here) of `nodes` nodes. Each is handed over as the node at which it closes and
/// its length. Works without recursion; finds at least one circle in every strongly connected part that has one.
pub(super) fn circles(nodes: usize, edges: &mut Vec<(u32, u32)>, mut circle: impl FnMut(u32, usize)) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnPath,
        Done,
    }
    edges.sort_unstable();
    edges.dedup();
    let mut starts = vec![0_u32; nodes + 1];
    for (from, _) in edges.iter() {
        if let Some(count) = starts.get_mut(*from as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut marks = vec![Mark::New; nodes];
    // Nodes of the path with the number of the next edge to follow.
    let mut path: Vec<(u32, u32)> = Vec::new();
    for root in 0..nodes {
        if marks.get(root) != Some(&Mark::New) {
            continue;
        }
        let mut enter = u32::try_from(root).ok();
        loop {
            if let Some(node) = enter.take() {
                if let Some(mark) = marks.get_mut(node as usize) {
                    *mark = Mark::OnPath;
                }
                path.push((node, starts.get(node as usize).copied().unwrap_or(0)));
            }
            let Some((node, next)) = path.last_mut() else {
                break;
            };
            let end = starts.get(*node as usize + 1).copied().unwrap_or(0);
            if *next >= end {
                if let Some(mark) = marks.get_mut(*node as usize) {
                    *mark = Mark::Done;
                }
                path.pop();
                continue;
            }
            let target = edges.get(*next as usize).map_or(0, |edge| edge.1);
            *next += 1;
            match marks.get(target as usize) {
                Some(Mark::New) => enter = Some(target),
                Some(Mark::OnPath) => {
                    let length = path.iter().rev().position(|(node, _)| *node == target).map_or(1, |n| n + 1);
                    circle(target, length);
                }
                Some(Mark::Done) | None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(nodes: usize, edges: &[(u32, u32)]) -> Vec<(u32, usize)> {
        let mut found = Vec::new();
        circles(nodes, &mut edges.to_vec(), |node, length| found.push((node, length)));
        found
    }

    #[test]
    fn circles_are_found_without_recursion() {
        assert_eq!(found(3, &[(0, 1), (1, 2), (0, 2)]), []);
        assert_eq!(found(3, &[(0, 1), (1, 2), (2, 0)]), [(0, 3)]);
        assert_eq!(found(2, &[(1, 1)]), [(1, 1)]);
        let long: Vec<(u32, u32)> = (0..200_000).map(|n| (n, (n + 1) % 200_000)).collect();
        assert_eq!(found(200_000, &long), [(0, 200_000)]);
    }

    /// As sorting all of it: also where hashes are equal, begin with the same bits, or belong to the same text.
    #[test]
    fn sorting_by_buckets_is_sorting() {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for (count, hashes) in [(0, 1), (1, 1), (2, 1), (100, 1), (100, 3), (1000, 7), (5000, u64::MAX)] {
            let mut references: Vec<Reference<'_>> = (0..count)
                .map(|_| {
                    let text = format!("t{}", next(50));
                    (next(hashes).wrapping_mul(0x9E37_79B9_7F4A_7C15), Cow::Owned(text), next(9) as u32)
                })
                .collect();
            let mut expected = references.clone();
            expected.sort_unstable();
            let bits = references.len().next_power_of_two().trailing_zeros().clamp(1, 20);
            sort(&mut references, bits);
            assert_eq!(references, expected, "{count} {hashes}");
        }
    }

    #[test]
    fn references_are_looked_up_and_duplicates_reported() {
        let names = ["a", "b", "pkg:maven/x/y@1?type=jar", "b", "診断", ""];
        let defined =
            names.iter().zip(0..).map(|(name, owner)| (hash(name), Cow::Borrowed(*name), owner)).collect();
        let mut twice = Vec::new();
        let references = References::new(defined, |text, owner| twice.push((text.to_owned(), owner)));
        assert_eq!(twice, [("b".to_owned(), 3)]);
        assert_eq!(references.len(), 5);
        for name in names {
            let number = references.find(name).expect("defined");
            assert_eq!(references.text(number), name);
        }
        assert_eq!(references.find("c"), None);
        assert_eq!(References::new(Vec::new(), |_, _| ()).find("c"), None);
    }
}
