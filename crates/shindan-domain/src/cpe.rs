//! CPE 2.3 names and matching. Source: NISTIR 7695 (naming), NISTIR 7696 (name matching).
