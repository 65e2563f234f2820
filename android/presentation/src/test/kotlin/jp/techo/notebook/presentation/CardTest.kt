package jp.techo.notebook.presentation

import jp.techo.core.CardState
import jp.techo.core.TimelineQuery
import jp.techo.notebook.presentation.platform.Paper
import jp.techo.notebook.presentation.platform.Unsealed
import jp.techo.notebook.presentation.screens.CardPresenter
import jp.techo.notebook.presentation.screens.DecidePresenter
import jp.techo.notebook.presentation.screens.Decision
import jp.techo.notebook.presentation.screens.ErasePresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.LockedCardsPresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import jp.techo.notebook.presentation.screens.WritePresenter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.atomic.AtomicReference

/** The emergency card: what is on it, who can read it, and that the one outside of the notebook never says too much. */
class CardTest {
    @Test
    fun `own words and what the records say make the card, and who opens the notebook can read it`() =
        story {
            notebook()
            allergy("ペニシリン")
            write("blood_group" to "A Rh+", "allergies" to RECORDS, "contacts" to "夫 090-0000-0000")
            val card = at<CardPresenter>().state.value.content
            assertNull(card.typed)
            assertEquals(CardState.AFTER_UNLOCK, card.state)
            val said = card.sheet!!.rows.flatMap { it.lines }
            assertTrue(said.any { "ペニシリン" in it } && "A Rh+" in said && "夫 090-0000-0000" in said, "$said")
            assertFalse(desk.cards.any())
            assertFalse("ペニシリン" in card.toString())
        }

    @Test
    fun `without unlocking it is read from its own file, with one tap and without the notebook`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            lay()
            desk.lock()
            assertTrue(at<UnlockPresenter>().state.value.content.hasCard)
            // The notebook is not there at all.
            desk.closed()
            File(place.vault).renameTo(File(folder, "away"))
            at<UnlockPresenter>().card()
            val sheet = at<LockedCardsPresenter>().state.value.content.sheets.single()
            assertEquals("手帳 花子", sheet.name)
            assertEquals(listOf("A Rh+"), sheet.rows.flatMap { it.lines })
            assertNull(desk.open.value)
            File(folder, "away").renameTo(File(place.vault))
            assertTrue(shell.back())
            at<UnlockPresenter>()
        }

    @Test
    fun `nobody lays it there without the person, nor where the keystore keeps no key`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            again()
            fake.lock.instead = Unsealed.Cancelled
            card().set(CardState.WITHOUT_UNLOCKING)
            assertEquals(CardState.AFTER_UNLOCK, card().state.value.content.state)
            assertFalse(desk.cards.any())
            assertEquals(1, fake.lock.asked)
            fake.lock.instead = null
            fake.cardKey.isAway = true
            card().set(CardState.WITHOUT_UNLOCKING)
            assertEquals("no_card_key", card().state.value.trouble?.id)
            assertEquals(CardState.AFTER_UNLOCK, card().state.value.content.state)
            assertFalse(desk.cards.any())
        }

    @Test
    fun `switched off, its file and its key are gone`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            for (state in listOf(CardState.AFTER_UNLOCK, CardState.OFF)) {
                lay()
                assertNotNull(fake.cardKey.kept)
                card().set(state)
                assertEquals(state, card().state.value.content.state)
                assertFalse(desk.cards.any())
                assertNull(fake.cardKey.kept)
            }
            desk.lock()
            assertFalse(at<UnlockPresenter>().state.value.content.hasCard)
        }

    @Test
    fun `it follows what is written, and a writing that changes nothing on it asks nobody`() =
        story {
            notebook()
            write("allergies" to RECORDS, "medicines" to RECORDS)
            lay()
            again()
            measurement()
            assertEquals(0, fake.lock.asked)
            allergy("ペニシリン")
            assertEquals(1, fake.lock.asked)
            assertTrue(locked().any { "ペニシリン" in it }, "${locked()}")
            take("family/hanako-okusuri-1.txt")
            val whose = person()
            assertEquals(desk.vault { it.cardOrNone(whose, desk) }!!.rows.flatMap { it.lines }, locked())
            // Taken back by the person.
            val record = records().first { "ペニシリン" in it.title }.id!!
            desk.go(Screen.Decide(Decision.REMOVE, record))
            at<DecidePresenter>().decide()
            assertNotNull(at<DecidePresenter>().state.value.content.done)
            assertFalse(locked().any { "ペニシリン" in it }, "${locked()}")
        }

    @Test
    fun `who does not confirm the new card has none any more, and is told`() =
        story {
            notebook()
            write("allergies" to RECORDS)
            lay()
            again()
            fake.lock.instead = Unsealed.Cancelled
            allergy("ペニシリン", said = "card_gone")
            assertTrue(records().any { "ペニシリン" in it.title }, "what was written is written")
            assertFalse(desk.cards.any())
            val whose = person()
            assertEquals(CardState.AFTER_UNLOCK, desk.vault { it.cardState(whose) })
        }

    @Test
    fun `nothing erased lives on in it, not even while it is being erased`() =
        story {
            notebook()
            allergy("ペニシリン")
            write("allergies" to RECORDS, "blood_group" to "A Rh+")
            lay()
            assertTrue(locked().any { "ペニシリン" in it })
            val (files, key) = files() to fake.cardKey.kept!!.toList()
            val during = AtomicReference<List<File>>()
            watched.before = { name -> if (name == "erase") during.set(files()) }
            desk.go(Screen.Erase(ErasedKind.RECORD, records().first { "ペニシリン" in it.title }.id!!))
            at<ErasePresenter>().sure(true)
            at<ErasePresenter>().erase()
            assertNotNull(at<ErasePresenter>().state.value.content.done)
            assertEquals(1, files.size)
            assertEquals(emptyList<File>(), during.get())
            assertFalse(locked().any { "ペニシリン" in it }, "${locked()}")
            assertTrue("A Rh+" in locked())
            assertFalse(key == fake.cardKey.kept!!.toList(), "the old card's key is gone")
        }

    @Test
    fun `an erasure that fails leaves the card there`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            lay()
            desk.go(Screen.Erase(ErasedKind.RECORD, records().first().id!!))
            val erase = at<ErasePresenter>()
            erase.sure(true)
            watched.before = { name -> if (name == "erase") throw jp.techo.core.TechoException.NoSpace() }
            erase.erase()
            assertEquals("no_space", at<ErasePresenter>().state.value.trouble?.id)
            assertEquals(listOf("A Rh+"), locked())
        }

    @Test
    fun `with the person the card goes, too`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            lay()
            desk.go(Screen.Erase(ErasedKind.PERSON, person()))
            at<ErasePresenter>().sure(true)
            at<ErasePresenter>().erase()
            assertNotNull(at<ErasePresenter>().state.value.content.done)
            assertEquals(emptyList<File>(), files())
            assertNull(fake.cardKey.kept)
        }

    @Test
    fun `a card of nobody goes when the notebook is opened`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            lay()
            val file = files().single()
            val stranger = File(file.parentFile, "00000000-0000-0000-0000-000000000000")
            file.copyTo(stranger)
            desk.lock()
            at<UnlockPresenter>().byDevice()
            settle()
            assertEquals(listOf(file), files())
        }

    @Test
    fun `a key that is gone shows no card and takes nothing else away`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            lay()
            desk.lock()
            fake.cardKey.kept = null
            at<UnlockPresenter>().card()
            assertEquals(emptyList<Any>(), at<LockedCardsPresenter>().state.value.content.sheets)
            assertNull(at<LockedCardsPresenter>().state.value.trouble)
            shell.back()
            at<UnlockPresenter>().byDevice()
            settle()
            assertNotNull(card().state.value.content.sheet)
        }

    @Test
    fun `picture and page go out only after the person was asked`() =
        story {
            notebook()
            write("blood_group" to "A Rh+")
            again()
            fake.lock.instead = Unsealed.Cancelled
            card().sharePicture()
            card().print()
            card()
            assertTrue(fake.shared.isEmpty() && fake.printedPages.isEmpty())
            assertEquals(2, fake.lock.asked)
            fake.lock.instead = null
            card().sharePicture()
            card().savePicture()
            card().sharePage()
            card().print()
            card()
            assertEquals(listOf("techo-card.png", "techo-card.html"), fake.shared)
            assertTrue("A Rh+" in fake.picks.saved.single().readText())
            assertEquals(Paper.A6, fake.printedPages.single().paper)
        }

    @Test
    fun `the sample family's card is never laid outside`() =
        story {
            start(FirstWay.SAMPLE)
            settle()
            desk.inside.reset(Screen.Card(desk.vault { it.people() }.first().id))
            write("blood_group" to "A Rh+")
            card().set(CardState.WITHOUT_UNLOCKING)
            assertEquals(CardState.AFTER_UNLOCK, card().state.value.content.state)
            assertEquals(emptyList<File>(), files())
        }

    private suspend fun World.notebook() {
        start()
        take("family/hanako-tokutei-2024.xml")
        desk.inside.reset(Screen.Card(person()))
        settle()
    }

    private suspend fun World.card(): CardPresenter {
        if (settle() !is CardPresenter) desk.inside.reset(Screen.Card(person()))
        return at()
    }

    private suspend fun World.person() = desk.vault { it.people() }.first().id

    private suspend fun World.records() =
        desk.vault { notebook ->
            notebook.timeline(TimelineQuery(null, null, null, null, null, 50u)).rows.flatMap { notebook.event(it.id).records }
        }

    private suspend fun World.write(vararg words: Pair<String, String>) {
        val card = card()
        card.edit()
        words.forEach { (field, text) -> if (text == RECORDS) card.fromRecords(field, true) else card.type(field, text) }
        assertTrue(card.state.value.content.isReady)
        card.write()
        assertNull(card().state.value.trouble)
    }

    private suspend fun World.lay() {
        card().set(CardState.WITHOUT_UNLOCKING)
        val card = card().state.value
        assertEquals(CardState.WITHOUT_UNLOCKING, card.content.state, "${card.trouble}")
        assertTrue(card.content.isSealed)
    }

    /** Opened by the phone's lock, which is no presence. */
    private suspend fun World.again() {
        desk.lock()
        at<UnlockPresenter>().byDevice()
        settle()
        fake.lock.asked = 0
    }

    private suspend fun World.allergy(
        name: String,
        said: String? = null,
    ) = entry("allergy", said, "on" to "2020-07-01", "name" to name)

    private suspend fun World.measurement() = entry("note", null, "on" to "2020-07-01", "title" to "様子", "text" to "元気")

    private suspend fun World.entry(
        kind: String,
        said: String?,
        vararg values: Pair<String, String>,
    ) {
        desk.go(Screen.Write(person()))
        val write = at<WritePresenter>()
        write.kind(kind)
        at<WritePresenter>()
        values.forEach { (field, text) -> write.type(field, text) }
        write.write()
        val state = at<WritePresenter>().state.value
        assertEquals(said, state.trouble?.id)
        assertNotNull(state.content.done, "${state.content.troubles.map { it.field }} of ${state.content.fields.map { it.id }}")
        desk.back()
    }

    /** What the card outside of the notebook says. */
    private suspend fun World.locked() = desk.cards.locked().single().rows.flatMap { it.lines }

    private fun World.files() = File(folder, "app/cards").listFiles().orEmpty().toList()

    private companion object {
        const val RECORDS = "@records"
    }
}
