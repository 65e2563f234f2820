//! JSON of secret things, written without leaving pieces of them in freed memory.

use std::io;

use serde::Serialize;
use zeroize::Zeroizing;

/// Counts what is written.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `value` as JSON in a buffer that is as long as it needs to be from the beginning: one that grew would leave its old
/// bytes behind. Wiped when dropped.
pub(crate) fn exact_json<T: Serialize>(value: &T) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value)?;
    let mut json = Zeroizing::new(Vec::with_capacity(count.0));
    serde_json::to_writer(&mut *json, value)?;
    Ok(json)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_buffer_never_grows() {
        let value = "手帳\n\"".repeat(1000);
        let json = exact_json(&value).unwrap();
        assert_eq!(json.len(), json.capacity());
        assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), value);
    }
}
