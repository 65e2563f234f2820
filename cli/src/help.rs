//! The help in the chosen language, and clap's errors in it: every command and argument has a row in the table below.
//! Japanese comes first.

use std::fmt::Write as _;

use clap::{
    Arg, ArgAction, Command, CommandFactory as _,
    error::{ContextKind, ContextValue, ErrorKind},
};
use techo_core::present::Language;

use crate::{
    args::{Cli, field_help},
    exit::Exit,
};

/// `command` or `command.argument`, then Japanese, then English. Arguments of every command stand under `*`.
const TEXTS: &[(&str, &str, &str)] = &[
    (
        "techo",
        "家族の健康記録を、手元の暗号化されたひとつのファイルに預かる手帳",
        "A family's health records in one encrypted file of your own",
    ),
    (
        "*.vault",
        "手帳のフォルダ（既定は環境変数 TECHO_VAULT、なければ利用者のデータフォルダ）",
        "The notebook's folder (default: TECHO_VAULT, else your data folder)",
    ),
    (
        "*.passphrase_file",
        "合言葉を書いたファイル（なければ環境変数 TECHO_PASSPHRASE、鍵束、問い合わせの順）",
        "A file with the passphrase (else TECHO_PASSPHRASE, the keystore, a prompt)",
    ),
    ("*.lang", "表示の言葉", "The language"),
    ("*.json", "一行にひとつの JSON で出力する", "Write one JSON object a line"),
    (
        "*.rescue",
        "完全であることを証明できない手帳を、読み出し専用で開く",
        "Open a notebook that cannot be proven complete, for reading only",
    ),
    ("*.no_pager", "ページ送りをしない", "Do not page"),
    ("*.help", "この説明を表示する", "Show this help"),
    ("*.version", "版を表示する", "Show the version"),
    (
        "*.archive_passphrase_file",
        "控え（アーカイブ）の合言葉を書いたファイル。手帳と違うとき",
        "A file with the archive's passphrase, where it is not the notebook's",
    ),
    ("*.yes", "確認の問いに「はい」と答えておく", "Answer yes to the questions it would ask"),
    ("init", "新しい手帳を作る", "Make a new notebook"),
    ("init.no_keystore", "パソコンの鍵束に鍵を預けない", "Do not use the system's keystore"),
    ("person", "家族を登録する・一覧する", "The people of the notebook"),
    ("person add", "家族をひとり加える", "Add a person"),
    ("person add.name", "氏名", "The name"),
    ("person add.born", "生年月日（1980-05-03、S550503、昭和55年5月3日）", "Date of birth (1980-05-03)"),
    ("person add.sex", "性別（male 男・female 女）", "Sex: male or female"),
    ("person add.kana", "氏名のよみがな", "The name in kana"),
    ("person add.former_name", "以前の氏名（くりかえし可）", "A former name (may be repeated)"),
    (
        "person add.gestation",
        "在胎週数（早く生まれた子の成長を見るとき。32w3d、32週3日）",
        "How long the pregnancy lasted (32w3d), for a child born early",
    ),
    ("person list", "登録した家族の一覧", "List the people"),
    ("import", "受け取ったファイルを取り込む", "Take in files"),
    (
        "import.files",
        "健診 XML・ZIP、お薬手帳、FHIR、ヘルスカード、QRコードの写真、PDF、手帳アーカイブ",
        "Checkup XML or ZIP, medication notebook, FHIR, health card, photo of QR codes, PDF, Techo archive",
    ),
    ("import.person", "だれの書類か（アーカイブには不要）", "Whose documents they are (an archive needs none)"),
    ("import.anyway", "氏名などが食い違っても、この人の書類として取り込む", "File them under this person although they name somebody else"),
    ("import.look", "何が入っているかを見るだけで、取り込まない", "Only show what is in them; take nothing in"),
    ("import.taken_as", "document：画像を、QRコードを読まずに書類として預かる", "document: keep a picture as a document"),
    ("import.title", "預かる書類の題（なければファイルの名前）", "What a kept document is called (default: the file's name)"),
    ("import.on", "預かる書類の日付", "The day a kept document is of"),
    ("import.keys", "ヘルスカードの署名を確かめる公開鍵（JWKS）のファイル", "Public keys (JWKS) to check health cards against"),
    (
        "import.mapping",
        "測定値の表（CSV）の、どの列が何か：date=日付,systolic=最高血圧 またはファイル",
        "Which column of a table of measurements is what: date=Day,systolic=SYS, or a file",
    ),
    (
        "import.scanner",
        "ウイルス検査に使う clamd のソケットか、このパソコンの番号（off で使わない。環境変数 TECHO_CLAMD でも）",
        "clamd's socket, or its port on this computer, for a scan for malware (off: none; also the variable TECHO_CLAMD)",
    ),
    ("import.require_scan", "ウイルス検査ができないファイルは取り込まない", "Take in nothing that was not scanned for malware"),
    ("add", "記録をひとつ、手で書く", "Write a record down by hand"),
    (
        "add.kind",
        "種類（vaccination、measurement、medication、condition、allergy、expense など）",
        "The kind (vaccination, measurement, medication, condition, allergy, expense …)",
    ),
    ("add.person", "だれの記録か（ひとりだけなら不要）", "Whose record (not needed if there is one person)"),
    ("edit", "記録をひとつ直す（元の記録はそのまま残ります）", "Correct a record; the original stays as it was"),
    ("edit.id", "記録の番号", "The record's id"),
    (
        "remove",
        "記録やできごとを一覧から外す（取り消せます。原本は残ります）",
        "Take a record or event out of the lists; it can be undone, and the original stays",
    ),
    ("remove.id", "記録かできごとの番号", "The id of a record or event"),
    ("attach", "記録のそばに、写真やPDFを添える（取り消せます）", "Put a picture or a PDF beside a record; it can be undone"),
    ("attach.id", "記録かできごとの番号", "The id of a record or event"),
    ("attach.document", "ファイル、または預かっている文書の番号", "A file, or the id of a document that is here"),
    ("attach.title", "文書の題（なければファイルの名前）", "What the document is called (default: the file's name)"),
    ("attach.on", "文書の日付", "The day the document is of"),
    ("attach.scanner", "ウイルス検査に使う clamd（import と同じ）", "clamd for a scan for malware, as for import"),
    ("attach.require_scan", "ウイルス検査ができないファイルは取り込まない", "Take in nothing that was not scanned for malware"),
    (
        "hide",
        "記録をふだんは見せない（求めたときだけ見せ、渡すものには入れない）",
        "Keep a record hidden: shown on demand, never handed over",
    ),
    ("hide.id", "記録かできごとの番号", "The id of a record or event"),
    ("unhide", "ふだんは見せないことをやめる", "Show again what was kept hidden"),
    ("unhide.id", "記録かできごとの番号", "The id of a record or event"),
    (
        "sensitive",
        "取り扱いに注意する記録の印をつける（選ばないかぎり渡さない）",
        "Mark a record as sensitive: handed over only when it is chosen",
    ),
    ("sensitive.id", "記録かできごとの番号", "The id of a record or event"),
    ("sensitive.undo", "印をはずす", "Take the mark away"),
    (
        "medicines",
        "その日の薬の一覧。同じ成分が重なるかもしれない薬を知らせる",
        "The medicines of a day, and where one ingredient may be there twice",
    ),
    ("medicines.person", "だれの薬か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("medicines.on", "この日（なければ、きょう）", "On this day (default: today)"),
    ("clinic", "診察・薬局で見せる：選んだものだけを、アレルギーから順に", "Show a doctor or pharmacist what you chose, allergies first"),
    ("clinic.person", "だれの記録か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("clinic.from", "この日から（アレルギーは日によらず見せる）", "From this day (allergies are shown whatever their day)"),
    ("clinic.until", "この日まで", "Until this day"),
    ("clinic.on", "見せる日（なければ、きょう）", "The day it is shown (default: today)"),
    ("clinic.include_sensitive", "取り扱いに注意する記録（妊娠・こころ・感染症・印をつけたもの）も見せる", "Show what is sensitive, too"),
    ("clinic.lang_for_doctor", "見せる相手の言葉（なければ表示の言葉）", "The language of who is shown it (default: the language)"),
    (
        "*.occasion",
        "機会：first_visit 初診・emergency 救急・infant_checkup 乳幼児健診・pharmacy 薬局・checkup_advice 健診結果の相談・nursery_school 入園・転校・転居",
        "first_visit, emergency, infant_checkup, pharmacy, checkup_advice or nursery_school",
    ),
    (
        "*.items",
        "自分で選ぶ項目（コンマで区切る）：allergies・medicines・conditions・procedures・results・vaccinations と、検査の名前（eGFR など）",
        "Your own choice, with commas: allergies, medicines, conditions, procedures, results, vaccinations, and names of quantities (eGFR)",
    ),
    ("clinic.minutes", "この分数で閉じる（ページ送りがあるとき。台帳に残る）", "Close after so many minutes, where there is a pager; the ledger says so"),
    ("report", "受診のための書類（A4 に印刷できる HTML ひとつ）を書き出す", "Write a report for a visit: one HTML that prints to A4"),
    ("report.person", "だれの記録か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("report.from", "この日から（アレルギーは日によらず入れる）", "From this day (allergies are put in whatever their day)"),
    ("report.until", "この日まで", "Until this day"),
    ("report.on", "作る日（なければ、きょう）", "The day it is made (default: today)"),
    ("report.include_sensitive", "取り扱いに注意する記録（妊娠・こころ・感染症・印をつけたもの）も入れる", "Put in what is sensitive, too"),
    ("report.lang_for_doctor", "書く言葉（なければ表示の言葉）", "The language it is written in (default: the language)"),
    ("report.out", "書き出す先", "Where to"),
    ("card", "救急・災害カードを書く・見せる・印刷する", "The emergency and disaster card: write, show and print it"),
    ("card.person", "だれのカードか（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    (
        "card.set",
        "書く（くりかえし可）：血液型=A。アレルギー・薬・持病は allergies=@records で記録から。内容が空なら消す",
        "Write a field (may be repeated): blood_group=A; allergies, medicines and conditions from the records with =@records; empty takes it out",
    ),
    ("card.show", "見せる（何も付けないときと同じ）", "Show it (as without anything)"),
    ("card.off", "使わない（開かなくても読める写しは消す）", "Switch it off (erases what can be read without unlocking)"),
    (
        "card.allow_without_unlocking",
        "手帳を開かなくても読めるようにする（鍵束が要る）",
        "Let it be read without unlocking (needs a keystore)",
    ),
    ("card.only_unlocked", "手帳を開いたときだけ見せる（写しは消す）", "Show it after unlocking only (erases the other copy)"),
    ("card.locked", "手帳を開かずに、許してあるカードを読む", "Read a card that was allowed, without opening the notebook"),
    ("card.out", "印刷用の A6（.html）か、待ち受けの絵（.svg）を書き出す", "Write the A6 page (.html) or the lock screen's picture (.svg)"),
    ("medicines.hidden", "ふだんは見せない薬も見せる", "Show what is kept hidden, too"),
    (
        "vaccines",
        "予防接種の計画：受けたもの、受ける時期のもの、公費の終わりと、その決まり",
        "The vaccination plan: what was given, what is due, until when it is subsidised, and why",
    ),
    ("vaccines.person", "だれの計画か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("vaccines.on", "この日（なければ、きょう）", "On this day (default: today)"),
    (
        "due",
        "これから12か月にすること（予防接種・健診・検診）を日付の順に一覧する",
        "What is to be done within twelve months: doses, checkups, screenings",
    ),
    ("due.person", "この人だけ（なければ全員）", "Only this person (else everybody)"),
    ("due.on", "この日から（なければ、きょう）", "From this day (default: today)"),
    (
        "due.calendar",
        "カレンダーのファイル（iCalendar）に書き出す。健康のことばも名前も入れない",
        "Write a calendar file (iCalendar), without a word about health or a name",
    ),
    ("due.plain_words", "カレンダーに、名前と中身をそのまま書く", "Name person and thing in the calendar"),
    (
        "growth",
        "子どもの体重・身長・頭囲・BMI を、成長曲線と並べて見る",
        "A child's weight, height, head circumference and BMI beside growth curves",
    ),
    ("growth.person", "だれの成長か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("growth.measure", "これだけ：weight 体重・height 身長・head 頭囲・bmi", "Only this: weight, height, head (circumference) or bmi"),
    (
        "growth.reference",
        "くらべる基準：2023（令和5年調査）・2000（2000年の標準値のうち確かなもの）・who（なければ 2023、BMI は 2000）",
        "The reference: 2023 (Japan), 2000 (Japan, as far as certain) or who (default: 2023; for BMI 2000)",
    ),
    ("growth.on", "この日までの値だけ（その日に見たものとして）", "Only values until this day, as seen on it"),
    ("growth.uncorrected", "早く生まれた子でも、修正月齢を使わない", "Do not use the corrected age of a child born early"),
    ("growth.svg", "成長曲線を SVG として書き出す", "Write the growth chart as an SVG picture"),
    ("forgets", "マイナポータルから消える日の早い順に、記録を一覧する", "List records by the day they leave Mynaportal, the soonest first"),
    ("forgets.person", "この人だけ", "Only this person"),
    ("forgets.on", "この日から数える（なければ、きょう）", "Count from this day (default: today)"),
    (
        "explain",
        "健診の結果を、項目ごとにやさしい言葉で説明する（診断ではありません）",
        "Explain a checkup item by item in plain words; no diagnosis",
    ),
    ("explain.id", "健診か記録の番号（一覧や検索に出るもの）", "The id of a checkup or of one record, from a list or a search"),
    (
        "board",
        "家族の様子をひと目で見る（最後の健診・つぎの予定・最近の変化・成長）",
        "The family at a glance: last checkup, next due, what changed, growth",
    ),
    ("board.on", "この日の様子（なければ、きょう）", "As of this day (default: today)"),
    ("undo", "手で書いたものを取り消す（書かなければ、最後のもの）", "Undo what was written by hand (the last, unless named)"),
    ("undo.entry", "取り消すもの（techo changes に出る番号）", "What to undo (the id from techo changes)"),
    ("undo.person", "だれの手帳か（ひとりだけなら不要）", "Whose notebook (not needed if there is one person)"),
    ("changes", "手で書いたものと、それで変わったものを一覧する", "List what was written by hand and what it changed"),
    ("changes.id", "この記録・できごとについてだけ", "Only about this record or event"),
    ("changes.person", "この人の手帳だけ", "Only this person's notebook"),
    ("*.by", "書いた人（なければ本人）", "Who writes (default: the person)"),
    ("*.writes_as", "書いた人はだれか：self 本人・parent 親・proxy 代理人・other その他", "As whom: self, parent, proxy or other"),
    ("*.reason", "理由", "Why"),
    ("fetch", "マイナポータルから、同意した項目だけを一度だけ取得する", "Fetch from Mynaportal: once, and only what you consent to"),
    ("fetch.person", "だれの情報か（ひとりだけなら不要）", "Whose data (not needed if there is one person)"),
    (
        "fetch.items",
        "項目：checkup 健診・cancer_screening 検診・infant_checkup 乳幼児健診・pregnancy 妊婦健診・vaccination 予防接種・medication 薬・prescription 処方・procedure 診療・expense 医療費・care 介護・other その他",
        "Items: checkup, cancer_screening, infant_checkup, pregnancy, vaccination, medication, prescription, procedure, expense, care, other",
    ),
    ("fetch.from", "この日から（なければ、あるだけ）", "From this day (else all there is)"),
    ("fetch.until", "この日まで", "Until this day"),
    (
        "fetch.acts_as",
        "だれとして：self 本人・parent 親（子のカードで）・proxy 登録した代理人",
        "As whom: self, parent (with the child's card), proxy (registered)",
    ),
    ("fetch.actor", "手続きをする人（親・代理人のとき）", "Who acts, for parent and proxy"),
    ("fetch.purpose", "目的：keep 手帳に残す・show 残して医療機関で見せる", "What for: keep, or show (keep, and show at a clinic)"),
    ("fetch.relay", "リレー（中継）のプロファイル（なければ環境変数 TECHO_RELAY）", "The relay's profile (else the variable TECHO_RELAY)"),
    ("fetch.no_browser", "ブラウザーを開かず、アドレスを示すだけにする", "Do not open a browser, only tell the address"),
    ("fetch.yes", "挙げた項目のすべてに「はい」と答えておく", "Say yes to every item that was named"),
    (
        "fetch.answers",
        "項目ごとに答えておく（checkup=yes,medication=no）。ほかの問いは surplus 余分も返ること・person この人のものか・digits 12 桁はマイナンバーでない",
        "Answer item by item beforehand (checkup=yes,medication=no); and surplus: more comes back and is cut, person: it is this person's, digits: they are no My Number",
    ),
    ("fetch.resume", "途中の取得を続ける", "Go on with an unfinished fetch"),
    ("ledger", "いつ、だれが、何をしたかの台帳を読む", "Read what was done, by whom and when"),
    ("ledger.verify", "台帳の鎖がつながっていることを確かめる", "Check that the chain of the ledger is whole"),
    ("ledger.person", "この人にかかわるものだけ", "Only what concerns this person"),
    ("ledger.export", "台帳を書き出す（だれでも検算できる形）", "Write the ledger out, so that anybody can check it"),
    ("consents", "これまでの同意と、それで届いたもの", "The consents so far, and what came by them"),
    ("withdraw", "同意を撤回する", "Withdraw a consent"),
    ("withdraw.id", "同意の番号（techo consents）", "The consent's id (techo consents)"),
    ("withdraw.erase", "その同意で届いたものも消す（元に戻せません）", "Erase what came by it, too (cannot be undone)"),
    ("settings", "設定を見る・変える", "Show or change the settings"),
    (
        "settings reauthentication",
        "取得・書き出し・消去の前に、本人であることを確かめる",
        "Ask who you are before fetching, exporting and erasing",
    ),
    ("settings reauthentication.to", "on か off", "on or off"),
    ("settings hide-values", "値をぼかし、触れたときだけ見せる（画面のあるアプリで）", "Blur values until they are touched (in the apps)"),
    ("settings hide-values.to", "on か off", "on or off"),
    ("settings secure-screen", "画面の写真を防ぐ（画面のあるアプリで）", "No screenshots (in the apps)"),
    ("settings secure-screen.to", "on か off", "on or off"),
    ("settings notifications", "通知（記録の中身は書かない）", "Notifications, which say nothing of the records"),
    ("settings notifications.to", "on か off", "on or off"),
    (
        "settings lock-after",
        "さわらないとき、何分で閉じるか（画面のあるアプリで）",
        "Lock after so many minutes without a touch (in the apps)",
    ),
    ("settings lock-after.minutes", "1、5、15 のどれか", "1, 5 or 15"),
    ("settings agree", "いまの版の利用規約かプライバシーポリシーに同意する", "Agree to today's terms or privacy policy"),
    ("settings agree.text", "privacy か terms（読むには techo legal）", "privacy or terms (techo legal shows them)"),
    ("legal", "プライバシーポリシー・利用規約・問い合わせ先を読む", "Read the privacy policy, the terms and the contact"),
    ("legal.text", "privacy・terms・contact（なければすべて）", "privacy, terms or contact (else all)"),
    ("timeline", "日付の新しい順に一覧する", "List what happened, the latest first"),
    ("timeline.person", "この人だけ", "Only this person"),
    ("timeline.kind", "この種類だけ（checkup、vaccination、medication など）", "Only this kind (checkup, vaccination, medication …)"),
    ("timeline.from", "この日から", "From this day"),
    ("timeline.until", "この日まで", "Until this day"),
    ("timeline.limit", "この件数まで", "At most this many"),
    ("show", "ひとつの記録を、出どころとともに見る", "Show one record with its source"),
    ("show.id", "一覧や検索に出る番号", "The id from a list or a search"),
    ("history", "ひとつの項目の推移を見る", "Show a quantity over the years"),
    ("history.quantity", "項目の名前またはコード（収縮期血圧、尿酸、ldl など）", "Name or code of the quantity (ldl, systolic …)"),
    ("history.person", "だれの値か（ひとりだけなら不要）", "Whose values (not needed if there is one person)"),
    ("history.out", "図を SVG として書き出す", "Write the chart as an SVG picture"),
    ("search", "言葉で探す（項目、値、医療機関、薬の名前）", "Search items, values, institutions and medicines"),
    ("search.words", "探す言葉（すべてを含むもの）", "Words, all of which must be there"),
    ("search.person", "この人だけ", "Only this person"),
    ("links", "同じ出来事としてまとめたものと、その理由を見る", "What was recognised as one event, and why"),
    ("links.event", "この出来事の出どころと違いを並べて見る", "Show this event's sources and their differences side by side"),
    ("links.person", "この人だけ", "Only this person"),
    ("unlink", "まとめを外す（以後、自動ではまとめません）", "Take linked events apart (they are never linked again by themselves)"),
    ("unlink.event", "外す出来事の番号", "The event to take out"),
    (
        "unlink.other",
        "この出来事とだけ分ける（なければ、まとまっているすべてと）",
        "Only from this event (else from everything it is linked with)",
    ),
    ("unlink.reason", "理由", "Why"),
    ("link", "二つの出来事を同じものとしてまとめる", "Make two events one"),
    ("link.one", "出来事の番号", "The one event"),
    ("link.other", "もうひとつの出来事の番号", "The other event"),
    ("link.reason", "理由", "Why"),
    ("export", "書き出す", "Write records out"),
    (
        "export.format",
        "originals 原本・techo 手帳アーカイブ・fhir・csv 表計算・ips 患者サマリー・phr・jahis お薬手帳・kenshin 健診 XML・portal マイナポータルから届いた形",
        "originals, techo (the archive), fhir, csv, ips (patient summary), phr, jahis (medication notebook), kenshin (checkup XML) or portal (as Mynaportal gave it)",
    ),
    ("export.out", "書き出す先", "Where to"),
    ("export.person", "この人だけ（なければ全員）", "Only this person (else everybody)"),
    (
        "export.kind",
        "この種類だけ（コンマで区切る）。妊娠は名指ししたときだけ ips に入る",
        "Only these kinds, with commas; a pregnancy goes into ips only when named",
    ),
    ("export.from", "この日から", "From this day"),
    ("export.until", "この日まで", "Until this day"),
    (
        "export.event",
        "このできごとや測定の日だけ（e… と m… の id をコンマで区切る）",
        "Only these events and days of measurements, by id (e…, m…), with commas",
    ),
    ("export.include_sensitive", "取り扱いに注意する記録（妊娠・こころ・感染症・印をつけたもの）も入れる", "Put in what is sensitive, too"),
    (
        "export.with_hidden",
        "ふだんは見せない記録も入れる（削除・訂正したものは入りません）",
        "Put in what is kept hidden, too; never what was removed or corrected",
    ),
    (
        "export.samples",
        "家で測った値を、fhir に一日ごと（days、指定しなければこれ）か、測定ごと（each）に入れる",
        "Self-measured values in fhir: one a day (days, the default) or every one (each)",
    ),
    ("export.plain", "手帳アーカイブに合言葉をかけない", "Do not seal the archive with a passphrase"),
    (
        "slice",
        "ひとりの記録の一部を、封をしたファイルで別の手帳に共有する（techo import で取り込む）",
        "Share a part of one person's records with another notebook as a sealed file (techo import takes it in)",
    ),
    ("slice.person", "だれの分か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("slice.out", "書き出すファイル", "The file"),
    ("slice.only", "growth 成長（体重・身長・頭囲・BMI）だけ", "growth: only weight, height, head circumference and BMI"),
    ("slice.from", "この日から", "From this day"),
    ("slice.until", "この日まで", "Until this day"),
    ("slice.by", "だれからの共有か（既定は手帳の最初の人）", "From whom (default: the first person of the notebook)"),
    ("slice.include_sensitive", "取り扱いに注意する記録も入れる", "Put in what is sensitive, too"),
    ("slice.with_hidden", "自分で隠した記録も入れる", "Put in what you keep hidden, too"),
    (
        "hand-over",
        "大きくなった子どもの記録を、本人の手帳に渡す（ファイルを読み返し、根を確かめてから）",
        "Hand a grown child's records over to a notebook of their own, after the file was read back and its root compared",
    ),
    ("hand-over.person", "だれの分か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    (
        "hand-over.out",
        "封をしたファイル。--end-access で前に書いたものがあれば、確かめて続ける",
        "The sealed file; with --end-access one that was written before is checked and gone on with",
    ),
    ("hand-over.keep_access", "本人の同意で、この手帳にも残す", "Keep the records here as well, as the person agreed"),
    ("hand-over.end_access", "この手帳からは消す（確かめの問いに答えてから）", "Erase the person here, after one more question"),
    ("hand-over.age", "渡す年齢。若ければ、まずたずねる", "The age you chose; somebody younger is asked about first"),
    ("hand-over.by", "だれが渡すか（既定は手帳の最初の人）", "Who hands over (default: the first person of the notebook)"),
    ("hand-over.on", "渡す日（既定は今日）", "The day (default: today)"),
    ("qr", "お薬手帳や要約を QR コードにする（サーバーは使わない）", "Make QR codes of a medication notebook or a summary; no server"),
    ("qr.form", "jahis お薬手帳（薬局へ）・ips 患者サマリー（受け取りページへ）", "jahis (for a pharmacy) or ips (for the receiver page)"),
    ("qr.out", "コードの画像を入れる、新しいフォルダー", "The new folder for the pictures"),
    ("qr.person", "だれの分か（ひとりだけなら不要）", "Whose (not needed if there is one person)"),
    ("qr.kind", "この種類だけ（コンマで区切る）", "Only these kinds, with commas"),
    ("qr.from", "この日から", "From this day"),
    ("qr.until", "この日まで", "Until this day"),
    ("qr.include_sensitive", "取り扱いに注意する記録も入れる", "Put in what is sensitive, too"),
    ("backup", "全部の控えを取り、読み返して確かめる", "Write a backup of everything and read it back"),
    ("backup.out", "控えのファイル", "The backup file"),
    ("restore", "控えから新しい手帳を作る", "Make a new notebook from a backup"),
    ("restore.file", "控えのファイル", "The backup file"),
    ("restore.no_keystore", "パソコンの鍵束に鍵を預けない", "Do not use the system's keystore"),
    ("erase", "頼まれたものを消す（元に戻せません）", "Erase (cannot be undone)"),
    ("erase record", "記録をひとつ消す", "Erase one record"),
    ("erase record.id", "記録の番号", "The record's id"),
    ("erase document", "書類を、その記録とともに消す", "Erase a document with its records"),
    ("erase document.id", "書類の番号", "The document's id"),
    ("erase person", "ひとりのすべてを消す", "Erase a person with everything"),
    ("erase person.id", "人の番号", "The person's id"),
    ("verify", "何も欠けず、変わっていないことを確かめる", "Check that nothing is missing and nothing was changed"),
    (
        "accept-loss",
        "失われたものをあきらめて、残りで続ける（壊れたファイルは取っておく）",
        "Go on without what is lost (damaged files are kept aside)",
    ),
    ("kit", "新しい復旧キットを作る（前のものは使えなくなる）", "Make a new recovery kit (an earlier one ends)"),
    ("recover", "紙の復旧コードで開き、新しい合言葉を決める", "Open with the paper recovery code and set a new passphrase"),
    ("recover.code_file", "復旧コードを書いたファイル", "A file with the recovery code"),
    ("recover.new_passphrase_file", "新しい合言葉を書いたファイル", "A file with the new passphrase"),
    ("passphrase", "合言葉を変える", "Change the passphrase"),
    ("passphrase.new_passphrase_file", "新しい合言葉を書いたファイル", "A file with the new passphrase"),
    ("demo", "架空の家族で、ひととおりを見せる", "Show everything once, with an invented family"),
    ("demo.keep", "使った手帳を消さずに残す", "Keep the notebook it used"),
    #[cfg(feature = "stand-in")]
    (
        "portal-stand-in",
        "ためすためのマイナポータルの代役とリレーを、このパソコンの中だけで動かす",
        "Run a stand-in of Mynaportal and a relay, on this computer only",
    ),
    #[cfg(feature = "stand-in")]
    ("portal-stand-in.profile_out", "リレーのプロファイルを書き出す先", "Where to write the relay's profile"),
    #[cfg(feature = "stand-in")]
    ("portal-stand-in.cards", "代役で使える架空のカードを一覧する", "List the invented cards it knows"),
];

/// The whole command line, with its help in `language`.
pub(crate) fn command(language: Language) -> Command {
    let command = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .arg(Arg::new("help").long("help").short('h').global(true).action(ArgAction::Help))
        .arg(Arg::new("version").long("version").short('V').action(ArgAction::Version));
    localise(command, "techo", language)
}

fn localise(command: Command, path: &str, language: Language) -> Command {
    let heading = |arg: &Arg| {
        let words = match (arg.is_positional(), arg.is_global_set()) {
            (true, _) => language.pick("入力", "Arguments"),
            (false, false) => language.pick("オプション", "Options"),
            (false, true) => language.pick("どのコマンドでも", "With every command"),
        };
        words.to_owned()
    };
    let template = match language {
        Language::Japanese => "{about}\n\n使い方: {usage}\n\n{all-args}\n",
        Language::English => "{about}\n\nUsage: {usage}\n\n{all-args}\n",
    };
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .about(text(path, language).unwrap_or_default())
        .help_template(template)
        .subcommand_help_heading(language.pick("コマンド", "Commands"))
        .subcommand_value_name(language.pick("コマンド", "COMMAND"))
        .mut_args(|arg| {
            let id = arg.get_id().as_str();
            let help = text(&format!("{path}.{id}"), language).or_else(|| text(&format!("*.{id}"), language)).map(str::to_owned);
            let help = help.or_else(|| field_help(id, language)).unwrap_or_default();
            let heading = heading(&arg);
            let takes_values = arg.get_action().takes_values();
            let arg = arg.help(help).help_heading(heading);
            // The choices stand in the value's name; clap would list them a second time, in English.
            if takes_values { arg.hide_possible_values(true) } else { arg }
        });
    for name in names {
        let below = if path == "techo" { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| localise(sub, &below, language));
    }
    command
}

fn text(key: &str, language: Language) -> Option<&'static str> {
    TEXTS.iter().find(|(known, ..)| *known == key).map(|(_, japanese, english)| language.pick(japanese, english))
}

/// What clap has to say, and the exit code that goes with it. Help and version are no failure.
pub(crate) fn explain(error: &clap::Error, language: Language) -> (Exit, String) {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return (Exit::Done, error.to_string());
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return (Exit::Usage, error.to_string());
    }
    let Some(message) = japanese(error).filter(|_| language == Language::Japanese) else { return (Exit::Usage, error.to_string()) };
    let mut text = format!("{message}\n");
    if let Some(usage) = context(error, ContextKind::Usage) {
        let _ = writeln!(text, "\n{}", usage.replacen("Usage:", "使い方:", 1));
    }
    text.push_str("\n詳しくは --help を付けて実行してください\n");
    (Exit::Usage, text)
}

/// The error as a Japanese sentence; none for kinds that people do not meet, which stay in clap's English.
fn japanese(error: &clap::Error) -> Option<String> {
    let argument = context(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    let sentence = match error.kind() {
        ErrorKind::UnknownArgument => format!("「{argument}」というオプションはありません"),
        ErrorKind::InvalidSubcommand => {
            format!("「{}」というコマンドはありません", context(error, ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingRequiredArgument => format!("足りないものがあります: {argument}"),
        ErrorKind::MissingSubcommand => "コマンドを書いてください".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("「{argument}」には値が要ります"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("「{value}」は {argument} の値として読めません"),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg).unwrap_or_default();
            if other == argument {
                format!("「{argument}」は一度だけ書けます")
            } else {
                format!("「{argument}」と「{other}」は一緒に使えません")
            }
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("「{argument}」の値の数が合いません")
        }
        ErrorKind::InvalidUtf8 => "文字として読めない入力があります".to_owned(),
        _ => return None,
    };
    let suggestion = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(|kind| context(error, kind))
        .map(|suggestion| format!("（「{suggestion}」のことですか）"));
    Some(sentence + &suggestion.unwrap_or_default())
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("、")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
