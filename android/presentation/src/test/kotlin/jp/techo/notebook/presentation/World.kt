package jp.techo.notebook.presentation

import jp.techo.core.Language
import jp.techo.core.Sex
import jp.techo.notebook.presentation.fakes.FakePhone
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.Importing
import jp.techo.notebook.presentation.screens.Keeping
import jp.techo.notebook.presentation.screens.PersonForm
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import java.io.File
import java.nio.file.Files
import kotlin.time.Duration.Companion.minutes

/** A person with a phone in memory and the real library. [begin] again is the app after its process died. */
internal class World(
    private val test: TestScope,
    val language: Language = Language.JAPANESE,
    val folder: File = Files.createTempDirectory("techo").toFile(),
) {
    val fake = FakePhone(folder)
    val place = Place(File(folder, "app"))
    val watched = Watched(Thread.currentThread())
    var clock = 0L

    /** The day where the person is. */
    var today = "2026-11-22"
    lateinit var shell: Shell
        private set
    private var process: CoroutineScope? = null

    val desk get() = shell.desk

    /** The app is opened; [kept] is what the system kept of an earlier process. */
    suspend fun begin(kept: Map<String, String> = emptyMap()): World {
        process?.let { earlier ->
            check(desk.open.value == null) { "a process with an open notebook ends by dies()" }
            // Two processes at once would share what arrives from the browser.
            desk.closed()
            earlier.cancel()
        }
        val main = Thread.currentThread()
        val context = test.backgroundScope.coroutineContext
        val scope = CoroutineScope(context + SupervisorJob(context[Job]))
        process = scope
        val background = Background(Dispatchers.IO) { Thread.currentThread() === main }
        shell = Shell(Desk(watched.library, fake.phone(), place, background, scope, Saved(kept), language, { today }) { clock })
        shell.start()
        settle()
        return this
    }

    /** Another phone, with nothing on it; its files go with those of this one. */
    fun newPhone() = World(test, language, File(folder, "next").apply { mkdirs() })

    /** The process dies, and the person opens the app again. */
    suspend fun dies(): World {
        val kept = desk.saved.all()
        // Only the file lock has to go the way it would; nothing is saved that the app would not have saved.
        desk.lock()
        settle()
        return begin(kept)
    }

    /** The screen that is on top, once it has come to rest. */
    suspend inline fun <reified P : Presenter<*>> at(): P {
        val top = settle()
        return top as? P ?: throw AssertionError("on top is ${top::class.simpleName}, with ${top.state.value}")
    }

    /** Waits until nothing is under way. */
    suspend fun settle(): Presenter<*> {
        while (true) {
            val top = shell.top.filterIsInstance<Top.At>().first().presenter
            top.state.first { !it.isBusy || it.asksPassphrase }
            // What was started by that, and what the stack says now.
            repeat(YIELDS) { yield() }
            val now = (shell.top.value as? Top.At)?.presenter
            if (now === top && (!top.state.value.isBusy || top.state.value.asksPassphrase)) return top
        }
    }

    /** Steps one and two of the first start. */
    suspend fun start(
        way: FirstWay = FirstWay.FILE,
        form: PersonForm = HANAKO,
        passphrase: String? = null,
    ) {
        val first = at<FirstStartPresenter>()
        first.choose(way)
        first.fill(form)
        if (passphrase != null) {
            first.keepBy(Keeping.PASSPHRASE)
            first.passphrase(passphrase, passphrase)
        }
        first.begin()
        settle()
    }

    /** Picks a fixture and looks at it. */
    suspend fun look(name: String): ImportPresenter {
        if ((settle()) !is ImportPresenter) desk.go(Screen.Import())
        val import = at<ImportPresenter>()
        fake.picks.pick(fixture(name))
        import.pickFile()
        return at()
    }

    /** Picks a fixture, and files it for the person it fits. */
    suspend fun take(name: String): ImportPresenter {
        val import = look(name)
        import.file()
        val after = at<ImportPresenter>()
        assertEquals(null, after.state.value.trouble)
        check(after.state.value.content.stage is Importing.Done) { "${after.state.value}" }
        return after
    }

    companion object {
        const val YIELDS = 20
        val root = File(checkNotNull(System.getProperty("techo.root")) { "run by cargo xtask android test" })
        val HANAKO = PersonForm("手帳 花子", "てちょう はなこ", "昭和47年4月15日", Sex.FEMALE)
        val ICHIRO = PersonForm("手帳 一郎", "てちょう いちろう", "1970-11-02", Sex.MALE)
        val TARO = PersonForm("手帳 太郎", "てちょう たろう", "2019/6/20", Sex.MALE)

        fun source(name: String) = File(root, "android/presentation/src/test/kotlin/jp/techo/notebook/presentation/$name.kt").readText()

        fun fixture(name: String) = File(root, "tests/fixtures/$name")
    }
}

/** A story with its own world. */
internal fun story(
    language: Language = Language.JAPANESE,
    tell: suspend World.() -> Unit,
) = runTest(timeout = 5.minutes) {
    val world = World(this, language)
    try {
        world.begin().tell()
    } finally {
        world.folder.deleteRecursively()
    }
}
