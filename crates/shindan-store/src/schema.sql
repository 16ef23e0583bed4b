-- The ledger. Bytes are kept as they were hashed; the other columns repeat what is in them, to find entries.
CREATE TABLE entry (
    sequence INTEGER PRIMARY KEY,
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL,
    revision INTEGER NOT NULL,
    at       INTEGER NOT NULL, -- milliseconds since 1970, UTC
    type     TEXT    NOT NULL,
    hash     BLOB    NOT NULL,
    bytes    BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_of_record ON entry (id, kind, revision);
CREATE INDEX entry_by_time ON entry (at);
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;

CREATE TABLE checkpoint (
    sequence  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    key       TEXT    NOT NULL,
    signature TEXT    NOT NULL,
    PRIMARY KEY (sequence, at)
) STRICT, WITHOUT ROWID;

-- Derived from the entries: see filing.rs. Groups are few (kind × open × status), so that a list that is filtered by any
-- of them is a merge of a few runs of one index.
CREATE TABLE list_group (
    id         INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,
    open       INTEGER NOT NULL,
    status_set TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    records    INTEGER NOT NULL,
    UNIQUE (kind, open, status_set, status)
) STRICT;
CREATE TABLE record (
    first      INTEGER PRIMARY KEY REFERENCES entry (sequence), -- number of its first entry
    kind       TEXT    NOT NULL,
    id         BLOB    NOT NULL,
    revision   INTEGER NOT NULL,
    number     TEXT,
    list_group INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    search     TEXT    NOT NULL,    -- title and number as they are compared
    priority   INTEGER,
    due        INTEGER NOT NULL,    -- year, month, day as one number; 99999999: not due
    urgency    INTEGER NOT NULL,    -- priority × 10^8 + due; 256: no priority
    changed    INTEGER NOT NULL,    -- number of its last entry
    opened_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    state      BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_id ON record (id, kind);
CREATE UNIQUE INDEX record_number ON record (number) WHERE number IS NOT NULL;
CREATE INDEX list_by_urgency ON record (list_group, urgency, first);
CREATE INDEX list_by_due ON record (list_group, due, first);
CREATE INDEX list_by_changed ON record (list_group, changed, first);
CREATE INDEX list_by_opened ON record (list_group, first);
CREATE INDEX list_by_title ON record (list_group, search, first);
CREATE VIRTUAL TABLE record_text USING fts5 (
    text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1'
);
CREATE TABLE link (
    relation TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    record   INTEGER NOT NULL REFERENCES record (first),
    PRIMARY KEY (relation, target, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_of_record ON link (record);
CREATE TABLE token (digest BLOB PRIMARY KEY, person BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX token_of_person ON token (person);
CREATE TABLE number_counter (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;

-- Not derived.
CREATE TABLE installation (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    id      BLOB    NOT NULL,
    prefix  TEXT    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE signing_key (key TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT;
CREATE TABLE answer (
    person         BLOB    NOT NULL,
    key            TEXT    NOT NULL,
    request        BLOB    NOT NULL,
    first_entry    INTEGER NOT NULL,
    last_entry     INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    answer         TEXT,
    PRIMARY KEY (person, key)
) STRICT;
CREATE TABLE person_name (person BLOB PRIMARY KEY, name TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
CREATE TABLE refusal (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    person BLOB,
    action TEXT    NOT NULL,
    kind   TEXT,
    record BLOB,
    reason TEXT    NOT NULL
) STRICT;
CREATE TABLE document (sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, kept_at INTEGER NOT NULL) STRICT;
