//! The card as sealed bytes: AES-256-GCM under a key of the device that needs no authentication and is made for this alone.
//! The shell keeps the key; whoever has both file and key reads the card, and nothing of the vault.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    base::{DeviceSecret, make_random},
    present::{CardRow, CardView, Language},
    transfer::TransferError,
};

/// What the file begins with; authenticated with the rest.
const MAGIC: &[u8; 12] = b"TECHOCARD 1\n";
/// A card is a page of words.
pub(super) const MOST: usize = 256 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    name: String,
    kana: Option<String>,
    born: String,
    sex: String,
    rows: Vec<WireRow>,
    made_on: String,
    left_out: Option<String>,
    note: String,
    english: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRow {
    field: String,
    label: String,
    lines: Vec<String>,
}

/// The card, sealed under the device's secret.
///
/// # Errors
/// `Internal` where the system has no random bytes to give.
pub fn seal_card(card: &CardView, secret: &DeviceSecret) -> Result<Vec<u8>, TransferError> {
    let row = |row: &CardRow| WireRow { field: row.field.clone(), label: row.label.clone(), lines: row.lines.clone() };
    let wire = Wire {
        name: card.name.clone(),
        kana: card.kana.clone(),
        born: card.born.clone(),
        sex: card.sex.clone(),
        rows: card.rows.iter().map(row).collect(),
        made_on: card.made_on.clone(),
        left_out: card.left_out.clone(),
        note: card.note.clone(),
        english: card.language == Language::English,
    };
    let mut sealed = Zeroizing::new(serde_json::to_vec(&wire).map_err(|_| TransferError::Internal(40))?);
    let nonce: [u8; NONCE_LEN] = make_random().map_err(|_| TransferError::Internal(41))?;
    let tag = key(secret)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(MAGIC), &mut sealed)
        .map_err(|_| TransferError::Internal(42))?;
    Ok([MAGIC.as_slice(), &nonce, &sealed, tag.as_ref()].concat())
}

/// The card in sealed bytes.
///
/// # Errors
/// `Damaged`: other bytes, or another device's secret.
pub fn open_card(sealed: &[u8], secret: &DeviceSecret) -> Result<CardView, TransferError> {
    const WRONG: TransferError = TransferError::Damaged("emergency card");
    let rest = sealed.strip_prefix(MAGIC).filter(|_| sealed.len() <= MOST).ok_or(WRONG)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(WRONG)?;
    let mut rest = Zeroizing::new(rest.to_vec());
    let plain = key(secret)?.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(MAGIC), &mut rest).map_err(|_| WRONG)?;
    let wire: Wire = serde_json::from_slice(plain).map_err(|_| WRONG)?;
    let row = |row: WireRow| CardRow { field: row.field, label: row.label, lines: row.lines };
    Ok(CardView {
        name: wire.name,
        kana: wire.kana,
        born: wire.born,
        sex: wire.sex,
        rows: wire.rows.into_iter().map(row).collect(),
        made_on: wire.made_on,
        left_out: wire.left_out,
        note: wire.note,
        language: if wire.english { Language::English } else { Language::Japanese },
    })
}

/// A key of its own, so that the device's secret serves nothing else by mistake.
fn key(secret: &DeviceSecret) -> Result<LessSafeKey, TransferError> {
    let mut out = Zeroizing::new([0; 32]);
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, MAGIC).extract(secret.as_bytes());
    prk.expand(&[b"techo emergency card 1"], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut *out))
        .map_err(|_| TransferError::Internal(43))?;
    UnboundKey::new(&AES_256_GCM, &*out).map(LessSafeKey::new).map_err(|_| TransferError::Internal(44))
}
