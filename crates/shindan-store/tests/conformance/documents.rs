//! Documents: kept whole or not at all, compared with their hash, cleaned up when nobody names them.

use std::io::{Cursor, Read};

use shindan_domain::ledger::Hash;
use shindan_store::{DocumentFault, Removed, StoreError};

use crate::toy::*;

/// A file that cannot be read to its end.
struct Broken(u32);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            return Err(std::io::Error::other("the stick was pulled out"));
        }
        self.0 -= 1;
        buffer.fill(b'x');
        Ok(buffer.len())
    }
}

fn path(folder: &Folder, hash: &Hash) -> std::path::PathBuf {
    let text = hash.to_string();
    folder.path().join("ledger/documents").join(&text[..2]).join(&text[2..])
}

fn incoming(folder: &Folder) -> usize {
    std::fs::read_dir(folder.path().join("ledger/documents/incoming")).map_or(0, Iterator::count)
}

#[test]
fn a_document_is_kept_once_under_its_hash() {
    let folder = Folder::new();
    let store = folder.create();
    let kept = store.keep(&mut Cursor::new(b"result"), "C:\\試験\\結果.pdf", 100, noon()).unwrap();
    assert_eq!((kept.sha256, kept.size, kept.name.as_str()), (Hash::of(b"result"), 6, "結果.pdf"));
    let again = store.keep(&mut Cursor::new(b"result"), "copy.pdf", 100, noon()).unwrap();
    assert_eq!(again.sha256, kept.sha256);
    let mut text = String::new();
    store.open_document(&kept.sha256).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "result");
    assert!(store.has_document(&kept.sha256).unwrap());
    assert!(!store.has_document(&Hash::of(b"other")).unwrap());
    assert!(matches!(store.open_document(&Hash::of(b"other")), Err(StoreError::NoDocument(_))));
    assert_eq!(incoming(&folder), 0);
    assert_eq!(store.verify_documents().unwrap(), []);
}

#[test]
fn half_a_document_is_none() {
    let folder = Folder::new();
    let store = folder.create();
    assert!(matches!(store.keep(&mut Broken(2), "a", u64::MAX, noon()), Err(StoreError::Io { .. })));
    assert!(matches!(
        store.keep(&mut Cursor::new(b"12345"), "a", 4, noon()),
        Err(StoreError::TooLarge { limit: 4 })
    ));
    store.keep(&mut Cursor::new(b"1234"), "a", 4, noon()).unwrap();
    assert_eq!(incoming(&folder), 0, "nothing is left behind");
}

#[test]
fn a_changed_document_is_never_given_out_and_can_be_brought_again() {
    let folder = Folder::new();
    let store = folder.create();
    let kept = store.keep(&mut Cursor::new(b"genuine"), "a", 100, noon()).unwrap();
    let gone = store.keep(&mut Cursor::new(b"gone"), "b", 100, noon()).unwrap();
    std::fs::write(path(&folder, &kept.sha256), b"genuinE").unwrap();
    std::fs::remove_file(path(&folder, &gone.sha256)).unwrap();
    assert!(
        matches!(store.open_document(&kept.sha256), Err(StoreError::DocumentDamaged(hash)) if hash == kept.sha256)
    );
    let mut faults = store.verify_documents().unwrap();
    faults.sort_by_key(DocumentFault::document);
    let mut expected = vec![DocumentFault::Damaged(kept.sha256), DocumentFault::Missing(gone.sha256)];
    expected.sort_by_key(DocumentFault::document);
    assert_eq!(faults, expected);
    store.keep(&mut Cursor::new(b"genuine"), "a", 100, noon()).unwrap();
    store.keep(&mut Cursor::new(b"gone"), "b", 100, noon()).unwrap();
    assert_eq!(store.verify_documents().unwrap(), []);
}

#[test]
fn what_nobody_names_is_removed_after_a_while() {
    let folder = Folder::new();
    let mut store = folder.create();
    let keep = |store: &shindan_store::Store, text: &str, at: &str| {
        store.keep(&mut Cursor::new(text.as_bytes().to_vec()), "a", 100, time(at)).unwrap().sha256
    };
    let named_by_an_entry = keep(&store, "named", "2026-11-01T00:00:00Z");
    let forgotten = keep(&store, "forgotten", "2026-11-01T00:00:00Z");
    let recent = keep(&store, "recent", "2026-11-26T00:00:00Z");
    happen(&mut store, jar(1), &[named(&named_by_an_entry.to_string())]).unwrap();
    let left = folder.path().join("ledger/documents/incoming/1-1");
    std::fs::write(&left, b"half").unwrap();

    let before = time("2026-11-20T00:00:00Z");
    assert_eq!(store.documents_unreferenced(before).unwrap(), [forgotten]);
    let removed = store.remove_unreferenced(before).unwrap();
    assert_eq!(removed.documents, 1);
    assert!(!store.has_document(&forgotten).unwrap() && !path(&folder, &forgotten).exists());
    assert!(store.has_document(&recent).unwrap() && store.open_document(&named_by_an_entry).is_ok());
    // The half file is as old as this test: it goes when its day has passed.
    let later = time("2500-01-01T00:00:00Z");
    let expected = Removed { documents: 1, incoming: 1 };
    let expected = if removed.incoming == 1 { Removed { incoming: 0, ..expected } } else { expected };
    assert_eq!(store.remove_unreferenced(later).unwrap(), expected);
    assert!(!left.exists());
    assert!(store.open_document(&named_by_an_entry).is_ok(), "what an entry names stays for ever");
}
