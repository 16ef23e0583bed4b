//! Guideline data packs (TOML) of `catalog/`.
