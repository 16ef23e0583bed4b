//! The labels of `systeminfo`, in Japanese and English.

/// What is read of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Host,
    Name,
    Version,
    Configuration,
    Maker,
    Model,
    Type,
    Updates,
    /// Known, and of no use here.
    Other,
}

/// Folded label → meaning. Labels of no use are there to tell a new line from one that the console wrapped.
const LABELS: &[(&str, Label)] = &[
    ("hostname", Label::Host),
    ("osname", Label::Name),
    ("osversion", Label::Version),
    ("osconfiguration", Label::Configuration),
    ("systemmanufacturer", Label::Maker),
    ("systemmodel", Label::Model),
    ("systemtype", Label::Type),
    ("hotfix(s)", Label::Updates),
    ("hotfix(es)", Label::Updates),
    ("osmanufacturer", Label::Other),
    ("osbuildtype", Label::Other),
    ("registeredowner", Label::Other),
    ("registeredorganization", Label::Other),
    ("productid", Label::Other),
    ("originalinstalldate", Label::Other),
    ("systemboottime", Label::Other),
    ("processor(s)", Label::Other),
    ("biosversion", Label::Other),
    ("domain", Label::Other),
    ("logonserver", Label::Other),
    ("networkcard(s)", Label::Other),
    ("hyper-vrequirements", Label::Other),
    ("ホスト名", Label::Host),
    ("os名", Label::Name),
    ("osバージョン", Label::Version),
    ("os構成", Label::Configuration),
    ("システム製造元", Label::Maker),
    ("システムの製造元", Label::Maker),
    ("システムモデル", Label::Model),
    ("システムの種類", Label::Type),
    ("ホットフィックス", Label::Updates),
    ("修正プログラム", Label::Updates),
    ("os製造元", Label::Other),
    ("osビルドの種類", Label::Other),
    ("登録されている所有者", Label::Other),
    ("登録されている組織", Label::Other),
    ("プロダクトid", Label::Other),
    ("最初のインストール日付", Label::Other),
    ("システム起動時間", Label::Other),
    ("プロセッサ", Label::Other),
    ("biosバージョン", Label::Other),
    ("ドメイン", Label::Other),
    ("ログオンサーバー", Label::Other),
    ("ネットワークカード", Label::Other),
    ("hyper-vの要件", Label::Other),
];

/// Reads a label as written, without its colon.
pub(super) fn label(text: &str) -> Option<Label> {
    if text.chars().count() > 40 {
        return None;
    }
    let folded: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    LABELS.iter().find(|(known, _)| *known == folded).map(|(_, label)| *label)
}

/// Label and value of a line that starts with a known label.
pub(super) fn labelled(line: &str) -> Option<(Label, &str)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let (front, value) = line.split_once([':', '：'])?;
    Some((label(front)?, value.trim()))
}
