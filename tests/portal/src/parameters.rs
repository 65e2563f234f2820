//! Parameters of a query or a form, read strictly: none may come twice (RFC 6749, 3.1), and each is asked for by name.

use url::form_urlencoded;

/// The parameters, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`. `None` when a name comes twice.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(text).into_owned().collect();
        let is_twice = |name: &String| pairs.iter().filter(|(other, _)| other == name).count() > 1;
        (!pairs.iter().any(|(name, _)| is_twice(name))).then_some(Self(pairs))
    }

    /// The value of this name. An empty value is none (RFC 6749, 3.1).
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether there is a parameter that is none of these.
    pub(crate) fn has_other_than(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(name, _)| !names.contains(&name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_name_that_comes_twice_is_refused_and_an_empty_value_is_none() {
        assert!(Parameters::read(b"a=1&b=2&a=1").is_none());
        let parameters = Parameters::read("a=%E8%A6%8B&b=".as_bytes()).unwrap();
        assert_eq!((parameters.one("a"), parameters.one("b"), parameters.one("c")), (Some("見"), None, None));
        assert!(parameters.has_other_than(&["a"]) && !parameters.has_other_than(&["a", "b"]));
    }
}
