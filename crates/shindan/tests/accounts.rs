//! `setup --password-stdin` and the verbs of `user` on accounts, through the real executable.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{Folder, Said, follows, run, run_with_input, text};

const PASSWORD: &str = "桜の木の下で三時にお茶を";

struct Hospital {
    folder: Folder,
    administrator: PathBuf,
}

impl Hospital {
    fn new() -> Hospital {
        let folder = Folder::new();
        let administrator = folder.join("administrator.token");
        let data = folder.join("data");
        let base = ["setup", "--data-dir", text(&data), "--prefix", "MED", "--name", "管理 花子"];
        let stdin = ["--password-stdin", "--token-to", text(&administrator)];
        let set_up = |input: &str| {
            let arguments: Vec<&str> = base.iter().chain(&stdin).copied().collect();
            run_with_input(&arguments, input.as_bytes())
        };
        set_up("short\n").ends(5).complains(&["短すぎます"]);
        set_up("").ends(2).complains(&["標準入力"]);
        assert!(!data.join("ledger").exists(), "nothing was begun");
        set_up(&format!("{PASSWORD}\n")).ends(0);
        Hospital { folder, administrator }
    }

    #[track_caller]
    fn administrator(&self, arguments: &[&str], input: &str) -> Said {
        let data = self.folder.join("data");
        let base = ["--data-dir", text(&data), "--token-file", text(&self.administrator)];
        let arguments: Vec<&str> = arguments.iter().chain(&base).copied().collect();
        run_with_input(&arguments, input.as_bytes())
    }
}

#[test]
fn passwords_are_set_and_invitations_given_once() {
    let hospital = Hospital::new();
    hospital.administrator(&["user", "add", "--name", "運用 太郎", "--role", "operator"], "").ends(0);
    let invite = ["user", "password", "運用 太郎", "--format", "json", "--once", "k1"];
    let invited = hospital.administrator(&invite, "").ends(0).json();
    follows("invitation-1.json", &invited);
    let again = hospital.administrator(&invite, "").ends(0).complains(&["どこにも保存していません"]);
    assert!(!again.stdout.contains(invited["code"].as_str().unwrap()));
    let set = ["user", "password", "--password-stdin"];
    let another = "梅の木の下で五時にお茶を";
    hospital.administrator(&set, &format!("{another}\n{another}\n")).ends(5).complains(&["現在のパスワード"]);
    hospital.administrator(&set, &format!("{PASSWORD}\n")).ends(2).complains(&["標準入力"]);
    let done = hospital.administrator(&set, &format!("{PASSWORD}\r\n{another}\r\n")).ends(0);
    assert!(!done.stdout.contains(another) && !done.stderr.contains(another));
    hospital.administrator(&["user", "password", "誰もいない"], "").ends(2);
    // Nobody sits at a terminal here.
    let asked =
        hospital.administrator(&["user", "totp", "remove", "--password-stdin"], "wrong one\n").ends(5);
    assert!(asked.stderr.contains("現在のパスワード"), "{asked}");
    hospital
        .administrator(&["user", "totp", "remove", "運用 太郎"], "")
        .ends(5)
        .complains(&["認証アプリが登録されていない"]);
}

#[test]
fn sessions_and_log_ins_are_listed_for_scripts() {
    let hospital = Hospital::new();
    let sessions = hospital.administrator(&["user", "sessions", "--format", "json"], "").ends(0).json();
    follows("sessions-1.json", &sessions);
    let logins = ["user", "logins", "--outcome", "failed", "--limit", "5", "--format", "json"];
    follows("logins-1.json", &hospital.administrator(&logins, "").ends(0).json());
    hospital.administrator(&["user", "logins", "--outcome", "locked"], "").ends(2).complains(&["throttled"]);
    hospital.administrator(&["user", "end-session", "no-id"], "").ends(2);
    hospital.administrator(&["user", "end-session"], "").ends(2);
    let ended = hospital.administrator(&["user", "end-session", "--all-of", "管理 花子"], "");
    ended.ends(0).complains(&["0 件"]);
    hospital.administrator(&["user", "add", "--name", "運用 太郎", "--role", "operator"], "").ends(0);
    let token = hospital.folder.join("operator.token");
    let issue = ["token", "issue", "運用 太郎", "--purpose", "x", "--token-to", text(&token)];
    hospital.administrator(&issue, "").ends(0);
    let data = hospital.folder.join("data");
    let as_operator = ["--data-dir", text(&data), "--token-file", text(&token)];
    run(["user", "logins"].iter().chain(&as_operator)).ends(5);
    run(["user", "logins", "--own"].iter().chain(&as_operator)).ends(0);
    run(["user", "sessions", "管理 花子"].iter().chain(&as_operator)).ends(5);
}
