package jp.techo.notebook.presentation.bench

import jp.techo.core.Key
import jp.techo.core.Language
import jp.techo.core.Position
import jp.techo.core.TimelineQuery
import jp.techo.notebook.presentation.Background
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Library
import jp.techo.notebook.presentation.Place
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Saved
import jp.techo.notebook.presentation.Shell
import jp.techo.notebook.presentation.TechoLibrary
import jp.techo.notebook.presentation.Top
import jp.techo.notebook.presentation.fakes.FakePhone
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.TimelinePresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import java.io.File
import java.time.LocalDate
import java.util.Locale
import java.util.SplittableRandom

/**
 * The Kotlin side of `cargo xtask bench shells`: what a call costs through the bindings, beside the same call made in Rust in
 * the same breath, and how long a person waits for the first screen. Arguments: the folder that `bench-shells make` wrote,
 * that program, how many pairs and how many openings, and where figures go as JSON, if anywhere.
 */
fun main(arguments: Array<String>) {
    val folder = File(arguments[0])
    val figures = pages(folder, arguments[1], arguments[2].toInt()) + firstScreen(folder, arguments[3].toInt())
    println("%-66s %10s %10s".format(Locale.ROOT, "", "ms", "at most"))
    figures.forEach { figure ->
        val bar = figure.bar?.let { "%10.3f%s".format(Locale.ROOT, it, if (figure.ms <= it) "" else "  MISSED") }.orEmpty()
        println("%-66s %10.3f %s".format(Locale.ROOT, figure.name, figure.ms, bar))
    }
    arguments.getOrNull(4)?.let { file -> File(file).writeText(figures.joinToString(",\n", "[\n", "\n]\n") { it.json() }) }
}

/** A measured time, and the most it may be. */
private class Figure(
    val name: String,
    val ms: Double,
    val bar: Double? = null,
) {
    fun json() = """{"name": "$name", "ms": ${"%.4f".format(Locale.ROOT, ms)}, "bar_ms": ${bar?.let { "%.4f".format(Locale.ROOT, it) }}}"""
}

/** The same secret as the vault's maker has. */
private fun secret() = ByteArray(32) { 7 }

private const val ROWS = 50
private const val WARM = 3_000
private const val DAYS = 18_000L
private const val NANOS = 1_000_000.0

private fun pages(
    folder: File,
    rust: String,
    pairs: Int,
): List<Figure> {
    val numbers = SplittableRandom(1)
    val next = { LocalDate.of(2026, 3, 31).minusDays(numbers.nextLong(DAYS)).toString() }
    val program = ProcessBuilder(rust, "answer", folder.path).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val vault = TechoLibrary.open(File(folder, "notebook").path, Key.Device(secret()), null, Language.JAPANESE)
    val ours = mutableListOf<Double>()
    val bindings = mutableListOf<Double>()
    val core = mutableListOf<Double>()
    program.outputWriter().use { ask ->
        val answers = program.inputReader()
        repeat(WARM + pairs) { round ->
            val until = next()
            ask.write("$until $ROWS\n")
            ask.flush()
            val (rows, whole, below) = checkNotNull(answers.readLine()) { "the other side ended" }.split(' ').map { it.toLong() }
            val start = System.nanoTime()
            val page = vault.timeline(TimelineQuery(null, null, null, until, null, ROWS.toUInt()))
            val spent = System.nanoTime() - start
            check(page.rows.size.toLong() == rows) { "the two sides read different pages" }
            // A page near the end of the notebook is shorter, and says nothing of fifty rows.
            if (round >= WARM && rows == ROWS.toLong()) {
                ours += spent / NANOS
                bindings += whole / NANOS
                core += below / NANOS
            }
        }
    }
    vault.lock()
    check(program.waitFor() == 0 && ours.isNotEmpty()) { "nothing was measured" }
    val name = "timeline page of $ROWS rows"
    return listOf(
        Figure("$name, Kotlin", ours.median(), 2 * bindings.median() + 0.1),
        Figure("$name, the same call in Rust", bindings.median()),
        Figure("$name, the core's call below it", core.median()),
        Figure("$name, Kotlin, p99", ours.at(0.99)),
        Figure("$name, the same call in Rust, p99", bindings.at(0.99)),
    )
}

/** The library, with its own time of the opening said apart. */
private class TimedLibrary : Library by TechoLibrary {
    @Volatile
    var opening = 0L

    override fun open(
        dir: String,
        key: Key,
        seen: Position?,
        language: Language,
    ) = System.nanoTime().let { start -> TechoLibrary.open(dir, key, seen, language).also { opening = System.nanoTime() - start } }
}

/** From the answer of the phone's lock to the first screen that stands, with the very presenters; and one tap further. */
private fun firstScreen(
    folder: File,
    rounds: Int,
): List<Figure> =
    runBlocking {
        val own = mutableListOf<Double>()
        val opening = mutableListOf<Double>()
        val further = mutableListOf<Double>()
        val main = Thread.currentThread()
        val fake = FakePhone(File(folder, "phone").apply { mkdirs() })
        val place = Place(folder)
        place.keepSealed((fake.lock.seal(secret()) as Sealed.Bytes).bytes)
        val library = TimedLibrary()
        val scope = CoroutineScope(coroutineContext + SupervisorJob(coroutineContext[Job]))
        val background = Background(Dispatchers.IO) { Thread.currentThread() === main }
        val desk = Desk(library, fake.phone(), place, background, scope, Saved(), Language.JAPANESE) { 0L }
        val shell = Shell(desk).apply { start() }
        repeat(WARM_OPENINGS + rounds) { round ->
            val unlock = shell.rested<UnlockPresenter> { it.state.value.content.way != null }
            val start = System.nanoTime()
            unlock.byDevice()
            val people = shell.rested<PeoplePresenter> { it.state.value.content.isRead }
            val shown = System.nanoTime()
            people.timeline(null)
            shell.rested<TimelinePresenter> { it.state.value.content.isRead }
            val read = System.nanoTime()
            check(people.state.value.content.people.isNotEmpty() && people.state.value.trouble == null)
            if (round >= WARM_OPENINGS) {
                own += (shown - start - library.opening) / NANOS
                opening += library.opening / NANOS
                further += (read - shown) / NANOS
            }
            desk.inside.reset()
            desk.lock()
            desk.closed()
        }
        scope.cancel()
        listOf(
            Figure("first screen after unlock, beyond the opening itself", own.median(), FIRST_SCREEN),
            Figure("the same, the slowest", own.at(1.0)),
            Figure("the opening itself, with the device's key", opening.median()),
            Figure("one tap further: everybody's timeline", further.median()),
        )
    }

private const val WARM_OPENINGS = 10

/** Most that the first screen may take of our own work, in milliseconds. */
private const val FIRST_SCREEN = 100.0

/** Waits for the screen to be on top, read and at rest. */
private suspend inline fun <reified P : Presenter<*>> Shell.rested(crossinline isRead: (P) -> Boolean): P {
    val presenter = top.filterIsInstance<Top.At>().first { it.presenter is P }.presenter as P
    presenter.state.first { !it.isBusy && isRead(presenter) }
    return presenter
}

private fun List<Double>.median() = at(0.5)

private fun List<Double>.at(share: Double) = sorted().let { it[(it.size * share).toInt().coerceAtMost(it.size - 1)] }
