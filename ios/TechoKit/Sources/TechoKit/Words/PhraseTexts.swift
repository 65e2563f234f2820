// The Japanese and the English of every phrase.

extension Phrase {
    /// The Japanese and the English words.
    var texts: (japanese: String, english: String) {
        switch self {
        // Everywhere
        case .appName: ("手帳", "Techo")
        case .separator: ("・", " · ")
        case .pause: ("、", ", ")
        case .hidden: ("隠しています", "hidden")
        case .hiddenHint: ("ふれると表示します", "Touch to show")
        case .next: ("次へ", "Next")
        case .back: ("戻る", "Back")
        case .done: ("完了", "Done")
        case .cancel: ("やめる", "Cancel")
        case .understood: ("わかりました", "OK")
        case .later: ("あとで", "Later")
        case .more: ("さらに表示", "Show more")
        case .busy: ("お待ちください", "Please wait")
        case .everybody: ("家族みんな", "The whole family")
        case .allKinds: ("すべての種類", "All kinds")
        case .high: ("高い", "high")
        case .low: ("低い", "low")
        case .unexpected: ("思いがけないことが起きました。", "Something unexpected happened.")
        case .tryAgain: ("もう一度お試しください。", "Please try again.")
        // First start
        case .welcome: ("家族の健康記録を、この電話の中だけに預かります。", "Your family's health records, kept on this phone only.")
        case .howToBegin: ("はじめの記録を、どこから入れますか", "Where does the first record come from?")
        case .wayFile: ("ファイルを取り込む", "Take in a file")
        case .wayFileHint:
            (
                "健診結果やお薬手帳のファイル、QRコードの写真",
                "Checkup results, a medication notebook, a picture of a QR code"
            )
        case .wayFetch: ("マイナポータルから取得する", "Fetch from Mynaportal")
        case .wayFetchHint: ("そのたびに、同意した項目だけ", "Each time only the items you agree to")
        case .waySample: ("見本の家族で試す", "Look around with a sample family")
        case .waySampleHint: ("架空の家族です。終わると消えます", "An invented family; it is gone when you leave")
        case .restoreBackup: ("控えから戻す", "Restore a backup")
        case .lockAndPerson: ("手帳の鍵と持ち主", "The lock and its owner")
        case .passphrase: ("合言葉", "Passphrase")
        case .passphraseAgain: ("合言葉（もう一度）", "Passphrase, once more")
        case .passphraseMissing: ("合言葉を入れてください。", "Please type a passphrase.")
        case .passphrasesDiffer: ("ふたつの合言葉が違います。", "The two passphrases differ.")
        case .useDeviceLock: ("顔や指紋で開く", "Open with face or finger")
        case .agreeing:
            (
                "続けると、プライバシーポリシーと利用規約に同意したことになります。",
                "By going on you agree to the privacy policy and the terms of use."
            )
        case .makeNotebook: ("手帳を作る", "Make the notebook")
        case .firstRecord: ("はじめの記録", "The first record")
        case .libraryForeign: ("アプリの中の部品の版が合いません。", "A part inside this app is of another version.")
        case .installAgain: ("アプリを入れ直してください。記録は消えません。", "Please install the app again. Your records stay.")
        // People
        case .people: ("家族", "Family")
        case .addPerson: ("人を加える", "Add a person")
        case .addPersonLater: ("人はあとで加える", "Add the person later")
        case .name: ("氏名", "Name")
        case .nameMissing: ("氏名を入れてください。", "Please type the name.")
        case .kana: ("氏名（カナ）", "Name in kana")
        case .born: ("生年月日", "Date of birth")
        case .bornHint: ("例：1980-05-03", "For example 1980-05-03")
        case .bornMissing: ("生年月日を入れてください。", "Please type the date of birth.")
        case .gender: ("性別", "Sex")
        case .female: ("女", "Female")
        case .male: ("男", "Male")
        case .genderMissing: ("性別を選んでください。", "Please choose the sex.")
        case .whoseIsIt: ("だれの記録か選んでください。", "Please choose whose records these are.")
        // Locked
        case .locked: ("手帳は閉じています", "The notebook is locked")
        case .unlock: ("開く", "Open")
        case .lock: ("閉じる（鍵をかける）", "Lock")
        case .unlockReason: ("手帳を開きます", "Opens your notebook")
        case .recoveryCode: ("復旧キットの番号", "Code of the recovery kit")
        case .useRecoveryKit: ("復旧キットで開く", "Open with the recovery kit")
        case .choosePassphrase: ("新しい合言葉を決めてください", "Choose a new passphrase")
        case .newPassphrase: ("新しい合言葉", "New passphrase")
        case .deviceLockChanged:
            (
                "顔や指紋、パスコードの登録が変わったため、端末の鍵では開けません。",
                "Faces, fingers or the phone's code were changed, so the phone's lock no longer opens the notebook."
            )
        case .deviceLockUnavailable: ("端末の鍵が使えません。", "The phone's lock cannot be used.")
        case .usePassphraseOrKit:
            (
                "合言葉か復旧キットで開いてください。記録はそのままです。",
                "Open with the passphrase or the recovery kit. Your records are untouched."
            )
        case .damaged: ("手帳に傷みがあります", "The notebook is damaged")
        case .rescue: ("読めるところを見て、書き出す", "Read and export what is left")
        case .acceptLoss: ("失われたものを受け入れて続ける", "Accept the loss and go on")
        case .acceptLossNote: ("傷んだファイルは別に残します。", "The damaged files are kept aside.")
        // Reading
        case .timeline: ("記録", "Records")
        case .noRecords: ("まだ記録がありません。", "No records yet.")
        case .search: ("さがす", "Search")
        case .searchHint: ("血圧、尿酸、薬の名前など", "Blood pressure, uric acid, the name of a medicine")
        case .foundNothing: ("見つかりませんでした。", "Nothing was found.")
        case .record: ("記録の内容", "Record")
        case .details: ("くわしく", "Details")
        case .source: ("どこから", "From")
        case .shareOriginal: ("原本を渡す", "Hand out the original")
        case .history: ("推移", "History")
        case .quantities: ("推移のある項目", "Values with a history")
        case .noQuantities: ("推移を見られる項目がまだありません。", "There are no values with a history yet.")
        case .notUnderstood: ("未解釈", "Not understood")
        // Taking in
        case .takeIn: ("取り込む", "Take in")
        case .pickFile: ("ファイルを選ぶ", "Choose a file")
        case .draft: ("取り込む前の確かめ", "Before it is taken in")
        case .nothingFiledYet: ("まだ何も取り込んでいません。", "Nothing has been taken in yet.")
        case .alreadyHere: ("もう手帳にあります", "Already in the notebook")
        case .differs: ("違うところ", "What differs")
        case .acceptDifference: ("違いを読みました。それでも取り込みます", "I have read what differs. Take it in all the same")
        case .digitsAreFine: ("確かめました。マイナンバーではありません", "I have looked. It is not a My Number")
        case .refused: ("取り込めなかったもの", "What could not be taken in")
        case .waiting: ("続きを待っているもの", "Waiting for the rest")
        // Fetching
        case .fetch: ("マイナポータルから取得", "Fetch from Mynaportal")
        case .unfinished: ("途中の取得", "Unfinished fetch")
        case .goOn: ("続きから", "Go on")
        case .items: ("取得する項目", "What to fetch")
        case .chooseItems: ("項目を選んでください。", "Please choose what to fetch.")
        case .whoLogsIn: ("だれがログインするか選んでください。", "Please choose who logs in.")
        case .oneself: ("本人として", "For oneself")
        case .parent: ("親として", "As a parent")
        case .proxy: ("代理人として", "As a proxy")
        case .from: ("いつから", "From")
        case .until: ("いつまで", "Until")
        case .askConsent: ("同意の確認へ", "On to the consent")
        case .consent: ("同意の確認", "Consent")
        case .consentNote: ("選んだ項目だけ、この一回だけ取得します。", "Only the items you tick, and only this once.")
        case .agree: ("選んだ項目に同意する", "Agree to what is ticked")
        case .decline: ("同意しない", "Do not agree")
        case .surplus: ("一緒に返ってくるもの", "What comes along")
        case .openBrowser: ("ブラウザーを開く", "Open the browser")
        case .lookAgain: ("もう一度確かめる", "Look again")
        case .stop: ("中断する", "Stop")
        case .endFetch: ("取得をやめる", "End the fetch")
        case .yes: ("はい", "Yes")
        case .no: ("いいえ", "No")
        case .fetchEnded: ("取得をやめました。何も取り込んでいません。", "The fetch was given up. Nothing was taken in.")
        case .fetchPaused: ("取得を中断しました。あとで続きから始められます。", "The fetch is stopped. You can go on later.")
        case .noRelay: ("取得の中継をする運営者が、まだ決まっていません。", "There is no operator of a relay yet.")
        case .addRelay: ("運営者から受け取った設定ファイルが要ります。", "A profile from the operator is needed.")
        case .noBrowser: ("ブラウザーを開けません。", "The browser cannot be opened.")
        // Handing out and keeping
        case .export: ("書き出す", "Export")
        case .format: ("形式", "Format")
        case .formatTecho: ("手帳アーカイブ", "Techo archive")
        case .formatOriginals: ("原本（ZIP）", "Originals (ZIP)")
        case .formatFhir: ("FHIR（JSON）", "FHIR (JSON)")
        case .formatCsv: ("表（CSV）", "Table (CSV)")
        case .formatIps: ("患者サマリー（IPS・ひとり分）", "Patient summary (IPS, one person)")
        case .formatPhr: ("PHR ファイル（ひとり分）", "PHR file (one person)")
        case .formatJahis: ("お薬手帳（JAHIS・ひとり分）", "Medicine notebook (JAHIS, one person)")
        case .formatKenshin: ("健診 XML（ZIP）", "Checkup XML (ZIP)")
        case .formatPortal: ("マイナポータルから届いたまま（ZIP）", "As it came from Mynaportal (ZIP)")
        case .keep: ("保存する", "Save")
        case .share: ("渡す", "Share")
        case .openFileWarning:
            (
                "このファイルは暗号化されません。手にした人はだれでも読めます。",
                "This file is not encrypted. Whoever gets it can read it."
            )
        case .backup: ("控えを作る", "Back up")
        case .chooseBackup: ("控えのファイルを選んでください。", "Please choose the backup.")
        case .backupPassphrase: ("控えの合言葉", "Passphrase of the backup")
        case .openRestored: ("戻した手帳を開く", "Open the restored notebook")
        case .erase: ("消す", "Erase")
        case .eraseForGood: ("消すと元に戻せません。", "What is erased cannot be brought back.")
        // Ledger and settings
        case .ledger: ("台帳", "Ledger")
        case .consents: ("同意", "Consents")
        case .noConsents: ("同意はまだありません。", "There are no consents yet.")
        case .withdraw: ("同意を撤回する", "Withdraw the consent")
        case .withdrawAndErase: ("撤回し、届いたものも消す", "Withdraw, and erase what came by it")
        case .settings: ("設定", "Settings")
        case .lockAfter: ("使わないとき閉じるまで", "Lock when unused for")
        case .keys: ("手帳の鍵", "Keys of the notebook")
        case .deviceLock: ("端末の鍵（顔・指紋）", "The phone's lock (face, finger)")
        case .changePassphrase: ("合言葉を変える", "Change the passphrase")
        case .check: ("欠けがないか確かめる", "Check that nothing is missing")
        case .isWhole: ("欠けも傷みもありません。", "Nothing is missing or damaged.")
        case .isNotWhole: ("傷みが見つかりました。", "Damage was found.")
        case .recoveryKit: ("復旧キット", "Recovery kit")
        case .recoveryKitReminder:
            (
                "電話をなくしても手帳を開けるように、復旧キットを紙に控えましょう。",
                "Put the recovery kit on paper, so that you can open the notebook even when the phone is lost."
            )
        case .makeRecoveryKit: ("復旧キットを作る", "Make the recovery kit")
        case .print: ("印刷する", "Print")
        case .privacyPolicy: ("プライバシーポリシー", "Privacy policy")
        case .termsOfUse: ("利用規約", "Terms of use")
        case .contact: ("お問い合わせ", "Contact")
        case .version: ("版", "Version")
        case .agreeToText: ("同意する", "Agree")
        case .confirmIdentity: ("本人の確かめ", "Who is it?")
        case .shareReason: ("原本を渡します", "Hands out an original")
        case .fetchReason: ("マイナポータルから取得します", "Fetches from Mynaportal")
        case .exportReason: ("記録を書き出します", "Exports your records")
        case .eraseReason: ("記録を消します", "Erases records")
        case .settingReason: ("設定を変えます", "Changes a setting")
        case .kitReason: ("復旧キットを作ります", "Makes the recovery kit")
        case .sampleNotice: ("見本の家族です", "This is the sample family")
        case .rescueNotice: ("読むことと書き出すことだけできます", "You can only read and export")
        // Writing by hand
        case .writeByHand: ("手で書く", "Write by hand")
        case .chooseKind: ("何を書きますか", "What do you write down?")
        case .writeDown: ("書きとめる", "Write it down")
        case .wasWritten: ("書きとめました。", "It was written down.")
        case .needed: ("（必ず）", " (needed)")
        case .correct: ("直す", "Put it right")
        case .correctNote:
            (
                "直したいところだけ書いてください。元の記録はそのまま残ります。",
                "Fill in only what is to change. The original stays as it is."
            )
        case .whoWrites: ("書く人", "Who writes")
        case .someoneElse: ("そのほかの人", "Somebody else")
        case .writerName: ("書く人の名前", "Name of who writes")
        case .reason: ("理由", "Reason")
        case .remove: ("一覧から外す", "Take out of the lists")
        case .removeNote:
            (
                "一覧に出なくなります。元の書類は残り、取り消せます。",
                "It is shown in no list any more. The original stays, and this can be undone."
            )
        case .hide: ("ふだんは見せない", "Keep hidden")
        case .hideNote:
            (
                "一覧・要約・渡すものに出なくなります。求めたときだけ見えます。",
                "It is in no list, summary or hand-over. It is shown only when asked for."
            )
        case .showAgain: ("また見せる", "Show again")
        case .showAgainNote: ("一覧にまた出るようになります。", "It is shown in the lists again.")
        case .markSensitive: ("取り扱いに注意の印を付ける", "Mark as sensitive")
        case .markSensitiveNote: ("選ばないかぎり、要約や渡すものに入りません。", "It is in no summary or hand-over unless you choose it.")
        case .unmark: ("印を外す", "Take the mark away")
        case .unmarkNote: ("要約や渡すものに、また入るようになります。", "It may be in summaries and hand-overs again.")
        case .undo: ("取り消す", "Undo")
        case .undoNote: ("この書きこみが、なかったことになります。取り消しも取り消せます。", "It counts no more. This can be undone, too.")
        case .changes: ("書きこみと直し", "Changes by hand")
        case .noChanges: ("手で書いたものはまだありません。", "Nothing was written by hand yet.")
        case .isHiddenRecord: ("ふだんは見せない記録です", "A record that is kept hidden")
        case .attach: ("写真や書類を添える", "Attach a photo or document")
        case .attachNote:
            (
                "手帳のページの写真やPDFを、同じ人の書類として残し、この記録に添えます。",
                "A photo of the page or a PDF is kept as a document of the same person and put beside this record."
            )
        case .documentTitle: ("書類の題", "Title of the document")
        case .documentDay: ("書類の日付", "Day of the document")
        case .notADocument: ("写真かPDFを選んでください。", "Please choose a photo or a PDF.")
        case .keepAsDocument: ("読まずに、書類としてそのまま残す", "Keep as a document, without reading it")
        case .tableReading: ("この表を次のように読みます", "The table would be read like this")
        case .confirmTable: ("この読み方でよい", "This is right")
        case .gestation: ("在胎週数（早く生まれた子など）", "Weeks of pregnancy (an early child)")
        case .gestationHint: ("例 32週3日", "for example 32w3d")
        case .gestationUnclear:
            (
                "在胎週数が読めません。32週3日 のように書いてください。",
                "The weeks of pregnancy cannot be read. Write 32w3d."
            )
        // Sources, days, medicines
        case .sameEvent: ("同じできごと", "The same event")
        case .noOtherSource: ("ほかから届いた同じできごとはありません。", "Nobody else tells of it.")
        case .leads: ("先に見せています", "Shown first")
        case .differences: ("違うところ（先のもの／これ）", "What differs (the first / this one)")
        case .saysNothing: ("書かれていません", "says nothing")
        case .keepApart: ("別のできごとにする", "It is another event")
        case .keepApartNote: ("これからも、自動では合わせません。", "They will never be joined again by themselves.")
        case .keptApart: ("別のできごとにしました。", "They are two events now.")
        case .perhapsSame: ("同じできごとかもしれません", "Perhaps the same")
        case .join: ("同じできごとにする", "It is the same")
        case .oneStory: ("ひとつづきのできごと", "Of one story")
        case .days: ("日ごとに見る", "By days")
        case .samples: ("測った値", "What was measured")
        case .medicines: ("薬", "Medicines")
        case .medicinesOn: ("いつの薬（例 2026-05-03）", "Which day (2026-05-03)")
        case .noMedicines: ("この日の薬の記録はありません。", "There is no medicine of this day.")
        case .leftOver: ("残薬", "Left over")
        case .showHiddenOnes: ("見せない薬も見る", "Show hidden ones, too")
        // The family at a glance
        case .board: ("家族のようす", "The family at a glance")
        case .lastCheckup: ("前回の健診", "Last checkup")
        case .nextDue: ("次の予定", "Next")
        case .whatChanged: ("新しいこと", "What changed")
        case .vaccinationPlan: ("予防接種の計画", "Vaccination plan")
        case .onDay: ("いつの時点（例 2026-05-03）", "As of (2026-05-03)")
        case .why: ("理由と出どころ", "Why, and who says so")
        case .due: ("これからの予定（12か月）", "What is due (12 months)")
        case .nothingDue: ("この12か月に予定はありません。", "Nothing is due within twelve months.")
        case .growth: ("成長", "Growth")
        case .noGrowth: ("身長や体重の記録がまだありません。", "There are no heights or weights yet.")
        case .reference: ("くらべる基準", "Compared with")
        case .referenceJapanese: ("日本の基準（項目に合うもの）", "Japanese figures that have it")
        case .reference2023: ("2023年の調査", "Survey of 2023")
        case .reference2000: ("2000年の基準", "Reference of 2000")
        case .referenceWho: ("WHO（外国の基準）", "WHO (not Japanese)")
        case .correctedAge: ("修正月齢で見る", "Count from the due date")
        case .correctedNote: ("輪のある点は、予定日から数えた月齢です。", "A ring is an age counted from the due date.")
        case .explain: ("ことばで読む", "In plain words")
        case .nothingExplained: ("ことばにできる項目がありません。", "There is nothing to put into words.")
        case .forgets: ("国の記録から消える日", "When Mynaportal forgets")
        case .forgetsNothing: ("消える日のわかる記録はありません。", "Nothing that would be forgotten is here.")
        case .leavesOn: ("消える日", "Leaves on")
        // Shown and handed over
        case .showAtVisit: ("診察で見せる", "Show at a visit")
        case .occasion: ("場面", "Occasion")
        case .ownItems: ("自分で選ぶ", "My own choice")
        case .chooseOccasion: ("場面か項目を選んでください。", "Please choose an occasion or items.")
        case .howLong: ("見せる長さ", "For how long")
        case .doctorsLanguage: ("見せる相手のことば", "Language of who reads it")
        case .japaneseLanguage: ("日本語", "Japanese")
        case .englishLanguage: ("英語", "English")
        case .includeSensitive: ("取り扱いに注意の記録も見せる", "Show sensitive records, too")
        case .coverValues: ("値はふれるまで隠す", "Cover values until touched")
        case .showingNote:
            (
                "見せているあいだは、この画面だけになります。終わると手帳を閉じます。",
                "While it is shown there is nothing but this screen. When it ends, the notebook is locked."
            )
        case .beginShowing: ("見せる", "Show it")
        case .endShowing: ("見せ終わる", "Stop showing")
        case .timeLeft: ("残り", "Left")
        case .showAll: ("すべて表示", "Show all")
        case .showReason: ("記録を人に見せます", "Shows your records to somebody")
        case .report: ("診察のための書類", "Report for a visit")
        case .codes: ("QRコードで渡す", "Hand over by QR codes")
        case .codesKind: ("何を渡すか", "What is handed over")
        case .codesJahis: ("お薬手帳（薬局へ）", "Medicine notebook (for a pharmacy)")
        case .codesIps: ("健康のまとめ（医療機関へ）", "Health summary (for a clinic)")
        case .makeCodes: ("QRコードを作る", "Make the codes")
        case .showCodes: ("QRコードを見せる", "Show the codes")
        case .pauseCodes: ("止める", "Pause")
        case .goOnCodes: ("順に見せる", "In turn")
        case .previousCode: ("前のコード", "The one before")
        case .nextCode: ("次のコード", "The next one")
        case .codesReason: ("記録をQRコードで渡します", "Hands records over by QR codes")
        case .card: ("救急・災害カード", "Emergency and disaster card")
        case .cardWords: ("カードに書くこと", "What is on the card")
        case .fromRecords: ("記録から入れる", "From the records")
        case .cardAccess: ("だれが見られるか", "Who can read it")
        case .cardOff: ("使わない", "Off")
        case .cardAfterUnlock: ("手帳を開いた人だけ", "Only after unlocking")
        case .cardWithoutUnlocking: ("手帳を開かなくても見られる", "Without unlocking")
        case .cardWithoutUnlockingNote:
            (
                "この電話を手にした人は、だれでもこのカードを読めます。ほかの記録は見えません。",
                "Whoever holds this phone can read this card, and nothing else."
            )
        case .cardReason: ("救急カードを、開かなくても読めるようにします", "Makes the emergency card readable without unlocking")
        case .cardIsBehind: ("救急カードの内容が古くなっています。", "The emergency card is no longer up to date.")
        case .cardWithdrawn:
            (
                "新しくできなかったので、救急カードは手帳を開いてからだけ見られるようにしました。",
                "The emergency card could not be renewed, so it is now readable only after unlocking."
            )
        case .renewCard: ("新しくする", "Renew it")
        case .cardNeedsKey: ("カードの鍵をしまう場所がありません。", "There is no place for the card's key.")
        case .cardNeedsKeyTodo: ("カードは手帳を開いて見せてください。", "Show the card by opening the notebook.")
        case .emptyCard: ("カードにはまだ何も書かれていません。", "There is nothing on the card yet.")
        case .cardPicture: ("ロック画面の画像", "Picture for the lock screen")
        case .cardPage: ("紙に刷る（A6）", "Paper (A6)")
        case .madeOn: ("作った日", "Made on")
        }
    }
}
