-- Accounts for the browser (since version 2 of the tables). Not derived. Passwords and codes are kept as hashes; what must be readable (the
-- secret of an authenticator app) is in this file only. Sessions, devices and counts of failures are not part of a backup.
CREATE TABLE password (person BLOB PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE invitation (person BLOB PRIMARY KEY, digest BLOB NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE totp (
    person    BLOB    PRIMARY KEY,
    secret    BLOB    NOT NULL,
    last_step INTEGER NOT NULL -- the last step of 30 seconds whose code was used
) STRICT, WITHOUT ROWID;
CREATE TABLE totp_begun (person BLOB PRIMARY KEY, secret BLOB NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_code (person BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (person, digest)) STRICT, WITHOUT ROWID;
CREATE TABLE session (
    digest   BLOB    PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE,
    person   BLOB    NOT NULL,
    begun_at INTEGER NOT NULL,
    seen_at  INTEGER NOT NULL,
    address  TEXT    NOT NULL,
    agent    TEXT    NOT NULL,
    change_password INTEGER NOT NULL -- 1: with a password that is not good enough any more
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_person ON session (person, begun_at);
CREATE TABLE known_device (
    digest  BLOB    NOT NULL,
    person  BLOB    NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (digest, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_of_person ON known_device (person, seen_at);
CREATE TABLE throttle (
    budget     TEXT    NOT NULL,
    key        BLOB    NOT NULL,
    failures   INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    counted_at INTEGER NOT NULL,
    noted      INTEGER NOT NULL,
    PRIMARY KEY (budget, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_by_time ON throttle (budget, counted_at);
CREATE TABLE login (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    outcome TEXT    NOT NULL,
    person  BLOB,             -- NULL: nobody is called what was typed, which is not kept
    address TEXT    NOT NULL,
    agent   TEXT    NOT NULL
) STRICT;
CREATE INDEX login_of_person ON login (person, id);
CREATE INDEX login_by_outcome ON login (outcome, id);
