//! As much of an ELF file as tells whether a phone with pages of 16 KB can load it. Pure.

/// The pages of newer phones.
pub(super) const PAGE: u64 = 16 * 1024;

/// The smallest alignment of the segments that are loaded; `Err` for what is no 64-bit little-endian ELF file.
pub(super) fn least_alignment(bytes: &[u8]) -> Result<u64, String> {
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return Err("no 64-bit little-endian ELF file".to_owned());
    }
    let number = |at: usize, width: usize| -> Result<u64, String> {
        let field = bytes.get(at..at + width).ok_or_else(|| "the file ends in its headers".to_owned())?;
        Ok(field.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let place = |at: usize, width: usize| number(at, width).and_then(|value| usize::try_from(value).map_err(|_| "too far".to_owned()));
    let (table, size, count) = (place(32, 8)?, place(54, 2)?, place(56, 2)?);
    let mut least = None;
    for index in 0..count {
        let entry = index.checked_mul(size).and_then(|offset| table.checked_add(offset)).filter(|at| *at < bytes.len());
        let entry = entry.ok_or_else(|| "the file ends in its headers".to_owned())?;
        let is_loaded = number(entry, 4)? == 1;
        if is_loaded {
            let alignment = number(entry + 48, 8)?;
            least = Some(least.map_or(alignment, |known: u64| known.min(alignment)));
        }
    }
    least.ok_or_else(|| "nothing in it is loaded".to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    /// A header and one program header for each of `segments` (type, alignment).
    fn file(segments: &[(u32, u64)]) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 56 * segments.len()];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = u8::try_from(segments.len()).unwrap();
        for (index, (kind, alignment)) in segments.iter().enumerate() {
            let at = 64 + 56 * index;
            bytes[at..at + 4].copy_from_slice(&kind.to_le_bytes());
            bytes[at + 48..at + 56].copy_from_slice(&alignment.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn the_least_aligned_loaded_segment_decides() {
        assert_eq!(least_alignment(&file(&[(1, PAGE), (2, 8), (1, 4096)])), Ok(4096));
        assert_eq!(least_alignment(&file(&[(1, PAGE), (1, 65536)])), Ok(PAGE));
    }

    #[test]
    fn what_is_no_library_is_said() {
        assert!(least_alignment(b"PK\x03\x04").unwrap_err().contains("ELF"));
        assert!(least_alignment(&file(&[(2, 8)])).unwrap_err().contains("loaded"));
        let mut short = file(&[(1, PAGE)]);
        short.truncate(80);
        assert!(least_alignment(&short).unwrap_err().contains("ends"));
    }

    #[test]
    fn this_very_program_is_read() {
        if cfg!(all(target_os = "linux", target_pointer_width = "64", target_endian = "little")) {
            let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
            assert!(least_alignment(&bytes).unwrap() >= 4096);
        }
    }
}
