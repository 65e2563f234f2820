//! What the commands say to a person, Japanese and English side by side. Errors have their own table in `exit.rs`, the
//! help in `help.rs`, the views of the core their words in `present`.
//!
//! A text may have places such as `{file}`; [`say`] fills them in.

use techo_core::present::Language;

macro_rules! words {
    ($($(#[$when:meta])* $name:ident = $ja:literal, $en:literal;)*) => {
        /// Something to say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Word { $($(#[$when])* $name,)* }

        impl Word {
            /// Everything there is to say.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$($(#[$when])* Self::$name),*];

            /// The text, with its places unfilled.
            pub(crate) const fn text(self, language: Language) -> &'static str {
                match self { $($(#[$when])* Self::$name => language.pick($ja, $en),)* }
            }
        }
    };
}

words! {
    // init, recover, passphrase
    AskPassphrase = "合言葉: ", "Passphrase: ";
    AskPresence = "本人の確認のため、合言葉: ", "Passphrase, to confirm that it is you: ";
    AskNewPassphrase = "新しい合言葉: ", "New passphrase: ";
    AskAgain = "もう一度: ", "Once more: ";
    AskArchivePassphrase = "控え（アーカイブ）の合言葉: ", "Passphrase of the archive: ";
    AskNewArchivePassphrase = "控え（アーカイブ）につける合言葉: ", "Passphrase for the archive: ";
    AskRecoveryCode = "復旧コード: ", "Recovery code: ";
    PassphrasesDiffer = "二つの合言葉が違います", "The two passphrases differ";
    PassphraseEmpty = "合言葉が空です", "The passphrase is empty";
    FileIsOpenToOthers = "注意: {file} はほかの利用者にも読めます", "Note: other users can read {file}";
    VaultMade = "手帳を作りました: {path}", "Made a notebook: {path}";
    RecoveryCodeIs = "復旧コード（合言葉を忘れたとき、これだけが頼りです。紙に書いて保管してください）:", "Recovery code (the only way in without the passphrase; write it on paper and keep it):";
    KeystoreUsed = "このパソコンの鍵束でも開けます", "This computer's keystore opens it too";
    KeystoreMissing = "鍵束が使えないため、毎回合言葉を尋ねます", "No keystore here: the passphrase is asked for each time";
    PassphraseChanged = "合言葉を変えました", "The passphrase was changed";
    Recovered = "復旧コードで開き、新しい合言葉を決めました", "Opened with the recovery code; the new passphrase is set";
    MistypedGroups = "復旧コードの {groups} 番目の組を確かめてください", "Please check group {groups} of the recovery code";
    CodeLength = "復旧コードは 40 文字です（{found} 文字でした）", "A recovery code has 40 characters (there were {found})";
    RescueNote = "注意: 完全であることを証明できない手帳を、読み出しだけできる形で開いています", "Note: this notebook cannot be proven complete; it is open for reading only";

    // people
    PersonAdded = "{name} さんを加えました", "Added {name}";
    NoPeople = "まだだれも登録されていません。techo person add で加えてください", "Nobody is registered yet; add somebody with techo person add";
    NoSuchPerson = "「{name}」という人は登録されていません", "There is no person named {name}";
    WhichPerson = "複数の人がいます。--person で選んでください", "There are several people; choose one with --person";
    SeveralPeople = "「{name}」という人が複数います。番号で選んでください", "Several people are named {name}; use the id";
    PersonNeeded = "だれの書類か、--person で指定してください", "Say whose documents they are with --person";

    // add, edit, remove, undo
    NothingToEdit = "何をどう直すかを書いてください（--value 60.5 のように）", "say what to correct, as in --value 60.5";
    NothingToUndo = "取り消せるものがありません", "there is nothing to undo";
    NoChanges = "手で書いたものはまだありません", "Nothing has been written by hand yet";
    WhoWrites = "--as と一緒に、書く人の名前を --by で書いてください", "with --as, say who writes with --by";

    // import
    NoKeys = "{file} は鍵の一覧（JWKS）ではありません", "{file} is no list of keys (JWKS)";
    AskDigits = "マイナンバーかもしれない 12 桁の数字が {place} にあります。マイナンバーではありませんか", "Twelve digits at {place} could be an Individual Number. Are you sure that they are not";

    AskKeepPicture = "読めるQRコードのない画像です。このまま書類として預かりますか", "There is no QR code in the picture that can be read. Keep it as a document";

    // medicines
    NoMedicines = "この日の薬の記録はありません", "There are no records of medicines for that day";
    ColumnCourse = "状態", "State";
    ColumnUsage = "用法", "How to take";
    ColumnUntil = "最後の日", "Last day";
    LeftOver = "残薬 {day}: {text}", "Left over, {day}: {text}";
    HiddenMedicines = "ふだんは見せない薬が {count} 件あります（見るには --hidden）", "{count} medicines are kept hidden (--hidden shows them)";

    // a scanner of malware
    NoScanner = "ウイルス検査はしていません（clamd が動いていません）", "Not scanned for malware: clamd is not running";
    NotScannedTooLarge = "「{file}」はウイルス検査をしていません（clamd の上限より大きいファイルです）", "{file} was not scanned for malware: it is larger than clamd's limit";
    NotScannedNoAnswer = "「{file}」はウイルス検査をしていません（clamd の答えがありません）", "{file} was not scanned for malware: clamd gave no answer";
    ScannerElsewhere = "clamd は、このパソコンのソケットか番号だけを使います（{place}）", "clamd is only asked on this computer, by a socket or a port of it ({place})";
    // vaccines, due
    ColumnVaccine = "ワクチン", "Vaccine";
    ColumnDose = "回", "Dose";
    ColumnDays = "日付", "Days";
    ColumnRule = "規則", "Rule";
    NothingDue = "これから12か月に、することはありません", "There is nothing to do within twelve months";
    CalendarWritten = "カレンダーを書き出しました: {path}", "Wrote the calendar: {path}";
    DayToLook = "手帳を見る日", "A day to look at the notebook";
    // growth
    NoGrowth = "体重・身長・頭囲の記録はありません", "There are no records of weight, height or head circumference";
    ColumnAge = "年齢", "Age";
    ColumnPlace = "位置", "Where it stands";
    BornInFuture = "生まれた日がまだ来ていない日です（{born}）", "The date of birth is still to come ({born})";
    BornUnknown = "生年月日は日まで要ります（{born}）。日がわからないと、月齢も予防接種の日も数えられません", "The full date of birth is needed ({born}): without the day neither an age nor a vaccination can be counted";

    // forgets, explain, board
    NothingLeaves = "マイナポータルから消える記録はありません", "There are no records that leave Mynaportal";
    ColumnLeaves = "消える日", "Leaves on";
    ColumnLeft = "あと", "Left";
    NotExplained = "この項目の説明は、まだありません", "This item has no explanation yet";
    NothingKnown = "なし", "none";
    BoardCheckup = "最後の健診:", "Last checkup:";
    BoardNext = "つぎの予定:", "Next due:";
    BoardChanged = "最近の変化:", "Changed lately:";
    BoardGrowth = "成長:", "Growth:";
    // clinic, card, report
    NoCard = "カードにはまだ何も書かれていません。--set 血液型=A のように書いてください（アレルギー・薬・持病は --set allergies=@records で記録から）", "There is nothing on the card yet; write it with --set blood_group=A (or --set allergies=@records from the records)";
    CardFieldUnknown = "「{field}」は 項目=内容 の形ではないか、知らない項目です（{known}）", "{field} is not FIELD=TEXT, or the field is unknown ({known})";
    CardNeedsKeystore = "このパソコンには使える鍵束がないため、開かなくても見せるカードは作れません（鍵の置き場がありません）", "There is no keystore here to keep its key, so a card that can be read without unlocking cannot be made";
    NoCardWithoutUnlocking = "手帳を開かなくても見せるカードはありません", "There is no card that can be read without unlocking";
    CardWritten = "カードを書き出しました: {path}", "Wrote the card: {path}";
    OccasionNeeded = "見せる機会（--occasion）か項目（--items）を選んでください。機会：{known}", "Choose an occasion (--occasion) or items (--items). Occasions: {known}";

    // views
    NothingYet = "まだ記録がありません", "There are no records yet";
    NoHit = "「{words}」は見つかりません", "Nothing found for {words}";
    MappingShown = "「{file}」は測定値の表です。次のように読みます:", "{file} is a table of measurements. It would be read like this:";
    MappingColumn = "  「{heading}」 → {meaning}", "  {heading} -> {meaning}";
    AskMapping = "この読み方でよいですか", "Is this right?";
    UnitStrange = "「{heading}」の値（{example} など）は {unit} ではありえません。単位を確かめ、--mapping '{word}:単位={heading}' のように指定してください", "The values of {heading} ({example} and others) cannot be {unit}. Find out the unit and say --mapping '{word}:UNIT={heading}'";
    MappingNeeded = "測定値の表です。どの列が何かを指定してください: --mapping '{mapping}'", "A table of measurements. Say which column is what: --mapping '{mapping}'";
    MappingBad = "対応づけが読めません: {entry}", "Not a mapping: {entry}";
    MappingOrderNeeded = "「{example}」は日/月の順が決められません。--mapping に order=dmy か order=mdy を加えてください", "{example} can be two days: add order=dmy or order=mdy to --mapping";
    ColumnTime = "時刻", "Time";
    ColumnLasted = "秒", "Seconds";
    ColumnWritten = "元の書き方", "As written";
    ColumnDevice = "機器", "Device";
    NoHistory = "「{quantity}」の値はありません", "There are no values of {quantity}";
    More = "続きがあります（--limit で増やせます）", "There is more (see --limit)";
    NoLinks = "まとめた出来事はありません", "No events are linked";
    Linked = "同じ出来事としてまとめました", "They are one event now";
    Unlinked = "分けました。以後、自動ではまとめません", "They are apart, and are never linked again by themselves";
    SameEvent = "同じ出来事:", "The same event:";
    PerhapsSame = "同じ出来事でしょうか？（同じなら techo link、違えば techo unlink）", "The same event? (if so techo link, if not techo unlink)";
    OneStory = "ひとつづきの出来事:", "Of the same story:";
    Leads = "先に示します: {why}", "Shown first: {why}";
    StandsBehind = "出どころ: {why}", "Source: {why}";
    SaysNothing = "（なし）", "(nothing)";
    ByWayOf = "（{event} を介して）", " (by way of {event})";
    ColumnLink = "つながり", "Link";
    ColumnOther = "もう一方", "Other";
    ColumnWhy = "理由", "Why";
    ColumnDate = "日付", "Date";
    ColumnPerson = "氏名", "Person";
    ColumnKind = "種類", "Kind";
    ColumnTitle = "項目", "Title";
    ColumnRecords = "件数", "Records";
    ColumnSource = "出どころ", "Source";
    ColumnId = "番号", "Id";
    ColumnValue = "値", "Value";
    ColumnUnit = "単位", "Unit";
    ColumnMethod = "方法", "Method";
    ColumnReference = "基準範囲", "Reference";
    ColumnDocument = "書類", "Document";
    ColumnBorn = "生年月日", "Born";
    ColumnSex = "性別", "Sex";
    ColumnFlag = "判定", "Flag";
    ColumnDoubt = "注意", "Note";
    Male = "男", "male";
    Female = "女", "female";
    SvgWritten = "図を書き出しました: {path}", "Wrote the picture: {path}";

    // verify, roots
    VerifyOk = "何も欠けず、変わっていません", "Nothing is missing and nothing was changed";
    VerifyBad = "問題があります", "There are problems";
    RootOf = "{name}: 記録 {records} 件、根 {root}", "{name}: {records} records, root {root}";
    RootsEqual = "{found} / {stated} 件、根が一致しました", "{found} of {stated} records, root equal";
    RootsDiffer = "{found} / {stated} 件、根が一致しません", "{found} of {stated} records, ROOT DIFFERS";
    Merged = "もとからある記録に加えました（アーカイブ {stated} 件、いま {found} 件）", "added to what was here (archive {stated} records, now {found})";
    Namesake = "注意: 同じ氏名・生年月日の人がもう一人います（{name}）。まとめていません", "Note: somebody else here has the same name and birth date ({name}); nothing was merged";

    // export, backup, restore, erase
    OriginalsWarning = "原本には保険者番号・記号・番号が含まれます。書き出しますか", "Originals contain insurer symbols and numbers. Write them out";
    OriginalsNeedYes = "原本の書き出しには --yes が要ります", "to write originals out, add --yes";
    PlainArchiveWarning = "注意: 合言葉なしで書き出しました。だれでも読めます。原本の保険者番号・記号・番号も入っています", "Note: written without a passphrase; anybody can read it, the insurer symbols and numbers of the originals too";
    HandOverHow = "受け取る人は、このファイルと合言葉で自分の手帳を作れます: techo restore ファイル（すでに手帳があれば techo import）", "Whoever receives it makes a notebook of their own of the file and its passphrase: techo restore FILE (techo import where they have one)";
    CodesMade = "QRコードを {count} 個つくりました: {folder}", "{count} QR codes were made: {folder}";
    CodesWarning = "注意: 画面や画像を見た人は、だれでも読めます", "Note: whoever sees the codes can read them";
    PlainWarning = "注意: 合言葉なしで書き出します。だれでも読めます", "Note: written without a passphrase; anybody can read it";
    NotCarriedHead = "この形式に入らなかったもの（手帳アーカイブ techo には、すべて入ります）:", "Not in this format (the archive, techo, holds everything):";
    SamplesAreFhir = "--samples は fhir だけで使えます", "--samples is for fhir only";
    ShownUntilClosed = "選んだ時間が過ぎたので、閉じました。端末によっては、さかのぼると残っていることがあります", "The time you chose is over, and it was closed. Some terminals still keep it for scrolling back";
    NotClosedByTime = "ここでは、時間が過ぎても閉じられません（ページ送りがありません）。見せ終わったら画面を消してください", "It cannot be closed by time here (there is no pager). Clear the screen when you have shown it";
    CodesByQr = "お薬手帳のQRコードは、画像にできます: techo qr --as jahis --out フォルダー（ここに出すには、色の使える幅 {columns} 文字以上の端末が要ります）", "The QR codes of the medicine notebook can be made as pictures: techo qr --as jahis --out DIR (to show them here, a terminal with colours and {columns} columns is needed)";
    WholeOnly = "この形式は、種類・期間・できごとを選べません", "this format leaves as a whole: kinds, days and events cannot be chosen";
    AskErase = "{what} を消します。元に戻せません。よろしいですか", "{what} will be erased, for good. Are you sure";
    Erased = "消しました（記録 {records} 件）", "Erased ({records} records)";
    OriginalsWent = "この記録を含む原本 {originals} 件も消しました。ほかの記録は残っています", "{originals} originals that held it went too; the other records stay";
    AskAcceptLoss = "欠けたものをあきらめて続けます。壊れたファイルは {path} に残します。よろしいですか", "What is missing will be given up; the damaged files stay in {path}. Are you sure";
    NothingLost = "この手帳に欠けたものはありません", "nothing is missing from this notebook";
    SomewhatLost = "注意: 読めなかったところがあります。記録が減っていれば、原本を書き出して新しい手帳に取り込むか、控えから techo restore で作り直してください", "Note: some of it could not be read. If records are missing, export the originals and import them into a new notebook, or make a new one with techo restore";
    ReadAgain = "原本 {documents} 件を読み直し、記録 {records} 件を戻しました", "{documents} originals were read again; {records} records are back";
    LossAccepted = "残りの記録で続けます（{rows} 行を救い出しました）", "Going on with what is left ({rows} rows saved)";
    YesNo = " [はい/いいえ] ", " [yes/no] ";

    // ledger
    LedgerEmpty = "台帳にはまだ何もありません", "The ledger is empty";
    LedgerWhole = "台帳の鎖はつながっています（{entries} 件、末尾 {head}）", "The chain of the ledger is whole ({entries} entries, head {head})";
    LedgerBroken = "台帳の鎖が {number} 件目で切れています", "The chain of the ledger breaks at entry {number}";
    LedgerExported = "台帳 {entries} 件を書き出しました: {path}（検算のしかたは docs/formats/ledger.md）", "Wrote {entries} entries of the ledger to {path} (docs/formats/ledger.md says how to check them)";
    Nothing = "なし", "nothing";

    // fetch
    ActorNotNeeded = "--actor は --as parent か --as proxy のときだけ書けます", "--actor goes with --as parent or --as proxy";
    PeriodImpossible = "--until が --from より前の日です", "--until is before --from";
    UnfinishedFetch = "途中の取得があります：{name} さん、{begun} にはじめたもの。続きは techo fetch --resume {id}、やめるなら techo withdraw {id}", "There is an unfinished fetch for {name}, begun {begun}; to go on: techo fetch --resume {id}; to give it up: techo withdraw {id}";
    NothingUnfinished = "途中の取得はありません", "there is no unfinished fetch";
    WhichUnfinished = "途中の取得が複数あります。--resume に番号を添えてください", "several fetches are unfinished; name one with --resume ID";
    RequestTitle = "マイナポータルから一度だけ取得します。つぎのとおりでよいか、項目ごとにおたずねします", "This would be fetched from Mynaportal, once. You are asked item by item";
    IfItDoesNotOpen = "ブラウザーが開かないときは、つぎのアドレスを開いてください：", "If the browser does not open, open this address:";
    AskItem = "「{item}」を取得してよいですか", "May {item} be fetched";
    AskSurplus = "ポータルは、選ばなかった {items} も返します（取り込む前に切り取ります）。それでも取得してよいですか", "Mynaportal will return {items} as well, which was not chosen and is cut. Go on all the same";
    NothingPermitted = "同意がないので、何も取得していません。取得するときは、もう一度 techo fetch をどうぞ", "Nothing was permitted, and nothing was fetched; to fetch it all the same, run techo fetch again";
    YouAnswered = "はい：{granted}　いいえ：{declined}", "yes: {granted}; no: {declined}";
    FetchStarted = "取得をはじめます（{id}、手続き {rounds} 回）", "The fetch begins ({id}, {rounds} rounds)";
    FetchResumed = "取得の続きです（{id}、手続き {rounds} 回）", "The fetch goes on ({id}, {rounds} rounds)";
    AwaitingBrowser = "ブラウザーから戻るのを待っています（Ctrl-C でやめても、あとで続けられます）", "waiting for the browser (Ctrl-C stops; you can go on later)";
    ForeignArrival = "この取得のものではないアドレスから戻りました。断って、待ち続けます", "An address came back that is not this fetch's; it was refused, and the wait goes on";
    PortTaken = "ブラウザーが戻る先（127.0.0.1:{port}）を、ほかのプログラムが使っています。それを閉じてください", "another program uses the port the browser comes back to (127.0.0.1:{port}); close it";

    // consents, withdraw, settings
    NoConsents = "まだ同意をおたずねしたことはありません", "No consent has been asked for yet";
    AskWithdrawErase = "同意を撤回し、届いた書類 {documents} 件を消します。元に戻せません。よろしいですか", "The consent will be withdrawn and {documents} documents that came by it erased, for good. Are you sure";
    RelayNotTold = "すぐに伝えるには、次から環境変数 TECHO_RELAY に設定ファイルを指定してください", "To have it told at once the next time, name the profile in the environment variable TECHO_RELAY";
    CameByItStays = "消すには techo withdraw {id} --erase", "to erase them: techo withdraw {id} --erase";

    // progress
    Reading = "取り込んでいます", "taking in";
    Writing = "書き出しています", "writing";

    // portal-stand-in
    #[cfg(feature = "stand-in")]
    StandInRuns = "マイナポータルの代役とリレーが動いています（このパソコンの中だけ。人も情報もすべて架空）。プロファイル: {path}", "A stand-in of Mynaportal and a relay are running (on this computer only; everybody and everything is invented). Profile: {path}";
    #[cfg(feature = "stand-in")]
    StandInUse = "別の端末で、見本カードの人を加えて取得します：", "In another terminal, add somebody who has a sample card, and fetch:";
    #[cfg(feature = "stand-in")]
    StandInBrowser = "ブラウザーは見本の証明書を知らないので警告します。Chromium なら、次のように始めると警告しません：", "A browser warns, because it does not know the sample's certificates. Chromium does not when it is started like this:";
    #[cfg(feature = "stand-in")]
    StandInPin = "見本カードの暗証番号は、どれも {pin} です（一覧は techo portal-stand-in --cards）", "The PIN of every sample card is {pin} (techo portal-stand-in --cards lists them)";
    #[cfg(feature = "stand-in")]
    StandInStop = "終わるときは Ctrl-C", "Ctrl-C ends it";
    #[cfg(feature = "stand-in")]
    ColumnKana = "よみ", "Kana";
    #[cfg(feature = "stand-in")]
    ColumnProxyFor = "代理できる人", "Proxy for";

    // demo
    DemoWelcome = "架空の家族の見本です。手帳は終わると消えます", "A made-up family; the notebook is gone at the end";
    DemoImport = "書類を取り込む（健診XML・お薬手帳・FHIR・ワクチンのカード）", "Documents in (checkup XML, medicine notebook, FHIR, vaccine card)";
    #[cfg(feature = "stand-in")]
    DemoFetch = "マイナポータルの代役から、同意したものだけを取得する（ブラウザーの操作はロボットがします）", "Fetch what is consented to, from a stand-in of Mynaportal (a robot plays the browser)";
    DemoTimeline = "年表", "Timeline";
    DemoLinks = "ひとつの出来事とみなしたもの（理由とともに。違うと思えば techo unlink）", "Recognised as one event, with the reason (techo unlink takes it apart)";
    DemoHistory = "推移（花子さんの LDL と ALP）", "History (Hanako: LDL and ALP)";
    DemoSearch = "さがす", "Search";
    DemoSearched = "▸ {words}", "> {words}";
    DemoExport = "控えを取り、新しい手帳に戻して、根を比べる", "Back up, restore into a new notebook, compare the roots";
    DemoNext = "つぎは", "Next";
    DemoNextSteps = "自分の手帳を作る: techo init → techo person add → techo import（techo --help に一覧）", "Make your own: techo init, techo person add, techo import (techo --help lists all)";
    DemoKept = "見本を残しました: {path}", "Kept the sample in {path}";
}

/// The text with its places filled: `say(Word::DemoKept, language, &[("path", "sample")])`.
pub(crate) fn say(word: Word, language: Language, places: &[(&str, &str)]) -> String {
    let mut rest = word.text(language);
    let mut said = String::with_capacity(rest.len());
    // One pass: a value that happens to hold `{…}` is not filled in again.
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        said.push_str(before);
        if let Some((_, value)) = places.iter().find(|(known, _)| *known == name) {
            said.push_str(value);
        } else {
            said.extend(["{", name, "}"]);
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn both_languages_say_the_same_with_the_same_places() {
        for word in Word::ALL {
            let (japanese, english) = (word.text(Language::Japanese), word.text(Language::English));
            assert!(!japanese.is_empty() && !english.is_empty(), "{word:?}");
            assert_eq!(places(japanese), places(english), "{word:?}");
            assert!(english.is_ascii(), "{word:?}: {english}");
            assert!(!japanese.is_ascii(), "{word:?}: {japanese}");
        }
    }

    #[test]
    fn places_are_filled_once() {
        let said = say(Word::LedgerExported, Language::English, &[("entries", "{path}"), ("path", "{entries}")]);
        assert_eq!(said, "Wrote {path} entries of the ledger to {entries} (docs/formats/ledger.md says how to check them)");
        assert_eq!(say(Word::DemoKept, Language::Japanese, &[]), "見本を残しました: {path}");
    }
}
