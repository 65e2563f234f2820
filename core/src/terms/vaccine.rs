//! Names of vaccines by CVX code. Signed cards carry the bare code, and nobody knows their vaccines by number.

use std::{collections::HashMap, sync::LazyLock};

use super::table::rows;

const VACCINES: &str = include_str!("data/vaccines.tsv");

static NAMES: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> =
    LazyLock::new(|| rows::<3>(VACCINES).map(|[code, japanese, english]| (code, (japanese, english))).collect());

/// The Japanese and the English name of a vaccine by its code system and code; none where the table does not have it.
pub fn vaccine_name(system: &str, code: &str) -> Option<(&'static str, &'static str)> {
    let is_cvx = matches!(system.trim(), "http://hl7.org/fhir/sid/cvx" | "urn:oid:2.16.840.1.113883.12.292");
    // "3" and "03" are one code; the published form has two digits.
    is_cvx.then(|| NAMES.get(code).or_else(|| NAMES.get(format!("{code:0>2}").as_str())).copied()).flatten()
}

#[cfg(test)]
mod tests {
    use crate::terms::table::row_count;
    use super::*;

    #[test]
    fn a_code_has_a_name_in_its_own_system_only() {
        assert_eq!(row_count(VACCINES), NAMES.len());
        assert_eq!(vaccine_name("http://hl7.org/fhir/sid/cvx", "04").map(|names| names.1), Some("Measles and rubella"));
        assert_eq!(vaccine_name("http://hl7.org/fhir/sid/cvx", "4"), vaccine_name("http://hl7.org/fhir/sid/cvx", "04"));
        assert_eq!(vaccine_name("http://example.org", "04"), None);
    }
}
