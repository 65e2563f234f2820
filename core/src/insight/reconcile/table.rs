//! Reads the data files of this room: tab-separated, `#` remarks, one header line.

/// The rows of a data file, each cut into exactly `N` columns. Our own files; a test proves that no row is dropped.
pub(super) fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).filter_map(|line| {
        let columns: Vec<&'static str> = line.split('\t').collect();
        columns.try_into().ok()
    })
}

#[cfg(test)]
pub(super) fn row_count(text: &str) -> usize {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count().saturating_sub(1)
}
