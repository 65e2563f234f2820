//! How a command ends: one exit code for each thing that somebody (or a script) would do differently about it.
//!
//! The table is public and never renumbered; `docs/errors.md` lists it, and a test compares the two.

use techo_core::present::{Language, TroubleKind};

/// Where an exit's words come from.
enum Words {
    /// The core's, as every shell says them.
    Of(TroubleKind),
    /// Japanese and English, of what only a command line knows.
    Own(&'static str, &'static str),
}

macro_rules! exits {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $id:literal, $words:expr;)*) => {
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

            const fn words(self) -> Words {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

exits! {
    /// Everything asked for was done.
    Done = 0, "OK", Words::Own("できました", "Done");
    /// Our own mistake.
    Internal = 1, "INTERNAL", Words::Of(TroubleKind::Internal);
    /// The command line says something that cannot be done.
    Usage = 2, "USAGE", Words::Own("コマンドの書き方が正しくありません", "The command line is not understood");
    /// Imported, but entries or files were refused.
    SomeRefused = 3, "SOME_REFUSED", Words::Own("取り込みましたが、受け取れなかったものがあります", "Imported, but some of it was refused");
    /// Nothing of the file could be read.
    NotReadable = 4, "NOT_READABLE", Words::Of(TroubleKind::NotReadable);
    /// The document is about somebody else.
    NotThisPerson = 5, "NOT_THIS_PERSON", Words::Of(TroubleKind::NotThisPerson);
    /// The document carries, or may carry, an Individual Number.
    MyNumber = 6, "MY_NUMBER", Words::Of(TroubleKind::MyNumber);
    /// The document asks to delete an earlier report.
    DeletionRequest = 7, "DELETION_REQUEST", Words::Of(TroubleKind::DeletionRequest);
    /// A signature does not fit.
    BadSignature = 8, "BAD_SIGNATURE", Words::Of(TroubleKind::BadSignature);
    /// No person, record, quantity or hit of that name.
    NothingFound = 9, "NOTHING_FOUND", Words::Of(TroubleKind::NotFound);
    /// There is no vault.
    VaultMissing = 10, "VAULT_MISSING", Words::Of(TroubleKind::VaultMissing);
    /// There is a vault already.
    VaultExists = 11, "VAULT_EXISTS", Words::Of(TroubleKind::VaultExists);
    /// Another process has it open.
    VaultInUse = 12, "VAULT_IN_USE", Words::Of(TroubleKind::VaultInUse);
    /// The passphrase, code or key is not the right one.
    WrongPassphrase = 13, "WRONG_PASSPHRASE", Words::Of(TroubleKind::WrongKey);
    /// Bytes are not what was written.
    Damaged = 14, "DAMAGED", Words::Of(TroubleKind::VaultDamaged);
    /// Older than its anchor.
    RolledBack = 15, "ROLLED_BACK", Words::Of(TroubleKind::VaultRolledBack);
    /// Another history than its anchor.
    Forked = 16, "FORKED", Words::Of(TroubleKind::VaultForked);
    /// Nothing vouches for it.
    Unproven = 17, "UNPROVEN", Words::Of(TroubleKind::VaultUnproven);
    /// Written by a newer program.
    TooNew = 18, "TOO_NEW", Words::Of(TroubleKind::TooNew);
    /// No way to the key: no passphrase was given and none can be asked for.
    KeyUnavailable = 19, "KEY_UNAVAILABLE", Words::Of(TroubleKind::Locked);
    /// The disk is full.
    NoSpace = 20, "NO_SPACE", Words::Of(TroubleKind::NoSpace);
    /// A file cannot be opened, read or written.
    File = 21, "FILE", Words::Of(TroubleKind::FileUnusable);
    /// Something would be written over.
    FileExists = 22, "FILE_EXISTS", Words::Own("その名前のファイルがすでにあります。上書きはしません", "There is a file of that name already; nothing is written over it");
    /// A backup or archive is not what was written.
    ArchiveDamaged = 23, "ARCHIVE_DAMAGED", Words::Of(TroubleKind::ArchiveDamaged);
    /// A backup or archive ends in the middle.
    ArchiveTruncated = 24, "ARCHIVE_TRUNCATED", Words::Of(TroubleKind::ArchiveTruncated);
    /// What came back is not what went out.
    RootsDiffer = 25, "ROOTS_DIFFER", Words::Of(TroubleKind::RootsDiffer);
    /// The person said no.
    Declined = 26, "DECLINED", Words::Of(TroubleKind::Declined);
    /// The vault is open for reading only.
    ReadOnly = 27, "READ_ONLY", Words::Of(TroubleKind::ReadOnly);
    /// A person of that name is there already.
    PersonExists = 28, "PERSON_EXISTS", Words::Of(TroubleKind::PersonExists);
    /// The system lacks what encryption needs.
    System = 29, "SYSTEM", Words::Of(TroubleKind::System);
    /// Whoever asks must show that they are the person.
    PresenceNeeded = 30, "PRESENCE_NEEDED", Words::Of(TroubleKind::PresenceNeeded);
    /// Whoever answered is not the relay.
    NotTheRelay = 31, "NOT_THE_RELAY", Words::Of(TroubleKind::NotTheRelay);
    /// No consent, or one that is too old.
    ConsentNeeded = 32, "CONSENT_NEEDED", Words::Of(TroubleKind::ConsentNeeded);
    /// Somebody else's card, or somebody else's answer.
    NotYou = 33, "NOT_YOU", Words::Of(TroubleKind::NotYou);
    /// Closed for maintenance, or too busy.
    TryLater = 34, "TRY_LATER", Words::Of(TroubleKind::TryLater);
    /// The portal answered with an error of its own.
    PortalRefused = 35, "PORTAL_REFUSED", Words::Of(TroubleKind::PortalRefused);
    /// Stopped by the person, or by the system.
    Cancelled = 36, "CANCELLED", Words::Of(TroubleKind::Cancelled);
    /// A code, a session or an answer came too late.
    Expired = 37, "EXPIRED", Words::Of(TroubleKind::Expired);
    /// What came was not sealed by the relay.
    Forged = 38, "FORGED", Words::Of(TroubleKind::Forged);
    /// One fetch at a time for a person.
    FetchRunning = 39, "FETCH_RUNNING", Words::Of(TroubleKind::FetchRunning);
    /// No way to the relay.
    Offline = 40, "OFFLINE", Words::Of(TroubleKind::Offline);
    /// No profile, or one that is not sound.
    BadProfile = 41, "BAD_PROFILE", Words::Of(TroubleKind::BadProfile);
    /// The relay has no service for an item.
    NotOffered = 42, "NOT_OFFERED", Words::Of(TroubleKind::NotOffered);
    /// A question that nobody was there to answer.
    AnswerNeeded = 43, "ANSWER_NEEDED", Words::Own("問いへの答えを待っています", "A question waits for your answer");
    /// The answer is malformed or too large.
    BadAnswer = 44, "BAD_ANSWER", Words::Of(TroubleKind::BadAnswer);
    /// The scanner of malware found something.
    Malware = 45, "MALWARE", Words::Own("ウイルス検査で見つかりました。何も取り込んでいません", "The scanner found malware; nothing was taken in");
    /// Nobody looked for malware, and that was asked for.
    NotScanned = 46, "NOT_SCANNED", Words::Own("ウイルス検査ができません。何も取り込んでいません", "It could not be scanned for malware; nothing was taken in");
}

impl Exit {
    /// What a person reads.
    pub(crate) const fn message(self, language: Language) -> &'static str {
        match self.words() {
            Words::Of(kind) => kind.what(language),
            Words::Own(ja, en) => language.pick(ja, en),
        }
    }

    /// What to do about it, where there is something to do: the core's advice, or a command of ours.
    pub(crate) const fn advice(self, language: Language) -> Option<&'static str> {
        let (ja, en) = match self {
            Self::NotThisPerson => (
                "だれの書類か確かめてください。この人のものとして預かるなら --anyway を付けます",
                "Check whose it is; --anyway files it under this person all the same",
            ),
            Self::VaultMissing => {
                ("techo init で作るか、--vault で場所を示してください", "Make one with techo init, or point at it with --vault")
            }
            Self::VaultExists => ("--vault で別の場所を示してください", "Name another place with --vault"),
            Self::Damaged | Self::RolledBack | Self::Forked | Self::Unproven => (
                "手帳のフォルダを正しいものに戻すか、控えから techo restore で作り直してください。--rescue を付ければ読むことと書き出すことはできます。欠けたものをあきらめるなら techo accept-loss",
                "Put the right files back (the whole directory) or make a new one with techo restore; with --rescue it can still be read and exported; to go on without what is missing: techo accept-loss",
            ),
            Self::KeyUnavailable => (
                "合言葉を入れてください。--passphrase-file か環境変数 TECHO_PASSPHRASE でも渡せます",
                "Give the passphrase; --passphrase-file and the variable TECHO_PASSPHRASE do as well",
            ),
            Self::Malware => ("そのファイルを開かず、発行元に知らせてください", "Do not open the file, and tell whoever it came from"),
            Self::NotScanned => (
                "clamd を動かすか、--scanner でその場所を示してください。検査なしで取り込むなら --require-scan を外します",
                "Start clamd or point at it with --scanner; without --require-scan it is taken in unscanned",
            ),
            Self::FileExists => ("別の名前を示してください", "Choose another name"),
            Self::Offline => (
                "つながるところで techo fetch --resume を実行すると、続きから進みます。手元の手帳はそのまま使えます",
                "Go on with techo fetch --resume once there is a network; the notebook itself can be used as ever",
            ),
            Self::NotTheRelay => (
                "別のネットワークで試し、時計とプロファイル（--relay）を確かめてください",
                "Try another network, and check the clock and the profile (--relay)",
            ),
            Self::ConsentNeeded => {
                ("techo fetch をはじめからやり直すと、もう一度おたずねします", "Begin again with techo fetch; it asks once more")
            }
            Self::NotYou => (
                "この人のカードで、または --as parent・--as proxy でやり直してください。名前や生年月日の登録も techo person list で確かめられます",
                "Begin again with this person's card, or with --as parent or --as proxy; techo person list shows the name and birth date it compares with",
            ),
            Self::TryLater => ("時間をおいて、techo fetch をやり直してください", "Try techo fetch again later"),
            Self::Cancelled => (
                "続きは techo fetch --resume、やめるなら techo withdraw と番号",
                "To go on: techo fetch --resume; to give it up: techo withdraw with its id",
            ),
            Self::Expired => ("techo fetch をはじめからやり直してください", "Begin again with techo fetch"),
            Self::FetchRunning => (
                "続きは techo fetch --resume、やめるなら techo consents で番号を見て techo withdraw",
                "To go on: techo fetch --resume; to give it up: techo withdraw with the id that techo consents shows",
            ),
            Self::PresenceNeeded => (
                "合言葉を入れて、もう一度どうぞ。--passphrase-file か環境変数 TECHO_PASSPHRASE でも渡せます",
                "Give the passphrase and repeat; --passphrase-file and the variable TECHO_PASSPHRASE do as well",
            ),
            Self::BadProfile => (
                "運営者から受け取った TOML ファイルを --relay か環境変数 TECHO_RELAY で示してください。ためすなら techo portal-stand-in",
                "Name the TOML file of the relay's operator with --relay or the variable TECHO_RELAY; to try it out: techo portal-stand-in",
            ),
            Self::AnswerNeeded => (
                "端末で techo fetch --resume を実行するか、--answers person=yes（または no）を添えてください",
                "Run techo fetch --resume on a terminal, or add --answers person=yes (or no)",
            ),
            Self::Internal => (
                "コマンドと番号を添えてお知らせください。健康のデータは送らないでください",
                "Report it with the command and the number; send no health data",
            ),
            Self::VaultInUse
            | Self::NoSpace
            | Self::ArchiveDamaged
            | Self::ArchiveTruncated
            | Self::RootsDiffer
            | Self::PortalRefused
            | Self::Forged
            | Self::NotOffered
            | Self::BadAnswer => {
                return match self.words() {
                    Words::Of(kind) => Some(kind.todo(language)),
                    Words::Own(..) => None,
                };
            }
            _ => return None,
        };
        Some(language.pick(ja, en))
    }
}

impl From<TroubleKind> for Exit {
    /// The exit of a trouble. Several kinds share one where a script would do the same about them.
    fn from(kind: TroubleKind) -> Self {
        // No `_` arm: a new kind must be given an exit here before it compiles.
        match kind {
            TroubleKind::WrongKey | TroubleKind::RecoveryCodeMistyped => Self::WrongPassphrase,
            // Between two commands the notebook is locked: without a key it stays so.
            TroubleKind::Locked | TroubleKind::KeyUnavailable | TroubleKind::PassphraseNeeded | TroubleKind::PassphraseEmpty => {
                Self::KeyUnavailable
            }
            TroubleKind::VaultMissing => Self::VaultMissing,
            TroubleKind::VaultExists => Self::VaultExists,
            TroubleKind::VaultInUse => Self::VaultInUse,
            TroubleKind::VaultDamaged => Self::Damaged,
            TroubleKind::VaultRolledBack => Self::RolledBack,
            TroubleKind::VaultForked => Self::Forked,
            TroubleKind::VaultUnproven => Self::Unproven,
            TroubleKind::TooNew => Self::TooNew,
            TroubleKind::ReadOnly => Self::ReadOnly,
            TroubleKind::NothingLost | TroubleKind::NothingToWrite | TroubleKind::NotFound | TroubleKind::NoSuchFetch => Self::NothingFound,
            TroubleKind::NoSpace => Self::NoSpace,
            TroubleKind::System => Self::System,
            TroubleKind::PresenceNeeded => Self::PresenceNeeded,
            TroubleKind::PersonExists => Self::PersonExists,
            TroubleKind::PersonInvalid
            | TroubleKind::WishInvalid
            | TroubleKind::NotSealable
            | TroubleKind::PersonNeeded
            | TroubleKind::OnlySlice
            | TroubleKind::TooMuchForCodes => Self::Usage,
            TroubleKind::FileMissing | TroubleKind::FileUnusable => Self::File,
            TroubleKind::TooLarge | TroubleKind::NotReadable | TroubleKind::NoQr | TroubleKind::NotAnArchive => Self::NotReadable,
            TroubleKind::NotThisPerson => Self::NotThisPerson,
            TroubleKind::MyNumber | TroubleKind::PossibleMyNumber | TroubleKind::InsurerNumber => Self::MyNumber,
            TroubleKind::DeletionRequest => Self::DeletionRequest,
            TroubleKind::BadSignature => Self::BadSignature,
            TroubleKind::ArchiveDamaged => Self::ArchiveDamaged,
            TroubleKind::ArchiveTruncated => Self::ArchiveTruncated,
            TroubleKind::RootsDiffer => Self::RootsDiffer,
            TroubleKind::ConsentNeeded => Self::ConsentNeeded,
            TroubleKind::FetchRunning => Self::FetchRunning,
            TroubleKind::OtherRelay | TroubleKind::BadProfile => Self::BadProfile,
            TroubleKind::NotOffered => Self::NotOffered,
            TroubleKind::Offline => Self::Offline,
            TroubleKind::NotTheRelay => Self::NotTheRelay,
            TroubleKind::Forged => Self::Forged,
            TroubleKind::NotYou => Self::NotYou,
            TroubleKind::TryLater => Self::TryLater,
            TroubleKind::PortalRefused => Self::PortalRefused,
            TroubleKind::BadAnswer => Self::BadAnswer,
            TroubleKind::Expired => Self::Expired,
            TroubleKind::Cancelled => Self::Cancelled,
            TroubleKind::Declined => Self::Declined,
            // A command opens the vault anew and never returns to a fetch out of turn.
            TroubleKind::ForeignRedirect | TroubleKind::Changed | TroubleKind::Internal => Self::Internal,
        }
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
    fn an_exit_in_the_cores_words_is_the_exit_of_that_trouble_and_has_its_id() {
        for exit in Exit::ALL {
            if let Words::Of(kind) = exit.words() {
                // The id of a notebook that stays locked for want of a key is older than the core's word for it.
                let id = if kind == TroubleKind::Locked { "KEY_UNAVAILABLE".to_owned() } else { kind.id().to_uppercase() };
                assert_eq!((Exit::from(kind), id.as_str()), (*exit, exit.id()));
            }
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
