//! The sentences, one for each act.

use super::name_of;
use crate::{
    base::PersonId,
    consent::{Item, LegalKind},
    insight::clinic::Part,
    portal::End,
    present::{Language, end_text, legal, lock_after_text, occasion_name, part_name, setting_name, settings::on_text},
    record::Person,
    terms::quantity,
    vault::{LockAfter, Setting, Told},
};

/// What an act did, with everything its line tells. The id of an act that only a newer version knows, as it is.
pub(super) fn sentence(act: &str, told: &Told, people: &[Person], language: Language) -> String {
    let who = whose(told, people, language);
    if let Some(text) = sentence_of_consent(act, &who, told, language) {
        return text;
    }
    let (format, records) = (told.format.as_deref().unwrap_or("?"), number(told.records));
    let (japanese, english) = match (act, told.of.as_deref(), told.format.as_deref()) {
        ("person_added", ..) => (format!("{who} さんを加えました"), format!("{who} was added")),
        ("imported", _, Some("techo-slice")) => (
            format!("{who} さんの記録の一部（共有されたもの）を取り込みました"),
            format!("A part of the records of {who}, shared by somebody else, was taken in"),
        ),
        ("exported", _, Some("techo-slice")) => (
            format!("{who} の記録の一部を、共有のために書き出しました"),
            format!("A part of the records of {who} was written out to be shared"),
        ),
        ("imported", _, Some("techo-entry")) => (
            format!("{who} さんの手帳に、手で書きました（記録 {records} 件）"),
            format!("Something was written by hand for {who} ({records} records)"),
        ),
        ("imported", ..) => (
            format!("{who} さんの書類（{format}）から、記録 {records} 件を取り込みました"),
            format!("A document of {who} ({format}) was taken in: {records} records"),
        ),
        ("exported", _, Some("ledger")) => ("台帳を書き出しました".to_owned(), "The ledger was exported".to_owned()),
        ("exported", ..) => (format!("{who} の記録を書き出しました（{format}）"), format!("Records of {who} were exported ({format})")),
        ("backed_up", ..) => (format!("{who} の記録の控えを取りました"), format!("A backup of the records of {who} was taken")),
        ("restored", ..) => (format!("控えから {who} の記録を戻しました"), format!("The records of {who} came from a backup")),
        ("handed_over", Some("ended"), _) => (
            "ひとりの記録を本人の手帳に渡し、この手帳からは消しました".to_owned(),
            "One person's records were handed over to a notebook of their own and erased here".to_owned(),
        ),
        ("handed_over", ..) => (
            format!("{who} さんの記録を本人の手帳に渡しました。本人の同意で、この手帳にも残します"),
            format!("The records of {who} were handed over to a notebook of their own; they stay here as well, as agreed"),
        ),
        ("taken_over", Some("ended"), _) => (
            format!("{who} さんの記録を受け取りました（渡した手帳からは消す、と書かれています）"),
            format!("The records of {who} were handed over to this notebook (the other one says that it erases them)"),
        ),
        ("taken_over", ..) => (
            format!("{who} さんの記録を受け取りました（渡した手帳にも残る、と書かれています）"),
            format!("The records of {who} were handed over to this notebook (the other one says that it keeps them as well)"),
        ),
        ("erased", Some("document"), _) => {
            (format!("書類を消しました（記録 {records} 件）"), format!("A document was erased ({records} records)"))
        }
        ("erased", Some("person"), _) => {
            (format!("ひとりのすべてを消しました（記録 {records} 件）"), format!("A person was erased with everything ({records} records)"))
        }
        ("erased", Some("consent"), _) => (
            format!("撤回した同意で届いたものを消しました（記録 {records} 件）"),
            format!("What had come by a withdrawn consent was erased ({records} records)"),
        ),
        ("erased", ..) => (format!("記録を消しました（{records} 件）"), format!("A record was erased ({records} records)")),
        ("loss_accepted", ..) => {
            let rows = number(told.rows);
            (format!("失われたものをあきらめ、残り {rows} 行で続けました"), format!("What was lost was given up; {rows} rows went on"))
        }
        ("shown", ..) => shown(told, &who),
        ("showing_ended", ..) => {
            let seconds = number(told.seconds);
            (format!("{who} さんの記録を見せ終わりました（{seconds} 秒間）"), format!("Records of {who} were shown for {seconds} seconds"))
        }
        ("card_switched", ..) => card(told, &who),
        ("setting_changed", ..) => setting(told, language),
        ("agreed", ..) => agreed(told, language),
        _ => return act.to_owned(),
    };
    chosen(language, japanese, english)
}

/// The acts of a consent and its fetch.
fn sentence_of_consent(act: &str, who: &str, told: &Told, language: Language) -> Option<String> {
    let (returned, kept) = (told.returned, told.kept);
    let (japanese, english) = match act {
        "consent_asked" => {
            let (items, basis) = (items(&told.wishes, language), basis_text(told.basis.as_deref(), language));
            let [japanese, english] = &told.operator;
            let operator = language.pick(japanese.as_deref().unwrap_or("?"), english.as_deref().unwrap_or("?"));
            (
                format!("{who} さんの {items} を取得してよいか、たずねました（{basis}。取得するのは {operator}）"),
                format!("Asked whether {items} of {who} may be fetched ({basis}; obtained by {operator})"),
            )
        }
        "consent_answered" => {
            let (granted, declined) = (items(&told.granted, language), items(&told.declined, language));
            (
                format!("{who} さんについての問いに答えました（はい：{granted}。いいえ：{declined}）"),
                format!("The question about {who} was answered (yes: {granted}; no: {declined})"),
            )
        }
        "consent_withdrawn" => {
            let what = if told.erased {
                language.pick("届いたものも消しました", "what came by it was erased")
            } else {
                language.pick("届いたものは残しました", "what came by it stayed")
            };
            (format!("{who} さんについての同意を撤回しました（{what}）"), format!("The consent about {who} was withdrawn ({what})"))
        }
        "identity_checked" => {
            let outcome = outcome_text(told.outcome.as_deref(), language);
            (format!("{who} さんの取得で、ログインした人を確かめました：{outcome}"), format!("Checked who logged in for {who}: {outcome}"))
        }
        "fetch_started" => (format!("{who} さんの情報の取得をはじめました"), format!("A fetch for {who} began")),
        "fetched" if told.is_partial => {
            let reason = reason(told, language);
            (
                format!(
                    "{who} さんの情報の一部を取得しました（届いた {returned} 件のうち、同意した {kept} 件を残しました。残りは届きませんでした：{reason}）"
                ),
                format!(
                    "Fetched some of it for {who} (kept what was consented to: {kept} of {returned} entries; the rest did not come: {reason})"
                ),
            )
        }
        "fetched" => (
            format!("{who} さんの情報を取得しました（届いた {returned} 件のうち、同意した {kept} 件を残しました）"),
            format!("Fetched for {who} (kept what was consented to: {kept} of {returned} entries)"),
        ),
        "fetch_ended" => {
            let reason = reason(told, language);
            (
                format!("{who} さんの情報の取得は終わりました。何も取り込んでいません（{reason}）"),
                format!("The fetch for {who} ended and nothing was taken in ({reason})"),
            )
        }
        _ => return None,
    };
    Some(chosen(language, japanese, english))
}

fn chosen(language: Language, japanese: String, english: String) -> String {
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

fn setting(told: &Told, language: Language) -> (String, String) {
    let id = told.setting.as_deref().unwrap_or("?");
    let minutes = told.to.and_then(|to| LockAfter::of_minutes(u32::try_from(to).ok()?));
    if let Some(minutes) = minutes {
        let text = lock_after_text(minutes, language);
        return (format!("設定を変えました：{text}"), format!("A setting was changed: {text}"));
    }
    let name = Setting::read(id).map_or(id, |setting| setting_name(setting, language));
    let to = told.on.map_or("?", |on| on_text(on, language));
    (format!("設定「{name}」を「{to}」にしました"), format!("The setting \"{name}\" was turned {to}"))
}

/// For what occasion and which kinds of records; never a value.
fn shown(told: &Told, who: &str) -> (String, String) {
    let names = |language: Language| {
        let name = |id: &String| {
            let part = Part::ALL.into_iter().find(|part| part.id() == id).map(|part| part_name(part, language));
            part.or_else(|| quantity(id).map(|known| language.pick(known.japanese, known.english)))
                .map_or_else(|| id.clone(), str::to_owned)
        };
        let mut all: Vec<String> = told.items.iter().map(name).collect();
        all.extend(told.sensitive.then(|| language.pick("取り扱いに注意する記録", "what is sensitive").to_owned()));
        listed(all.into_iter(), language)
    };
    let occasion = |language| told.occasion.as_deref().map_or("", |id| occasion_name(id, language));
    let (japanese, english) = (occasion(Language::Japanese), occasion(Language::English));
    let (open, close) = if japanese.is_empty() { ("", "") } else { ("：", ": ") };
    let (at_most, limit) =
        told.minutes.map_or_else(Default::default, |minutes| (format!("、{minutes} 分まで"), format!("; {minutes} minutes at most")));
    (
        format!("{who} さんの記録を見せました（{japanese}{open}{}{at_most}）", names(Language::Japanese)),
        format!("Records of {who} were shown ({english}{close}{}{limit})", names(Language::English)),
    )
}

fn card(told: &Told, who: &str) -> (String, String) {
    let (japanese, english) = match told.card.as_deref() {
        Some("off") => ("使わない", "off"),
        Some("after_unlock") => ("開いた手帳からだけ見せる", "shown after unlocking only"),
        Some("without_unlocking") => ("手帳を開かなくても見せる", "readable without unlocking"),
        _ => ("?", "?"),
    };
    (format!("{who} さんの救急・災害カードを「{japanese}」にしました"), format!("The emergency card of {who} was switched: {english}"))
}

fn agreed(told: &Told, language: Language) -> (String, String) {
    let version = number(told.version);
    let kind = told.legal.as_deref().and_then(LegalKind::read);
    let title = kind.map_or_else(|| told.legal.as_deref().unwrap_or("?"), |kind| legal(kind, language).title);
    (format!("{title}（第 {version} 版）に同意しました"), format!("{title} (version {version}) was agreed to"))
}

fn number(number: Option<u64>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}

fn comma(language: Language) -> &'static str {
    language.pick("、", ", ")
}

fn whose(told: &Told, people: &[Person], language: Language) -> String {
    let nobody = somebody_erased_text(language);
    let names: Vec<&str> = told.people.iter().map(|id: &PersonId| name_of(people, *id).unwrap_or(nobody)).collect();
    if names.is_empty() { nobody.to_owned() } else { names.join(comma(language)) }
}

/// Instead of a name, where there is nobody of that id any more.
pub(in crate::present) const fn somebody_erased_text(language: Language) -> &'static str {
    language.pick("消された人", "somebody erased")
}

/// Items by name; those of a newer version by their id.
fn items(ids: &[String], language: Language) -> String {
    let name = |id: &String| id.parse::<Item>().map_or_else(|_| id.clone(), |item| item_name(item, language).to_owned());
    listed(ids.iter().map(name), language)
}

/// A list in words, or that there is nothing.
pub(in crate::present) fn listed(names: impl Iterator<Item = String>, language: Language) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() { language.pick("なし", "nothing").to_owned() } else { names.join(comma(language)) }
}

pub(in crate::present) const fn item_name(item: Item, language: Language) -> &'static str {
    language.pick(item.japanese(), item.english())
}

/// Why nothing, or not all, came; the id of a newer version as it is.
fn reason(told: &Told, language: Language) -> String {
    let id = told.reason.as_deref().unwrap_or("?");
    End::read(id, told.code.as_deref()).map_or_else(|| id.to_owned(), |end| end_text(&end, language).what)
}

/// By what right somebody acted, in words.
fn basis_text(id: Option<&str>, language: Language) -> &'static str {
    match id {
        Some("childs_card") => language.pick("親（法定代理人）が、子のカードで", "a parent or guardian, with the child's card"),
        Some("registered_proxy") => language.pick("登録された代理人が、代理人のカードで", "a registered proxy, with the proxy's card"),
        _ => language.pick("本人が、本人のカードで", "the person, with their own card"),
    }
}

/// Who logged in, in words.
fn outcome_text(id: Option<&str>, language: Language) -> &'static str {
    match id {
        Some("subject") => language.pick("本人", "the person"),
        Some("confirmed") => language.pick("本人（たずねて確かめました）", "the person, as was confirmed when asked"),
        Some("actor") => language.pick("手続きをする人（親・代理人）", "whoever acts for them"),
        Some("asked") => language.pick("決められないため、たずねました", "could not be told, and was asked"),
        Some("not_you") => language.pick("別の人", "somebody else"),
        _ => language.pick("くらべる相手がいないため、くらべていません", "not compared with anybody"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::{
        base::Fingerprint,
        present::{LedgerLine, ledger_line},
        record::Sex,
        vault::{Act, LedgerEntry},
    };

    const HANAKO: &str = "0101010101010101010101010101010a";

    fn told(entries: &[(&str, Option<&str>)], language: Language) -> Vec<LedgerLine> {
        let people = [Person::new(HANAKO.parse().unwrap(), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap()];
        let entry = |(act, detail): &(&str, Option<&str>)| LedgerEntry {
            at: "2026-11-21T01:02:03.000Z".to_owned(),
            act: (*act).to_owned(),
            detail: detail.map(str::to_owned),
            salt: String::new(),
            detail_hash: Fingerprint::of(b""),
            chain: Fingerprint::of(b""),
        };
        (1..).zip(entries).map(|(number, given)| ledger_line(&people, number, &entry(given), language)).collect()
    }

    #[test]
    fn a_consent_and_its_fetch_are_told_from_the_question_to_the_end() {
        let about = format!(r#""consent":"000102030405060708090a0b0c0d0e0f","person":"{HANAKO}""#);
        let line = |rest: &str| format!("{{{about},{rest}}}");
        let lines = [
            (
                "consent_asked",
                line(
                    r#""request":{"actor":{"basis":"childs_card"},"wishes":[{"item":"checkup","period":{}},{"item":"medication"}],"operator":{"japanese":"見本の運営者","english":"A sample operator"}}"#,
                ),
            ),
            ("consent_answered", line(r#""receipt":{"granted":[{"item":"checkup","period":{}}],"declined":["medication"]}"#)),
            ("identity_checked", line(r#""round":1,"outcome":"actor""#)),
            (
                "fetched",
                line(
                    r#""answers":[{"groups":[{"item":"checkup","returned":3,"kept":3},{"item":"care","returned":2,"kept":0}]}],"missing":{"services":["ST0002"],"reason":"late"}"#,
                ),
            ),
            ("consent_withdrawn", line(r#""documents":1,"records":3,"erased":true"#)),
        ];
        let entries: Vec<(&str, Option<&str>)> = lines.iter().map(|(act, line)| (*act, Some(line.as_str()))).collect();
        let parts = [
            ["健診（特定健診・後期高齢者健診）、薬", "子のカードで", "Health checkups, Medicines received", "by A sample operator"],
            ["はい：健診", "いいえ：薬", "yes: Health checkups", "no: Medicines received"],
            ["代理人", "手帳 花子", "acts for them", "手帳 花子"],
            ["届いた 5 件のうち", "3 件", "3 of 5", "did not answer in time"],
            ["撤回しました", "消しました", "withdrawn", "erased"],
        ];
        let (japanese, english) = (told(&entries, Language::Japanese), told(&entries, Language::English));
        for ((ja, en), [first, second, third, fourth]) in japanese.iter().zip(&english).zip(parts) {
            assert!(ja.text.contains(first) && ja.text.contains(second), "{}", ja.text);
            assert!(en.text.contains(third) && en.text.contains(fourth), "{}", en.text);
            assert_eq!((ja.people.len(), ja.names.as_slice()), (1, ["手帳 花子".to_owned()].as_slice()));
        }
    }

    #[test]
    fn every_act_has_a_sentence_in_both_languages() {
        for act in Act::ALL {
            let [japanese, english] = [Language::Japanese, Language::English].map(|language| told(&[(act.id(), Some("{}"))], language));
            assert!(japanese[0].text != act.id() && !japanese[0].text.is_ascii(), "{}", japanese[0].text);
            assert!(english[0].text != act.id() && english[0].text.is_ascii(), "{}", english[0].text);
        }
    }

    #[test]
    fn settings_and_agreements_are_told_by_name() {
        let lines = [
            ("setting_changed", Some(r#"{"setting":"hide_values","on":false}"#)),
            ("setting_changed", Some(r#"{"setting":"lock_after","to":15}"#)),
            ("setting_changed", Some(r#"{"setting":"newer","to":7}"#)),
            ("agreed", Some(r#"{"legal":"terms","version":2}"#)),
        ];
        let told: Vec<String> = told(&lines, Language::Japanese).into_iter().map(|line| line.text).collect();
        let wanted = [
            "設定「値をぼかし、触れたときだけ見せる」を「切」にしました",
            "設定を変えました：15 分さわらなければ閉じる",
            "設定「newer」を「?」にしました",
            "利用規約（第 2 版）に同意しました",
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn erased_words_newer_acts_and_somebody_erased_are_told_as_such() {
        let entries = [
            ("imported", None),
            ("teleported", Some("{}")),
            ("person_added", Some(r#"{"person":"0202020202020202020202020202020b"}"#)),
            ("imported", Some("no JSON")),
        ];
        let told = told(&entries, Language::English);
        assert!(told[0].is_erased && told[0].text.ends_with(" (its words were erased)"), "{}", told[0].text);
        assert_eq!(told[1].text, "teleported");
        assert!(told[2].text.contains("somebody erased") && told[2].names.is_empty(), "{}", told[2].text);
        assert!(!told[3].is_erased && !told[3].text.contains("JSON"));
    }
}
