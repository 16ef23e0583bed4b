//! Limits on foreign input, in one place.

/// How much of a foreign file is read before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file or archive entry, in bytes.
    pub file_size: u64,
    /// Deepest nesting of JSON values or XML elements.
    pub depth: usize,
    /// Longest line of a line-oriented format, in bytes.
    pub line: usize,
    /// Most entries of an archive.
    pub entries: usize,
    /// Largest sum of the inflated sizes of an archive's entries, in bytes.
    pub inflated: u64,
    /// Largest ratio of inflated to deflated size of an archive entry over 1 MiB.
    pub ratio: u64,
}

impl Limits {
    /// The limits in force: 1 GiB a file, 128 levels, 16 MiB a line, 1,000,000 entries, 16 GiB an archive, 1:1000.
    pub const DEFAULT: Limits = Limits {
        file_size: 1 << 30,
        depth: 128,
        line: 16 << 20,
        entries: 1_000_000,
        inflated: 16 << 30,
        ratio: 1000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}
