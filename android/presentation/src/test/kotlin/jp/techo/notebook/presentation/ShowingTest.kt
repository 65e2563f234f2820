package jp.techo.notebook.presentation

import jp.techo.core.Language
import jp.techo.notebook.presentation.platform.Paper
import jp.techo.notebook.presentation.platform.Unsealed
import jp.techo.notebook.presentation.screens.Clinic
import jp.techo.notebook.presentation.screens.ClinicPresenter
import jp.techo.notebook.presentation.screens.CodesPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.ReportPresenter
import jp.techo.notebook.presentation.screens.ToShow
import jp.techo.notebook.presentation.screens.UnlockPresenter
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.atomic.AtomicReference

/** What somebody else is shown or handed: never before its line, never longer than was meant, never without the person. */
class ShowingTest {
    @Test
    fun `nothing is on the screen before its line is in the ledger, and the showing is bright and in no screenshot`() =
        story {
            notebook()
            at<ClinicPresenter>().let { desk.follow(desk.vault { notebook -> notebook.settings() }.copy(secureScreen = false)) }
            assertFalse(fake.isProtected)
            val seen = AtomicReference<Clinic>()
            val presenter = clinic()
            watched.before = { name -> if (name == "beginShowing") seen.set(presenter.state.value.content) }
            presenter.begin()
            val shown = at<ClinicPresenter>().state.value.content
            assertNotNull(seen.get(), "its line was never written")
            assertNull(seen.get().shown, "shown before its line")
            val screen = shown.screen!!
            assertEquals("手帳 花子", screen.name)
            assertEquals("allergies", screen.sections.first().id)
            assertTrue(fake.isProtected && fake.isBright)
            assertEquals(1, fake.faces.size)
            assertEquals(1, showings())
            presenter.turn()
            assertEquals(Language.ENGLISH, at<ClinicPresenter>().state.value.content.language)
            assertNotEquals(screen.title, at<ClinicPresenter>().state.value.content.screen!!.title)
            assertEquals(1, showings())
        }

    @Test
    fun `leaving the app ends it - both lines are there, the light is given back and the notebook is locked`() =
        story {
            showing()
            desk.left()
            ended()
        }

    @Test
    fun `something in front of the app ends it`() =
        story {
            showing()
            desk.covered()
            ended()
        }

    @Test
    fun `laying the phone on its face ends it`() =
        story {
            showing()
            fake.faces.single()()
            ended()
        }

    @Test
    fun `the way back ends it`() =
        story {
            showing()
            assertTrue(shell.back())
            ended()
        }

    @Test
    fun `it ends after its minutes, neither earlier nor by the lock's own time`() =
        story {
            showing(minutes = 10)
            // Nobody touches a screen that somebody reads; the lock alone would be at five minutes.
            clock += 599_999
            desk.tick()
            assertNotNull(at<ClinicPresenter>().state.value.content.shown)
            assertEquals(1L, desk.wait()!!.inWholeMilliseconds)
            clock += 1
            desk.tick()
            ended()
        }

    @Test
    fun `a clock that jumps back ends it`() =
        story {
            clock = 1_000_000
            showing()
            clock = 999_999
            desk.tick()
            ended()
        }

    @Test
    fun `opening the notebook again leads to the choice and not to what was shown`() =
        story {
            showing()
            desk.left()
            at<UnlockPresenter>().byDevice()
            assertNull(at<ClinicPresenter>().state.value.content.shown)
        }

    @Test
    fun `the person is asked before each showing, and who turns away shows nothing and writes nothing`() =
        story {
            notebook()
            desk.lock()
            at<UnlockPresenter>().byDevice()
            settle()
            fake.lock.asked = 0
            fake.lock.instead = Unsealed.Cancelled
            clinic().begin()
            assertNull(at<ClinicPresenter>().state.value.content.shown)
            assertEquals(1, fake.lock.asked)
            assertEquals(0, showings())
            fake.lock.instead = null
            clinic().begin()
            assertNotNull(at<ClinicPresenter>().state.value.content.shown)
            assertEquals(2, fake.lock.asked)
        }

    @Test
    fun `nothing chosen and a day that is none are said, and nothing is shown`() =
        story {
            notebook()
            val presenter = clinic()
            presenter.fill(ToShow())
            presenter.begin()
            assertEquals("nothing_chosen", at<ClinicPresenter>().state.value.trouble?.id)
            presenter.fill(ToShow("first_visit", from = "きのう"))
            presenter.begin()
            assertEquals("day_unclear", at<ClinicPresenter>().state.value.trouble?.id)
            assertEquals(0, showings())
        }

    @Test
    fun `own items in place of the occasion's are all that is shown`() =
        story {
            notebook()
            val presenter = clinic()
            val part = at<ClinicPresenter>().state.value.content.names.parts.first().id
            presenter.fill(ToShow(items = setOf(part)))
            presenter.begin()
            assertEquals(listOf(part), at<ClinicPresenter>().state.value.content.screen!!.sections.map { it.id })
        }

    @Test
    fun `the sample family is shown without losing it afterwards`() =
        story {
            start(FirstWay.SAMPLE)
            settle()
            desk.inside.reset(Screen.Clinic(desk.vault { it.people() }.first().id))
            settle()
            clinic().begin()
            assertNotNull(at<ClinicPresenter>().state.value.content.shown)
            shell.back()
            assertNull(at<ClinicPresenter>().state.value.content.shown)
            assertEquals(Opened.SAMPLE, desk.open.value?.how)
            assertFalse(fake.isBright)
            assertEquals(emptyList<Any>(), fake.faces)
        }

    @Test
    fun `the report is saved, shared and printed, each time after the person was asked, and no draft stays`() =
        story {
            notebook()
            desk.lock()
            at<UnlockPresenter>().byDevice()
            settle()
            desk.inside.reset(Screen.Report(desk.vault { it.people() }.single().id))
            val report = at<ReportPresenter>()
            report.fill(ToShow("checkup_advice"))
            fake.lock.asked = 0
            fake.lock.instead = Unsealed.Cancelled
            report.save()
            assertNull(at<ReportPresenter>().state.value.content.done)
            assertEquals(emptyList<File>(), fake.picks.saved)
            fake.lock.instead = null
            report.save()
            assertNotNull(at<ReportPresenter>().state.value.content.done)
            assertEquals(2, fake.lock.asked)
            val html = fake.picks.saved.single().readText()
            assertTrue("手帳 花子" in html && "<script" !in html)
            report.share()
            at<ReportPresenter>()
            assertEquals(listOf("techo-report.html"), fake.shared)
            report.print()
            at<ReportPresenter>()
            assertEquals(Paper.A4, fake.printedPages.single().paper)
            assertTrue("手帳 花子" in fake.printedPages.single().html)
            assertFalse("花子" in fake.printedPages.toString())
            assertEquals(emptyList<File>(), File(folder, "app/drafts").walk().filter { it.isFile }.toList())
            fake.canPrint = false
            report.print()
            assertEquals("nothing_answers", at<ReportPresenter>().state.value.trouble?.id)
        }

    @Test
    fun `codes are made after the person was asked, looked over, shown brightly and given up with the lock`() =
        story {
            notebook()
            desk.lock()
            at<UnlockPresenter>().byDevice()
            settle()
            desk.inside.reset(Screen.Codes(desk.vault { it.people() }.single().id))
            val codes = at<CodesPresenter>()
            fake.lock.asked = 0
            fake.lock.instead = Unsealed.Cancelled
            codes.make()
            assertNull(at<CodesPresenter>().state.value.content.made)
            assertEquals(0, exports())
            fake.lock.instead = null
            codes.make()
            val made = at<CodesPresenter>().state.value.content
            assertEquals(2, fake.lock.asked)
            assertTrue(made.made!!.codes.isNotEmpty() && made.made.warning.isNotBlank())
            assertNull(made.shown)
            assertFalse(fake.isBright)
            assertEquals(1, exports())
            codes.begin()
            assertTrue(fake.isBright)
            val count = made.made.codes.size
            repeat(count) { codes.next() }
            assertEquals(0, codes.state.value.content.shown!!.at)
            codes.previous()
            assertEquals(count - 1, codes.state.value.content.shown!!.at)
            shell.back()
            assertFalse(fake.isBright)
            codes.begin()
            desk.left()
            settle()
            assertNull(desk.open.value)
            assertFalse(fake.isBright)
        }

    @Test
    fun `beside the pharmacist's screen stands the code of what it shows, and the way back leads to that screen`() =
        story {
            notebook()
            val presenter = clinic()
            presenter.codes()
            assertNull(at<ClinicPresenter>().state.value.content.codes)
            presenter.fill(ToShow("pharmacy", on = "2026-02-01"))
            presenter.begin()
            assertTrue(at<ClinicPresenter>().state.value.content.screen!!.code)
            presenter.codes()
            val shown = at<ClinicPresenter>().state.value
            assertTrue(shown.content.codes!!.code.squares.any { it == 1.toByte() }, "${shown.trouble}")
            assertEquals(1, exports())
            shell.back()
            assertNull(at<ClinicPresenter>().state.value.content.codes)
            assertNotNull(at<ClinicPresenter>().state.value.content.shown)
            shell.back()
            ended()
        }

    private suspend fun World.exports() = lines().count { "書き出しました" in it }

    private suspend fun World.notebook() {
        start()
        take("family/hanako-tokutei-2024.xml")
        take("family/hanako-okusuri-1.txt")
        desk.inside.reset(Screen.Clinic(desk.vault { it.people() }.single().id))
        settle()
    }

    private suspend fun World.clinic(): ClinicPresenter = at<ClinicPresenter>().apply { fill(ToShow("first_visit")) }

    private suspend fun World.showing(minutes: Int = 5) {
        notebook()
        clinic().apply { minutes(minutes) }.begin()
        assertNotNull(at<ClinicPresenter>().state.value.content.shown)
        assertEquals(1, showings())
    }

    private suspend fun World.showings() = lines().count { "見せ" in it }

    private suspend fun World.lines() = desk.vault { it.ledger(null, 50u) }.lines.map { it.text }

    /** It is over, and both of its lines stand in the ledger. */
    private suspend fun World.ended() {
        assertNull(desk.open.value)
        assertFalse(fake.isBright)
        assertEquals(emptyList<Any>(), fake.faces)
        assertTrue(fake.isProtected)
        at<UnlockPresenter>().byDevice()
        settle()
        yield()
        assertEquals(2, showings(), "${lines()}")
    }
}
