//! Transparency logs: promises and proofs of inclusion (RFC 6962), and signed checkpoints (C2SP tlog-checkpoint).

use base64ct::{Base64, Encoding};
use jiff::Timestamp;

use super::bundle::{Entry, Proof};
use super::trust_root::Log;
use super::unproven_entry;
use crate::digest::{Algorithm, hex};
use crate::public_key;
use crate::refusal::Refusal;

/// The time that the log promised ("signed entry timestamp"). Without a promise, the entry's time proves nothing.
pub(super) fn promise(entry: &Entry, log: &Log) -> Result<Option<Timestamp>, Refusal> {
    let (Some(promise), Some(time)) = (&entry.inclusion_promise, entry.integrated_time.filter(|t| t.0 > 0))
    else {
        return match &entry.inclusion_promise {
            Some(_) => Err(unproven_entry("promise without a time")),
            None => Ok(None),
        };
    };
    // Canonical JSON (RFC 8785); none of the values needs an escape.
    let signed = format!(
        "{{\"body\":\"{}\",\"integratedTime\":{},\"logID\":\"{}\",\"logIndex\":{}}}",
        Base64::encode_string(&entry.canonicalized_body.0),
        time.0,
        hex(&entry.log_id.key_id.0),
        entry.log_index.0
    );
    let scheme = public_key::default_scheme(&log.key)?;
    public_key::verify(&log.key, scheme, signed.as_bytes(), &promise.signed_entry_timestamp.0)
        .map_err(|_| unproven_entry("promise of inclusion"))?;
    let time = i64::try_from(time.0).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(Some).ok_or_else(|| unproven_entry("time of the entry"))
}

/// Verifies that the entry stands in the tree whose root the log signed.
pub(super) fn inclusion(entry: &Entry, proof: &Proof, log: &Log) -> Result<(), Refusal> {
    let hash = |bytes: &Vec<u8>| <[u8; 32]>::try_from(bytes.as_slice()).ok();
    let hashes: Option<Vec<[u8; 32]>> = proof.hashes.iter().map(|h| hash(&h.0)).collect();
    let hashes = hashes.ok_or_else(|| unproven_entry("hash of wrong length"))?;
    let root = root(proof.log_index.0, proof.tree_size.0, leaf(&entry.canonicalized_body.0), &hashes);
    if root.is_none() || root != hash(&proof.root_hash.0) {
        return Err(unproven_entry("proof of inclusion"));
    }
    let checkpoint = proof.checkpoint.as_ref().ok_or_else(|| unproven_entry("no checkpoint"))?;
    let checkpoint =
        Checkpoint::read(&checkpoint.envelope).ok_or_else(|| unproven_entry("checkpoint unreadable"))?;
    if checkpoint.size != proof.tree_size.0 || checkpoint.root != proof.root_hash.0 {
        return Err(unproven_entry("checkpoint of another tree"));
    }
    checkpoint.is_signed_by(log)
}

fn digest(parts: &[&[u8]]) -> Option<[u8; 32]> {
    Algorithm::Sha256.of(&parts.concat()).try_into().ok()
}

fn leaf(body: &[u8]) -> Option<[u8; 32]> {
    digest(&[&[0], body])
}

/// The root that a proof of inclusion leads to (RFC 9162, section 2.1.3.2).
fn root(index: u64, size: u64, leaf: Option<[u8; 32]>, hashes: &[[u8; 32]]) -> Option<[u8; 32]> {
    if index >= size {
        return None;
    }
    let (mut number, mut last, mut root) = (index, size - 1, leaf?);
    for hash in hashes {
        if last == 0 {
            return None;
        }
        if number & 1 == 1 || number == last {
            root = digest(&[&[1], hash, &root])?;
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            root = digest(&[&[1], &root, hash])?;
        }
        number >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// A signed note about the size and root of a tree.
struct Checkpoint<'a> {
    text: &'a str,
    origin: &'a str,
    size: u64,
    root: Vec<u8>,
    signatures: Vec<NoteSignature<'a>>,
}

struct NoteSignature<'a> {
    name: &'a str,
    hint: [u8; 4],
    signature: Vec<u8>,
}

impl<'a> Checkpoint<'a> {
    fn read(envelope: &'a str) -> Option<Self> {
        let end = envelope.find("\n\n")? + 1;
        let (text, signatures) = (envelope.get(..end)?, envelope.get(end + 1..)?);
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        if origin.is_empty() || size.is_empty() || !size.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let signatures: Option<Vec<NoteSignature<'_>>> =
            signatures.lines().map(NoteSignature::read).collect();
        Some(Checkpoint {
            text,
            origin,
            size: size.parse().ok()?,
            root: Base64::decode_vec(root).ok()?,
            signatures: signatures?,
        })
    }

    /// One of the signatures must be the log's own; those of witnesses are not judged.
    fn is_signed_by(&self, log: &Log) -> Result<(), Refusal> {
        let scheme = public_key::default_scheme(&log.key)?;
        let own = self.signatures.iter().filter(|signature| {
            // Logs of the first generation add the number of the tree to their name.
            let named = self.origin.strip_prefix(signature.name);
            named.is_some_and(|rest| rest.is_empty() || rest.starts_with(" - "))
                && log.id.get(..4) == Some(signature.hint.as_slice())
        });
        for signature in own {
            if public_key::verify(&log.key, scheme, self.text.as_bytes(), &signature.signature).is_ok() {
                return Ok(());
            }
        }
        Err(unproven_entry("signature of the checkpoint"))
    }
}

impl<'a> NoteSignature<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = Base64::decode_vec(encoded).ok()?;
        let (hint, signature) = bytes.split_first_chunk::<4>()?;
        Some(NoteSignature { name, hint: *hint, signature: signature.to_vec() }).filter(|_| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every leaf of trees of every size up to 40 is proven by its path and by no other.
    #[test]
    fn proofs_lead_to_the_root_of_the_tree() {
        fn tree(leaves: &[[u8; 32]]) -> [u8; 32] {
            match leaves {
                [one] => *one,
                _ => {
                    let split = leaves.len().next_power_of_two() / 2;
                    digest(&[&[1], &tree(&leaves[..split]), &tree(&leaves[split..])]).unwrap()
                }
            }
        }
        fn path(index: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
            if leaves.len() == 1 {
                return Vec::new();
            }
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            let (mut path, sibling) = if index < split {
                (path(index, left), tree(right))
            } else {
                (path(index - split, right), tree(left))
            };
            path.push(sibling);
            path
        }
        for size in 1..40usize {
            let leaves: Vec<[u8; 32]> = (0..size).map(|n| leaf(&n.to_be_bytes()).unwrap()).collect();
            for index in 0..size {
                let hashes = path(index, &leaves);
                let by = |index: usize, size: usize, hashes: &[[u8; 32]]| {
                    root(index as u64, size as u64, Some(leaves[index.min(leaves.len() - 1)]), hashes)
                };
                assert_eq!(by(index, size, &hashes), Some(tree(&leaves)), "{index} of {size}");
                if size > 1 {
                    assert_ne!(by((index + 1) % size, size, &hashes), Some(tree(&leaves)));
                    assert_ne!(by(index, size, &hashes[1..]), Some(tree(&leaves)));
                }
                let longer = [&hashes[..], &[leaves[0]]].concat();
                assert_ne!(by(index, size, &longer), Some(tree(&leaves)));
            }
            assert_eq!(root(size as u64, size as u64, Some(leaves[0]), &[]), None);
        }
    }
}
