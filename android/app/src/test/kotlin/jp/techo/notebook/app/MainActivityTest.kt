package jp.techo.notebook.app

import android.os.Bundle
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextReplacement
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Top
import jp.techo.notebook.presentation.fakes.FakePhone
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File
import java.nio.file.Files

/** The whole app with the real library, touched only where a person touches it. The phone alone is one in memory. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], application = MainActivityTest.WithFakePhone::class, qualifiers = "ja-rJP-w360dp-h720dp-hdpi")
class MainActivityTest {
    @get:Rule
    val rule = createEmptyComposeRule()

    private val app get() = RuntimeEnvironment.getApplication() as WithFakePhone
    private var controller: ActivityController<MainActivity> = Robolectric.buildActivity(MainActivity::class.java)

    /** The app, with a phone in memory. */
    class WithFakePhone : TechoApplication() {
        val fake = FakePhone(Files.createTempDirectory("techo").toFile())

        override fun phone() = fake.phone()
    }

    @After
    fun end() {
        app.forget()
        app.fake.root.deleteRecursively()
    }

    @Test
    fun `from the first start by way of a file to a record, with the phone turned on the way`() {
        controller.setup()
        firstStart()
        tap(R.string.import_file)
        wait(R.string.import_go)
        // Turned while the file waits to be taken in: the same process, another activity, the same draft.
        val before = controller.get()
        controller.recreate()
        assertTrue(before.isDestroyed && before !== controller.get())
        tap(R.string.import_go)
        tap(R.string.import_see)
        rule.waitUntil(LIMIT) { screen() is Screen.Event }
        // Covered until the person looks: not even a screen reader says it.
        val covered = hasContentDescription(text(R.string.hidden_value))
        rule.waitUntil(LIMIT) { there(covered) }
        assertFalse(seen(hasText(MEASURED, substring = true)))
        touch(hasContentDescription(text(R.string.show_values)))
        tap(MEASURED)
        rule.waitUntil(LIMIT) { screen() is Screen.Record }
        touch(hasContentDescription(text(R.string.show_values)))
        rule.waitUntil(LIMIT) { seen(hasText(MEASURED, substring = true)) && seen(hasText(text(R.string.source))) }
        assertFalse(seen(covered))
    }

    @Test
    fun `after the death of the process the notebook is locked, and opening it leads back to the picked file`() {
        controller.setup()
        firstStart()
        tap(R.string.import_file)
        wait(R.string.import_go)
        val kept = Bundle()
        controller.pause().stop().saveInstanceState(kept).destroy()
        val earlier = app.shell(null)
        app.forget()
        controller = Robolectric.buildActivity(MainActivity::class.java).setup(kept)
        assertNull(app.shell(null).desk.open.value)
        assertTrue(earlier !== app.shell(null))
        tap(R.string.unlock_by_device)
        wait(R.string.import_go)
        assertEquals(Opened.WHOLE, app.shell(null).desk.open.value?.how)
    }

    private fun firstStart() {
        tap(R.string.first_file)
        write(R.string.person_name, "手帳 花子")
        write(R.string.person_born, "昭和47年4月15日")
        tap(R.string.sex_female)
        app.fake.picks.pick(File(System.getProperty("techo.root"), "tests/fixtures/family/hanako-tokutei-2024.xml"))
        tap(R.string.first_begin)
    }

    private fun screen() = (app.shell(null).top.value as? Top.At)?.entry?.screen

    private fun text(id: Int) = controller.get().getString(id)

    private fun wait(id: Int) = rule.waitUntil(LIMIT) { seen(hasText(text(id)) and hasClickAction()) }

    private fun tap(id: Int) = tap(text(id))

    private fun tap(text: String) = touch(hasText(text, substring = true))

    private fun touch(what: SemanticsMatcher) {
        val wanted = what and hasClickAction() and isEnabled()
        rule.waitUntil("there is something to touch: ${what.description}", LIMIT) { seen(wanted) }
        rule.onAllNodes(wanted).onFirst().performSemanticsAction(SemanticsActions.OnClick)
    }

    private fun write(
        id: Int,
        text: String,
    ) {
        val wanted = hasText(text(id)) and hasSetTextAction()
        rule.waitUntil(LIMIT) { seen(wanted) }
        rule.onNode(wanted).performTextReplacement(text)
    }

    /** Whether it is on the screen, scrolled to where there is something to scroll. */
    private fun seen(wanted: SemanticsMatcher): Boolean {
        if (there(wanted)) return true
        if (!there(hasScrollToNodeAction())) return false
        try {
            rule.onAllNodes(hasScrollToNodeAction()).onFirst().performScrollToNode(wanted)
        } catch (_: AssertionError) {
            // Not in the list, or not yet.
            return false
        }
        return there(wanted)
    }

    private fun there(wanted: SemanticsMatcher) = rule.onAllNodes(wanted).fetchSemanticsNodes(atLeastOneRootRequired = false).isNotEmpty()

    private companion object {
        const val LIMIT = 20_000L
        const val MEASURED = "収縮期血圧"
    }
}
