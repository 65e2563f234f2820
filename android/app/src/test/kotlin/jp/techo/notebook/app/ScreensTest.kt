package jp.techo.notebook.app

import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.performSemanticsAction
import jp.techo.core.SlotKind
import jp.techo.notebook.app.ui.AttachActs
import jp.techo.notebook.app.ui.AttachScreen
import jp.techo.notebook.app.ui.BackupScreen
import jp.techo.notebook.app.ui.ChangesScreen
import jp.techo.notebook.app.ui.CheckScreen
import jp.techo.notebook.app.ui.ConsentsScreen
import jp.techo.notebook.app.ui.DayScreen
import jp.techo.notebook.app.ui.DaysScreen
import jp.techo.notebook.app.ui.DecideActs
import jp.techo.notebook.app.ui.DecideScreen
import jp.techo.notebook.app.ui.EraseScreen
import jp.techo.notebook.app.ui.EventActs
import jp.techo.notebook.app.ui.EventScreen
import jp.techo.notebook.app.ui.ExportActs
import jp.techo.notebook.app.ui.ExportScreen
import jp.techo.notebook.app.ui.FamilyActs
import jp.techo.notebook.app.ui.FetchActs
import jp.techo.notebook.app.ui.FetchScreen
import jp.techo.notebook.app.ui.FirstStartActs
import jp.techo.notebook.app.ui.FirstStartScreen
import jp.techo.notebook.app.ui.Frame
import jp.techo.notebook.app.ui.HistoryScreen
import jp.techo.notebook.app.ui.ImportActs
import jp.techo.notebook.app.ui.ImportScreen
import jp.techo.notebook.app.ui.KeysScreen
import jp.techo.notebook.app.ui.KitScreen
import jp.techo.notebook.app.ui.LedgerScreen
import jp.techo.notebook.app.ui.LegalScreen
import jp.techo.notebook.app.ui.LinksActs
import jp.techo.notebook.app.ui.LinksScreen
import jp.techo.notebook.app.ui.MedicinesActs
import jp.techo.notebook.app.ui.MedicinesScreen
import jp.techo.notebook.app.ui.NewPersonScreen
import jp.techo.notebook.app.ui.NoLibraryScreen
import jp.techo.notebook.app.ui.PeopleActs
import jp.techo.notebook.app.ui.PeopleScreen
import jp.techo.notebook.app.ui.RecordActs
import jp.techo.notebook.app.ui.RecordScreen
import jp.techo.notebook.app.ui.RestoreActs
import jp.techo.notebook.app.ui.RestoreScreen
import jp.techo.notebook.app.ui.SearchActs
import jp.techo.notebook.app.ui.SearchScreen
import jp.techo.notebook.app.ui.SettingsActs
import jp.techo.notebook.app.ui.SettingsScreen
import jp.techo.notebook.app.ui.ShowingActs
import jp.techo.notebook.app.ui.TechoTheme
import jp.techo.notebook.app.ui.TimelineActs
import jp.techo.notebook.app.ui.TimelineScreen
import jp.techo.notebook.app.ui.UnlockActs
import jp.techo.notebook.app.ui.UnlockScreen
import jp.techo.notebook.app.ui.WithdrawScreen
import jp.techo.notebook.app.ui.WritingActs
import jp.techo.notebook.app.ui.WritingScreen
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Said
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.TroubleView
import jp.techo.notebook.presentation.platform.LibraryState
import jp.techo.notebook.presentation.screens.Attach
import jp.techo.notebook.presentation.screens.Backup
import jp.techo.notebook.presentation.screens.Changes
import jp.techo.notebook.presentation.screens.Check
import jp.techo.notebook.presentation.screens.Consents
import jp.techo.notebook.presentation.screens.DaysOf
import jp.techo.notebook.presentation.screens.Deciding
import jp.techo.notebook.presentation.screens.Decision
import jp.techo.notebook.presentation.screens.Erase
import jp.techo.notebook.presentation.screens.Event
import jp.techo.notebook.presentation.screens.Export
import jp.techo.notebook.presentation.screens.Fetch
import jp.techo.notebook.presentation.screens.Fetching
import jp.techo.notebook.presentation.screens.FirstStart
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.History
import jp.techo.notebook.presentation.screens.Import
import jp.techo.notebook.presentation.screens.Importing
import jp.techo.notebook.presentation.screens.Keys
import jp.techo.notebook.presentation.screens.Kit
import jp.techo.notebook.presentation.screens.Ledger
import jp.techo.notebook.presentation.screens.Legal
import jp.techo.notebook.presentation.screens.Links
import jp.techo.notebook.presentation.screens.Medicines
import jp.techo.notebook.presentation.screens.OneDay
import jp.techo.notebook.presentation.screens.People
import jp.techo.notebook.presentation.screens.PersonForm
import jp.techo.notebook.presentation.screens.Record
import jp.techo.notebook.presentation.screens.Restore
import jp.techo.notebook.presentation.screens.Search
import jp.techo.notebook.presentation.screens.Settings
import jp.techo.notebook.presentation.screens.Timeline
import jp.techo.notebook.presentation.screens.Unlock
import jp.techo.notebook.presentation.screens.Withdraw
import jp.techo.notebook.presentation.screens.Writing
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/**
 * Every screen, drawn: in Japanese and English, by night and with letters of double size; and of each, that whatever can be
 * touched is large enough and has a name.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], application = android.app.Application::class)
class ScreensTest {
    @get:Rule
    val rule = createEmptyComposeRule()

    private var content by mutableStateOf<Pair<String, @Composable () -> Unit>?>(null)

    @Test
    @Config(qualifiers = "ja-rJP-w360dp-h720dp-hdpi")
    fun `in Japanese`() = all("ja", isJapanese = true)

    @Test
    @Config(qualifiers = "en-rUS-w360dp-h720dp-hdpi")
    fun `in English`() = all("en", isJapanese = false)

    @Test
    @Config(qualifiers = "ja-rJP-w360dp-h720dp-night-hdpi")
    fun `by night`() = all("dark", isJapanese = true)

    @Test
    @Config(qualifiers = "ja-rJP-w360dp-h720dp-hdpi", fontScale = 2.0f)
    fun `with letters of double size`() = all("large", isJapanese = true)

    @Test
    @Config(sdk = [30], qualifiers = "ja-rJP-w360dp-h720dp-hdpi")
    fun `on the oldest Android`() = all(null, isJapanese = true)

    private fun all(
        variant: String?,
        isJapanese: Boolean,
    ) {
        val activity = Robolectric.buildActivity(ComponentActivity::class.java).setup().get()
        activity.setContent { content?.let { (name, draw) -> key(name) { TechoTheme { draw() } } } }
        val wrong = mutableListOf<String>()
        val samples = Samples(isJapanese)
        val kinds = if (variant == "ja" || variant == "en") kinds(samples) else emptyList()
        (screens(samples) + byHand(samples) + families(samples) + showing(samples) + kinds).forEach { (name, draw) ->
            content = name to draw
            rule.waitForIdle()
            if (name.endsWith("-end")) scrollToEnd()
            wrong += faults(name, activity.resources.displayMetrics.density)
            if (variant != null) {
                try {
                    Golden().check(activity, "$name-$variant")
                } catch (error: AssertionError) {
                    wrong += "$name-$variant: ${error.message}"
                }
            }
        }
        assertEquals(emptyList<String>(), wrong)
    }

    /** To what does not fit on the first screen. */
    private fun scrollToEnd() {
        val list = rule.onNode(hasScrollToIndexAction())
        list.performSemanticsAction(SemanticsActions.ScrollBy) { scroll -> scroll(0f, LONG_WAY) }
        rule.waitForIdle()
    }

    /** What of the touchable things is too small or has no name. */
    private fun faults(
        screen: String,
        density: Float,
    ): List<String> {
        val touchable = SemanticsMatcher("can be touched") { it.config.getOrNull(SemanticsActions.OnClick) != null }
        val nodes = rule.onAllNodes(touchable).fetchSemanticsNodes()
        assertTrue("$screen has nothing to touch", nodes.isNotEmpty() || screen == "no-library")
        return nodes.flatMap { node ->
            // What is partly scrolled away is measured where it is whole.
            val bounds = node.touchBoundsInRoot
            val isWhole = node.boundsInRoot.height >= node.size.height - 1
            val small = isWhole && (bounds.width / density < LEAST || bounds.height / density < LEAST)
            listOfNotNull(
                "$screen: too small, ${node.name()}: ${bounds.width / density} × ${bounds.height / density}".takeIf { small },
                "$screen: no name, ${node.config}".takeIf { node.name().isBlank() },
            )
        }
    }

    private fun SemanticsNode.name(): String {
        val text = config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString(" ") { it.text }
        val description = config.getOrNull(SemanticsProperties.ContentDescription).orEmpty().joinToString(" ")
        val typed = config.getOrNull(SemanticsProperties.EditableText)?.text.orEmpty()
        return "$text $description $typed".trim()
    }

    private fun screens(s: Samples): List<Pair<String, @Composable () -> Unit>> {
        val frame = Frame({})
        val first = FirstStartActs({}, {}, {}, {}, {}, { _, _ -> }, {}, {})
        val unlock = UnlockActs({}, {}, {}, { _, _ -> }, {}, {}, {}, {}, {}, {})
        val import = ImportActs({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, { _, _ -> }, {}, {})
        val record = RecordActs({}, {}, {}, {}, {}, {}, {}, {}, {})
        val timelineActs = TimelineActs({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, FamilyActs({}, {}, {}, {}), ShowingActs({}, {}, {}, {}))
        val fetch = FetchActs({}, {}, { _, _ -> }, { _, _ -> }, { _, _ -> }, {}, { _, _ -> }, {}, {}, {}, {}, {}, {}, {}, {})
        val damage =
            TroubleView(
                "damaged",
                Said.Core(s.say("手帳が壊れています", "The notebook is damaged")),
                Said.Core(s.say("控えがあれば、控えから戻してください", "Restore a backup, if you have one")),
            )
        val form = PersonForm("手帳 花子", "てちょう はなこ", "昭和47年4月15日", jp.techo.core.Sex.FEMALE)
        val timeline = Timeline(null, null, s.people, s.kinds, s.rows, "next", true)
        val alone = timeline.copy(person = "h")
        val ways = listOf(SlotKind.PASSPHRASE, SlotKind.RECOVERY)
        return listOf(
            "first-choose" to { FirstStartScreen(Shown(FirstStart()), frame, first) },
            "first-whose" to { FirstStartScreen(Shown(FirstStart(FirstWay.FILE, form)), frame, first) },
            "unlock" to { UnlockScreen(Shown(Unlock(null, listOf(SlotKind.DEVICE) + ways, SlotKind.DEVICE)), frame, unlock) },
            "unlock-key-lost" to { UnlockScreen(Shown(Unlock(null, ways, ways[0], keyLost = true)), frame, unlock) },
            "unlock-damaged" to { UnlockScreen(Shown(Unlock(null, ways, ways[0], damage = damage)), frame, unlock) },
            "unlock-accept-loss" to { UnlockScreen(Shown(Unlock(null, ways, ways[0], damage = damage, asksLoss = true)), frame, unlock) },
            "people" to {
                PeopleScreen(Shown(People(s.people, Opened.WHOLE, true, emptyList(), true)), frame, PeopleActs({}, {}, {}, {}, {}))
            },
            "person-new" to { NewPersonScreen(Shown(PersonForm()), frame, {}, {}) },
            "timeline" to { TimelineScreen(Shown(timeline), frame, timelineActs, hides = false) },
            "timeline-hidden" to { TimelineScreen(Shown(timeline), frame, timelineActs, hides = true) },
            "timeline-one" to { TimelineScreen(Shown(alone), frame, timelineActs, hides = false) },
            "event" to
                {
                    EventScreen(
                        Shown(Event(s.event, hasLinks = true, hasWords = true)),
                        frame,
                        EventActs({
                        }, {}, {}, {}, {}, {}),
                        hides = false,
                    )
                },
            "record" to { RecordScreen(Shown(Record(s.ldl, "ldl")), frame, record, hides = false) },
            "record-hidden" to { RecordScreen(Shown(Record(s.ldl, "ldl")), frame, record, hides = true) },
            "history" to { HistoryScreen(Shown(History(s.quantities, "ldl", listOf(s.chart), true)), frame, {}, {}, {}, hides = false) },
            "search" to {
                SearchScreen(Shown(Search("LDL", "LDL", listOf(s.ldl))), frame, SearchActs({}, {}, {}, {}), hides = false)
            },
            "import-pick" to { ImportScreen(Shown(Import(people = s.people, hasCamera = true)), frame, import) },
            "import-draft" to { ImportScreen(Shown(Import(Importing.Draft(s.draft, "h"), s.people)), frame, import) },
            "import-done" to { ImportScreen(Shown(Import(Importing.Done(s.imported), s.people)), frame, import) },
            "fetch-wish" to { FetchScreen(Shown(Fetch(Fetching.Wishing("h", setOf("checkup")), s.people, s.items)), frame, fetch) },
            "fetch-consent" to { FetchScreen(Shown(Fetch(Fetching.Asking(s.consent, setOf("checkup")), s.people, s.items)), frame, fetch) },
            "fetch-browse" to { FetchScreen(Shown(Fetch(Fetching.Running(s.browse), s.people, s.items)), frame, fetch) },
            "fetch-done" to { FetchScreen(Shown(Fetch(Fetching.Running(s.fetched), s.people, s.items)), frame, fetch) },
            "export" to { ExportScreen(Shown(Export(people = s.people)), frame, ExportActs({}, {}, {}, {})) },
            "backup" to { BackupScreen(Shown(Backup(s.archive)), frame, {}) },
            "restore" to {
                RestoreScreen(Shown(Restore("notebook.techo", canUseDevice = true)), frame, RestoreActs({}, {}, { _, _ -> }, {}))
            },
            "erase" to {
                val text = s.say("手帳 花子 さんの記録 55 件と書類 1 件が消えます。", "55 records and 1 document of 手帳 花子 will go.")
                EraseScreen(Shown(Erase(text, isSure = true)), frame, {}, {})
            },
            "ledger" to { LedgerScreen(Shown(Ledger(s.ledger)), frame, {}) },
            "consents" to { ConsentsScreen(Shown(Consents(s.consents, true)), frame, {}) },
            "withdraw" to { WithdrawScreen(Shown(Withdraw(s.consent.lines)), frame, {}, {}) },
            "settings" to { SettingsScreen(Shown(Settings(s.settings)), frame, SettingsActs({ _, _ -> }, {}, {}), isSample = false) },
            "keys" to { KeysScreen(Shown(Keys(listOf(SlotKind.DEVICE, SlotKind.RECOVERY), true)), frame, {}, {}, {}, {}) },
            "kit" to { KitScreen(Shown(Kit(s.kit)), frame, {}, {}) },
            "check" to { CheckScreen(Shown(Check(s.check)), frame, {}) },
            "legal" to { LegalScreen(Shown(Legal(s.legal, s.agreed)), frame, canAgree = true, agree = {}) },
            "no-library" to { NoLibraryScreen(LibraryState.MISSING) },
        )
    }

    /** What is written by hand, where it came from, days and medicines. */
    private fun byHand(s: Samples): List<Pair<String, @Composable () -> Unit>> {
        val frame = Frame({})
        val hand = HandSamples(s)
        val import = ImportActs({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, { _, _ -> }, {}, {})
        val writing = WritingActs({}, { _, _ -> }, {}, { _, _ -> }, {}, {}, {})
        val decide = DecideActs({}, { _, _ -> }, {})
        val links = LinksActs({}, {}, {}, {}, {})
        val attach = AttachActs({}, {}, {}, { _, _ -> }, {})
        val form = Writing(s.kinds, "vaccination", hand.fields, hand.values)
        val picture = s.draft.copy(documents = emptyList(), canTake = false, canKeep = true)
        val table = s.draft.copy(documents = emptyList(), canTake = false, table = hand.table)
        return listOf(
            "write" to { WritingScreen(Shown(form), frame, writing, corrects = false) },
            "write-asked" to {
                val asked = form.copy(kinds = emptyList(), troubles = listOf(hand.question))
                WritingScreen(Shown(asked), frame, writing, corrects = false)
            },
            "write-done" to { WritingScreen(Shown(form.copy(done = hand.change)), frame, writing, corrects = false) },
            "correct" to {
                val state = Writing(fields = hand.fields.takeLast(2), title = s.ldl.title)
                WritingScreen(Shown(state), frame, writing, corrects = true)
            },
            "decide" to { DecideScreen(Shown(Deciding(Decision.REMOVE, s.ldl.title)), frame, decide) },
            "changes" to { ChangesScreen(Shown(Changes(hand.changes, isRead = true)), frame, {}, {}, {}, hides = false) },
            "attach" to { AttachScreen(Shown(Attach(s.ldl.title, "IMG_0001.jpg", hasCamera = true)), frame, attach) },
            "links" to { LinksScreen(Shown(Links(hand.same)), frame, links, hides = false) },
            "days" to { DaysScreen(Shown(DaysOf(hand.daysName, hand.days, isRead = true)), frame, {}, {}, hides = false) },
            "day" to { DayScreen(Shown(OneDay(hand.day)), frame, {}, hides = false) },
            "medicines" to {
                MedicinesScreen(Shown(Medicines(hand.medicines, "2026-01-20")), frame, MedicinesActs({}, {}, {}), hides = false)
            },
            "import-table" to { ImportScreen(Shown(Import(Importing.Draft(table, "h"), s.people)), frame, import) },
            "import-document" to {
                ImportScreen(Shown(Import(Importing.Draft(picture, "h", asDocument = true), s.people)), frame, import)
            },
        )
    }

    /** A record of every kind. Its looks by night and in large letters are those of any record. */
    private fun kinds(s: Samples): List<Pair<String, @Composable () -> Unit>> {
        val acts = RecordActs({}, {}, {}, {}, {}, {}, {}, {}, {})
        return HandSamples(s).kinds.map { (name, view) ->
            "record-$name" to { RecordScreen(Shown(Record(view)), Frame({}), acts, hides = false) }
        }
    }

    private companion object {
        const val LEAST = 47.9f
        const val LONG_WAY = 100_000f
    }
}
