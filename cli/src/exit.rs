//! How a command ends: one exit code for each thing that somebody (or a script) would do differently about it.
//!
//! The table is public and never renumbered; `docs/errors.md` lists it, and a test compares the two.

use techo_core::{
    formats::FormatError,
    intake::IntakeError,
    present::{Language, refusal_text},
    vault::VaultError,
};

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
}

/// What went wrong, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// More than the exit's own sentence: which file, which place. Never a value from a document.
    pub(crate) detail: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, detail: impl Into<String>) -> Self {
        Self { exit, detail: Some(detail.into()) }
    }

    /// One or two sentences.
    pub(crate) fn text(&self, language: Language) -> String {
        let message = self.exit.message(language);
        match &self.detail {
            Some(detail) => format!("{message}{}{detail}", language.pick("：", ": ")),
            None => message.to_owned(),
        }
    }

    /// A refused document, with its reason in the person's language.
    pub(crate) fn refused(error: &IntakeError, language: Language) -> Self {
        match error {
            IntakeError::Format(error) => Self::new(exit_of_format(error), refusal_text(error, language)),
            IntakeError::NotThisPerson(mismatch) => {
                let differs = match language {
                    Language::Japanese => mismatch.japanese(),
                    Language::English => mismatch.english(),
                };
                let what = language.pick("違うもの ", "these differ: ");
                Self::new(Exit::NotThisPerson, format!("{what}{differs}"))
            }
            IntakeError::PossibleMyNumber { place } => Self::new(Exit::MyNumber, place.clone()),
            IntakeError::Vault(error) => Self::from(error.clone()),
        }
    }
}

impl From<Exit> for Failure {
    fn from(exit: Exit) -> Self {
        Self { exit, detail: None }
    }
}

/// What a reader's error means for the exit code.
pub(crate) const fn exit_of_format(error: &FormatError) -> Exit {
    match error {
        FormatError::Empty | FormatError::Limit { .. } | FormatError::NotRead(_) | FormatError::Malformed { .. } => Exit::NotReadable,
        FormatError::MyNumber { .. } => Exit::MyNumber,
        FormatError::DeletionRequest { .. } => Exit::DeletionRequest,
        FormatError::BadSignature { .. } => Exit::BadSignature,
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let exit = match &error {
            VaultError::WrongKey => Exit::WrongPassphrase,
            VaultError::KeyUnavailable => Exit::KeyUnavailable,
            VaultError::VaultMissing => Exit::VaultMissing,
            VaultError::VaultExists => Exit::VaultExists,
            VaultError::VaultInUse => Exit::VaultInUse,
            VaultError::VaultTooNew { .. } => Exit::TooNew,
            VaultError::NoSpace => Exit::NoSpace,
            VaultError::ReadOnly => Exit::ReadOnly,
            VaultError::NotFound => Exit::NothingFound,
            VaultError::PersonExists => Exit::PersonExists,
            VaultError::VaultEmpty | VaultError::VaultDamaged => Exit::Damaged,
            VaultError::VaultRolledBack { missing } => return Self::new(Exit::RolledBack, missing.to_string()),
            VaultError::VaultForked => Exit::Forked,
            VaultError::VaultUnproven => Exit::Unproven,
            VaultError::NotSqlCipher | VaultError::NoRandomness => Exit::System,
            VaultError::Io(kind) => return Self::new(Exit::File, format!("{kind:?}")),
            // What is left is our bug, and its text holds numbers only. The enum can grow, so there must be an arm for it.
            _ => return Self::new(Exit::Internal, error.to_string()),
        };
        Self::from(exit)
    }
}

/// A file of ours or of the person's; `name` is what the person called it.
pub(crate) fn file_failure(name: &std::path::Path, error: &std::io::Error) -> Failure {
    let exit = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Exit::NoSpace,
        std::io::ErrorKind::AlreadyExists => Exit::FileExists,
        _ => Exit::File,
    };
    Failure::new(exit, format!("{} ({:?})", name.display(), error.kind()))
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

    #[test]
    fn a_wrong_passphrase_damage_and_a_rollback_are_three_things() {
        let exits = [VaultError::WrongKey, VaultError::VaultDamaged, VaultError::VaultRolledBack { missing: 2 }]
            .map(|error| Failure::from(error).exit);
        assert_eq!(exits, [Exit::WrongPassphrase, Exit::Damaged, Exit::RolledBack]);
    }
}
