package jp.techo.notebook.presentation

import jp.techo.core.Language
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.HistoryPresenter
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.SearchPresenter
import jp.techo.notebook.presentation.screens.TimelinePresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** Looking at what is there. */
class ReadingTest {
    @Test
    fun `somebody more is added, and a form that lacks something says so`() =
        story {
            start()
            shell.back()
            at<PeoplePresenter>().add()
            at<NewPersonPresenter>().add()
            assertEquals("name_missing", at<NewPersonPresenter>().state.value.trouble?.id)
            at<NewPersonPresenter>().fill(World.TARO.copy(born = "きのう"))
            at<NewPersonPresenter>().add()
            assertEquals("date_unclear", at<NewPersonPresenter>().state.value.trouble?.id)
            at<NewPersonPresenter>().fill(World.TARO)
            at<NewPersonPresenter>().add()
            val people = at<PeoplePresenter>().state.value.content.people
            assertEquals(listOf("手帳 花子", "手帳 太郎"), people.map { it.name })
        }

    @Test
    fun `the timeline comes in pages, by person and by kind, and keeps its choice`() =
        story {
            start()
            for (year in 2020..2025) take("family/hanako-tokutei-$year.xml").again()
            take("family/hanako-okusuri-1.txt")
            shell.back()
            val hanako = at<PeoplePresenter>().state.value.content.people.single()
            at<PeoplePresenter>().timeline(hanako.id)
            val timeline = at<TimelinePresenter>()
            val all = timeline.state.value.content
            assertTrue(all.rows.size > 6, "${all.rows.size}")
            assertEquals(all.rows.mapNotNull { it.date }.sortedDescending(), all.rows.mapNotNull { it.date })
            val kind = all.rows.first { it.title.contains("健診") || it.kindName.contains("健診") }.kind
            timeline.kind(kind)
            val some = at<TimelinePresenter>().state.value.content
            assertEquals(setOf(kind), some.rows.map { it.kind }.toSet())
            dies()
            at<jp.techo.notebook.presentation.screens.UnlockPresenter>().byDevice()
            assertEquals(kind, at<TimelinePresenter>().state.value.content.kind)
        }

    @Test
    fun `an event shows its records, a record its source, and the value leads to its history`() =
        story {
            start()
            for (year in 2020..2025) take("family/hanako-tokutei-$year.xml").again()
            take("family/hanako-tokutei-2024.xml".replace("2024", "2025")).again()
            shell.back()
            at<PeoplePresenter>().timeline(null)
            val row = at<TimelinePresenter>().state.value.content.rows.first()
            at<TimelinePresenter>().event(row.id)
            val records = at<EventPresenter>().state.value.content.view!!.records
            val measured = records.first { it.value != null && it.unit != null }
            at<EventPresenter>().record(measured.id!!)
            val record = at<RecordPresenter>()
            assertEquals(measured.title, record.state.value.content.view!!.title)
            assertNotNull(record.state.value.content.view!!.document)
            assertNotNull(record.state.value.content.historyKey)
            record.history()
            val chart = at<HistoryPresenter>().state.value.content.charts.first()
            assertTrue(chart.rows.size >= 6, "${chart.rows.size}")
            assertTrue(chart.summary.isNotBlank())
            assertTrue(chart.lines.flatMap { it.points }.all { it.x in 0.0..1.0 && it.y in 0.0..1.0 })
            assertEquals(chart.lines.sumOf { it.points.size }, chart.lines.flatMap { it.points }.map { it.record }.toSet().size)
        }

    @Test
    fun `the original is saved byte for byte`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml").see()
            at<EventPresenter>().record(at<EventPresenter>().state.value.content.view!!.records.first { it.id != null }.id!!)
            at<RecordPresenter>().saveOriginal()
            at<RecordPresenter>()
            assertTrue(World.fixture("family/hanako-tokutei-2024.xml").readBytes().contentEquals(fake.picks.saved.single().readBytes()))
        }

    @Test
    fun `an event of more records than a page goes on where the person asks for more`() =
        story {
            start()
            val whole = World.fixture("family/hanako-tokutei-2024.xml").readText()
            // The same measurements twice more, with other values: three times as many records in one document.
            val measured =
                Regex("<entry[^>]*>(?:(?!</entry>)[\\s\\S])*?xsi:type=\"PQ\" value=\"[\\s\\S]*?</entry>").findAll(whole).map {
                    it.value
                }.toList()
            val value = Regex("(xsi:type=\"PQ\" value=\")(\\d+)")
            val more =
                (1..5).flatMap { n ->
                    measured.map { one -> value.replace(one) { "${it.groupValues[1]}${it.groupValues[2].toInt() + n}" } }
                }
            val file = File(folder, "long.xml").apply { writeText(whole.replace(measured.last(), measured.last() + more.joinToString(""))) }
            desk.go(Screen.Import())
            fake.picks.pick(file)
            at<ImportPresenter>().pickFile()
            at<ImportPresenter>().file()
            at<ImportPresenter>().see()
            val first = at<EventPresenter>().state.value.content
            assertEquals(100, first.view!!.records.size)
            assertTrue(first.hasMore)
            at<EventPresenter>().more()
            val then = at<EventPresenter>().state.value.content
            assertEquals(first.view.row.records, then.view!!.records.mapNotNull { it.id }.toSet().size.toUInt().coerceAtMost(200u))
            assertEquals(first.view.records, then.view.records.take(100))
        }

    @Test
    fun `searching finds by a part of the word, and nothing is said where nothing is found`() =
        story {
            start()
            take("family/hanako-tokutei-2024.xml")
            desk.go(Screen.Search())
            val search = at<SearchPresenter>()
            search.type("血圧")
            search.search()
            assertTrue(at<SearchPresenter>().state.value.content.found.isNotEmpty())
            search.type("存在しない言葉")
            search.search()
            assertEquals(emptyList<Any>(), at<SearchPresenter>().state.value.content.found)
            assertEquals("存在しない言葉", at<SearchPresenter>().state.value.content.searched)
            search.type("血圧")
            search.search()
            at<SearchPresenter>().open(at<SearchPresenter>().state.value.content.found.first())
            assertNotNull(at<RecordPresenter>().state.value.content.view)
            assertNull(desk.saved.all().values.find { it.contains("血圧") })
        }

    @Test
    fun `everything is said in English where the phone speaks English`() =
        story(Language.ENGLISH) {
            start()
            take("family/hanako-tokutei-2024.xml").see()
            val view = at<EventPresenter>().state.value.content.view!!
            assertTrue(view.row.kindName.all { it.code < 128 }, view.row.kindName)
            desk.speak(Language.JAPANESE)
            at<EventPresenter>().shown()
            assertTrue(at<EventPresenter>().state.value.content.view!!.row.kindName.any { it.code > 128 })
        }

    @Test
    fun `the sample family leaves nothing behind`() =
        story {
            start(FirstWay.SAMPLE)
            assertEquals(Opened.SAMPLE, desk.open.value?.how)
            assertEquals(3, at<PeoplePresenter>().state.value.content.people.size)
            at<PeoplePresenter>().lock()
            settle()
            desk.closed()
            assertTrue(!java.io.File(place.sample).exists())
            at<jp.techo.notebook.presentation.screens.FirstStartPresenter>()
        }
}
