package jp.techo.notebook.app

import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.screens.CardPresenter
import jp.techo.notebook.presentation.screens.ClinicPresenter
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
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Showing and the emergency card in the whole app, with the real library, touched where a person touches it. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [30, 35], application = WithFakePhone::class, qualifiers = "ja-rJP-w360dp-h720dp-hdpi")
class ShowingActivityTest {
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
    fun `what is shown is covered until it is touched, stays when the phone is turned, and is gone with anything in front`() =
        with(hand) {
            controller.setup()
            notebook()
            shell.desk.go(Screen.Clinic(person()))
            // Not the switch whose words hold the button's.
            until("the occasions are there") {
                (top?.presenter as? ClinicPresenter)?.state?.value?.content?.names?.occasions?.isNotEmpty() ==
                    true
            }
            touch(hasText(text(R.string.clinic_begin)))
            wait(R.string.clinic_uncover)
            assertTrue(app.fake.isBright)
            assertFalse("the name is covered", seen(hasText("手帳 花子")))
            assertTrue(seen(hasContentDescription(text(R.string.hidden_value))))
            tap(R.string.clinic_uncover)
            until("the name is seen") { seen(hasText("手帳 花子")) }
            controller.recreate()
            assertNotNull((top?.presenter as ClinicPresenter).state.value.content.shown)
            // Only laid over, not left: a call, another window.
            controller.pause()
            assertNull(shell.desk.open.value)
            assertFalse(app.fake.isBright)
            controller.resume()
            until("the door is shut") { seen(hasText(text(R.string.unlock_by_device))) }
            assertFalse(seen(hasText("手帳 花子")))
            tap(R.string.unlock_by_device)
            // Back to the choice, not to what was shown.
            until("the choice is there") { (top?.presenter as? ClinicPresenter)?.state?.value?.content?.names?.name == "手帳 花子" }
            assertNull((top?.presenter as ClinicPresenter).state.value.content.shown)
        }

    @Test
    fun `the card is one touch away from the locked notebook, where the person allowed it`() =
        with(hand) {
            controller.setup()
            notebook()
            shell.desk.go(Screen.Card(person()))
            tap(R.string.card_begin)
            until("the words are there") { (top?.presenter as? CardPresenter)?.state?.value?.content?.typed != null }
            (top?.presenter as CardPresenter).type("blood_group", "A Rh+")
            tap(R.string.card_write)
            tap(R.string.card_without)
            until("it lies there") { (top?.presenter as? CardPresenter)?.state?.value?.content?.isSealed == true }
            controller.pause().stop().restart().start().resume()
            until("it is locked") { shell.desk.open.value == null && seen(hasText(text(R.string.card_locked_note))) }
            tap(R.string.card_locked_note)
            until("the card is read") { seen(hasText("A Rh+")) && seen(hasText("手帳 花子")) }
            assertNull(shell.desk.open.value)
            assertEquals(Screen.LockedCards, screen)
        }

    private fun Hand.notebook() {
        picks("family/hanako-tokutei-2024.xml")
        firstStart(R.string.first_file)
        wait(R.string.import_file)
    }

    private fun Hand.person() = runBlocking { shell.desk.vault { it.people() }.single().id }
}
