//! Domain to people: words, tables, JSON, HTML.
