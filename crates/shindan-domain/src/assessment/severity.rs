//! How severe a finding is here.

use crate::terms;

terms! {
    /// 深刻度 of a finding, by a table that people can read.
    pub enum Level ("finding-level") {
        /// 緊急
        Critical = "critical",
        /// 重要
        High = "high",
        /// 警告
        Medium = "medium",
        /// 注意
        Low = "low",
        /// 情報: worth knowing, nothing to decide.
        Informational = "informational",
    }
}
