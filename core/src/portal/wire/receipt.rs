//! What the ledger says about a fetch: counts and codes, never a value, a name or a token. `vault` adds whose it is and by
//! which consent. No document is named: erasing one does not reach into this line, and its own line names it.

use serde::Serialize;

use crate::{
    consent::Item,
    portal::{End, Login},
    record::Mismatch,
};

/// Longest group name or process number that is kept.
const LONGEST: usize = 80;

/// What the portal returned of one group, and what of it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Portion {
    /// 特定個人情報名, as received.
    pub(crate) group: String,
    /// The consent item it counts as.
    pub(crate) item: Item,
    /// Entries that came.
    pub(crate) returned: u32,
    /// Entries that were kept; the others were cut.
    pub(crate) kept: u32,
}

/// One answer.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// Which service.
    pub(crate) service: String,
    /// The portal's number of the request.
    pub(crate) process: String,
    /// What came, group by group.
    pub(crate) groups: Vec<Portion>,
    /// Whether anything was cut before the rest was filed.
    pub(crate) trimmed: bool,
}

#[derive(Serialize)]
struct Fetched<'a> {
    answers: &'a [Answer],
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Missing<'a>>,
}

#[derive(Serialize)]
struct Missing<'a> {
    services: &'a [String],
    #[serde(flatten)]
    why: Why<'a>,
}

#[derive(Serialize)]
struct Why<'a> {
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differs: Vec<&'static str>,
}

#[derive(Serialize)]
struct Checked<'a> {
    round: usize,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differs: Vec<&'static str>,
}

/// The detail of `fetched`.
pub(crate) fn fetched(answers: &[Answer], missing: Option<(&[String], &End)>) -> String {
    super::write_detail(&Fetched { answers, missing: missing.map(|(services, end)| Missing { services, why: reason(end) }) })
}

/// The detail of `fetch_ended`.
pub(crate) fn ended(end: &End) -> String {
    super::write_detail(&reason(end))
}

/// The detail of `identity_checked`.
pub(crate) fn checked(round: usize, login: &Login, is_confirmed: bool) -> String {
    let (outcome, differs) = match login {
        Login::Subject if is_confirmed => ("confirmed", Vec::new()),
        Login::Subject => ("subject", Vec::new()),
        Login::Actor => ("actor", Vec::new()),
        Login::Unknown => ("not_compared", Vec::new()),
        Login::Ask(_) => ("asked", Vec::new()),
        Login::NotYou(differs) => ("not_you", ids(*differs)),
    };
    super::write_detail(&Checked { round: round + 1, outcome, differs })
}

/// Somebody else's word as the ledger keeps it: of bounded length and in one line.
pub(crate) fn word(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

fn reason(end: &End) -> Why<'_> {
    let differs = match end {
        End::NotYou { differs, .. } => ids(*differs),
        _ => Vec::new(),
    };
    Why { reason: end.id(), code: end.code(), differs }
}

fn ids(differs: Mismatch) -> Vec<&'static str> {
    [("name", differs.name), ("born", differs.born), ("sex", differs.sex)]
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(id, _)| id)
        .collect()
}

#[cfg(test)]
mod tests {
    use techo_protocol::seal::Leg;

    use super::*;

    #[test]
    fn the_lines_have_the_shape_that_people_read() {
        let differs = Mismatch { name: true, born: false, sex: true };
        assert_eq!(
            ended(&End::NotYou { leg: Leg::Identity, differs }),
            r#"{"reason":"not_you","code":"identity","differs":["name","sex"]}"#
        );
        assert_eq!(checked(0, &Login::Actor, false), r#"{"round":1,"outcome":"actor"}"#);
        let group = Portion { group: "予防接種".to_owned(), item: Item::Vaccination, returned: 3, kept: 2 };
        let answer = Answer { service: "ST0001".to_owned(), process: "P1".to_owned(), groups: vec![group], trimmed: true };
        assert_eq!(
            fetched(&[answer], Some((&["ST0002".to_owned()], &End::Late))),
            r#"{"answers":[{"service":"ST0001","process":"P1","groups":[{"group":"予防接種","item":"vaccination","returned":3,"kept":2}],"trimmed":true}],"missing":{"services":["ST0002"],"reason":"late"}}"#
        );
        assert_eq!(word("a\nb\u{0}c").len(), 3);
    }
}
