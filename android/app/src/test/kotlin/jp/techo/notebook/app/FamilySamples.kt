package jp.techo.notebook.app

import androidx.compose.runtime.Composable
import jp.techo.core.BoardRow
import jp.techo.core.ChartLine
import jp.techo.core.ChartPoint
import jp.techo.core.ChartTick
import jp.techo.core.ChartView
import jp.techo.core.DoseLine
import jp.techo.core.DueItem
import jp.techo.core.ExplainView
import jp.techo.core.ExplainedItem
import jp.techo.core.ForgetRow
import jp.techo.core.GrowthChart
import jp.techo.core.GrowthCurve
import jp.techo.core.GrowthRow
import jp.techo.notebook.app.ui.DueScreen
import jp.techo.notebook.app.ui.ExplainScreen
import jp.techo.notebook.app.ui.ForgetsActs
import jp.techo.notebook.app.ui.ForgetsScreen
import jp.techo.notebook.app.ui.Frame
import jp.techo.notebook.app.ui.GrowthActs
import jp.techo.notebook.app.ui.GrowthScreen
import jp.techo.notebook.app.ui.PeopleActs
import jp.techo.notebook.app.ui.PeopleScreen
import jp.techo.notebook.app.ui.PlanActs
import jp.techo.notebook.app.ui.PlanScreen
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Due
import jp.techo.notebook.presentation.screens.Explain
import jp.techo.notebook.presentation.screens.Forgets
import jp.techo.notebook.presentation.screens.Growth
import jp.techo.notebook.presentation.screens.GrowthReference
import jp.techo.notebook.presentation.screens.People
import jp.techo.notebook.presentation.screens.Plan

/** The screens of families, with what the core would say of a made-up child. */
internal fun families(s: Samples): List<Pair<String, @Composable () -> Unit>> {
    val frame = Frame({})
    val family = FamilySamples(s)
    val people = People(s.people, isRead = true, board = family.board)
    val acts = PeopleActs({}, {}, {}, {}, {})
    val plan = Shown(Plan(family.doses, null, null, family.planNote))
    val planActs = PlanActs({}, {}, {}, {})
    val growthActs = GrowthActs({}, {}, {}, {}, {})
    val growth = Growth(listOf(family.weight), "weight", canCorrect = true, notes = family.growthNotes, isRead = true)
    val dots = Growth(listOf(family.height), "height", GrowthReference.JAPAN_2000, isRead = true)
    return listOf(
        "board" to { PeopleScreen(Shown(people), frame, acts) },
        "board-hidden" to { PeopleScreen(Shown(people), frame, acts, hides = true) },
        "plan" to { PlanScreen(plan, frame, planActs, hides = false) },
        "plan-end" to { PlanScreen(plan, frame, planActs, hides = false) },
        "plan-hidden" to { PlanScreen(plan, frame, planActs, hides = true) },
        "plan-none" to { PlanScreen(Shown(Plan(noPlan = family.noPlan, note = family.planNote)), frame, planActs, hides = false) },
        "due" to { DueScreen(Shown(Due(family.due, null, family.dueNote)), frame, {}, {}, hides = false) },
        "growth" to { GrowthScreen(Shown(growth), frame, growthActs, hides = false) },
        "growth-end" to { GrowthScreen(Shown(growth), frame, growthActs, hides = false) },
        "growth-dots" to { GrowthScreen(Shown(dots), frame, growthActs, hides = false) },
        "growth-hidden" to { GrowthScreen(Shown(growth), frame, growthActs, hides = true) },
        "growth-none" to { GrowthScreen(Shown(Growth(isRead = true)), frame, growthActs, hides = false) },
        "explain" to { ExplainScreen(Shown(Explain(family.explained)), frame, {}, {}, hides = false) },
        "forgets" to {
            val state = Forgets(family.forgets, 3u, family.forgetNotes, canFetch = true, isRead = true)
            ForgetsScreen(Shown(state), frame, ForgetsActs({}, {}, {}), hides = false)
        },
    )
}

private class FamilySamples(
    private val s: Samples,
) {
    private fun say(
        japanese: String,
        english: String,
    ) = s.say(japanese, english)

    val board =
        listOf(
            BoardRow(
                "h",
                "手帳 花子",
                say("54歳", "54 years"),
                say("2026-02-10 特定健康診査", "2026-02-10 Specific health checkup"),
                say("2026-11-22 大腸がん検診", "2026-11-22 Colorectal cancer screening"),
                say("2026-02-12 特定健診のXML・見本市民健診センター", "2026-02-12 checkup (特定健診 XML), Mihon Checkup Centre"),
                null,
            ),
            BoardRow(
                "t",
                "手帳 太郎",
                say("7歳", "7 years"),
                say("2026-04-20 学校健康診断結果", "2026-04-20 School checkup"),
                say("2026-11-22 インフルエンザ 1回目", "2026-11-22 Influenza dose 1"),
                null,
                say("体重 22.4 kg 2026-04-20、身長 119.8 cm 2026-04-20", "Weight 22.4 kg 2026-04-20, Height 119.8 cm 2026-04-20"),
            ),
        )

    val doses =
        listOf(
            dose(say("BCG", "BCG"), say("1回目", "dose 1"), "done", say("受けました", "given"), "2026-06-15", "r1"),
            dose(say("B型肝炎", "Hepatitis B"), say("1回目", "dose 1"), "too_early", say("早すぎた接種", "given too early"), "2026-02-20", "r2"),
            dose(
                say("B型肝炎", "Hepatitis B"),
                say("2回目", "dose 2"),
                "overdue",
                say("遅れています（まだ公費で受けられます）", "overdue, still subsidised"),
                say(
                    "2026-11-22から（すすめられる時期 2026-04-10〜2026-07-10、公費 2027-01-09まで）",
                    "from 2026-11-22 (recommended 2026-04-10 to 2026-07-10; subsidised until 2027-01-09)",
                ),
            ),
            dose(
                say("MR（麻しん風しん混合）", "MR (measles, rubella)"),
                say("1期（1回目）", "dose 1, first term"),
                "due",
                say("受ける時期です", "due"),
                say("2026-11-22から（公費 2028-01-09まで）", "from 2026-11-22 (subsidised until 2028-01-09)"),
            ),
            dose(
                say("MR（麻しん風しん混合）", "MR (measles, rubella)"),
                say("2期（2回目）", "dose 2, second term"),
                "upcoming",
                say("これから", "upcoming"),
                say("2031-04-01から（公費 2032-03-31まで）", "from 2031-04-01 (subsidised until 2032-03-31)"),
            ),
            dose(
                say("ロタウイルス", "Rotavirus"),
                say("1回目", "dose 1"),
                "not_subsidised",
                say("公費の期間を過ぎました", "no longer subsidised"),
                say("公費 2026-06-26まで", "subsidised until 2026-06-26"),
            ),
            dose(say("Hib（ヒブ）", "Hib"), say("1回目", "dose 1"), "not_needed", say("受けなくてよいもの", "not needed"), ""),
        )

    private fun dose(
        vaccine: String,
        number: String,
        status: String,
        word: String,
        days: String,
        record: String? = null,
    ) = DoseLine(
        vaccine,
        vaccine,
        number,
        status,
        word,
        days,
        listOf(say("1歳になる日の前日から2歳になる日の前日までに受けます", "From the day before the first to the day before the second birthday")),
        "mr-1",
        say("予防接種法施行令（架空の抜き書き）", "Vaccination order (sample)"),
        record,
    )

    val planNote =
        say(
            "予防接種の規則 2026年度 第1版によります。医師の判断に代わるものではありません。受ける前に、市区町村と医療機関にご確認ください",
            "By the vaccination rules of 2026, edition 1. This is no medical advice: please confirm with the town and a doctor before a dose",
        )
    val noPlan = say("生まれた日が分からないので、計画できません", "The day of birth is not known, so there is no plan")

    val due =
        listOf(
            due("2026-11-22", "2028-01-09", say("MR（麻しん風しん混合） 1期（1回目）", "MR (measles, rubella) dose 1, first term"), "due"),
            due("2026-11-22", "2027-01-09", say("B型肝炎 2回目", "Hepatitis B dose 2"), "overdue"),
            due("2027-07-10", "2028-01-09", say("1歳6か月児健診", "Checkup at 1 year 6 months"), "upcoming"),
        )

    private fun due(
        on: String,
        until: String,
        title: String,
        status: String,
    ) = DueItem(
        title,
        on,
        until,
        "vaccination",
        title,
        status,
        when (status) {
            "due" -> say("受ける時期です", "due")
            "overdue" -> say("遅れています（まだ公費で受けられます）", "overdue, still subsidised")
            else -> say("これから", "upcoming")
        },
        say("予防接種法施行令（架空の抜き書き）", "Vaccination order (sample)"),
    )

    val dueNote =
        say(
            "予防接種の規則 2026年度 第1版と、健診の規則 第1版（全国の目安）によります。日程・対象・費用は市区町村や学校・保険者により違います。",
            "By the vaccination rules of 2026, edition 1, and the rules of checkups, edition 1 (a national default). Days, groups and costs differ by town.",
        )

    private val points =
        listOf(
            Triple(0.10, 0.19, "3.90"),
            Triple(0.33, 0.49, "6.90"),
            Triple(0.58, 0.66, "8.60"),
            Triple(0.83, 0.81, "10.10"),
        )
    private val days = listOf("2026-02-14", "2026-05-10", "2026-08-10", "2026-11-10")
    private val ages =
        listOf(
            say("1か月（予定日の前）", "1 month (before the due date)"),
            say("4か月（修正2か月）", "4 months (corrected 2 months)"),
            say("7か月（修正5か月）", "7 months (corrected 5 months)"),
            say("10か月（修正8か月）", "10 months (corrected 8 months)"),
        )

    val weight =
        GrowthChart(
            "weight",
            chart(say("体重", "Weight"), "kg", listOf("2", "4", "6", "8", "10", "12")),
            listOf("3" to 0.72, "10" to 0.77, "25" to 0.82, "50" to 0.87, "75" to 0.91, "90" to 0.95, "97" to 0.99).map { (name, end) ->
                val x = (0..48).map { it / 48.0 }
                GrowthCurve(name, name == "50", true, x, x.map { at -> end * (0.22 + 0.78 * Math.sqrt(at)) })
            },
            say("月齢（か月）", "age in months"),
            say("令和5年（2023年）乳幼児身体発育調査のパーセンタイル・男子", "the Japanese national growth survey of 2023 (percentiles), boys"),
            points.indices.map { at ->
                GrowthRow(
                    "w$at",
                    days[at],
                    ages[at],
                    points[at].third,
                    "kg",
                    if (at == 0) {
                        say("予定日の前です。この曲線は予定日のころに生まれた子のものです", "before the due date; these curves are of children born at term")
                    } else {
                        say("${PLACES[at]} パーセンタイル", "percentile ${PLACES[at]}")
                    },
                    at > 0,
                    null,
                )
            },
        )

    val height =
        GrowthChart(
            "height",
            chart(say("身長", "Height"), "cm", listOf("60", "80", "100", "120")),
            listOf("3" to 0.5, "50" to 0.65, "97" to 0.8).map { (name, end) ->
                val x = listOf(0.0, 0.25, 0.5, 0.75, 1.0)
                GrowthCurve(name, name == "50", false, x, x.map { at -> 0.1 + (end - 0.1) * at })
            },
            say("年齢（歳）", "age in years"),
            say("2000年の日本人小児の標準値（日本小児内分泌学会）・男子", "the Japanese reference of 2000, boys"),
            listOf(
                GrowthRow(
                    "w0",
                    "2026-02-14",
                    say("1か月", "1 month"),
                    "49.0",
                    "cm",
                    say("この年齢の数値はありません", "no figures for this age"),
                    false,
                    null,
                ),
            ),
        )

    private fun chart(
        title: String,
        unit: String,
        ups: List<String>,
    ) = ChartView(
        title,
        unit,
        say(
            "2026-02-14 から 2026-11-10 まで 4 件、最新 10.10 kg、最低 3.90、最高 10.10",
            "4 values from 2026-02-14 to 2026-11-10, latest 10.10 kg, lowest 3.90, highest 10.10",
        ),
        listOf(
            ChartLine(
                title,
                points.mapIndexed {
                    at,
                    (x, y, value),
                    ->
                    ChartPoint("w$at", x, y, days[at], value, null, "${days[at]} $value")
                },
            ),
        ),
        null,
        listOf("0", "3", "6", "9", "12").mapIndexed { at, text -> ChartTick(at / 4.0, text) },
        ups.mapIndexed { at, text -> ChartTick(at.toDouble() / (ups.size - 1), text) },
        emptyList(),
        emptyList(),
    )

    val growthNotes =
        listOf(
            say(
                "在胎 32 週 3 日で生まれたため、3歳までは予定日から数えた修正月齢でくらべています",
                "Born at 32 weeks 3 days: until three years of age compared by the corrected age, counted from the due date",
            ),
            say(
                "診断ではありません。線の外にも元気な子がいます。気になるときは、医師や保健師に聞いてください",
                "This is no diagnosis. Healthy children are outside of the curves, too. If you wonder, ask a doctor or a public health nurse",
            ),
        )

    val explained =
        ExplainView(
            say("特定健康診査", "Specific health checkup"),
            "2026-02-10",
            listOf(
                ExplainedItem(
                    "10",
                    say("LDLコレステロール", "LDL cholesterol"),
                    "142 mg/dL",
                    say("血管にたまりやすい脂（あぶら）の量です。", "A fat in the blood that can settle in the vessels."),
                    say(
                        "受診勧奨判定値にあたります（保健指導 120以上、受診勧奨 140以上）",
                        "reaches the limit for advice to see a doctor (guidance 120 or more, advice 140 or more)",
                    ),
                    say("健診機関の基準範囲 60–119", "range of the institution 60–119"),
                    say("前回（2025-06-11）は 125、変化は +17", "last time (2025-06-11) 125, a change of +17"),
                ),
                ExplainedItem(
                    "11",
                    say("身長", "Height"),
                    "157.2 cm",
                    null,
                    null,
                    null,
                    say("前回（2025-06-11）と同じです", "the same as last time (2025-06-11)"),
                ),
            ),
            2u,
            listOf(
                say("説明の文は Techo のもの（第1版）です", "The explanations are Techo's own (edition 1)"),
                say(
                    "これは診断ではありません。結果の意味や、どうするかは、医師・保健師・薬剤師に聞いてください",
                    "This is no diagnosis. What the results mean for you, and what to do, ask a doctor, a public health nurse or a pharmacist",
                ),
            ),
        )

    val forgets =
        listOf(
            ForgetRow("2", say("みほん薬局 駅前店", "Mihon Pharmacy"), "2026-09-01", "2026-12-10", say("あと18日", "in 18 days")),
            ForgetRow("1", say("特定健康診査", "Specific health checkup"), "2026-02-10", "2031-02-10", say("あと1541日", "in 1541 days")),
            ForgetRow("3", say("MR（麻しん・風しん）", "MR (measles, rubella)"), "2025-05-11", null, say("わかりません", "not known")),
        )
    val forgetNotes =
        listOf(
            say(
                "きょう一度取得すれば、2026-08-14 より後の薬・処方が手もとに残ります",
                "One fetch today keeps what is later than 2026-08-14 of: medicines, prescriptions",
            ),
            say("いつ消えるかわからないもの：予防接種。早めの取得をおすすめします", "Nobody knows when these leave: vaccinations. Better to fetch them early"),
            say(
                "マイナポータルから消える日の目安です（Techo の規則 第1版）。この手帳にある記録は、あなたが消すまで消えません",
                "An estimate of when records leave Mynaportal (Techo's rules, edition 1). What is in this notebook stays until you erase it",
            ),
        )

    private companion object {
        val PLACES = listOf(0, 37, 42, 50)
    }
}
