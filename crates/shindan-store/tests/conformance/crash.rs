//! A writer is killed at any moment, again and again: nothing that was acknowledged is lost.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use shindan_store::Store;

use crate::toy::*;

const FOLDER: &str = "SHINDAN_STORE_TEST_WRITER";

/// Does nothing unless this program was started by the test below: then it writes until it is killed, and says what it has
/// written.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut store = Store::open(std::path::Path::new(&folder)).unwrap();
    let mut number = u128::from(store.head().unwrap().sequence) + 1;
    loop {
        let done = happen(&mut store, jar(number), &[named("x"), filled(1), shelved("north")]).unwrap();
        let document = store.keep(&mut number.to_string().as_bytes(), "d", 100, noon()).unwrap();
        println!("written {} {}", done.last, document.sha256);
        std::io::stdout().flush().unwrap();
        number += 3;
    }
}

#[test]
fn what_was_acknowledged_survives_kill() {
    let folder = Folder::new();
    folder.create();
    let mut killed_while_writing = 0;
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::writer", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Killed after some acknowledged changes, at a moment that differs from round to round.
        let mut acknowledged = Vec::new();
        while acknowledged.len() < 3 {
            let line = lines.next().unwrap().unwrap();
            acknowledged.extend(line.split_once("written ").map(|(_, rest)| rest.to_owned()));
        }
        std::thread::sleep(Duration::from_micros(137 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            acknowledged.extend(line.split_once("written ").map(|(_, rest)| rest.to_owned()));
        }
        let store = folder.open();
        let verified = store.verify(&[]).unwrap();
        assert_eq!(verified.problems, [], "round {round}");
        let (last, document) = acknowledged.last().unwrap().split_once(' ').unwrap();
        assert!(verified.entries >= last.parse().unwrap(), "round {round}: {last}");
        assert!(store.open_document(&document.parse().unwrap()).is_ok());
        assert_eq!(verified.entries % 3, 0, "a change is there as a whole or not at all");
        assert_eq!(store.compare(&mut fold).unwrap(), [], "round {round}");
        killed_while_writing += usize::from(verified.entries > last.parse().unwrap());
    }
    println!("killed between writing and acknowledging: {killed_while_writing} of 12");
}
