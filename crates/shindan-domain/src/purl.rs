//! Package URLs. Source: purl specification (ECMA-427).
