package jp.techo.notebook.app

import androidx.compose.runtime.Composable
import jp.techo.core.CardRow
import jp.techo.core.CardSheet
import jp.techo.core.CardState
import jp.techo.core.CardWord
import jp.techo.core.ClinicName
import jp.techo.core.ClinicPart
import jp.techo.core.ClinicRow
import jp.techo.core.ClinicScreen
import jp.techo.core.CodeSquares
import jp.techo.core.CodesView
import jp.techo.core.Language
import jp.techo.core.SlotKind
import jp.techo.notebook.app.ui.CardActs
import jp.techo.notebook.app.ui.CardScreen
import jp.techo.notebook.app.ui.ClinicActs
import jp.techo.notebook.app.ui.ClinicChoiceScreen
import jp.techo.notebook.app.ui.CodesActs
import jp.techo.notebook.app.ui.CodesScreen
import jp.techo.notebook.app.ui.Frame
import jp.techo.notebook.app.ui.LockedCardsScreen
import jp.techo.notebook.app.ui.ReportActs
import jp.techo.notebook.app.ui.ReportScreen
import jp.techo.notebook.app.ui.ShownScreen
import jp.techo.notebook.app.ui.TurnActs
import jp.techo.notebook.app.ui.UnlockActs
import jp.techo.notebook.app.ui.UnlockScreen
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Card
import jp.techo.notebook.presentation.screens.Clinic
import jp.techo.notebook.presentation.screens.Codes
import jp.techo.notebook.presentation.screens.InTurn
import jp.techo.notebook.presentation.screens.LockedCards
import jp.techo.notebook.presentation.screens.Report
import jp.techo.notebook.presentation.screens.ToShow
import jp.techo.notebook.presentation.screens.ToShowNames
import jp.techo.notebook.presentation.screens.Unlock

/** What somebody else is shown or handed, of the synthetic family. */
internal class ShowingSamples(
    private val s: Samples,
) {
    private fun say(
        japanese: String,
        english: String,
    ) = s.say(japanese, english)

    val names =
        ToShowNames(
            s.hanako.name,
            listOf(
                ClinicName("first_visit", say("初診", "First visit")),
                ClinicName("emergency", say("救急", "Emergency")),
                ClinicName("infant_checkup", say("乳幼児健診", "Infant checkup")),
                ClinicName("pharmacy", say("薬局", "Pharmacy")),
                ClinicName("checkup_advice", say("健診結果の相談", "Checkup results")),
                ClinicName("nursery_school", say("入園・転校・転居", "Nursery, school, moving")),
            ),
            listOf(
                ClinicName("allergies", say("アレルギー・副作用", "Allergies and reactions")),
                ClinicName("medicines", say("薬", "Medicines")),
                ClinicName("conditions", say("病気", "Conditions")),
                ClinicName("results", say("検査の値", "Results")),
                ClinicName("vaccinations", say("予防接種", "Vaccinations")),
            ),
        )
    private val pharmacy = say("みほん薬局 駅前店", "Mihon Pharmacy")
    private val allergies =
        ClinicPart(
            "allergies",
            say("アレルギー・副作用", "Allergies and reactions"),
            listOf(
                ClinicRow(
                    say("ペニシリン（架空）", "Penicillin (fictitious)"),
                    say("重い・アナフィラキシー", "severe · anaphylaxis"),
                    "2010-05-03",
                    say("本人", "the person"),
                    null,
                ),
            ),
            emptyList(),
        )
    private val medicines =
        ClinicPart(
            "medicines_current",
            say("いまの薬", "Medicines now"),
            listOf(
                ClinicRow(
                    say("アムロジピン錠5mg（架空）", "Amlodipine 5 mg (fictitious)"),
                    say("1日1回 朝食後 30日分", "once a day after breakfast, 30 days"),
                    "2026-03-20",
                    pharmacy,
                    null,
                ),
                ClinicRow(
                    say("ロスバスタチン錠2.5mg（架空）", "Rosuvastatin 2.5 mg (fictitious)"),
                    say("1日1回 夕食後 30日分", "once a day after supper, 30 days"),
                    "2026-03-20",
                    pharmacy,
                    null,
                ),
            ),
            listOf(say("選ばれなかったものがあります。", "Something was left out by choice.")),
        )
    private val kidney =
        ClinicPart(
            "kidney",
            say("腎機能", "Kidney function"),
            listOf(ClinicRow(s.chart.title, "142 mg/dL", "2026-02-10", say("見本市民健診センター", "Mihon Checkup Centre"), s.chart)),
            emptyList(),
        )
    private val none =
        ClinicPart(
            "conditions",
            say("病気", "Conditions"),
            emptyList(),
            listOf(say("記録はありません（ないことの証明ではありません）。", "Nothing on record, which is not that there is nothing.")),
        )
    val screen =
        ClinicScreen(
            s.hanako.name,
            s.hanako.kana,
            "1972-04-15",
            s.hanako.sexText,
            say("初診", "First visit"),
            listOf(allergies, medicines, kidney, none),
            say("2026-04-01 までに取り込んだ記録です。ひと月ほど遅れることがあります。", "Records taken in until 2026-04-01. They may lag by a month."),
            say("選ばれなかったものがあります。", "Something was left out by choice."),
            say("すべてではありません。", "This is not everything."),
            true,
        )
    val codes =
        CodesView(
            say("お薬手帳のQRコード", "QR codes of the medicine notebook"),
            (1..3).map { CodeSquares(say("3枚のうち${it}枚目", "Code $it of 3"), SIDE.toUInt(), squares(it)) },
            say("3枚のQRコードに12件の記録を入れました。", "12 records are in 3 QR codes."),
            listOf(say("病名 2件は、お薬手帳に入る場所がありません。", "2 conditions have no place in a medicine notebook.")),
            say("これがすべてではありません。", "This is not everything."),
            say("コードを見た人は、だれでも中身を読めます。", "Whoever sees the codes can read what is in them."),
        )

    // No code that anything could be read from: only to be looked at.
    private fun squares(seed: Int) =
        ByteArray(SIDE * SIDE) { at ->
            val (x, y) = at % SIDE to at / SIDE
            val isEdge = minOf(x, y, SIDE - 1 - x, SIDE - 1 - y) < EMPTY
            if (!isEdge && (x * x + y * seed + x * y) % 3 == 0) 1 else 0
        }

    val sheet =
        CardSheet(
            s.hanako.name,
            s.hanako.kana,
            "1972-04-15",
            s.hanako.sexText,
            listOf(
                CardRow(say("アレルギー・副作用", "Allergies and reactions"), listOf(say("ペニシリン（架空） 重い", "Penicillin (fictitious), severe"))),
                CardRow(
                    say("使っている薬", "Medicines"),
                    listOf(
                        say("アムロジピン錠5mg（架空）", "Amlodipine 5 mg (fictitious)"),
                        say("ロスバスタチン錠2.5mg（架空）", "Rosuvastatin 2.5 mg (fictitious)"),
                    ),
                ),
                CardRow(say("血液型", "Blood group"), listOf("A Rh+")),
                CardRow(say("連絡先", "Contacts"), listOf(say("夫 手帳 一郎 090-0000-0000", "Husband 手帳 一郎 090-0000-0000"))),
            ),
            "2026-04-01",
            listOf(say("本人が選んだ内容です。すべてではありません。", "Chosen by the person. This is not everything.")),
        )
    val words =
        listOf(
            CardWord("allergies", say("アレルギー・副作用", "Allergies and reactions"), "", true, true),
            CardWord("medicines", say("使っている薬", "Medicines"), say("ワルファリン", "Warfarin"), false, true),
            CardWord("blood_group", say("血液型", "Blood group"), "A Rh+", false, false),
            CardWord("oxygen", say("酸素", "Oxygen"), "", false, false),
            CardWord("contacts", say("連絡先", "Contacts"), say("夫 手帳 一郎 090-0000-0000", "Husband 手帳 一郎 090-0000-0000"), false, false),
        )
}

private const val SIDE = 53
private const val EMPTY = 4

/** The screens of it. */
internal fun showing(s: Samples): List<Pair<String, @Composable () -> Unit>> {
    val frame = Frame({})
    val samples = ShowingSamples(s)
    val turn = TurnActs({}, {}, {})
    val clinic = ClinicActs({}, {}, {}, {}, {}, {}, turn)
    val codes = CodesActs({}, {}, {}, {}, {}, turn)
    val report = ReportActs({}, {}, {}, {})
    val card = CardActs({}, { _, _ -> }, { _, _ -> }, {}, { _, _ -> }, {}, {}, {}, {}, {}, {})
    val unlock = UnlockActs({}, {}, {}, { _, _ -> }, {}, {}, {}, {}, {}, {})
    val language = if (s.say("ja", "en") == "ja") Language.JAPANESE else Language.ENGLISH
    val asked = ToShow("first_visit", language = language, on = "2026-04-01")
    val own = asked.copy(occasion = null, items = setOf("allergies", "medicines"), sensitive = true)
    val shown = Clinic(samples.names, asked, shown = mapOf(language to samples.screen), language = language)
    val whole = Card(s.hanako.name, samples.words, samples.sheet, CardState.WITHOUT_UNLOCKING, isSealed = true, isRead = true)
    val results = samples.screen.copy(sections = samples.screen.sections.drop(2))
    return listOf(
        "clinic-choose" to { ClinicChoiceScreen(Shown(Clinic(samples.names, asked)), frame, clinic) },
        "clinic-own" to { ClinicChoiceScreen(Shown(Clinic(samples.names.copy(occasions = emptyList()), own)), frame, clinic) },
        "clinic-covered" to { ClinicChoiceScreen(Shown(shown), frame, clinic) },
        "clinic-shown" to { ShownScreen(samples.screen, Shown(shown), frame, clinic, beginsOpen = true) },
        "clinic-results" to { ShownScreen(results, Shown(shown), frame, clinic, beginsOpen = true) },
        "report" to { ReportScreen(Shown(Report(samples.names.copy(occasions = samples.names.occasions.take(2)), asked)), frame, report) },
        "card-none" to { CardScreen(Shown(Card(s.hanako.name, isRead = true)), frame, card, hides = false) },
        "card" to { CardScreen(Shown(whole), frame, card, hides = true) },
        "card-who" to
            { CardScreen(Shown(whole.copy(sheet = samples.sheet.copy(rows = emptyList()), isSealed = false)), frame, card, hides = false) },
        "card-words" to { CardScreen(Shown(whole.copy(typed = samples.words)), frame, card, hides = false) },
        "card-locked" to { LockedCardsScreen(Shown(LockedCards(listOf(samples.sheet), isRead = true)), frame) },
        "codes" to { CodesScreen(Shown(Codes(s.hanako.name)), frame, codes) },
        "codes-made" to { CodesScreen(Shown(Codes(s.hanako.name, made = samples.codes)), frame, codes) },
        "codes-shown" to {
            CodesScreen(Shown(Codes(s.hanako.name, made = samples.codes, shown = InTurn(samples.codes, 1, isPaused = true))), frame, codes)
        },
        "unlock-card" to {
            UnlockScreen(Shown(Unlock(null, listOf(SlotKind.DEVICE), SlotKind.DEVICE, hasCard = true)), frame, unlock)
        },
    )
}
