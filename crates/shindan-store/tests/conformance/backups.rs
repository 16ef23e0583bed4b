//! Backups: consistent while others write, checked before they are taken, opened elsewhere.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use shindan_store::{BackupFault, DocumentFault, Store, StoreError};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::toy::*;

fn fault(result: Result<shindan_store::Restored, StoreError>) -> BackupFault {
    match result {
        Err(StoreError::Backup { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_backup_opens_on_another_machine() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 5);
    store.set_name(person(), "山田", noon()).unwrap();
    let document = store.keep(&mut Cursor::new(b"scan"), "scan.pdf", 100, noon()).unwrap();
    assert_eq!(store.exchange_identity().unwrap(), None);
    store.set_exchange_identity("AGE-SECRET-KEY-1").unwrap();
    assert!(matches!(store.set_exchange_identity("another"), Err(StoreError::KeyPresent)));
    let file = folder.path().join("backup.zip");
    let made = store.backup(&file, true, noon()).unwrap();
    assert_eq!((made.last.clone(), made.documents, made.key), (store.head().unwrap(), 1, true));
    assert_eq!(made.size, std::fs::metadata(&file).unwrap().len());
    assert_eq!(made.faults, []);
    let beside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "backup and ledger, nothing half: {beside:?}");
    // What happens later is not in it.
    happen(&mut store, jar(9), &[named("later")]).unwrap();

    let elsewhere = Folder::new();
    let data = elsewhere.path().join("new/data");
    let restored = Store::restore(&file, &data, &store.checkpoints().unwrap()).unwrap();
    assert_eq!((restored.last, restored.documents, restored.key), (made.last.clone(), 1, true));
    assert_eq!(restored.installation, installation());
    let mut other = Store::open(&data).unwrap();
    assert_eq!(other.head().unwrap(), made.last);
    assert_eq!(other.compare(&mut fold).unwrap(), []);
    assert_eq!(other.name(person()).unwrap().as_deref(), Some("山田"));
    assert!(other.open_document(&document.sha256).is_ok());
    assert_eq!(other.public_key().unwrap(), store.public_key().unwrap());
    assert_eq!(other.exchange_identity().unwrap().as_deref(), Some("AGE-SECRET-KEY-1"), "files still open");
    happen(&mut other, jar(10), &[named("work goes on")]).unwrap();
    assert!(other.verify(&[]).unwrap().is_whole());
    assert!(matches!(Store::restore(&file, &data, &[]), Err(StoreError::Present { .. })));
    assert!(matches!(
        store.backup(&file, true, noon()),
        Err(StoreError::Backup { fault: BackupFault::Exists, .. })
    ));
}

#[test]
fn a_backup_without_the_key_needs_a_new_one() {
    let folder = Folder::new();
    let store = folder.create();
    store.set_exchange_identity("AGE-SECRET-KEY-1").unwrap();
    let file = folder.path().join("backup.zip");
    store.backup(&file, false, noon()).unwrap();
    let elsewhere = Folder::new();
    assert!(!Store::restore(&file, elsewhere.path(), &[]).unwrap().key);
    let other = elsewhere.open();
    assert!(matches!(other.sign(b""), Err(StoreError::KeyMissing)));
    assert_eq!(other.exchange_identity().unwrap(), None, "no secret leaves with it");
    assert!(matches!(other.backup(&folder.path().join("no.zip"), true, noon()), Err(StoreError::KeyMissing)));
    other.backup(&folder.path().join("yes.zip"), false, noon()).unwrap();
    other.set_key([3; 32], noon()).unwrap();
    assert!(other.sign(b"").is_ok());
}

#[test]
fn damaged_documents_do_not_prevent_a_backup_and_are_named() {
    let folder = Folder::new();
    let store = folder.create();
    let kept = store.keep(&mut Cursor::new(b"good"), "a", 100, noon()).unwrap();
    let harmed = store.keep(&mut Cursor::new(b"harmed"), "b", 100, noon()).unwrap();
    let text = harmed.sha256.to_string();
    std::fs::write(folder.path().join("ledger/documents").join(&text[..2]).join(&text[2..]), b"?").unwrap();
    let file = folder.path().join("backup.zip");
    let made = store.backup(&file, false, noon()).unwrap();
    assert_eq!((made.documents, made.faults), (1, vec![DocumentFault::Damaged(harmed.sha256)]));
    let elsewhere = Folder::new();
    let restored = Store::restore(&file, elsewhere.path(), &[]).unwrap();
    assert_eq!((restored.documents, restored.left_out), (1, vec![harmed.sha256]));
    assert!(elsewhere.open().open_document(&kept.sha256).is_ok());
    assert_eq!(elsewhere.open().verify_documents().unwrap(), [DocumentFault::Missing(harmed.sha256)]);
}

#[test]
fn a_backup_is_made_while_others_write() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 200);
    // The writer ends by itself if the backups fail.
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut store = folder.open();
            let mut number = 1_000;
            while !done.load(Ordering::Relaxed) && number < 3_000 {
                happen(&mut store, jar(number), &[named("x"), filled(2)]).unwrap();
                number += 1;
            }
            number
        });
        let mut restored = Vec::new();
        for round in 0..5 {
            let file = folder.path().join(format!("{round}.zip"));
            let made = store.backup(&file, true, noon()).unwrap();
            let elsewhere = Folder::new();
            assert_eq!(Store::restore(&file, elsewhere.path(), &[]).unwrap().last, made.last);
            assert_eq!(elsewhere.open().compare(&mut fold).unwrap(), []);
            restored.push(made.last.sequence);
        }
        done.store(true, Ordering::Relaxed);
        assert!(writer.join().unwrap() > 1_000);
        assert!(restored.is_sorted() && restored.first() < restored.last(), "{restored:?}");
    });
}

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// Packs the files of a backup anew, after `change`.
fn repacked(file: &Path, to: &Path, change: impl FnOnce(&mut Files)) {
    let mut archive = ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.push((entry.name().unwrap().into_owned(), bytes));
    }
    change(&mut files);
    let mut zip = ZipWriter::new(std::fs::File::create(to).unwrap());
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_harmed_backup_leaves_no_trace() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 3);
    store.keep(&mut Cursor::new(b"scan"), "scan.pdf", 100, noon()).unwrap();
    let file = folder.path().join("backup.zip");
    store.backup(&file, true, noon()).unwrap();
    let elsewhere = Folder::new();
    let other = folder.path().join("other.zip");
    let place = |files: &[(String, Vec<u8>)], part: &str| {
        files.iter().position(|(name, _)| name.contains(part)).unwrap()
    };
    let take = |change: &dyn Fn(&mut Files)| {
        repacked(&file, &other, change);
        let fault = fault(Store::restore(&other, elsewhere.path(), &[]));
        assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0, "{fault}");
        fault
    };
    assert!(matches!(
        take(&|files| {
            let i = place(files, "documents");
            files[i].1[0] ^= 1;
        }),
        BackupFault::Changed { .. }
    ));
    assert!(matches!(
        take(&|files| {
            let i = place(files, "documents");
            files[i].1.push(0);
        }),
        BackupFault::Changed { .. }
    ));
    assert!(matches!(
        take(&|files| {
            let i = place(files, "shindan.db");
            files[i].1.pop();
        }),
        BackupFault::Changed { .. }
    ));
    assert!(matches!(
        take(&|files| {
            files.remove(place(files, "documents"));
        }),
        BackupFault::Missing { .. }
    ));
    assert!(matches!(
        take(&|files| {
            files.push(("ledger/extra".into(), vec![]));
        }),
        BackupFault::Unlisted { .. }
    ));
    assert!(matches!(
        take(&|files| {
            files.remove(place(files, "manifest"));
        }),
        BackupFault::NotABackup(_)
    ));
    let newer = |files: &mut Files| {
        let i = place(files, "manifest");
        let text = String::from_utf8(files[i].1.clone()).unwrap();
        files[i].1 = text.replace("\"shindan_backup\": 1", "\"shindan_backup\": 2").into_bytes();
    };
    assert_eq!(take(&newer), BackupFault::Newer { found: 2, known: 1 });

    std::fs::write(&other, b"PK no zip").unwrap();
    assert!(matches!(fault(Store::restore(&other, elsewhere.path(), &[])), BackupFault::NotABackup(_)));
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&other, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(fault(Store::restore(&other, elsewhere.path(), &[])), BackupFault::NotABackup(_)));
    assert!(matches!(
        Store::restore(&folder.path().join("absent.zip"), elsewhere.path(), &[]),
        Err(StoreError::Io { .. })
    ));
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

/// Somebody who repairs the list of hashes after changing the ledger is found by the chain.
#[test]
fn a_backup_whose_ledger_was_changed_is_refused() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 3);
    let kept_elsewhere = store.checkpoint(noon()).unwrap();
    let file = folder.path().join("backup.zip");

    let shorter = Folder::new();
    let mut shorter_store = shorter.create();
    fill(&mut shorter_store, 2);
    shorter_store.backup(&file, true, noon()).unwrap();
    let elsewhere = Folder::new();
    let refused = fault(Store::restore(&file, elsewhere.path(), &[kept_elsewhere]));
    assert!(matches!(&refused, BackupFault::Chain(text) if text.contains("entry 3")), "{refused}");

    let forged = folder.path().join("forged.zip");
    repacked(&file, &forged, |files| {
        let index = files.iter().position(|(name, _)| name.contains("manifest")).unwrap();
        let text = String::from_utf8(files[index].1.clone()).unwrap();
        files[index].1 = text.replace("\"sequence\": 2", "\"sequence\": 1").into_bytes();
    });
    assert!(matches!(fault(Store::restore(&forged, elsewhere.path(), &[])), BackupFault::Chain(_)));
}
