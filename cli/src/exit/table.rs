//! How a command ends: one exit code for each thing that somebody (or a script) would do differently about it.
//!
//! The table is public and never renumbered; `docs/errors.md` lists it, and a test compares the two.

use techo_core::present::Language;

macro_rules! exits {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $id:literal, $ja:literal, $en:literal;)*) => {
        /// How a command ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Exit { $($(#[$doc])* $name,)* }

        impl Exit {
            /// Every way to end, in the order of the table.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The process's exit code.
            pub(crate) const fn code(self) -> u8 {
                match self { $(Self::$name => $code,)* }
            }

            /// The error code in JSON.
            pub(crate) const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What a person reads.
            pub(crate) const fn message(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.pick($ja, $en),)* }
            }
        }
    };
}

exits! {
    /// Everything asked for was done.
    Done = 0, "OK", "できました", "Done";
    /// Our own mistake.
    Internal = 1, "INTERNAL", "内部の誤りです（プログラムの側の問題）", "An internal error, ours and not yours";
    /// The command line says something that cannot be done.
    Usage = 2, "USAGE", "コマンドの書き方が正しくありません", "The command line is not understood";
    /// Imported, but entries or files were refused.
    SomeRefused = 3, "SOME_REFUSED", "取り込みましたが、受け取れなかったものがあります", "Imported, but some of it was refused";
    /// Nothing of the file could be read.
    NotReadable = 4, "NOT_READABLE", "読めないファイルです。何も取り込んでいません", "The file cannot be read; nothing was taken in";
    /// The document is about somebody else.
    NotThisPerson = 5, "NOT_THIS_PERSON", "別の人の書類のようです。何も取り込んでいません", "The document is about somebody else; nothing was taken in";
    /// The document carries, or may carry, an Individual Number.
    MyNumber = 6, "MY_NUMBER", "個人番号（マイナンバー）があるか、その疑いがあります。何も取り込んでいません", "There is, or may be, an Individual Number (My Number); nothing was taken in";
    /// The document asks to delete an earlier report.
    DeletionRequest = 7, "DELETION_REQUEST", "以前の報告の取消しを求める書類です。健診として取り込みません", "A request to delete an earlier report, not a checkup";
    /// A signature does not fit.
    BadSignature = 8, "BAD_SIGNATURE", "署名が内容と合いません。何も取り込んでいません", "The signature does not fit the content; nothing was taken in";
    /// No person, record, quantity or hit of that name.
    NothingFound = 9, "NOTHING_FOUND", "見つかりません", "Nothing was found";
    /// There is no vault.
    VaultMissing = 10, "VAULT_MISSING", "ここに手帳はありません", "There is no notebook here";
    /// There is a vault already.
    VaultExists = 11, "VAULT_EXISTS", "すでに手帳があります。上書きはしません", "There is a notebook here already; nothing is written over it";
    /// Another process has it open.
    VaultInUse = 12, "VAULT_IN_USE", "別のプログラムがこの手帳を開いています", "Another program has this notebook open";
    /// The passphrase, code or key is not the right one.
    WrongPassphrase = 13, "WRONG_PASSPHRASE", "合言葉（または復旧コード）が違います", "The passphrase (or recovery code) is wrong";
    /// Bytes are not what was written.
    Damaged = 14, "DAMAGED", "手帳が壊れています", "The notebook is damaged";
    /// Older than its anchor.
    RolledBack = 15, "ROLLED_BACK", "手帳が古いものに戻っています。確定した変更が欠けています", "The notebook is older than it should be: acknowledged changes are missing";
    /// Another history than its anchor.
    Forked = 16, "FORKED", "手帳の履歴が枝分かれしています", "The notebook has another history than expected";
    /// Nothing vouches for it.
    Unproven = 17, "UNPROVEN", "手帳が完全であることを証明できません", "Nothing proves that the notebook is complete";
    /// Written by a newer program.
    TooNew = 18, "TOO_NEW", "新しい版の手帳です。プログラムを更新してください", "Written by a newer version; update this program";
    /// No way to the key: no passphrase was given and none can be asked for.
    KeyUnavailable = 19, "KEY_UNAVAILABLE", "鍵がありません。合言葉を渡してください", "No key: a passphrase must be given";
    /// The disk is full.
    NoSpace = 20, "NO_SPACE", "ディスクに空きがありません", "The disk is full";
    /// A file cannot be opened, read or written.
    File = 21, "FILE", "ファイルを読み書きできません", "A file cannot be read or written";
    /// Something would be written over.
    FileExists = 22, "FILE_EXISTS", "その名前のファイルがすでにあります。上書きはしません", "There is a file of that name already; nothing is written over it";
    /// A backup or archive is not what was written.
    ArchiveDamaged = 23, "ARCHIVE_DAMAGED", "控え（アーカイブ）が壊れています", "The backup or archive is damaged";
    /// A backup or archive ends in the middle.
    ArchiveTruncated = 24, "ARCHIVE_TRUNCATED", "控え（アーカイブ）が途中で終わっています", "The backup or archive ends in the middle";
    /// What came back is not what went out.
    RootsDiffer = 25, "ROOTS_DIFFER", "根が一致しません。記録が揃っていません", "The roots differ: not all records are there";
    /// The person said no.
    Declined = 26, "DECLINED", "取りやめました", "Not done, as you answered";
    /// The vault is open for reading only.
    ReadOnly = 27, "READ_ONLY", "読み出し専用で開いています。変更できません", "Open for reading only; nothing can be changed";
    /// A person of that name is there already.
    PersonExists = 28, "PERSON_EXISTS", "同じ人がすでにいます", "That person is there already";
    /// The system lacks what encryption needs.
    System = 29, "SYSTEM", "この環境では安全に暗号化できません", "This system lacks what encryption needs";
    /// Whoever asks must show that they are the person.
    PresenceNeeded = 30, "PRESENCE_NEEDED", "本人の確認が要ります", "You must confirm that it is you";
    /// Whoever answered is not the relay.
    NotTheRelay = 31, "NOT_THE_RELAY", "答えた相手がリレーであることを証明できません。何も送っていません", "Whoever answered cannot prove to be the relay; nothing was sent";
    /// No consent, or one that is too old.
    ConsentNeeded = 32, "CONSENT_NEEDED", "有効な同意がありません。何も取得していません", "There is no consent that holds; nothing was fetched";
    /// Somebody else's card, or somebody else's answer.
    NotYou = 33, "NOT_YOU", "ログインした人、または届いた情報の人が、この人ではありません。何も取り込んでいません", "Who logged in, or whom the answer is about, is not this person; nothing was taken in";
    /// Closed for maintenance, or too busy.
    TryLater = 34, "TRY_LATER", "マイナポータルかリレーが、いまは使えません。何も取り込んでいません", "Mynaportal or the relay cannot be used just now; nothing was taken in";
    /// The portal answered with an error of its own.
    PortalRefused = 35, "PORTAL_REFUSED", "マイナポータルが取得に応じませんでした。何も取り込んでいません", "Mynaportal did not grant the fetch; nothing was taken in";
    /// Stopped by the person, or by the system.
    Cancelled = 36, "CANCELLED", "途中でやめました", "Stopped on the way";
    /// A code, a session or an answer came too late.
    Expired = 37, "EXPIRED", "時間切れです。何も取り込んでいません", "The fetch ran out of time; nothing was taken in";
    /// What came was not sealed by the relay.
    Forged = 38, "FORGED", "封が合いません。リレーから届いたものではないため、開けずに捨てました", "The seal does not fit: it is not from the relay, and was thrown away unopened";
    /// One fetch at a time for a person.
    FetchRunning = 39, "FETCH_RUNNING", "この人の取得が途中です。ひとりにつき、一度にひとつです", "A fetch for this person is unfinished; there is one at a time";
    /// No way to the relay.
    Offline = 40, "OFFLINE", "ネットにつながらないか、リレーに届きません", "The relay cannot be reached: no network, or nobody answers there";
    /// No profile, or one that is not sound.
    BadProfile = 41, "BAD_PROFILE", "リレーのプロファイルが使えません", "The relay's profile cannot be used";
    /// The relay has no service for an item.
    NotOffered = 42, "NOT_OFFERED", "このリレーでは取得できない項目があります", "The relay does not offer some of the items";
    /// A question that nobody was there to answer.
    AnswerNeeded = 43, "ANSWER_NEEDED", "問いへの答えを待っています", "A question waits for your answer";
    /// The answer is malformed or too large.
    BadAnswer = 44, "BAD_ANSWER", "マイナポータルからの答えが読めません。何も取り込んでいません", "The portal's answer cannot be read; nothing was taken in";
}

impl Exit {
    /// What to do about it, where there is something to do.
    pub(crate) const fn advice(self, language: Language) -> Option<&'static str> {
        let (ja, en) = match self {
            Self::NotThisPerson => (
                "だれの書類か確かめてください。この人のものとして預かるなら --anyway を付けます",
                "check whose it is; --anyway files it under this person all the same",
            ),
            Self::VaultMissing => {
                ("techo init で作るか、--vault で場所を示してください", "make one with techo init, or point at it with --vault")
            }
            Self::VaultExists => ("--vault で別の場所を示してください", "name another place with --vault"),
            Self::VaultInUse => ("そのプログラムを閉じてから、もう一度どうぞ", "close that program and try again"),
            Self::Damaged | Self::RolledBack | Self::Forked | Self::Unproven => (
                "手帳のフォルダを正しいものに戻すか、控えから techo restore で作り直してください。--rescue を付ければ読むことと書き出すことはできます。欠けたものをあきらめるなら techo accept-loss",
                "put the right files back (the whole directory) or make a new one with techo restore; with --rescue it can still be read and exported; to go on without what is missing: techo accept-loss",
            ),
            Self::KeyUnavailable => {
                ("--passphrase-file か環境変数 TECHO_PASSPHRASE で渡せます", "use --passphrase-file or the variable TECHO_PASSPHRASE")
            }
            Self::NoSpace => ("何も失われていません。空きを作って、もう一度どうぞ", "nothing was lost; make room and repeat"),
            Self::FileExists => ("別の名前を示してください", "choose another name"),
            Self::ArchiveDamaged | Self::ArchiveTruncated => ("別の控えを使ってください", "take another copy"),
            Self::RootsDiffer => ("もとのアーカイブを残し、お知らせください", "keep the archive and report it"),
            Self::Offline => (
                "つながるところで techo fetch --resume を実行すると、続きから進みます。手元の手帳はそのまま使えます",
                "go on with techo fetch --resume once there is a network; the notebook itself can be used as ever",
            ),
            Self::NotTheRelay => (
                "別のネットワークで試し、時計とプロファイル（--relay）を確かめてください",
                "try another network, and check the clock and the profile (--relay)",
            ),
            Self::ConsentNeeded => {
                ("techo fetch をはじめからやり直すと、もう一度おたずねします", "begin again with techo fetch; it asks once more")
            }
            Self::NotYou => (
                "この人のカードで、または --as parent・--as proxy でやり直してください。名前や生年月日の登録も techo person list で確かめられます",
                "begin again with this person's card, or with --as parent or --as proxy; techo person list shows the name and birth date it compares with",
            ),
            Self::TryLater => ("時間をおいて、techo fetch をやり直してください", "try techo fetch again later"),
            Self::PortalRefused => (
                "はじめからやり直し、それでも同じなら番号を添えて運営者にたずねてください",
                "begin again; if it stays so, ask the relay's operator and name the code",
            ),
            Self::Cancelled => (
                "続きは techo fetch --resume、やめるなら techo withdraw と番号",
                "to go on: techo fetch --resume; to give it up: techo withdraw with its id",
            ),
            Self::Expired => ("techo fetch をはじめからやり直してください", "begin again with techo fetch"),
            Self::Forged => (
                "別のネットワークでやり直し、それでも同じなら運営者に知らせてください",
                "begin again on another network; if it stays so, tell the relay's operator",
            ),
            Self::FetchRunning => (
                "続きは techo fetch --resume、やめるなら techo consents で番号を見て techo withdraw",
                "to go on: techo fetch --resume; to give it up: techo withdraw with the id that techo consents shows",
            ),
            Self::PresenceNeeded => (
                "合言葉を入れて、もう一度どうぞ。--passphrase-file か環境変数 TECHO_PASSPHRASE でも渡せます",
                "give the passphrase and repeat; --passphrase-file and the variable TECHO_PASSPHRASE do as well",
            ),
            Self::BadProfile => (
                "運営者から受け取った TOML ファイルを --relay か環境変数 TECHO_RELAY で示してください。ためすなら techo portal-stand-in",
                "name the TOML file of the relay's operator with --relay or the variable TECHO_RELAY; to try it out: techo portal-stand-in",
            ),
            Self::NotOffered => ("その項目を除いて、やり直してください", "begin again without them"),
            Self::AnswerNeeded => (
                "端末で techo fetch --resume を実行するか、--answers person=yes（または no）を添えてください",
                "run techo fetch --resume on a terminal, or add --answers person=yes (or no)",
            ),
            Self::BadAnswer => (
                "日をおいてやり直してください。続くなら運営者に知らせてください",
                "begin again another day; if it stays so, tell the relay's operator",
            ),
            Self::Internal => (
                "コマンドと番号を添えてお知らせください。健康のデータは送らないでください",
                "report it with the command and the number; send no health data",
            ),
            _ => return None,
        };
        Some(language.pick(ja, en))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_code_and_every_id_means_one_thing() {
        for (index, exit) in Exit::ALL.iter().enumerate() {
            for other in Exit::ALL.iter().skip(index + 1) {
                assert!(exit.code() != other.code() && exit.id() != other.id(), "{exit:?} and {other:?}");
            }
            // From 64 on shells and `sysexits` have meanings of their own; 101 is a panic.
            assert!(exit.code() < 64, "{exit:?}");
        }
    }

    #[test]
    fn the_document_lists_exactly_these() {
        let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md")).unwrap();
        let written: Vec<Vec<String>> = document
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
            .map(|row| row.split(" | ").map(|cell| cell.trim_matches('`').to_owned()).collect::<Vec<_>>())
            .filter(|row| row.first().is_some_and(|cell| cell.parse::<u8>().is_ok()))
            .collect();
        let coded: Vec<Vec<String>> = Exit::ALL
            .iter()
            .map(|exit| {
                let (ja, en) = (exit.message(Language::Japanese), exit.message(Language::English));
                vec![exit.code().to_string(), exit.id().to_owned(), ja.to_owned(), en.to_owned()]
            })
            .collect();
        assert_eq!(written, coded);
    }
}
