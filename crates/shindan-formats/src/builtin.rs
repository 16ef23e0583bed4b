//! The data files of `catalog/` that the program carries inside itself: (path, content).

/// Guideline packs.
pub const PACKS: [(&str, &[u8]); 2] = [
    (
        "catalog/mic-meti-provider-1.1-annex2-p30.toml",
        include_bytes!("../../../catalog/mic-meti-provider-1.1-annex2-p30.toml"),
    ),
    ("catalog/mhlw-6.0.toml", include_bytes!("../../../catalog/mhlw-6.0.toml")),
];

/// The decision table that is used if no other is given.
pub const DECISION_TABLE: (&str, &[u8]) =
    ("catalog/policy/ssvc-deployer.toml", include_bytes!("../../../catalog/policy/ssvc-deployer.toml"));

/// The policy that is used if no other is given.
pub const POLICY: (&str, &[u8]) =
    ("catalog/policy/default.toml", include_bytes!("../../../catalog/policy/default.toml"));
