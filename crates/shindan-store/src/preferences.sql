-- How a person wants pages (version 3 of the tables): language, calendar, columns of lists. Not derived, and nothing of a record.
CREATE TABLE preference (
    person BLOB NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;
