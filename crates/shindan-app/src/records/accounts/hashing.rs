//! Hashes of passwords: argon2id with the parameters that OWASP recommends, kept with each hash in PHC form, so that they can be raised.

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::super::{RecordsError, random};
use super::SecretText;

/// 19 MiB, two passes, one lane.
const PARAMS: Params = Params::DEFAULT;
/// Verified when there is no hash to verify, so that the work is the same. No password gives it.
const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2hpbmRhbi1ub2JvZHk0Mg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// What is longer is no password of ours and is not worth hashing.
const LONGEST: usize = 4_096;

#[cfg(test)]
thread_local! {
    /// How often a password was verified, dummies included.
    pub(super) static VERIFIED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Hashes a password with a new salt.
pub(super) fn hash(password: &SecretText) -> Result<String, RecordsError> {
    let salt: [u8; 16] = random::bytes()?;
    let hash: PasswordHash = argon2()
        .hash_password_with_salt(password.prepared().as_bytes(), &salt)
        .map_err(RecordsError::stored)?;
    Ok(hash.to_string())
}

/// Whether a password gives a hash. `None`: there is no hash, which takes as long and is never right.
pub(super) fn verify(password: &SecretText, hash: Option<&str>) -> Result<bool, RecordsError> {
    #[cfg(test)]
    VERIFIED.with(|count| count.set(count.get() + 1));
    let prepared = password.prepared();
    let text = if prepared.len() > LONGEST { "" } else { prepared.as_str() };
    let parsed = PasswordHash::new(hash.unwrap_or(DUMMY)).map_err(RecordsError::stored)?;
    let (Some(salt), Some(expected)) = (&parsed.salt, &parsed.hash) else {
        return Err(RecordsError::Stored("a hash of a password without salt or value".to_owned()));
    };
    let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).map_err(RecordsError::stored)?;
    let version =
        parsed.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(RecordsError::stored)?;
    let params = Params::try_from(&parsed).map_err(RecordsError::stored)?;
    let mut memory = memory(&params)?;
    let mut made = vec![0; expected.len()];
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(text.as_bytes(), salt, &mut made, &mut memory)
        .map_err(RecordsError::stored)?;
    // Compared in constant time.
    let same = Output::new(&made).map_err(RecordsError::stored)? == *expected;
    Ok(same && hash.is_some())
}

/// Memory to hash in, which goes back to the system with the log-in. The allocator of Linux keeps blocks of 19 MiB for each thread
/// once it has seen some of them; what is larger than 32 MiB it never keeps. What is beyond the blocks is never touched.
fn memory(params: &Params) -> Result<Vec<Block>, RecordsError> {
    const NEVER_KEPT: usize = (32 << 20) / Block::SIZE + 1;
    let mut blocks = Vec::new();
    // A hash out of a foreign backup may ask for more than there is.
    blocks.try_reserve_exact(params.block_count().max(NEVER_KEPT)).map_err(RecordsError::stored)?;
    blocks.resize(params.block_count(), Block::new());
    Ok(blocks)
}

/// True if a hash was made with other parameters than those of today.
pub(super) fn is_outdated(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return true };
    let same = Params::try_from(&parsed).is_ok_and(|params| {
        (params.m_cost(), params.t_cost(), params.p_cost())
            == (PARAMS.m_cost(), PARAMS.t_cost(), PARAMS.p_cost())
    });
    !same || parsed.algorithm != Algorithm::Argon2id.ident() || parsed.version != Some(Version::V0x13.into())
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

/// A hash with parameters of another day.
#[cfg(test)]
pub(super) fn cheap(password: &SecretText) -> String {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
    let hash: PasswordHash =
        argon2.hash_password_with_salt(password.prepared().as_bytes(), b"a salt for tests").unwrap();
    hash.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_one_password_and_says_how_it_was_made() {
        let password = SecretText::new("ｇｒｅｅｎ tea at four");
        let hashed = hash(&password).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify(&SecretText::new("green tea at four"), Some(&hashed)).unwrap(), "NFKC");
        assert!(!verify(&SecretText::new("green tea at five"), Some(&hashed)).unwrap());
        assert!(!is_outdated(&hashed));
        let weaker =
            "$argon2id$v=19$m=64,t=1,p=1$c2hpbmRhbi1ub2JvZHk0Mg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(is_outdated(weaker) && is_outdated("$argon2i$v=19$m=19456,t=2,p=1$c2hpbmRhbi1ub2JvZHk0Mg"));
        assert_ne!(hash(&password).unwrap(), hashed, "each has its own salt");
    }

    #[test]
    fn the_dummy_costs_what_a_hash_of_today_costs() {
        assert!(!is_outdated(DUMMY));
        assert!(!verify(&SecretText::new("anything at all"), None).unwrap());
        assert!(!verify(&SecretText::new("x".repeat(10_000)), None).unwrap());
    }

    #[test]
    fn what_is_no_hash_is_an_error_and_no_failed_guess() {
        let with = |memory: &str| {
            format!(
                "$argon2id$v=19$m={memory},t=1,p=1$c2hpbmRhbi1ub2JvZHk0Mg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            )
        };
        let without_value = "$argon2id$v=19$m=64,t=1,p=1$c2hpbmRhbi1ub2JvZHk0Mg";
        let other_way = with("64").replace("argon2id", "scrypt");
        for text in ["plain", without_value, &other_way, &with("1")] {
            assert!(
                matches!(verify(&SecretText::new("x"), Some(text)), Err(RecordsError::Stored(_))),
                "{text}"
            );
        }
    }
}
