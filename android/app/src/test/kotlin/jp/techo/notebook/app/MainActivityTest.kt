package jp.techo.notebook.app

import android.content.Intent
import android.net.Uri
import android.os.Bundle
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import jp.techo.core.FetchStep
import jp.techo.core.TechoException
import jp.techo.core.errorText
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Place
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.fakes.Town
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.Saved
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.Fetching
import jp.techo.notebook.presentation.screens.KitPresenter
import kotlinx.coroutines.isActive
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

/** The whole app with the real library, touched only where a person touches it, on the oldest Android and the newest. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [30, 35], application = WithFakePhone::class, qualifiers = "ja-rJP-w360dp-h720dp-hdpi")
class MainActivityTest {
    @get:Rule
    val rule = createEmptyComposeRule()

    private val hand = Hand(rule)
    private val app get() = hand.app

    @After
    fun end() {
        app.forget()
        app.fake.root.deleteRecursively()
    }

    @Test
    fun `from the first start by way of a file to a record, with the phone turned on the way`() =
        with(hand) {
            controller.setup()
            firstFile()
            tap(R.string.import_file)
            wait(R.string.import_go)
            // Turned while the file waits to be taken in: the same process, another activity, the same draft.
            val before = controller.get()
            controller.recreate()
            assertTrue(before.isDestroyed && before !== controller.get())
            tap(R.string.import_go)
            tap(R.string.import_see)
            until("the event is open") { screen is Screen.Event }
            // Covered until the person looks: not even a screen reader says it.
            val covered = hasContentDescription(text(R.string.hidden_value))
            until("values are covered") { there(covered) }
            assertFalse(seen(hasText(MEASURED, substring = true)))
            touch(hasContentDescription(text(R.string.show_values)))
            tap(MEASURED)
            until("the record is open") { screen is Screen.Record }
            touch(hasContentDescription(text(R.string.show_values)))
            until("value and source are seen") { seen(hasText(MEASURED, substring = true)) && seen(hasText(text(R.string.source))) }
            assertFalse(seen(covered))
        }

    @Test
    fun `after the death of the process the notebook is locked, and opening it leads back to the picked file`() =
        with(hand) {
            controller.setup()
            firstFile()
            tap(R.string.import_file)
            wait(R.string.import_go)
            diesAndReturns()
            tap(R.string.unlock_by_device)
            wait(R.string.import_go)
            assertEquals(Opened.WHOLE, shell.desk.open.value?.how)
        }

    @Test
    fun `a fetch whose process dies while the browser is out goes on where the browser comes back to`() =
        with(hand) {
            Town().use { town ->
                Place(app.platform.folder).keepProfile(town.profile)
                controller.setup()
                firstStart(R.string.first_fetch)
                tap(CHECKUP)
                tap(R.string.fetch_ask)
                // The question has the item once more, and nothing is granted before it is ticked there.
                wait(R.string.consent_decline)
                tap(CHECKUP)
                tap(R.string.consent_answer)
                tap(R.string.fetch_browse)
                var visited = app.fake.opened.last()
                val back = town.visit(visited, "hanako")
                diesAndReturns()
                comesBack(back)
                // To a locked notebook: the address waits, and is shown to nobody, until the person has opened it.
                assertNull(shell.desk.open.value)
                assertEquals(back, shell.desk.arrival.value)
                tap(R.string.unlock_by_device)
                until("the address was taken") { shell.desk.open.value != null && shell.desk.arrival.value == null }
                while (step() !is FetchStep.Done) {
                    until("the person is needed") {
                        step().let { it is FetchStep.Done || it is FetchStep.Confirm || it is FetchStep.Browse && it.url != visited }
                    }
                    when (val step = step()) {
                        is FetchStep.Confirm -> {
                            tap(R.string.yes)
                            until("the answer was taken") { step() !== step }
                        }
                        is FetchStep.Browse -> {
                            tap(R.string.fetch_browse)
                            visited = step.url
                            comesBack(town.visit(visited, "hanako"))
                        }
                        else -> Unit
                    }
                }
                tap(R.string.import_see)
                until("the timeline is open") { screen is Screen.Timeline }
                runBlocking { assertTrue(shell.desk.vault { it.people() }.single().records > 0uL) }
            }
        }

    @Test
    fun `a full disk is said on the screen, nothing is taken in by half, and with room again it goes`() =
        with(hand) {
            controller.setup()
            firstFile()
            // The phone has no room for its own copy.
            app.fake.picks.next = Picked.NoSpace
            tap(R.string.import_file)
            until("it is said") { seen(hasText(text(R.string.word_no_room))) && seen(hasText(text(R.string.word_no_room_todo))) }
            tap(R.string.understood)
            assertFalse(seen(hasText(text(R.string.word_no_room))))
            // The copy fits, and the notebook does not.
            picks(CHECKUP_FILE)
            tap(R.string.import_file)
            wait(R.string.import_go)
            app.isFull = true
            tap(R.string.import_go)
            saidByTheCore()
            assertEquals(0uL, records())
            app.isFull = false
            tap(R.string.import_go)
            wait(R.string.import_see)
            assertTrue(records() > 0uL)
        }

    @Test
    fun `a full disk is said on the screen, and no half file goes out`() =
        with(hand) {
            controller.setup()
            firstFile()
            tap(R.string.import_file)
            tap(R.string.import_go)
            wait(R.string.import_see)
            shell.desk.go(Screen.Export)
            app.isFull = true
            tap(R.string.export_save)
            saidByTheCore()
            assertEquals(emptyList<File>(), drafts())
            assertEquals(emptyList<File>(), app.fake.picks.saved)
            // The notebook's export fits, and the place the person chose does not.
            app.isFull = false
            app.fake.picks.saves = Saved.NoSpace
            tap(R.string.export_save)
            until("it is said") { seen(hasText(text(R.string.word_no_room))) && seen(hasText(text(R.string.word_no_room_todo))) }
            assertEquals(emptyList<File>(), drafts())
            assertEquals(emptyList<File>(), app.fake.picks.saved)
            app.fake.picks.saves = Saved.Done(null)
            tap(R.string.export_save)
            until("it is written") { app.fake.picks.saved.singleOrNull()?.length()?.let { it > 0 } == true }
            until("the draft is gone") { drafts().isEmpty() }
        }

    @Test
    fun `the kit stays on the screen while it is printed, and leaving the app afterwards locks`() =
        with(hand) {
            controller.setup()
            firstFile()
            wait(R.string.import_file)
            shell.desk.go(Screen.Kit)
            tap(R.string.kit_make)
            tap(R.string.kit_print)
            assertEquals(1, app.fake.printed.size)
            controller.pause().stop()
            assertNotNull(shell.desk.open.value)
            controller.restart().start().resume()
            assertNotNull((top?.presenter as KitPresenter).state.value.content.kit)
            controller.pause().stop()
            assertNull(shell.desk.open.value)
        }

    @Test
    fun `a sheet that only lay over the app is no reason to stay open afterwards`() =
        with(hand) {
            controller.setup()
            firstFile()
            wait(R.string.import_file)
            shell.desk.go(Screen.Kit)
            tap(R.string.kit_make)
            tap(R.string.kit_print)
            controller.pause().resume()
            controller.pause().stop()
            assertNull(shell.desk.open.value)
        }

    private fun Hand.firstFile() {
        picks(CHECKUP_FILE)
        firstStart(R.string.first_file)
    }

    /** The system ends the process, and the person comes back to what it kept of the activity. */
    private fun Hand.diesAndReturns() {
        val kept = Bundle()
        controller.pause().stop().saveInstanceState(kept).destroy()
        val earlier = shell
        app.forget()
        until("the earlier process has ended") { !earlier.desk.scope.isActive }
        controller = Robolectric.buildActivity(MainActivity::class.java).setup(kept)
        assertTrue(earlier !== shell)
        assertNull(shell.desk.open.value)
    }

    /** The browser hands the activity [address], as the system hands on an App Link. */
    private fun Hand.comesBack(address: String) {
        controller.newIntent(Intent(Intent.ACTION_VIEW, Uri.parse(address)))
        rule.waitForIdle()
    }

    private fun Hand.step() = (((top?.presenter as? FetchPresenter)?.state?.value?.content?.stage as? Fetching.Running)?.state?.step)

    /** The core's own sentence for a full disk, and what to do. */
    private fun Hand.saidByTheCore() {
        val said = errorText(TechoException.NoSpace(), app.language())
        until("the core's sentence is said") { seen(hasText(said.what)) && seen(hasText(said.todo)) }
    }

    private fun Hand.records() = runBlocking { shell.desk.vault { it.people() }.single().records }

    private fun drafts() = File(app.platform.folder, "drafts").walk().filter { it.isFile }.toList()

    private companion object {
        const val MEASURED = "収縮期血圧"
        const val CHECKUP = "健診"
        const val CHECKUP_FILE = "family/hanako-tokutei-2024.xml"
    }
}
