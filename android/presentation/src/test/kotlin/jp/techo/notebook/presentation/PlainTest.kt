package jp.techo.notebook.presentation

import jp.techo.core.LegalKind
import jp.techo.notebook.presentation.screens.Decision
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.io.File

/** What needs no notebook: words, days, the way back, threads. */
class PlainTest {
    @Test
    fun `a day is read as people write it, and nonsense is none`() {
        listOf("1972-04-15", "1972/4/15", "19720415", "１９７２年４月１５日", "昭和47年4月15日", "S47.4.15", "s47/04/15").forEach {
            assertEquals("1972-04-15", dateOf(it), it)
        }
        assertEquals("2019-06-20", dateOf("令和元年6月20日"))
        listOf("", "4月15日", "1972-02-30", "1972-13-01", "72-4-15", "きのう", "1972041", "昭和一年").forEach { assertNull(dateOf(it), it) }
    }

    @Test
    fun `a value stands as it was measured`() {
        assertEquals("5.40 %", measured("5.40", "%"))
        assertEquals("陰性", measured("陰性", null))
        assertNull(measured(null, "%"))
        assertEquals("268 MB", sizeText(256L * 1024 * 1024))
        assertEquals("0 B", sizeText(-1))
    }

    @Test
    fun `the way back survives as plain text, with everything odd in it`() {
        val screens =
            listOf(
                Screen.Timeline("a b\nc%20"),
                Screen.Timeline(),
                Screen.Event("é/?&"),
                Screen.Record("1"),
                Screen.History("p", "血圧"),
                Screen.History("p"),
                Screen.Search("p"),
                Screen.Search(),
                Screen.Import(true),
                Screen.Fetch(),
                Screen.Erase(ErasedKind.DOCUMENT, "d 1"),
                Screen.Withdraw("w"),
                Screen.Write("p 1"),
                Screen.Correct("r1"),
                Screen.Decide(Decision.REMOVE, "e1", isEvent = true),
                Screen.Decide(Decision.NOT_SENSITIVE, "r1"),
                Screen.Decide(Decision.UNDO, "d1", person = "p 1"),
                Screen.Changes("p 1"),
                Screen.Attach("r1"),
                Screen.Links("e1"),
                Screen.Days("p 1", "home|systolic"),
                Screen.Day("m1"),
                Screen.Medicines("p 1"),
                Screen.Plan("p 1"),
                Screen.Due("p 1"),
                Screen.Growth("p 1"),
                Screen.Explain("e1"),
                Screen.Forgets("p 1"),
                Screen.Forgets(),
                Screen.Clinic("p 1"),
                Screen.Report("p 1"),
                Screen.Card("p 1"),
                Screen.Codes("p 1"),
                Screen.Legal(LegalKind.TERMS),
                Screen.NewPerson,
                Screen.Export,
                Screen.Backup,
                Screen.Ledger,
                Screen.Consents,
                Screen.Settings,
                Screen.Kit,
                Screen.Keys,
                Screen.Check,
            )
        val saved = Saved()
        val stack = BackStack(saved, "inside", Screen.People)
        screens.forEach(stack::push)
        val again = BackStack(Saved(saved.all()), "inside", Screen.People)
        assertEquals(stack.entries.value, again.entries.value)
        again.push(Screen.Keys)
        assertNotEquals(again.entries.value.dropLast(1).last().key, again.entries.value.last().key)
    }

    @Test
    fun `a place is written by a word of its own, which stays when a class is renamed`() {
        val written =
            listOf(
                "1 first-start",
                "2 unlock",
                "3 restore",
                "4 legal privacy",
                "5 people",
                "6 new-person",
                "7 timeline p",
                "8 event e",
                "9 record r",
                "10 history p a",
                "11 search p",
                "12 import true",
                "13 fetch false",
                "14 export",
                "15 backup",
                "16 erase document d",
                "17 ledger",
                "18 consents",
                "19 withdraw w",
                "20 settings",
                "21 kit",
                "22 keys",
                "23 check",
                "24 write p",
                "25 correct r",
                "26 decide remove r false",
                "27 changes p",
                "28 attach r",
                "29 links e",
                "30 days p q",
                "31 day m",
                "32 medicines p",
                "33 plan p",
                "34 due p",
                "35 growth p",
                "36 explain e",
                "37 forgets p",
                "38 clinic p",
                "39 report p",
                "40 card p",
                "41 locked-cards",
                "42 codes p",
            )
        val saved = Saved(mapOf("inside" to written.joinToString("\n")))
        val stack = BackStack(saved, "inside", Screen.People)
        // Every place there is, each once.
        assertEquals(Screen::class.java.declaredClasses.toSet(), stack.entries.value.map { it.screen.javaClass }.toSet())
        stack.push(Screen.Keys)
        assertEquals(written + "43 keys", saved["inside"]!!.lines())
    }

    @Test
    fun `what cannot be read of a way back is left out, and the first screen always stays`() {
        val stack = BackStack(Saved(mapOf("inside" to "nonsense\n4 nowhere\n5 event")), "inside", Screen.People)
        assertEquals(listOf(Screen.People), stack.entries.value.map { it.screen })
        assertFalse(stack.pop())
        assertEquals(1, stack.entries.value.size)
    }

    @Test
    fun `the background refuses to run where the screen is drawn`() =
        runTest {
            val here = Thread.currentThread()
            val wrong = Background(Dispatchers.Unconfined) { Thread.currentThread() === here }
            assertThrows<IllegalStateException> { wrong.run { } }
            assertTrue(Background(Dispatchers.IO) { Thread.currentThread() === here }.run { Thread.currentThread() !== here })
        }

    @Test
    fun `the presenters know nothing of android`() {
        val sources = File(World.root, "android/presentation/src/main").walk().filter { it.extension == "kt" }.toList()
        assertTrue(sources.size > 20)
        val named = sources.filter { Regex("^import (android|androidx)\\.", RegexOption.MULTILINE).containsMatchIn(it.readText()) }
        assertEquals(emptyList<File>(), named)
    }

    @Test
    fun `both languages have the same words, with the same gaps, and every word a presenter can say`() {
        fun words(folder: String): Map<String, String> {
            val text = File(World.root, "android/app/src/main/res/$folder/strings.xml").readText()
            return Regex("<string name=\"([^\"]+)\">(.*?)</string>").findAll(text).associate { it.groupValues[1] to it.groupValues[2] }
        }
        val (japanese, english) = words("values") to words("values-en")
        assertTrue(japanese.size > 150)
        assertEquals(japanese.keys, english.keys)
        val gaps = { text: String -> Regex("%\\d\\$[sd]").findAll(text).map { it.value }.toSortedSet() }
        japanese.forEach { (name, text) -> assertEquals(gaps(text), gaps(english.getValue(name)), name) }
        Word.entries.forEach { assertTrue("word_${it.name.lowercase()}" in japanese, it.name) }
        assertTrue(english.filterKeys { it != "language" }.values.none { text -> text.any { it in 'ぁ'..'ん' } })
    }
}
