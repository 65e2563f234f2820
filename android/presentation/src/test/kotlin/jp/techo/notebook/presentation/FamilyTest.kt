package jp.techo.notebook.presentation

import jp.techo.core.FieldValue
import jp.techo.core.Language
import jp.techo.core.Sex
import jp.techo.core.Writer
import jp.techo.notebook.presentation.screens.DuePresenter
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.ExplainPresenter
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.ForgetsPresenter
import jp.techo.notebook.presentation.screens.GrowthPresenter
import jp.techo.notebook.presentation.screens.GrowthReference
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.PersonForm
import jp.techo.notebook.presentation.screens.PlanPresenter
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.TimelinePresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import jp.techo.notebook.presentation.screens.WritePresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What families ask for: the board, the plan, what is due, growth, a checkup in plain words, what the State forgets. */
class FamilyTest {
    @Test
    fun `the board says of everybody how old they are and what comes next, and a touch leads to that person`() =
        story {
            start(FirstWay.SAMPLE)
            val people = at<PeoplePresenter>().state.value.content
            assertEquals(people.people.map { it.id }, people.board.map { it.person })
            val taro = people.board.single { it.name == "手帳 太郎" }
            assertEquals("7歳", taro.ageText)
            assertNotNull(taro.next)
            assertNotNull(people.board.first().lastCheckup)
            assertNotNull(people.board.first().changed)
            at<PeoplePresenter>().timeline(taro.person)
            assertEquals(taro.person, at<TimelinePresenter>().state.value.content.person)
        }

    @Test
    fun `the board is of the day on which it is looked at`() =
        story {
            start()
            shell.back()
            assertEquals("54歳", at<PeoplePresenter>().state.value.content.board.single().ageText)
            today = "2027-04-15"
            add(BABY)
            assertEquals(listOf("55歳", "1歳3か月"), at<PeoplePresenter>().state.value.content.board.map { it.ageText })
        }

    @Test
    fun `a plan has what is open with its reasons, and a dose that is written down becomes done and leads to its record`() =
        story {
            val baby = begun(BABY)
            desk.go(Screen.Plan(baby))
            val before = at<PlanPresenter>().state.value.content
            assertNull(before.noPlan)
            assertTrue(before.note!!.isNotBlank())
            assertTrue(setOf("due", "overdue", "upcoming").containsAll(before.doses.map { it.status }.toSet() - "not_subsidised"))
            assertTrue("overdue" in before.doses.map { it.status }, "ten months old, and nothing was given")
            before.doses.forEach { assertTrue(it.statusText.isNotBlank() && it.why.isNotEmpty() && it.source.isNotBlank(), it.rule) }
            assertEquals(before.doses, before.vaccines.flatMap { it.second }, "one vaccine stands in one place")
            assertTrue(before.doses.all { it.record == null })
            at<PlanPresenter>().write()
            val write = at<WritePresenter>()
            write.kind("vaccination")
            at<WritePresenter>().type("on", "2026-06-15")
            write.type("vaccine", "bcg")
            write.write()
            at<WritePresenter>().back()
            val given = at<PlanPresenter>().state.value.content.doses.single { it.record != null }
            assertEquals(listOf("bcg", "done", "2026-06-15"), listOf(given.vaccine, given.status, given.daysText))
            at<PlanPresenter>().record(given.record!!)
            assertEquals("vaccination", at<RecordPresenter>().state.value.content.view!!.kind)
        }

    @Test
    fun `before the birth there is no plan, and why is said`() =
        story {
            val baby = begun(BABY)
            today = "2026-01-01"
            desk.go(Screen.Plan(baby))
            val plan = at<PlanPresenter>().state.value.content
            assertTrue(plan.doses.isEmpty())
            assertTrue(plan.noPlan!!.contains("生まれる前"))
        }

    @Test
    fun `what is due comes by day, not beyond twelve months, and leads to the plan`() =
        story {
            val baby = begun(BABY)
            desk.go(Screen.Due(baby))
            val due = at<DuePresenter>().state.value.content
            assertTrue(due.items.size > 5)
            assertEquals(due.items.map { it.date }.sorted(), due.items.map { it.date })
            assertTrue(due.items.all { it.date in "2026-11-22"..<"2027-11-22" })
            assertTrue(due.items.any { it.kind == "vaccination" } && due.items.any { it.kind == "infant_checkup" })
            at<DuePresenter>().plan()
            at<PlanPresenter>().due()
            assertEquals(due.items, at<DuePresenter>().state.value.content.items)
        }

    @Test
    fun `a child born early is compared by the corrected age, which can be switched off, and the choice stays`() =
        story {
            val baby = begun(BABY.copy(gestation = "32週3日"))
            weigh(baby, "2026-04-10", "5.40")
            desk.go(Screen.Growth(baby))
            val corrected = at<GrowthPresenter>().state.value.content
            assertTrue(corrected.canCorrect && corrected.corrected)
            assertTrue(corrected.shown!!.rows.single().corrected)
            at<GrowthPresenter>().corrected(false)
            val plain = at<GrowthPresenter>().state.value.content
            assertTrue(plain.canCorrect && !plain.corrected)
            assertFalse(plain.shown!!.rows.single().corrected)
            assertNotEquals(corrected.shown!!.rows.single().placeText, plain.shown!!.rows.single().placeText)
            at<GrowthPresenter>().reference(GrowthReference.WHO)
            assertTrue(at<GrowthPresenter>().state.value.content.shown!!.edition.contains("WHO"))
            dies()
            at<UnlockPresenter>().byDevice()
            val again = at<GrowthPresenter>().state.value.content
            assertEquals(listOf(GrowthReference.WHO, false), listOf(again.reference, again.corrected))
            assertTrue(again.shown!!.edition.contains("WHO"))
        }

    @Test
    fun `the curves of the newest survey stand behind a child's values, and nothing is to be corrected`() =
        story {
            val baby = begun(BABY)
            weigh(baby, "2026-07-10", "7.80")
            desk.go(Screen.Growth(baby))
            val growth = at<GrowthPresenter>().state.value.content
            val chart = growth.shown!!
            assertFalse(growth.canCorrect)
            assertTrue(chart.edition.contains("2023"))
            assertEquals(listOf("3", "10", "25", "50", "75", "90", "97"), chart.curves.map { it.name })
            assertEquals("50", chart.curves.single { it.isMiddle }.name)
            assertTrue(chart.curves.all { curve -> curve.x.size == curve.y.size && (curve.x + curve.y).all { it in 0.0..1.0 } })
            assertEquals("7.80", chart.rows.single().value)
            assertTrue(chart.rows.single().placeText.isNotBlank())
            at<GrowthPresenter>().record(chart.rows.single().record)
            assertEquals("7.80", at<RecordPresenter>().state.value.content.view!!.value)
        }

    @Test
    fun `somebody without measurements is led to writing one down, and the measure that was picked stays picked`() =
        story {
            val baby = begun(BABY)
            desk.go(Screen.Growth(baby))
            val nothing = at<GrowthPresenter>().state.value.content
            assertTrue(nothing.isRead && nothing.charts.isEmpty() && nothing.shown == null)
            weigh(baby, "2026-07-10", "7.80")
            weigh(baby, "2026-07-10", "66.0", "height", "cm")
            desk.go(Screen.Growth(baby))
            assertEquals("weight", at<GrowthPresenter>().state.value.content.shown!!.measure)
            at<GrowthPresenter>().measure("height")
            assertEquals("height", at<GrowthPresenter>().state.value.content.shown!!.measure)
            at<GrowthPresenter>().reference(GrowthReference.WHO)
            assertEquals("height", at<GrowthPresenter>().state.value.content.shown!!.measure)
            at<GrowthPresenter>().write()
            at<WritePresenter>()
        }

    @Test
    fun `a checkup is explained item by item, and a single record of it too`() =
        story {
            start()
            for (year in 2024..2025) take("family/hanako-tokutei-$year.xml").also { if (year < 2025) it.again() }
            at<jp.techo.notebook.presentation.screens.ImportPresenter>().see()
            assertTrue(at<EventPresenter>().state.value.content.hasWords)
            at<EventPresenter>().explain()
            val view = at<ExplainPresenter>().state.value.content.view!!
            assertEquals(view.count, view.items.size.toUInt())
            assertTrue(view.items.any { it.what != null && it.band != null && it.change != null })
            assertTrue(view.notes.any { it.contains("診断ではありません") })
            val item = view.items.first { it.band != null }
            at<ExplainPresenter>().record(item.record)
            assertTrue(at<RecordPresenter>().state.value.content.hasWords)
            at<RecordPresenter>().explain()
            assertEquals(listOf(item), at<ExplainPresenter>().state.value.content.view!!.items)
        }

    @Test
    fun `a medicine and a dose have nothing to explain`() =
        story {
            start()
            take("family/hanako-okusuri-1.txt").see()
            val medicine = at<EventPresenter>().state.value.content
            assertTrue(medicine.view!!.records.any { it.value != null }, "else this says nothing")
            assertFalse(medicine.hasWords)
        }

    @Test
    fun `what leaves comes with a countdown of the day, and the way to the fetch that saves it`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            take("family/hanako-okusuri-1.txt")
            desk.inside.reset(Screen.Forgets())
            val all = at<ForgetsPresenter>().state.value.content
            assertTrue(all.canFetch && !all.hasMore && all.notes.isNotEmpty())
            val checkup = all.rows.first { it.leavesOn != null && it.leavesOn!! > today }
            today = "2026-11-23"
            desk.changed()
            at<ForgetsPresenter>().shown()
            val next = at<ForgetsPresenter>().state.value.content.rows.single { it.event == checkup.event }
            assertEquals(checkup.leavesOn, next.leavesOn)
            assertNotEquals(checkup.daysText, next.daysText)
            at<ForgetsPresenter>().event(next.event)
            at<EventPresenter>().back()
            at<ForgetsPresenter>().fetch()
            at<FetchPresenter>()
        }

    @Test
    fun `a sample fetches nothing, and somebody else's records are not in the countdown`() =
        story {
            start(FirstWay.SAMPLE)
            val people = at<PeoplePresenter>().state.value.content.people
            desk.go(Screen.Forgets())
            val all = at<ForgetsPresenter>().state.value.content
            assertFalse(all.canFetch)
            assertTrue(all.rows.isNotEmpty())
            val each =
                people.map { person ->
                    desk.inside.reset(Screen.Forgets(person.id))
                    at<ForgetsPresenter>().state.value.content.rows.map { it.event }
                }
            assertEquals(all.rows.map { it.event }.toSet(), each.flatten().toSet())
            assertEquals(each.flatten().size, each.flatten().toSet().size)
        }

    @Test
    fun `a timeline of one person leads to each of these, a timeline of everybody to none`() =
        story(Language.ENGLISH) {
            start(FirstWay.SAMPLE)
            at<PeoplePresenter>().timeline(null)
            at<TimelinePresenter>().plan()
            at<TimelinePresenter>().pick(at<TimelinePresenter>().state.value.content.people.last().id)
            at<TimelinePresenter>().plan()
            assertTrue(at<PlanPresenter>().state.value.content.doses.all { dose -> dose.statusText.all { it.code < 128 } })
            shell.back()
            at<TimelinePresenter>().due()
            at<DuePresenter>().back()
            at<TimelinePresenter>().growth()
            at<GrowthPresenter>().back()
            at<TimelinePresenter>().forgets()
            at<ForgetsPresenter>()
        }

    /** A notebook of 花子 with one more person, whose id this is. */
    private suspend fun World.begun(form: PersonForm): String {
        start()
        desk.inside.reset()
        add(form)
        return at<PeoplePresenter>().state.value.content.people.last().id
    }

    private suspend fun World.add(form: PersonForm) {
        at<PeoplePresenter>().add()
        at<NewPersonPresenter>().fill(form)
        at<NewPersonPresenter>().add()
        at<PeoplePresenter>()
    }

    private suspend fun World.weigh(
        person: String,
        on: String,
        value: String,
        what: String = "weight",
        unit: String = "kg",
    ) {
        val values = listOf("on" to on, "what" to what, "value" to value, "unit" to unit).map { (field, text) -> FieldValue(field, text) }
        val writer = Writer("手帳 花子", "parent", null, emptyList(), emptyList(), today)
        val done = desk.vault { it.addEntry(person, "measurement", values, writer) }
        check(done.troubles.isEmpty()) { "${done.troubles.map { it.text }}" }
        desk.changed()
    }

    private companion object {
        val BABY = PersonForm("手帳 若葉", "てちょう わかば", "2026-01-10", Sex.FEMALE)
    }
}
