//! How a command ends: one exit code for each thing that somebody (or a script) would do differently about it.
//!
//! The table is public and never renumbered; `docs/errors.md` lists it, and a test compares the two.

use std::{io::ErrorKind, path::Path};

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
            Self::Internal => (
                "コマンドと番号を添えてお知らせください。健康のデータは送らないでください",
                "report it with the command and the number; send no health data",
            ),
            _ => return None,
        };
        Some(language.pick(ja, en))
    }
}

/// What went wrong, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// More than the exit's own sentence: which file, which place. Never a value from a document.
    detail: Option<String>,
    /// More of what is said in the person's language.
    more: Option<More>,
    /// The place in a document that was refused.
    pub(crate) place: Option<String>,
    /// It is the vault that failed, and its directory is yet to be named.
    is_of_vault: bool,
}

/// What stands behind the detail, in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
enum More {
    Io(ErrorKind),
    Missing(u64),
    /// Advice that the exit alone cannot give.
    Recover,
}

impl More {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Io(kind) => match io_text(*kind) {
                Some((ja, en)) => language.pick(ja, en).to_owned(),
                None => format!("{kind:?}"),
            },
            Self::Missing(count) => {
                language.pick(format!("欠けた変更 {count} 件").as_str(), format!("missing: {count}").as_str()).to_owned()
            }
            Self::Recover => language.pick("忘れたときは techo recover", "if it is forgotten: techo recover").to_owned(),
        }
    }
}

/// The causes that people meet, in words.
const fn io_text(kind: ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::NotFound => ("ありません", "there is no such file"),
        ErrorKind::PermissionDenied => ("権限がありません", "permission denied"),
        ErrorKind::IsADirectory => ("フォルダです", "it is a directory"),
        ErrorKind::NotADirectory => ("フォルダではありません", "it is not a directory"),
        ErrorKind::ReadOnlyFilesystem => ("書き込めないディスクです", "the disk is read-only"),
        ErrorKind::InvalidData => ("文字として読めません", "it is not text"),
        _ => return None,
    })
}

impl Failure {
    pub(crate) fn new(exit: Exit, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::from(exit) }
    }

    /// A failure of reading or writing `name`.
    pub(crate) fn io(exit: Exit, name: &Path, kind: ErrorKind) -> Self {
        Self { detail: Some(name.display().to_string()), more: Some(More::Io(kind)), ..Self::from(exit) }
    }

    /// The failure with the file it happened to, where it names none yet.
    pub(crate) fn of_file(mut self, file: &Path) -> Self {
        if !self.is_of_vault {
            self.detail.get_or_insert_with(|| file.display().to_string());
        }
        self
    }

    /// The failure with the vault's directory, where it is the vault that failed.
    pub(crate) fn of_vault(mut self, directory: &Path) -> Self {
        if std::mem::take(&mut self.is_of_vault) {
            self.detail.get_or_insert_with(|| directory.display().to_string());
        }
        self
    }

    /// What happened, where, and what to do.
    pub(crate) fn text(&self, language: Language) -> String {
        let mut text = self.exit.message(language).to_owned();
        if let Some(detail) = &self.detail {
            text.extend([language.pick("：", ": "), detail]);
        }
        // The message of these two says the cause already.
        if let Some(more) = self.more.as_ref().filter(|_| !matches!(self.exit, Exit::FileExists | Exit::NoSpace)) {
            text.extend([language.pick("（", " ("), &more.text(language), language.pick("）", ")")]);
        }
        if let Some(advice) = self.exit.advice(language) {
            text.extend([language.pick("。", "; "), advice]);
        }
        text
    }

    /// A refused document, with its reason in the person's language.
    pub(crate) fn refused(error: &IntakeError, language: Language) -> Self {
        match error {
            IntakeError::Format(error) => {
                Self { place: error.place().map(str::to_owned), ..Self::new(exit_of_format(error), refusal_text(error, language)) }
            }
            IntakeError::NotThisPerson(mismatch) => {
                let differs = match language {
                    Language::Japanese => mismatch.japanese(),
                    Language::English => mismatch.english(),
                };
                let what = language.pick("違うもの ", "these differ: ");
                Self::new(Exit::NotThisPerson, format!("{what}{differs}"))
            }
            IntakeError::PossibleMyNumber { place } => {
                let text = match language {
                    Language::Japanese => format!("{place} に 12 桁の数字があります。個人番号でないと確かめたら --yes を付けてください"),
                    Language::English => format!("twelve digits at {place}; if you have checked that they are none, add --yes"),
                };
                Self { place: Some(place.clone()), ..Self::new(Exit::MyNumber, text) }
            }
            IntakeError::Vault(error) => Self::from(error.clone()),
        }
    }
}

impl From<Exit> for Failure {
    fn from(exit: Exit) -> Self {
        Self { exit, detail: None, more: None, place: None, is_of_vault: false }
    }
}

/// What a reader's error means for the exit code.
pub(crate) const fn exit_of_format(error: &FormatError) -> Exit {
    match error {
        FormatError::Empty
        | FormatError::Limit { .. }
        | FormatError::NotRead(_)
        | FormatError::Malformed { .. }
        | FormatError::NoAnswer { .. } => Exit::NotReadable,
        FormatError::MyNumber { .. } => Exit::MyNumber,
        FormatError::DeletionRequest { .. } => Exit::DeletionRequest,
        FormatError::BadSignature { .. } => Exit::BadSignature,
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let of_vault = |exit, more| Self { more, is_of_vault: true, ..Self::from(exit) };
        match &error {
            VaultError::WrongKey => of_vault(Exit::WrongPassphrase, Some(More::Recover)),
            VaultError::KeyUnavailable => Exit::KeyUnavailable.into(),
            VaultError::VaultMissing => of_vault(Exit::VaultMissing, None),
            VaultError::VaultExists => of_vault(Exit::VaultExists, None),
            VaultError::VaultInUse => of_vault(Exit::VaultInUse, None),
            VaultError::VaultTooNew { .. } => of_vault(Exit::TooNew, None),
            VaultError::NoSpace => of_vault(Exit::NoSpace, None),
            VaultError::ReadOnly => Exit::ReadOnly.into(),
            VaultError::NotFound => Exit::NothingFound.into(),
            VaultError::PersonExists => Exit::PersonExists.into(),
            VaultError::VaultEmpty | VaultError::VaultDamaged => of_vault(Exit::Damaged, None),
            VaultError::VaultRolledBack { missing } => of_vault(Exit::RolledBack, Some(More::Missing(*missing))),
            VaultError::VaultForked => of_vault(Exit::Forked, None),
            VaultError::VaultUnproven => of_vault(Exit::Unproven, None),
            VaultError::NotSqlCipher | VaultError::NoRandomness => Exit::System.into(),
            VaultError::Io(kind) => of_vault(Exit::File, Some(More::Io(*kind))),
            // What is left is our bug, and its text holds numbers only. The enum can grow, so there must be an arm for it.
            _ => Self::new(Exit::Internal, error.to_string()),
        }
    }
}

/// A file of ours or of the person's; `name` is what the person called it.
pub(crate) fn file_failure(name: &Path, error: &std::io::Error) -> Failure {
    let exit = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Exit::NoSpace,
        ErrorKind::AlreadyExists => Exit::FileExists,
        _ => Exit::File,
    };
    Failure::io(exit, name, error.kind())
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
