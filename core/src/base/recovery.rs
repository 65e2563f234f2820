//! The recovery code of the paper kit: 160 random bits as eight groups of five characters that a person can write down,
//! type back, and be told which group is mistyped. The alphabet is Crockford's base 32.

use std::fmt;

use zeroize::Zeroizing;

use super::secret::{NoRandomness, make_random};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 8;
const DATA_PER_GROUP: usize = 4;
const GROUP: usize = DATA_PER_GROUP + 1;

/// 160 random bits from the paper kit. Never printed by accident: [`RecoveryCode::text`] is the one way to see it.
#[derive(PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<[u8; 20]>);

/// Why a typed recovery code is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecoveryCode {
    /// These groups (counted from 1) do not fit their check character.
    #[error("mistyped groups: {groups:?}")]
    Mistyped {
        /// The groups, counted from 1.
        groups: Vec<u8>,
    },
    /// The code has 40 characters without hyphens and spaces; this many were found.
    #[error("a recovery code has 40 characters, this one has {found}")]
    Length {
        /// How many characters were found.
        found: usize,
        /// The first group (counted from 1) that is too short or too long, when the groups were typed apart.
        group: Option<u8>,
    },
}

impl RecoveryCode {
    /// A new random code.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system's source fails.
    pub fn make() -> Result<Self, NoRandomness> {
        Ok(Self(Zeroizing::new(make_random()?)))
    }

    /// The 20 bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The code as it is printed: `XXXXC-XXXXC-…`, eight groups whose last character checks the four before it.
    pub fn text(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(GROUPS * (GROUP + 1)));
        for (number, data) in values_of(&self.0).chunks_exact(DATA_PER_GROUP).enumerate() {
            if number > 0 {
                out.push('-');
            }
            for value in data.iter().copied().chain([check(number, data)]) {
                out.push(char::from(ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')));
            }
        }
        out
    }

    /// Reads a typed code. Lower case, full-width letters, missing hyphens, O for 0 and I or L for 1 are understood.
    ///
    /// # Errors
    /// [`BadRecoveryCode`] naming the groups to look at again.
    pub fn read(typed: &str) -> Result<Self, BadRecoveryCode> {
        let mut values = Zeroizing::new(Vec::with_capacity(typed.len()));
        // A character of no alphabet keeps its place with a value that fits no check.
        values.extend(typed.chars().filter(|c| !is_separator(*c)).map(|c| value_of(c).unwrap_or(u8::MAX)));
        if values.len() != GROUPS * GROUP {
            return Err(BadRecoveryCode::Length { found: values.len(), group: first_odd_group(typed) });
        }
        let mut data = Zeroizing::new(Vec::with_capacity(GROUPS * DATA_PER_GROUP));
        let mut groups = Vec::new();
        for (number, group) in values.chunks_exact(GROUP).enumerate() {
            match group.split_last() {
                Some((last, four)) if four.iter().all(|v| *v < 32) && check(number, four) == *last => data.extend_from_slice(four),
                _ => groups.push(u8::try_from(number + 1).unwrap_or(u8::MAX)),
            }
        }
        if groups.is_empty() { Ok(Self(bytes_of(&data))) } else { Err(BadRecoveryCode::Mistyped { groups }) }
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

/// 20 bytes as 32 values of five bits, most significant first.
fn values_of(bytes: &[u8; 20]) -> Zeroizing<Vec<u8>> {
    let mut values = Zeroizing::new(Vec::with_capacity(GROUPS * DATA_PER_GROUP));
    for five in bytes.as_chunks::<5>().0 {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        values.extend((0..8_u32).rev().map(|place| u8::try_from(bits >> (5 * place) & 31).unwrap_or(0)));
    }
    values
}

/// The reverse of [`values_of`]; `values` holds 32 values below 32.
fn bytes_of(values: &[u8]) -> Zeroizing<[u8; 20]> {
    let mut bytes = Zeroizing::new([0; 20]);
    for (five, eight) in bytes.as_chunks_mut::<5>().0.iter_mut().zip(values.as_chunks::<8>().0) {
        let bits = eight.iter().fold(0_u64, |bits, value| bits << 5 | u64::from(*value));
        for (place, byte) in five.iter_mut().rev().enumerate() {
            *byte = u8::try_from(bits >> (8 * place) & 0xFF).unwrap_or(0);
        }
    }
    bytes
}

/// The check character of a group: a weighted sum in the field of 32 elements, weights α¹…α⁴ and a constant αⁿ for the
/// group's place. The weights differ from each other, from zero and from the check's own weight 1, so every single
/// mistyped character and every exchange of two characters is found; the constant finds exchanged groups.
fn check(number: usize, data: &[u8]) -> u8 {
    let mut weight = 1;
    let mut sum = (0..number).fold(1, |power, _| times(power, 2));
    for value in data {
        weight = times(weight, 2);
        sum ^= times(weight, *value);
    }
    sum
}

/// Multiplication in GF(32) modulo x⁵ + x² + 1.
fn times(mut left: u8, mut right: u8) -> u8 {
    let mut product = 0;
    while right > 0 {
        if right & 1 == 1 {
            product ^= left;
        }
        left <<= 1;
        if left & 32 != 0 {
            left ^= 0b10_0101;
        }
        right >>= 1;
    }
    product
}

fn value_of(typed: char) -> Option<u8> {
    // Full-width forms U+FF01..U+FF5E are ASCII shifted by 0xFEE0: a Japanese keyboard types them easily.
    let narrow = match u32::from(typed) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0)?,
        _ => typed,
    };
    let letter = match narrow.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(place).ok()
}

fn is_separator(typed: char) -> bool {
    typed.is_whitespace() || matches!(typed, '-' | '‐' | '‑' | '–' | '—' | '−' | '－' | 'ー' | '_' | '.')
}

/// The first group that is not five characters long, if the person typed the groups apart.
fn first_odd_group(typed: &str) -> Option<u8> {
    let lengths: Vec<usize> = typed.split(is_separator).map(|group| group.chars().count()).filter(|length| *length > 0).collect();
    if lengths.len() < 2 {
        return None;
    }
    let place = lengths.iter().position(|length| *length != GROUP)?;
    u8::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn sample() -> RecoveryCode {
        RecoveryCode(Zeroizing::new(std::array::from_fn(|i| u8::try_from(i * 37 % 251).unwrap())))
    }

    #[test]
    fn a_printed_code_reads_back() {
        for _ in 0..50 {
            let code = RecoveryCode::make().unwrap();
            assert!(RecoveryCode::read(&code.text()).unwrap() == code);
        }
        assert_eq!(sample().text().len(), 47);
    }

    const FROZEN: &str = "00JM2-MVWMG-Q7F04-GBAJP-EYECT-3SGGH-6ND70-Z969Z";

    #[test]
    fn the_printed_form_never_changes() {
        assert_eq!(sample().text().as_str(), FROZEN);
    }

    #[test]
    fn it_may_be_typed_as_people_type() {
        let text = sample().text();
        let lower = text.to_lowercase().replace('-', "");
        let wide: String = text.chars().map(|c| if c == '-' { 'ー' } else { char::from_u32(u32::from(c) + 0xFEE0).unwrap() }).collect();
        let lookalike = text.replace('0', "o").replace('1', "l");
        for typed in [lower, wide, lookalike, text.replace('-', " ")] {
            assert!(RecoveryCode::read(&typed).unwrap() == sample(), "{typed}");
        }
    }

    #[test]
    fn every_single_mistyped_character_names_its_group() {
        let text: Vec<char> = sample().text().chars().filter(|c| *c != '-').collect();
        for place in 0..text.len() {
            for letter in ALPHABET.iter().map(|b| char::from(*b)).chain(['U', '!', '血']) {
                let mut typed = text.clone();
                if typed[place] == letter {
                    continue;
                }
                typed[place] = letter;
                let group = u8::try_from(place / GROUP + 1).unwrap();
                assert_eq!(RecoveryCode::read(&typed.iter().collect::<String>()), Err(BadRecoveryCode::Mistyped { groups: vec![group] }));
            }
        }
    }

    #[test]
    fn exchanged_characters_and_exchanged_groups_are_found() {
        let text: Vec<char> = sample().text().chars().filter(|c| *c != '-').collect();
        for group in 0..GROUPS {
            for (a, b) in (0..GROUP).flat_map(|a| (a + 1..GROUP).map(move |b| (a, b))) {
                let mut typed = text.clone();
                typed.swap(group * GROUP + a, group * GROUP + b);
                assert!(typed == text || RecoveryCode::read(&typed.iter().collect::<String>()).is_err());
            }
            for other in group + 1..GROUPS {
                let mut typed = text.clone();
                (0..GROUP).for_each(|i| typed.swap(group * GROUP + i, other * GROUP + i));
                let wrong = [group, other].map(|g| u8::try_from(g + 1).unwrap());
                assert_eq!(
                    RecoveryCode::read(&typed.iter().collect::<String>()),
                    Err(BadRecoveryCode::Mistyped { groups: wrong.to_vec() })
                );
            }
        }
    }

    #[test]
    fn a_missing_character_names_the_group_when_groups_are_apart() {
        let text = sample().text();
        let short = text.replacen("MVWMG", "MVMG", 1);
        assert_eq!(RecoveryCode::read(&short), Err(BadRecoveryCode::Length { found: 39, group: Some(2) }));
        assert_eq!(RecoveryCode::read(&short.replace('-', "")), Err(BadRecoveryCode::Length { found: 39, group: None }));
        assert_eq!(RecoveryCode::read(""), Err(BadRecoveryCode::Length { found: 0, group: None }));
    }
}
