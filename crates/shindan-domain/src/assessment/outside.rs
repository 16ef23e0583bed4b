//! What the outside check of this program looks at (SPEC.md section 4, ③-1): its rules and how bad each is. The words stand in
//! `catalog/assessment/outside-rules.toml`, which has one entry for each rule.

use std::collections::BTreeMap;

use crate::localised::Localised;
use crate::terms;

terms! {
    /// A rule of the outside check. In reports it stands behind `outside/`: `outside/tls-1.0`.
    pub enum OutsideRule ("outside-rule") {
        /// SSL 3 is offered.
        Ssl3 = "ssl-3",
        /// TLS 1.0 is offered.
        Tls10 = "tls-1.0",
        /// TLS 1.1 is offered.
        Tls11 = "tls-1.1",
        /// Neither TLS 1.2 nor TLS 1.3 is offered.
        NoModernTls = "no-modern-tls",
        /// TLS 1.3 is not offered.
        NoTls13 = "no-tls-1.3",
        /// The certificate has expired.
        CertificateExpired = "certificate-expired",
        /// The certificate is not valid yet.
        CertificateNotYetValid = "certificate-not-yet-valid",
        /// The certificate expires within 30 days.
        CertificateExpiresSoon = "certificate-expires-soon",
        /// The certificate was issued by itself.
        CertificateSelfSigned = "certificate-self-signed",
        /// The certificate does not name the host.
        CertificateNameMismatch = "certificate-name-mismatch",
        /// An RSA key shorter than 2048 bits.
        CertificateWeakKey = "certificate-weak-key",
        /// Signed with SHA-1 or MD5.
        CertificateWeakSignature = "certificate-weak-signature",
        /// Plain HTTP is answered without a redirect to HTTPS.
        NoHttpsRedirect = "no-https-redirect",
        /// No `Strict-Transport-Security`.
        HstsMissing = "hsts-missing",
        /// `Strict-Transport-Security` holds for less than 180 days.
        HstsShort = "hsts-short",
        /// No `Content-Security-Policy`.
        CspMissing = "csp-missing",
        /// No `X-Content-Type-Options: nosniff`.
        ContentTypeOptionsMissing = "content-type-options-missing",
        /// Neither `X-Frame-Options` nor `frame-ancestors`.
        FrameOptionsMissing = "frame-options-missing",
        /// No `Referrer-Policy`, or one that gives addresses away.
        ReferrerPolicyMissing = "referrer-policy-missing",
        /// A cookie without `Secure`.
        CookieNotSecure = "cookie-not-secure",
        /// A cookie without `HttpOnly`.
        CookieNotHttpOnly = "cookie-not-http-only",
        /// A cookie without `SameSite`, or with `None` and without `Secure`.
        CookieSameSiteMissing = "cookie-same-site-missing",
        /// The contents of a folder are listed.
        DirectoryListing = "directory-listing",
        /// The version history of the source can be read.
        GitExposed = "git-exposed",
        /// A file of settings can be read.
        EnvExposed = "env-exposed",
        /// `Server` tells product and version.
        ServerVersion = "server-version",
        /// `X-Powered-By` tells product and version.
        PoweredByVersion = "powered-by-version",
        /// `X-AspNet-Version` or `X-AspNetMvc-Version` tells the version.
        AspnetVersion = "aspnet-version",
        /// The page's `generator` tells product and version.
        GeneratorVersion = "generator-version",
        /// Any origin may read answers with the credentials of the user.
        CorsAnyOrigin = "cors-any-origin-with-credentials",
        /// The method TRACE is answered.
        TraceEnabled = "trace-enabled",
    }
}

impl OutsideRule {
    /// The rule as reports name it: `outside/tls-1.0`.
    pub fn id(self) -> String {
        format!("outside/{}", self.as_str())
    }

    /// The rule of a finding, if it is one of the outside check; the finding is then named in the language of who reads.
    pub fn of(tool: &str, rule: &str) -> Option<OutsideRule> {
        rule.strip_prefix("outside/").filter(|_| tool == "shindan-outside")?.parse().ok()
    }
}

terms! {
    /// The words by which the outside check says how bad something is; a table that people can read maps them.
    pub enum OutsideSeverity ("outside-severity") {
        /// Attacks are possible today.
        High = "high",
        /// A protection is missing that attacks rely on.
        Medium = "medium",
        /// A second line of defence is missing.
        Low = "low",
        /// Worth knowing.
        Informational = "informational",
    }
}

/// What is said about a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// One line.
    pub title: Localised,
    /// What to do.
    pub advice: Localised,
    /// How bad it is.
    pub severity: OutsideSeverity,
    /// CWE numbers.
    pub cwe: Vec<u32>,
}

/// The texts of all rules; none is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideRules(BTreeMap<OutsideRule, RuleText>);

/// Rules without a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rules have no text: {}", .0.iter().map(|rule| rule.as_str()).collect::<Vec<_>>().join(", "))]
pub struct RulesWithoutText(pub Vec<OutsideRule>);

impl OutsideRules {
    /// The texts of all rules.
    ///
    /// # Errors
    /// [`RulesWithoutText`] names every rule that has none.
    pub fn new(texts: BTreeMap<OutsideRule, RuleText>) -> Result<Self, RulesWithoutText> {
        let missing: Vec<_> =
            OutsideRule::ALL.iter().filter(|rule| !texts.contains_key(rule)).copied().collect();
        if missing.is_empty() { Ok(OutsideRules(texts)) } else { Err(RulesWithoutText(missing)) }
    }

    /// What is said about a rule; there is always something ([`OutsideRules::new`]).
    pub fn get(&self, rule: OutsideRule) -> Option<&RuleText> {
        self.0.get(&rule)
    }

    /// All, in the order of the rules.
    pub fn iter(&self) -> impl Iterator<Item = (OutsideRule, &RuleText)> {
        self.0.iter().map(|(rule, text)| (*rule, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_without_a_text_is_named() {
        let text = RuleText {
            title: Localised::new("題", "title"),
            advice: Localised::new("策", "advice"),
            severity: OutsideSeverity::Low,
            cwe: Vec::new(),
        };
        let mut texts: BTreeMap<_, _> = OutsideRule::ALL.iter().map(|rule| (*rule, text.clone())).collect();
        assert_eq!(OutsideRules::new(texts.clone()).unwrap().iter().count(), OutsideRule::ALL.len());
        texts.remove(&OutsideRule::Tls10);
        assert_eq!(OutsideRules::new(texts), Err(RulesWithoutText(vec![OutsideRule::Tls10])));
        assert_eq!(OutsideRule::Tls10.id(), "outside/tls-1.0");
    }
}
