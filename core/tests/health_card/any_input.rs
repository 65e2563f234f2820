//! Any bytes at all: an answer, never a panic.

use proptest::prelude::*;

use super::*;

fn survives(bytes: &[u8], keys: &KeySet) {
    let _ = health_card::assemble(&[bytes, bytes], keys);
    if let Ok(Contents::Document(reading)) = health_card::read(bytes, keys) {
        assert!(reading.events.iter().all(|event| event.signature.is_some()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), prefix in prop::sample::select(&["", "shc:/", "shc:/1/2/", "{", "eyJ", "{\"verifiableCredential\":["][..])) {
        survives(&[prefix.as_bytes(), &bytes].concat(), &KeySet::new(NOW));
    }

    #[test]
    fn any_signed_payload_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), raw in any::<bool>()) {
        let issuer = Issuer::new();
        let header = json!({"zip": "DEF", "alg": "ES256", "kid": issuer.id()});
        let packed = if raw { bytes } else { deflated(&bytes) };
        survives(issuer.sign_with(&header, &packed).as_bytes(), &issuer.keys());
    }

    #[test]
    fn a_damaged_payload_signed_anew_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let issuer = Issuer::new();
        let mut bytes = payload().to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let header = json!({"zip": "DEF", "alg": "ES256", "kid": issuer.id()});
        survives(issuer.sign_with(&header, &deflated(&bytes)).as_bytes(), &issuer.keys());
    }
}
