//! SMART Health Link payloads: a file sealed for a link (JWE in compact form, `dir` with AES-256-GCM, packed by raw DEFLATE),
//! and the link's own text. The key is in the link alone; whoever keeps the file cannot read it.
//!
//! After the SMART Health Links specification (HL7 "links-specification"). Key and nonce are given: this makes no randomness.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde_json::json;

/// Longest address and label of a link, in characters.
const URL: usize = 128;
const LABEL: usize = 80;

/// What a sealed file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedFile {
    /// A FHIR resource or Bundle.
    Fhir,
    /// A file of SMART Health Cards.
    HealthCard,
}

impl LinkedFile {
    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Fhir => "application/fhir+json",
            Self::HealthCard => "application/smart-health-card",
        }
    }
}

/// The link or the file cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// The address is longer than a link allows, or not https.
    #[error("the address of a link must be https and at most 128 characters long")]
    Url,
    /// The label is longer than a link allows.
    #[error("the label of a link must be at most 80 characters long")]
    Label,
    /// Packing or sealing failed.
    #[error("the file cannot be sealed")]
    Sealing,
}

/// Seals a file for a link. A nonce must never be used twice with one key.
pub fn seal(content: &[u8], kind: LinkedFile, key: &[u8; 32], nonce: [u8; NONCE_LEN]) -> Result<String, BadLink> {
    let header = json!({"alg": "dir", "enc": "A256GCM", "zip": "DEF", "cty": kind.content_type()});
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(content).map_err(|_| BadLink::Sealing)?;
    let mut text = packer.finish().map_err(|_| BadLink::Sealing)?;
    let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| BadLink::Sealing)?);
    let tag = sealing
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(header.as_bytes()), &mut text)
        .map_err(|_| BadLink::Sealing)?;
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    // `dir` has no wrapped key: the second part is empty.
    Ok(format!("{header}..{}.{}.{}", part(&nonce), part(&text), part(tag.as_ref())))
}

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// Where the sealed file lies: one file, got directly (flag `U`).
    pub url: &'a str,
    /// The key it is sealed with.
    pub key: &'a [u8; 32],
    /// Until when it is there, in seconds since 1970.
    pub expires: Option<i64>,
    /// What it is, for whoever opens it.
    pub label: Option<&'a str>,
}

impl Link<'_> {
    /// The link as text, for a QR code.
    pub fn text(&self) -> Result<String, BadLink> {
        if !self.url.starts_with("https://") || self.url.chars().count() > URL {
            return Err(BadLink::Url);
        }
        if self.label.is_some_and(|label| label.chars().count() > LABEL) {
            return Err(BadLink::Label);
        }
        let mut payload = json!({"url": self.url, "flag": "U", "key": URL_SAFE_NO_PAD.encode(self.key)});
        if let Some(members) = payload.as_object_mut() {
            members.extend(self.expires.map(|expires| ("exp".to_owned(), json!(expires))));
            members.extend(self.label.map(|label| ("label".to_owned(), json!(label))));
        }
        Ok(format!("shlink:/{}", URL_SAFE_NO_PAD.encode(payload.to_string())))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_sealed_file_opens_with_its_key_and_with_no_other() {
        let sealed = seal("見本".as_bytes(), LinkedFile::Fhir, &[7; 32], [9; NONCE_LEN]).unwrap();
        let parts: Vec<&str> = sealed.split('.').collect();
        assert_eq!((parts.len(), parts[1]), (5, ""));
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
        let open = |key: [u8; 32]| {
            let mut text = [bytes(parts[3]), bytes(parts[4])].concat();
            let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
            let nonce = Nonce::try_assume_unique_for_key(&bytes(parts[2])).unwrap();
            key.open_in_place(nonce, Aad::from(parts[0].as_bytes()), &mut text).ok().map(|plain| plain.to_vec())
        };
        let mut out = String::new();
        flate2::read::DeflateDecoder::new(open([7; 32]).unwrap().as_slice()).read_to_string(&mut out).unwrap();
        assert_eq!(out, "見本");
        assert_eq!(open([8; 32]), None);
    }

    #[test]
    fn a_link_keeps_its_bounds() {
        let link = Link { url: "https://example.com/f", key: &[1; 32], expires: Some(1_800_000_000), label: Some("花子の手帳") };
        let text = link.text().unwrap();
        let payload: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.strip_prefix("shlink:/").unwrap()).unwrap()).unwrap();
        assert_eq!((payload["flag"].as_str(), payload["exp"].as_i64()), (Some("U"), Some(1_800_000_000)));
        assert_eq!(payload["key"].as_str().unwrap().len(), 43);
        assert_eq!(Link { url: "http://example.com", ..link.clone() }.text(), Err(BadLink::Url));
        assert_eq!(Link { label: Some(&"長".repeat(81)), ..link }.text(), Err(BadLink::Label));
    }
}
