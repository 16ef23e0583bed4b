//! SARIF as it is written. Source: SARIF 2.1.0 (OASIS), section 3; the names are those of the specification.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::value::{Many, Word, Words};

#[derive(Debug, Default)]
pub(super) struct Tool {
    pub(super) driver: Component,
    pub(super) extensions: Vec<Component>,
}

/// `toolComponent`
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) name: Word,
    pub(super) version: Word,
    pub(super) semantic_version: Word,
    pub(super) guid: Word,
    pub(super) rules: Vec<Rule>,
    pub(super) global_message_strings: Option<BTreeMap<String, Message>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) id: Word,
    pub(super) name: Word,
    pub(super) short_description: Option<Message>,
    pub(super) full_description: Option<Message>,
    pub(super) message_strings: Option<BTreeMap<String, Message>>,
    pub(super) default_configuration: Option<Configuration>,
    pub(super) help: Option<Message>,
    pub(super) help_uri: Word,
    pub(super) relationships: Many<Relationship>,
    pub(super) properties: Option<Properties>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Configuration {
    pub(super) level: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Relationship {
    pub(super) target: Option<Reference>,
}

/// `reportingDescriptorReference`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Reference {
    pub(super) id: Word,
    pub(super) index: Option<i64>,
    pub(super) tool_component: Option<ComponentReference>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ComponentReference {
    pub(super) name: Word,
    pub(super) index: Option<i64>,
    pub(super) guid: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Properties {
    pub(super) tags: Words,
    pub(super) cwe: Words,
    pub(super) precision: Words,
    #[serde(rename = "security-severity")]
    pub(super) security_severity: Words,
    pub(super) purls: Words,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    pub(super) text: Word,
    pub(super) markdown: Word,
    pub(super) id: Word,
    pub(super) arguments: Words,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Finding {
    pub(super) rule_id: Word,
    pub(super) rule_index: Option<i64>,
    pub(super) rule: Option<Reference>,
    pub(super) kind: Word,
    pub(super) level: Word,
    pub(super) message: Option<Message>,
    pub(super) locations: Many<Location>,
    pub(super) fingerprints: Option<BTreeMap<String, Words>>,
    pub(super) partial_fingerprints: Option<BTreeMap<String, Words>>,
    pub(super) baseline_state: Word,
    pub(super) suppressions: Many<Suppression>,
    pub(super) taxa: Many<Reference>,
    pub(super) occurrence_count: Option<i64>,
    pub(super) properties: Option<Properties>,
    pub(super) web_request: Option<WebRequest>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebRequest {
    pub(super) method: Word,
    pub(super) target: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Suppression {
    pub(super) kind: Word,
    pub(super) status: Word,
    pub(super) state: Word,
    pub(super) justification: Word,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: Option<PhysicalLocation>,
    pub(super) logical_locations: Many<LogicalLocation>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: Option<ArtifactLocation>,
    pub(super) region: Option<Region>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ArtifactLocation {
    pub(super) uri: Word,
    pub(super) index: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: Option<i64>,
    pub(super) snippet: Option<Message>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct LogicalLocation {
    pub(super) name: Word,
    pub(super) fully_qualified_name: Word,
    pub(super) index: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Artifact {
    pub(super) location: Option<ArtifactLocation>,
    pub(super) roles: Words,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) start_time_utc: Word,
    pub(super) end_time_utc: Word,
    pub(super) execution_successful: Option<bool>,
    pub(super) exit_code_description: Word,
    pub(super) exit_signal_name: Word,
    pub(super) process_start_failure_message: Word,
    pub(super) working_directory: Option<ArtifactLocation>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Source {
    pub(super) repository_uri: Word,
}
