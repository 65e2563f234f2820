package jp.techo.notebook.app

import jp.techo.core.AttachedDocument
import jp.techo.core.ChangeRow
import jp.techo.core.DayLine
import jp.techo.core.DayView
import jp.techo.core.Detail
import jp.techo.core.EventDifference
import jp.techo.core.EventSource
import jp.techo.core.FieldTrouble
import jp.techo.core.FormChoice
import jp.techo.core.FormField
import jp.techo.core.LeftOver
import jp.techo.core.MedicineRow
import jp.techo.core.MedicinesView
import jp.techo.core.RecordView
import jp.techo.core.RelatedEvent
import jp.techo.core.SameEvent
import jp.techo.core.SampleLine
import jp.techo.core.TableColumn
import jp.techo.core.TableReading
import jp.techo.core.Written

/** The same for what is written by hand, for sources, days and medicines, and a record of every kind. */
internal class HandSamples(
    private val s: Samples,
) {
    private fun say(
        japanese: String,
        english: String,
    ) = s.say(japanese, english)

    val fields =
        listOf(
            FormField("on", say("日付", "Day"), "date", null, emptyList(), true),
            FormField("vaccine", say("ワクチン", "Vaccine"), "vaccine", null, vaccines(), true),
            FormField("dose", say("何回目", "Dose number"), "number", null, emptyList(), false),
            FormField("series", say("区分", "Series"), "choice", null, series(), false),
            FormField("lot", say("製造番号", "Lot"), "text", null, emptyList(), false),
        )
    val values = mapOf("on" to "2020-07-01", "vaccine" to "mr", "series" to "routine")
    val question =
        FieldTrouble(
            "on",
            say("「日付」に、同じワクチンの記録がもうあります。もう1回分として書きますか", "Day: has a dose of this vaccine already. Is this another one"),
            true,
            false,
        )
    val change =
        ChangeRow(
            "d9",
            "h",
            "2026-02-11T01:02:03Z",
            say("手帳 花子（本人）", "手帳 花子 (oneself)"),
            say("訂正「LDLコレステロール」", "Corrected: LDL cholesterol"),
            say("紙の結果は 113", "113 on paper"),
            "correct",
            "10",
            null,
            listOf("20"),
            true,
            null,
        )
    val changes =
        listOf(
            change,
            change.copy(
                entry = "d8",
                text = say("追加「MR（麻しん風しん混合）」", "Added: MR (measles, rubella)"),
                reason = null,
                kind = "add",
                counts = false,
                standingText = say("取り消し済み", "undone"),
            ),
        )
    val same =
        SameEvent(
            listOf(
                EventSource(
                    "1",
                    say("特定健康診査", "Specific health checkup"),
                    say("見本市民健診センター", "Mihon Checkup Centre"),
                    "2024-06-12",
                    say("特定健診のXML", "checkup (特定健診 XML)"),
                    true,
                    say("健診機関の書類です", "a document of the institution"),
                    null,
                    null,
                    emptyList(),
                ),
                EventSource(
                    "2",
                    say("特定健康診査", "Specific health checkup"),
                    null,
                    "2024-06-12",
                    say("マイナポータルの自己情報", "answer of Mynaportal"),
                    false,
                    say("保険者から届いたものです", "what the insurer holds"),
                    say("同じ日の健診で、測定値が3つ以上一致し、食い違いがありません", "the same day, three values alike and none that differs"),
                    "checkup v1",
                    listOf(EventDifference(say("腹囲", "Waist"), "84.0 cm", null)),
                ),
            ),
            listOf(
                RelatedEvent(
                    "3",
                    say("健診", "Checkup"),
                    "2024-06",
                    null,
                    say("同じ月の健診です", "a checkup of the same month"),
                ),
            ),
            emptyList(),
        )
    val days =
        listOf(
            DayLine("m3", "2026-05-03", "127", "mmHg", say("1日の平均 1件", "mean of the day, 1 value")),
            DayLine("m2", "2026-05-02", "131", "mmHg", say("1日の平均 1件", "mean of the day, 1 value")),
            DayLine("m1", "2026-05-01", "126", "mmHg", say("1日の平均 2件 124〜128", "mean of the day, 2 values 124–128")),
        )
    val daysName = say("収縮期血圧（家庭）", "Systolic blood pressure (home)")
    val day =
        DayView(
            days[2],
            daysName,
            2u,
            listOf(
                SampleLine("07:10:00", 0u, "128", null, say("血圧計（架空）", "Meter (fictitious)"), "d"),
                SampleLine("21:40:00", 0u, "124", null, say("血圧計（架空）", "Meter (fictitious)"), "d"),
            ),
        )
    val medicines =
        MedicinesView(
            listOf(medicine("【般】アムロジピン錠5mg", "2026-02-14"), medicine("【般】アムロジピン口腔内崩壊錠2.5mg", "2026-02-15")),
            listOf(
                say(
                    "「【般】アムロジピン口腔内崩壊錠2.5mg」と「【般】アムロジピン錠5mg」は、同じ成分かもしれません。薬剤師に確かめてください",
                    "【般】アムロジピン口腔内崩壊錠2.5mg and 【般】アムロジピン錠5mg may have the same ingredient. Please ask a pharmacist",
                ),
            ),
            listOf(LeftOver("r9", "2026-01-18", say("残薬はありません", "none"))),
            1u,
            say("記録にある薬だけを見くらべました。診断でも、飲み合わせの判定でもありません。", "Only what is recorded was compared. This is no diagnosis."),
        )
    val table =
        TableReading(
            listOf(
                TableColumn(say("測定日", "Date"), say("日付", "the day")),
                TableColumn(say("最高血圧", "Systolic"), say("収縮期血圧 (mmHg)", "Systolic blood pressure (mmHg)")),
                TableColumn(say("メモ", "Memo"), say("読みません", "left out")),
            ),
            listOf(say("2026-05-01 07:10:00  収縮期血圧 128 mmHg", "2026-05-01 07:10:00  Systolic blood pressure 128 mmHg")),
            null,
            null,
        )

    /** A record of every kind of issue, by the kind's id. */
    val kinds: List<Pair<String, RecordView>> =
        listOf(
            "vaccination" to
                of("vaccination", say("予防接種", "Vaccination"), say("MR（麻しん風しん混合）", "MR (measles, rubella)"), null, null, "2020-07-02")
                    .with(say("製造番号", "Lot") to "MR05A", say("回数", "Dose") to "1", say("シリーズ", "Series") to say("定期", "routine"))
                    .copy(attached = listOf(AttachedDocument("d7", "d6", say("母子手帳 12ページ", "Handbook, page 12")))),
            "infant" to
                of("infant_checkup", say("乳幼児健診", "Infant checkup"), say("首すわり", "Holds the head"), say("はい", "yes"), null, "2019-10-16"),
            "pregnancy" to
                of("pregnancy", say("妊婦健診", "Pregnancy visit"), say("子宮底長", "Fundal height"), "33.5", "cm", "2019-06-12")
                    .copy(sensitiveText = say("妊娠・出産", "pregnancy and birth")),
            "screening" to
                of(
                    "cancer_screening",
                    say("がん検診等", "Screening"),
                    say("肺がん検診の精密検査対象有無", "Lung: detailed examination"),
                    say("要精密検査（肺がん疑い）", "needed (suspected)"),
                    null,
                    "2025-10-14",
                ),
            "school" to of("school_checkup", say("学校健診", "School checkup"), say("聴力", "Hearing"), say("正常", "normal"), null, "2026-04-20"),
            "medicine" to
                of("medication", say("薬", "Medicine"), "ノルバスク錠5mg（見本）", "1", say("錠", "tablet"), "2026-03-16")
                    .with(say("段階", "Stage") to say("調剤", "dispensed"), say("用法", "Usage") to say("1日1回朝食後", "once a day after breakfast")),
            "procedure" to
                of("procedure", say("手術・処置", "Procedure"), say("血液透析（見本）", "Haemodialysis (sample)"), null, null, "2021-04-05"),
            "expense" to
                of("expense", say("医療費", "Expense"), say("医療費", "Medical expense"), "1570", say("円", "yen"), "2026-01")
                    .with(
                        say("診療区分", "Class") to say("医科外来", "outpatient"),
                        say("自己負担額", "Own share") to say("1570円", "1570 yen"),
                        say("医療費の総額", "Total") to say("5230円", "5230 yen"),
                    ),
            "laboratory" to
                of("laboratory", say("検査", "Laboratory"), "HbA1c(NGSP)", "5.60", "%", "2024-02-10")
                    .with(say("メモ", "Note") to say("基準値: 4.6-6.2", "range 4.6-6.2"))
                    .copy(
                        written =
                            Written(
                                "d9",
                                say("訂正 2026-02-11 手帳 花子（本人）", "Corrected 2026-02-11 手帳 花子 (oneself)"),
                                say("紙の結果は 5.6", "5.6 on paper"),
                                "10",
                                say("元の記録", "Was"),
                            ),
                    ),
        )

    private fun vaccines() =
        listOf("mr", "bcg", "hib", "hpv", "je", "influenza", "varicella", "rota", "mumps").map {
            FormChoice(it, if (it == "mr") say("MR（麻しん風しん混合）", "MR (measles, rubella)") else it.uppercase())
        }

    private fun series() = listOf(FormChoice("routine", say("定期", "routine")), FormChoice("voluntary", say("任意", "voluntary")))

    private fun medicine(
        title: String,
        until: String,
    ) = MedicineRow(
        title,
        say("服用中", "being taken"),
        title,
        say("1錠", "1 tablet"),
        say("1日1回朝食後", "once a day after breakfast"),
        "2026-01-18",
        until,
        listOf(say("みほん薬局 駅前店", "Mihon Pharmacy")),
        false,
    )

    private fun of(
        kind: String,
        name: String,
        title: String,
        value: String?,
        unit: String?,
        day: String,
    ) = s.ldl.copy(
        kind = kind,
        kindName = name,
        title = title,
        value = value,
        unit = unit,
        date = day,
        dateText = day,
        code = null,
        system = null,
        source = say("みほん医療機関", "Mihon Clinic"),
        details = emptyList(),
    )

    private fun RecordView.with(vararg lines: Pair<String, String>) = copy(details = lines.map { (label, text) -> Detail(label, text) })
}
