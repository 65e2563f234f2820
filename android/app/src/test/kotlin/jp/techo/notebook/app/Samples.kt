package jp.techo.notebook.app

import jp.techo.core.Agreement
import jp.techo.core.ArchiveDone
import jp.techo.core.ArchivePerson
import jp.techo.core.ChartBand
import jp.techo.core.ChartLine
import jp.techo.core.ChartMark
import jp.techo.core.ChartPoint
import jp.techo.core.ChartRow
import jp.techo.core.ChartTick
import jp.techo.core.ChartView
import jp.techo.core.ConsentItem
import jp.techo.core.ConsentLine
import jp.techo.core.ConsentView
import jp.techo.core.Detail
import jp.techo.core.DigestView
import jp.techo.core.DraftDocument
import jp.techo.core.DraftView
import jp.techo.core.EventView
import jp.techo.core.FetchState
import jp.techo.core.FetchStep
import jp.techo.core.ImportDone
import jp.techo.core.ItemName
import jp.techo.core.KindName
import jp.techo.core.LedgerLine
import jp.techo.core.LegalKind
import jp.techo.core.LegalText
import jp.techo.core.PersonView
import jp.techo.core.QuantityLine
import jp.techo.core.RecordView
import jp.techo.core.RecoveryKit
import jp.techo.core.RefusedLine
import jp.techo.core.RootLine
import jp.techo.core.Settings
import jp.techo.core.Sex
import jp.techo.core.TimelineRow
import jp.techo.core.Verification

/**
 * What the core would say of the synthetic family, in either language: for pictures, which must be the same each time. The
 * ways through the app are tested with the real library.
 */
internal class Samples(
    private val isJapanese: Boolean,
) {
    fun say(
        japanese: String,
        english: String,
    ) = if (isJapanese) japanese else english

    private val checkup = say("健診", "Checkup")
    private val clinic = say("見本市民健診センター", "Mihon Checkup Centre")
    private val hanakoName = "手帳 花子"

    val hanako = PersonView("h", hanakoName, "テチョウ ハナコ", "1972-04-15", "1972-04-15", Sex.FEMALE, say("女", "female"), 312uL, "2026-02-10")
    val taro = PersonView("t", "手帳 太郎", "テチョウ タロウ", "2019-06-20", "2019-06-20", Sex.MALE, say("男", "male"), 41uL, "2025-05-11")
    val people = listOf(hanako, taro)
    val kinds =
        listOf(
            KindName("checkup", checkup),
            KindName("vaccination", say("予防接種", "Vaccination")),
            KindName("medication", say("薬", "Medicine")),
        )
    val rows =
        listOf(
            row("1", hanako, "2026-02-10", kinds[0], say("特定健康診査", "Specific health checkup")),
            row("2", hanako, "2026-01-18", kinds[2], say("みほん薬局 駅前店", "Mihon Pharmacy")),
            row("3", taro, "2025-05-11", kinds[1], say("MR（麻しん・風しん）（架空）", "MR (measles, rubella) (fictitious)")),
            row("4", hanako, "2024-06-12", kinds[0], say("特定健康診査", "Specific health checkup")),
        )
    private val details =
        listOf(
            Detail(say("方法", "Method"), say("可視吸光光度法", "Visible absorptiometry")),
            Detail(say("基準", "Range"), "60 – 119 mg/dL"),
        )
    val ldl = record("10", say("LDLコレステロール", "LDL cholesterol"), "131", "mg/dL", details)
    val records =
        listOf(
            record("11", say("身長", "Height"), "157.2", "cm"),
            ldl,
            record("12", say("収縮期血圧", "Systolic blood pressure"), "128", "mmHg"),
            record("13", "9A99900000000000", "3", null).copy(isUnderstood = false),
        )
    val event = EventView(rows[0], records, "13")
    val quantities =
        listOf(
            QuantityLine("ldl", ldl.title, "mg/dL", 4u),
            QuantityLine("bp", say("血圧", "Blood pressure"), "mmHg", 8u),
            QuantityLine("weight", say("体重", "Weight"), "kg", 6u),
        )
    val chart =
        ChartView(
            ldl.title,
            "mg/dL",
            say(
                "2023-06-14 から 2026-02-10 まで 4 件。最新 142 mg/dL、最低 112、最高 142。",
                "4 values from 2023-06-14 to 2026-02-10. Newest 142 mg/dL, lowest 112, highest 142.",
            ),
            listOf(
                ChartLine(
                    say("直接法", "direct"),
                    listOf(
                        point("a", 0.02, 0.30, "2023-06-14", "112", null),
                        point("b", 0.36, 0.62, "2024-06-12", "131", ChartMark.HIGH),
                        point("c", 0.70, 0.52, "2025-06-11", "125", ChartMark.HIGH),
                        point("d", 0.98, 0.80, "2026-02-10", "142", ChartMark.HIGH),
                    ),
                ),
            ),
            ChartBand(0.05, 0.42, say("基準 60 – 119 mg/dL", "Range 60 – 119 mg/dL")),
            listOf(ChartTick(0.2, "2024"), ChartTick(0.56, "2025"), ChartTick(0.92, "2026")),
            listOf(ChartTick(0.0, "95"), ChartTick(0.33, "115"), ChartTick(0.67, "135"), ChartTick(1.0, "155")),
            listOf(say("値は受け取ったとおりです。", "Values are as they were received.")),
            listOf("142" to "2026-02-10", "125" to "2025-06-11", "131" to "2024-06-12", "112" to "2023-06-14").map { (value, day) ->
                ChartRow(value, say("直接法", "direct"), day, value, "mg/dL", ChartMark.HIGH.takeIf { value != "112" })
            },
        )
    val draft =
        DraftView(
            listOf(
                DraftDocument(
                    "hanako-tokutei-2024.xml",
                    say("特定健診のXML", "Specific checkup, XML"),
                    "h",
                    say("手帳 花子 さんに合います", "Fits 手帳 花子"),
                    null,
                    clinic,
                    "2024-06-12",
                    listOf("$checkup 55"),
                    55u,
                    listOf(RefusedLine("observation[12]", say("日付が正しくありません", "no such day"))),
                    false,
                    null,
                    null,
                    null,
                    emptyList(),
                ),
            ),
            false,
            false,
            "h",
            true,
            say("書類 1 件、記録 55 件", "1 document, 55 records"),
            null,
        )
    val imported =
        ImportDone(say("記録 55 件を取り込みました", "55 records were filed"), emptyList(), 55u, 0u, draft.documents[0].refused, emptyList(), "1")
    val items =
        listOf(
            ItemName("checkup", say("健診（特定健診・後期高齢者健診）", "Checkups")),
            ItemName("medication", say("薬（受け取った薬の情報）", "Medicines received")),
            ItemName("vaccination", say("予防接種", "Vaccinations")),
        )
    val consent =
        ConsentView(
            hanakoName,
            say("本人", "oneself"),
            say("手帳に保管する", "to keep in the notebook"),
            items.take(2).map { ConsentItem(it.id, it.name, say("すべての期間", "all there is")) },
            say("見本の運営者（架空）", "Sample operator (fictitious)"),
            emptyList(),
            null,
            say("マイナンバーカードを2回使います。", "You will use the My Number Card twice."),
            listOf(
                say("手帳 花子さん本人（自分のカードで）", "手帳 花子, with her own card"),
                say("見本の運営者（架空）が取り次ぎます。", "Carried by the sample operator (fictitious)."),
            ),
        )
    val browse =
        FetchState(
            1u,
            2u,
            say("2 回のうち 1 回目", "round 1 of 2"),
            say("本人確認を待っています", "Waiting for you to show who you are"),
            "2026-02-10T00:20:00Z",
            FetchStep.Browse("https://relay.invalid", say("ブラウザーで本人確認をしてください（デジタル認証アプリ）", "Show who you are in the browser")),
        )
    val fetched =
        browse.copy(
            step =
                FetchStep.Done(
                    DigestView(
                        say("新しい記録 58 件", "58 new records"),
                        listOf(say("身長 157.2 → 157.3", "Height 157.2 → 157.3")),
                        listOf(say("処置 2 件", "Procedures: 2")),
                        emptyList(),
                        null,
                    ),
                ),
        )
    val ledger =
        listOf(
            LedgerLine(3uL, "", "2026-02-10 09:12", say("手帳 花子 さんの情報を取得しました", "Fetched what was asked for 手帳 花子")),
            LedgerLine(2uL, "", "2026-02-10 09:03", say("手帳 花子 さんの書類から、記録 55 件を取り込みました", "Took 55 records from a document of 手帳 花子")),
            LedgerLine(1uL, "", "2026-02-10 09:01", say("手帳 花子 さんを加えました", "Added 手帳 花子")),
        )
    val consents =
        listOf(
            ConsentLine(
                "c",
                hanakoName,
                "2026-02-10 09:05",
                items.take(2).joinToString(say("、", ", ")) {
                    it.name
                },
                say("取得した", "Fetched"),
                true,
                3u,
            ),
        )
    val agreed = Agreement(LegalKind.PRIVACY, "1", "2026-02-10", true, say("版 1 に同意（2026-02-10）", "Agreed to version 1 (2026-02-10)"))
    val settings = Settings(true, true, true, false, emptyList(), 5u, say("5 分", "5 minutes"), listOf(agreed))
    val legal =
        LegalText(
            LegalKind.PRIVACY,
            "1",
            say("版 1", "Version 1"),
            say("プライバシーポリシー", "Privacy policy"),
            listOf(
                say("記録はこの端末の中だけにあります。", "Your records are on this phone only."),
                say("外へ出るのは、あなたがそのつど決めたものだけです。", "Only what you decide each time leaves it."),
            ),
        )
    val kit =
        RecoveryKit(
            "ABCD-EFGH-JKMN-PQRS-TVWX-YZ23",
            say("手帳の復旧キット", "Recovery kit of the notebook"),
            listOf(say("紙に書くか印刷して、端末とは別の場所に保管してください。", "Write or print it, and keep it away from the phone.")),
        )
    val archive =
        ArchiveDone(
            listOf(ArchivePerson(hanakoName, 312uL, true)),
            9uL,
            say("控えを取り、読み返して確かめました（1 人、記録 312 件）", "A backup was made and read back (1 person, 312 records)"),
        )
    val check = Verification(true, emptyList(), listOf(RootLine(hanakoName, 312uL, "5f2c".repeat(16))))

    private fun row(
        id: String,
        who: PersonView,
        day: String,
        kind: KindName,
        title: String,
    ) = TimelineRow(id, who.id, who.name, day, day, kind.id, kind.name, title, 55u, clinic, "d")

    private fun record(
        id: String,
        title: String,
        value: String,
        unit: String?,
        details: List<Detail> = emptyList(),
    ) = RecordView(
        id,
        "1",
        "h",
        hanakoName,
        "2026-02-10",
        "2026-02-10",
        "checkup",
        checkup,
        title,
        value,
        unit,
        "3F070000002327101",
        "urn:oid:1.2.392.200119.6.1005",
        clinic,
        "d",
        say("測定値 12", "observation[12]"),
        true,
        null,
        details,
    )

    private fun point(
        id: String,
        x: Double,
        y: Double,
        day: String,
        value: String,
        mark: ChartMark?,
    ) = ChartPoint(id, x, y, day, value, mark, "$day $value")
}
