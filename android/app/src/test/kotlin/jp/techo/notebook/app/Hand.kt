package jp.techo.notebook.app

import android.os.Looper
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextReplacement
import jp.techo.core.ExportFormat
import jp.techo.core.ImportDraft
import jp.techo.core.Key
import jp.techo.core.Language
import jp.techo.core.NewKeys
import jp.techo.core.NoHandle
import jp.techo.core.Position
import jp.techo.core.TechoException
import jp.techo.core.VaultInterface
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Library
import jp.techo.notebook.presentation.Phone
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Shell
import jp.techo.notebook.presentation.TechoLibrary
import jp.techo.notebook.presentation.Top
import jp.techo.notebook.presentation.fakes.FakePhone
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.io.File
import java.nio.file.Files

/** The app with a phone in memory, whose disk can be full. Addresses come back through the activity, as on a phone. */
class WithFakePhone : TechoApplication() {
    val fake = FakePhone(Files.createTempDirectory("techo").toFile())

    /** Whether the library finds no room on the disk. */
    @Volatile
    var isFull = false

    override val library: Library =
        object : Library by TechoLibrary {
            override fun create(
                dir: String,
                keys: NewKeys,
                language: Language,
            ) = limited(TechoLibrary.create(dir, keys, language))

            override fun open(
                dir: String,
                key: Key,
                seen: Position?,
                language: Language,
            ) = limited(TechoLibrary.open(dir, key, seen, language))
        }

    override fun phone(): Phone =
        with(fake.phone()) {
            Phone(
                lock,
                memory,
                documents,
                pictures,
                share,
                printing,
                browser,
                platform.returns,
                notices,
                screen,
                library,
                preferences,
                cardKey,
                brightness,
                faceDown,
                painter,
            )
        }

    private fun room() {
        if (isFull) throw TechoException.NoSpace()
    }

    /** The real notebook, where what needs room is refused as the library refuses it. */
    private fun limited(inner: VaultInterface): VaultInterface =
        object : VaultInterface by inner {
            override fun look(
                path: String,
                name: String?,
            ): ImportDraft {
                val draft = inner.look(path, name)
                return object : ImportDraft(NoHandle) {
                    override fun view() = draft.view()

                    override fun take(
                        person: String,
                        anyway: Boolean,
                        digitsChecked: Boolean,
                    ) = room().let { draft.take(person, anyway, digitsChecked) }

                    override fun close() = draft.close()
                }
            }

            override fun export(
                format: ExportFormat,
                person: String?,
                passphrase: String?,
                out: String,
            ) = room().let { inner.export(format, person, passphrase, out) }
        }
}

/** A person with the whole app in the hand: looks, touches, writes, turns the phone. */
internal class Hand(
    private val rule: ComposeTestRule,
) {
    val app get() = RuntimeEnvironment.getApplication() as WithFakePhone
    val shell: Shell get() = app.shell(null)
    var controller: ActivityController<MainActivity> = Robolectric.buildActivity(MainActivity::class.java)

    /** Steps one and two of the first start, by way of [way]. */
    fun firstStart(way: Int) {
        tap(way)
        write(R.string.person_name, "手帳 花子")
        write(R.string.person_born, "昭和47年4月15日")
        tap(R.string.sex_female)
        tap(R.string.first_begin)
    }

    /** The person will pick this. */
    fun picks(fixture: String) = app.fake.picks.pick(File(System.getProperty("techo.root"), "tests/fixtures/$fixture"))

    val top get() = shell.top.value as? Top.At
    val screen: Screen? get() = top?.entry?.screen

    fun until(
        what: String,
        isSo: () -> Boolean,
    ) = rule.waitUntil(what, LIMIT) {
        // What other threads hand back to the main one is waited for also where nothing is drawn.
        shadowOf(Looper.getMainLooper()).idle()
        isSo()
    }

    fun text(id: Int) = controller.get().getString(id)

    fun wait(id: Int) = until("there is ${text(id)}") { seen(hasText(text(id)) and hasClickAction()) }

    fun tap(id: Int) = tap(text(id))

    fun tap(text: String) = touch(hasText(text, substring = true))

    fun touch(what: SemanticsMatcher) {
        val wanted = what and hasClickAction() and isEnabled()
        until("there is something to touch: ${what.description}") { seen(wanted) }
        rule.onAllNodes(wanted).onFirst().performSemanticsAction(SemanticsActions.OnClick)
    }

    fun write(
        id: Int,
        text: String,
    ) {
        val wanted = hasText(text(id)) and hasSetTextAction()
        until("there is a field ${text(id)}") { seen(wanted) }
        rule.onNode(wanted).performTextReplacement(text)
    }

    /** Whether it is on the screen, scrolled to where there is something to scroll. */
    fun seen(wanted: SemanticsMatcher): Boolean {
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

    fun there(wanted: SemanticsMatcher) = rule.onAllNodes(wanted).fetchSemanticsNodes(atLeastOneRootRequired = false).isNotEmpty()

    private companion object {
        const val LIMIT = 20_000L
    }
}
