//! Fingerprints: HMAC-SHA-256 (RFC 2104) under a random key that this process makes and never tells.
//!
//! They live while an item looks and are no part of evidence. Not under the run's seed: that is printed.

use super::evidence::Likeness;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _, digest::Key};
use rand::RngCore as _;
use secrecy::{ExposeSecret as _, SecretBox, zeroize::Zeroizing};
use sha2::Sha256;
use std::sync::LazyLock;

/// As long as the hash's block, so that it is used as it is.
const BLOCK: usize = 64;

static KEY: LazyLock<SecretBox<[u8; BLOCK]>> = LazyLock::new(|| {
    let mut key = Box::new([0; BLOCK]);
    rand::rng().fill_bytes(key.as_mut());
    SecretBox::new(key)
});

/// The fingerprint of some bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Print([u8; 32]);

impl Print {
    fn of(bytes: &[u8]) -> Self {
        let key = Key::<Hmac<Sha256>>::from_slice(KEY.expose_secret());
        let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(key);
        mac.update(bytes);
        Self(mac.finalize().into_bytes().into())
    }
}

/// The fingerprints of a value, as it is and without what programs add to one.
pub(super) struct Prints {
    /// As it is.
    pub(super) whole: Print,
    unbroken: Print,
    trimmed: Print,
    unquoted: Print,
    /// Of what it is base64 of.
    decoded: Option<Print>,
}

impl Prints {
    pub(super) fn of(value: &[u8]) -> Self {
        let trimmed = value.trim_ascii();
        let decoded = STANDARD.decode(trimmed).ok().map(Zeroizing::new);
        Self {
            whole: Print::of(value),
            unbroken: Print::of(unbroken(value)),
            trimmed: Print::of(trimmed),
            unquoted: Print::of(unquoted(trimmed)),
            decoded: decoded.filter(|bytes| !bytes.is_empty()).map(|bytes| Print::of(bytes.trim_ascii())),
        }
    }

    /// How `copy` compares with this, the source's.
    pub(super) fn likeness(&self, copy: &Self) -> Likeness {
        if self.whole == copy.whole {
            Likeness::Same
        } else if self.unbroken == copy.unbroken {
            Likeness::LineBreak
        } else if self.trimmed == copy.trimmed {
            Likeness::Space
        } else if self.unquoted == copy.unquoted {
            Likeness::Quotes
        } else if copy.decoded == Some(self.trimmed) || self.decoded == Some(copy.trimmed) {
            Likeness::Base64
        } else {
            Likeness::Other
        }
    }
}

fn unbroken(value: &[u8]) -> &[u8] {
    let end = value.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
    &value[..end]
}

fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_add_to_a_value_is_told_from_another_value() {
        let source = Prints::of(b"sk-12345");
        for (copy, likeness) in [
            ("sk-12345", Likeness::Same),
            ("sk-12345\n", Likeness::LineBreak),
            ("sk-12345\r\n", Likeness::LineBreak),
            (" sk-12345 ", Likeness::Space),
            ("\"sk-12345\"", Likeness::Quotes),
            ("'sk-12345'\n", Likeness::Quotes),
            ("c2stMTIzNDU=", Likeness::Base64),
            ("c2stMTIzNDUK", Likeness::Base64),
            ("sk-12346", Likeness::Other),
            ("SK-12345", Likeness::Other),
        ] {
            assert_eq!(source.likeness(&Prints::of(copy.as_bytes())), likeness, "{copy:?}");
        }
        assert_eq!(Prints::of(b"c2stMTIzNDU=").likeness(&source), Likeness::Base64);
        assert_eq!(Prints::of(b"sk-12345\n").likeness(&source), Likeness::LineBreak);
    }

    #[test]
    fn a_fingerprint_is_not_the_values_hash() {
        let plain: [u8; 32] = <Sha256 as sha2::Digest>::digest(b"sk-12345").into();
        assert!(Print::of(b"sk-12345").0 != plain);
        assert!(Print::of(b"sk-12345") == Print::of(b"sk-12345"));
    }
}
