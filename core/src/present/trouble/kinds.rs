//! The kinds of trouble with their words, Japanese and English side by side. The ids are public and never renamed.

use crate::present::Language;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $ja:literal, $en:literal; $ja_todo:literal, $en_todo:literal;)*) => {
        /// What went wrong: one for each different thing that somebody would do about it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TroubleKind { $($(#[$doc])* $name,)* }

        impl TroubleKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The public id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What happened.
            pub const fn what(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.pick($ja, $en),)* }
            }

            /// What to do about it.
            pub const fn todo(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.pick($ja_todo, $en_todo),)* }
            }
        }
    };
}

kinds! {
    // The vault and its keys.
    /// The vault was locked.
    Locked = "locked", "手帳は閉じています", "The notebook is locked";
        "もう一度開いてください", "Open it again";
    /// The passphrase, code or key is not the right one.
    WrongKey = "wrong_passphrase", "合言葉（または復旧コード）が違います", "The passphrase (or recovery code) is wrong";
        "もう一度どうぞ。忘れたときは復旧キットで開けます。何も変わっていません", "Try again; if it is forgotten, the recovery kit opens it; nothing was changed";
    /// The vault has no such way in, or the device's keystore has lost it.
    KeyUnavailable = "key_unavailable", "この開け方は使えません（登録されていないか、端末の鍵が作り直されました）", "This way in cannot be used: it was never set up, or the device's key was made anew";
        "合言葉か復旧キットで開いてください。記録はそのまま残っています", "Open it with the passphrase or the recovery kit; the records are still there";
    /// There is no vault.
    VaultMissing = "vault_missing", "ここに手帳はありません", "There is no notebook here";
        "手帳を作るか、控えから戻してください", "Make one, or restore a backup";
    /// There is a vault already.
    VaultExists = "vault_exists", "すでに手帳があります。上書きはしません", "There is a notebook here already; nothing is written over it";
        "その手帳を開くか、別の場所を選んでください", "Open that one, or choose another place";
    /// Another process has it open.
    VaultInUse = "vault_in_use", "別のプログラムがこの手帳を開いています", "Another program has this notebook open";
        "そのプログラムを閉じてから、もう一度どうぞ", "Close that program and try again";
    /// Bytes are not what was written.
    VaultDamaged = "damaged", "手帳が壊れています", "The notebook is damaged";
        "控えから作り直せます。読むことと書き出すことは、まだできるかもしれません。欠けたものをあきらめて続けることもできます", "Make a new one from a backup; it may still be read and exported, and one can go on without what is missing";
    /// Older than its anchor.
    VaultRolledBack = "rolled_back", "手帳が古いものに戻っています。確定した変更が欠けています", "The notebook is older than it should be: acknowledged changes are missing";
        "手帳のファイルを新しいものに戻すか、控えから作り直してください。欠けたものをあきらめて続けることもできます", "Put the newer files back, or make a new one from a backup; one can also go on without what is missing";
    /// Another history than its anchor.
    VaultForked = "forked", "手帳の履歴が枝分かれしています", "The notebook has another history than expected";
        "手帳のファイルを正しいものに戻すか、控えから作り直してください。このまま続けることもできます", "Put the right files back, or make a new one from a backup; one can also go on with it as it is";
    /// Nothing vouches for it.
    VaultUnproven = "unproven", "手帳が完全であることを証明できません", "Nothing proves that the notebook is complete";
        "手帳のファイルをすべて戻すか、控えから作り直してください。このまま続けることもできます", "Put all of its files back, or make a new one from a backup; one can also go on with it as it is";
    /// Written by a newer program.
    TooNew = "too_new", "新しい版の手帳です。プログラムを更新してください", "Written by a newer version; update this program";
        "更新するまで、何も書き換えません", "Until then nothing is changed";
    /// The vault is open for reading only.
    ReadOnly = "read_only", "読み出し専用で開いています。変更できません", "Open for reading only; nothing can be changed";
        "書き出すか、控えから作り直してください", "Export from it, or make a new one from a backup";
    /// There is no loss to accept.
    NothingLost = "nothing_lost", "この手帳に欠けたものはありません", "Nothing is missing from this notebook";
        "することはありません", "There is nothing to do";
    /// The disk is full.
    NoSpace = "no_space", "ディスクに空きがありません", "The disk is full";
        "何も失われていません。空きを作って、もう一度どうぞ", "Nothing was lost; make room and repeat";
    /// The system lacks what encryption needs.
    System = "system", "この環境では安全に暗号化できません", "This system lacks what encryption needs";
        "端末を再起動し、続くならお知らせください", "Restart the device; if it stays so, report it";
    /// Whoever asks must show that they are the person.
    PresenceNeeded = "presence_needed", "本人の確認が要ります", "You must confirm that it is you";
        "指紋や顔、または合言葉で確かめて、もう一度どうぞ", "Confirm with your fingerprint, face or passphrase, and repeat";
    /// An empty passphrase protects nothing.
    PassphraseEmpty = "passphrase_empty", "合言葉が空です", "The passphrase is empty";
        "合言葉を入れてください", "Enter a passphrase";
    /// A recovery code that is no recovery code.
    RecoveryCodeMistyped = "recovery_code_mistyped", "復旧コードに打ち間違いがあります", "The recovery code is mistyped";
        "紙と見くらべて、打ちなおしてください", "Compare it with the paper and type it again";
    /// No person, record, document or hit of that name.
    NotFound = "nothing_found", "見つかりません", "Nothing was found";
        "消されたのかもしれません。一覧を開きなおしてください", "It may have been erased; open the list again";
    /// A person of that name is there already.
    PersonExists = "person_exists", "同じ人がすでにいます", "That person is there already";
        "一覧からその人を選んでください", "Choose them from the list";
    /// A person needs a name and a full date of birth.
    PersonInvalid = "person_invalid", "氏名と、年月日まで揃った生年月日が要ります", "A person needs a name and a full date of birth";
        "入れなおしてください", "Enter them again";

    // Files and documents.
    /// There is no such file.
    FileMissing = "file_missing", "そのファイルはありません", "There is no such file";
        "もう一度選んでください", "Choose it again";
    /// A file cannot be opened, read or written.
    FileUnusable = "file", "ファイルを読み書きできません", "A file cannot be read or written";
        "別の場所やファイルで、もう一度どうぞ", "Try again with another place or file";
    /// A file, picture or answer is larger than anything that is read.
    TooLarge = "too_large", "大きすぎるファイルです。何も取り込んでいません", "The file is too large; nothing was taken in";
        "健康の記録のファイルか確かめてください。写真なら小さく撮りなおしてください", "Check that it is a file of health records; of a photo, take a smaller one";
    /// Nothing of the file could be read.
    NotReadable = "not_readable", "読めないファイルです。何も取り込んでいません", "The file cannot be read; nothing was taken in";
        "発行元から受け取りなおすか、別の形のファイルを選んでください", "Get it from its issuer again, or choose a file of another form";
    /// A picture without a QR code that can be read.
    NoQr = "no_qr", "この画像に、読めるQRコードがありません。何も取り込んでいません", "There is no QR code in this picture that can be read; nothing was taken in";
        "明るいところで、QRコードの全体が入るように、正面から撮りなおしてください", "Take it again in good light, from the front, with all of the QR code in it";
    /// The document is about somebody else.
    NotThisPerson = "not_this_person", "別の人の書類のようです。何も取り込んでいません", "The document is about somebody else; nothing was taken in";
        "だれの書類か確かめてください。確かめたうえで、この人のものとして預かることもできます", "Check whose it is; having checked, you can file it under this person all the same";
    /// The document carries an Individual Number.
    MyNumber = "my_number", "個人番号（マイナンバー）があるか、その疑いがあります。何も取り込んでいません", "There is, or may be, an Individual Number (My Number); nothing was taken in";
        "発行元で消してもらってください", "Have it removed at the source";
    /// Twelve digits in the document may be an Individual Number.
    PossibleMyNumber = "possible_my_number", "マイナンバーかもしれない 12 桁の数字があります。何も取り込んでいません", "Twelve digits could be an Individual Number (My Number); nothing was taken in";
        "マイナンバーでないと確かめたら、取り込めます", "Once you have checked that they are none, it can be taken in";
    /// A symbol or number of an insurance card was written.
    InsurerNumber = "insurer_number", "保険証の記号・番号は書けません。何も残していません", "A symbol or number of an insurance card cannot be written down; nothing was kept";
        "健康の記録には要らず、知られると困る番号です。消してからもう一度どうぞ", "Health records do not need it, and it must not get about; leave it out and try again";
    /// The document asks to delete an earlier report.
    DeletionRequest = "deletion_request", "以前の報告の取消しを求める書類です。健診として取り込みません", "A request to delete an earlier report, not a checkup";
        "発行元に確かめてください", "Ask its issuer";
    /// A signature does not fit.
    BadSignature = "bad_signature", "署名が内容と合いません。何も取り込んでいません", "The signature does not fit the content; nothing was taken in";
        "発行元から受け取りなおしてください", "Get it from its issuer again";

    // Archives and backups.
    /// The file is no archive of ours.
    NotAnArchive = "not_an_archive", "手帳の控え（アーカイブ）ではありません", "This is no backup or archive of a notebook";
        "別のファイルを選んでください", "Choose another file";
    /// A backup or archive is not what was written.
    ArchiveDamaged = "archive_damaged", "控え（アーカイブ）が壊れています", "The backup or archive is damaged";
        "別の控えを使ってください", "Take another copy";
    /// A backup or archive ends in the middle.
    ArchiveTruncated = "archive_truncated", "控え（アーカイブ）が途中で終わっています", "The backup or archive ends in the middle";
        "別の控えを使ってください", "Take another copy";
    /// The archive is sealed and no passphrase was given.
    PassphraseNeeded = "passphrase_needed", "この控え（アーカイブ）には合言葉が要ります", "This backup or archive needs its passphrase";
        "控えを取ったときの合言葉を入れてください", "Enter the passphrase it was made with";
    /// A passphrase was given for a format that has none.
    NotSealable = "not_sealable", "この形式には合言葉をかけられません。何も書き出していません", "This format cannot be sealed with a passphrase; nothing was written";
        "アーカイブにするか、合言葉なしで書き出してください", "Export an archive, or export without a passphrase";
    /// A file of this format is about one person.
    PersonNeeded = "person_needed", "この形式のファイルは、ひとり分です。何も書き出していません", "A file of this format is about one person; nothing was written";
        "だれの分かを選んでください", "Say whose records they are to be";
    /// The file is a slice, and a whole archive was needed.
    OnlySlice = "only_slice", "このファイルは、共有された一部だけです。何も変えていません", "This file is a slice, only a part; nothing was changed";
        "一部は「取り込む」で入れてください。全体が要るときは、書き出し（アーカイブ）か控えを使ってください", "Import it as a slice. Where all is needed, use an archive or a backup";
    /// Nothing of what was chosen has a place in the format.
    NothingToWrite = "nothing_to_write", "この形式に入れられるものがありません。ファイルは作っていません", "Nothing of what was chosen can be in a file of this format; no file was made";
        "別の形式か、ほかの種類や期間を選んでください", "Choose another format, or other kinds or days";
    /// More than QR codes hold that somebody would film.
    TooMuchForCodes = "too_much_for_codes", "QRコードには多すぎます。何も作っていません", "This is too much for QR codes; none was made";
        "種類や期間をしぼるか、ファイルで渡してください", "Choose fewer kinds or days, or hand over a file";
    /// What came back is not what went out.
    RootsDiffer = "roots_differ", "根が一致しません。記録が揃っていません", "The roots differ: not all records are there";
        "もとのアーカイブを残し、お知らせください", "Keep the archive and report it";
    /// Something changed while it was read.
    Changed = "changed", "読んでいるあいだに、中身が変わりました", "The content changed while it was being read";
        "もう一度どうぞ", "Try again";

    // A fetch.
    /// No consent, or one that is too old or used.
    ConsentNeeded = "consent_needed", "有効な同意がありません。何も取得していません", "There is no consent that holds; nothing was fetched";
        "同意からやり直してください", "Begin again with the consent";
    /// Nothing is asked for, or days that end before they begin.
    WishInvalid = "wish_invalid", "このままではたずねられません。項目か期間が足りません", "This cannot be asked for: items or days are missing or wrong";
        "項目をひとつ以上選び、期間を確かめてください", "Choose at least one item, and check the days";
    /// One fetch at a time for a person.
    FetchRunning = "fetch_running", "この人の取得が途中です。ひとりにつき、一度にひとつです", "A fetch for this person is unfinished; there is one at a time";
        "その続きをするか、同意を撤回してください", "Go on with it, or withdraw its consent";
    /// There is no such fetch, or it has ended.
    NoSuchFetch = "no_such_fetch", "その取得はもう終わっています", "That fetch has ended";
        "必要なら、同意からやり直してください", "If you still want it, begin again with the consent";
    /// The profile is another relay's than the one consented to.
    OtherRelay = "other_relay", "はじめたとき、または同意したときのリレーと違います", "It is another relay's than the one that was consented to or begun with";
        "はじめたときのリレーで続けるか、同意からやり直してください", "Go on with that relay, or begin again with the consent";
    /// No profile, or one that is not sound.
    BadProfile = "bad_profile", "リレーのプロファイルが使えません", "The relay's profile cannot be used";
        "運営者から新しいプロファイルを受け取ってください", "Get a new profile from the relay's operator";
    /// The relay has no service for an item.
    NotOffered = "not_offered", "このリレーでは取得できない項目があります", "The relay does not offer some of the items";
        "その項目を除いて、やり直してください", "Begin again without them";
    /// The address the browser came back to is not this fetch's.
    ForeignRedirect = "foreign_redirect", "この取得のものではないアドレスから戻りました。断りました", "The browser came back with an address that is not this fetch's; it was refused";
        "ブラウザーの画面で手続きを続けてください。何も変わっていません", "Go on in the browser; nothing was changed";
    /// No way to the relay.
    Offline = "offline", "ネットにつながらないか、リレーに届きません", "The relay cannot be reached: no network, or nobody answers there";
        "つながるところで続けられます。手元の手帳はそのまま使えます", "Go on once there is a network; the notebook itself can be used as ever";
    /// Whoever answered is not the relay.
    NotTheRelay = "not_the_relay", "答えた相手がリレーであることを証明できません。何も送っていません", "Whoever answered cannot prove to be the relay; nothing was sent";
        "別のネットワークで試し、端末の時計を確かめてください", "Try another network, and check the device's clock";
    /// What came was not sealed by the relay.
    Forged = "forged", "封が合いません。リレーから届いたものではないため、開けずに捨てました", "The seal does not fit: it is not from the relay, and was thrown away unopened";
        "別のネットワークでやり直し、それでも同じなら運営者に知らせてください", "Begin again on another network; if it stays so, tell the relay's operator";
    /// Somebody else's card, or somebody else's answer.
    NotYou = "not_you", "ログインした人、または届いた情報の人が、この人ではありません。何も取り込んでいません", "Who logged in, or whom the answer is about, is not this person; nothing was taken in";
        "この人のカードで、または親・代理人としてやり直してください。登録した氏名と生年月日も確かめてください", "Begin again with this person's card, or as a parent or proxy; check the name and birth date that are registered here";
    /// Closed for maintenance, or too busy.
    TryLater = "try_later", "マイナポータルかリレーが、いまは使えません。何も取り込んでいません", "Mynaportal or the relay cannot be used just now; nothing was taken in";
        "時間をおいて、やり直してください", "Begin again some time later";
    /// The portal answered with an error of its own.
    PortalRefused = "portal_refused", "マイナポータルが取得に応じませんでした。何も取り込んでいません", "Mynaportal did not grant the fetch; nothing was taken in";
        "はじめからやり直し、それでも同じなら番号を添えて運営者にたずねてください", "Begin again; if it stays so, ask the relay's operator and name the code";
    /// The answer is malformed or too large.
    BadAnswer = "bad_answer", "マイナポータルからの答えが読めません。何も取り込んでいません", "The portal's answer cannot be read; nothing was taken in";
        "日をおいてやり直してください。続くなら運営者に知らせてください", "Begin again another day; if it stays so, tell the relay's operator";
    /// A code, a session or an answer came too late.
    Expired = "expired", "時間切れです。何も取り込んでいません", "The fetch ran out of time; nothing was taken in";
        "同意からやり直してください", "Begin again with the consent";
    /// Stopped by the person, or by the system.
    Cancelled = "cancelled", "途中でやめました", "Stopped on the way";
        "必要なら、同意からやり直してください", "If you still want it, begin again with the consent";
    /// The person said no.
    Declined = "declined", "取りやめました", "Not done, as you answered";
        "することはありません", "There is nothing to do";

    // Us.
    /// Our own mistake.
    Internal = "internal", "内部の誤りです（プログラムの側の問題）", "An internal error, ours and not yours";
        "番号を添えてお知らせください。健康のデータは送らないでください", "Report it with the number; send no health data";
}
