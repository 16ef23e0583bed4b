//! Long lists in JSON, put together part by part by several workers beside each other.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Error;

use super::in_order::{InOrder, Workers};

/// Entries that a worker puts into JSON before it takes more: a hundred kilobytes or two, which a core's cache holds.
const PART: usize = 128;
/// Longer lists are worth waking others for.
const LONG: usize = 512;

/// Appends an entry; what was put into JSON before is remembered.
type One<'o, 'l, T, M> = dyn Fn(&mut M, &'l T, &mut Vec<u8>) -> Result<(), Error> + Sync + 'o;

/// Writes the entries of a list with commas between them. Each worker has a memory of its own for what it has
/// put into JSON before. The bytes do not depend on who made which part.
pub(super) fn write_list<'l, T: Sync, M: Default, W: Write + Send>(
    list: &'l [T],
    workers: &Workers<'_>,
    out: &mut W,
    one: &One<'_, 'l, T, M>,
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let written = InOrder::new(out, false);
    let work = || {
        let (mut memory, mut bytes) = (M::default(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = list.chunks(PART).nth(number) else { return };
            let made = part.iter().enumerate().try_for_each(|(n, entry)| {
                if number + n > 0 {
                    bytes.push(b',');
                }
                one(&mut memory, entry, &mut bytes)
            });
            match written.put(number, made.map(|()| bytes)) {
                Some(spare) => bytes = spare,
                None => return,
            }
        }
    };
    if list.len() > LONG {
        workers(&work);
    }
    // All of a short list, for which nobody is called; else nothing is left.
    work();
    written.end().map(drop)
}
