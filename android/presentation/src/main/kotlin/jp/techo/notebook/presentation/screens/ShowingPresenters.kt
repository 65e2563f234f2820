package jp.techo.notebook.presentation.screens

import jp.techo.core.ClinicChoice
import jp.techo.core.ClinicName
import jp.techo.core.ClinicScreen
import jp.techo.core.Language
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.dateOf
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.Paper
import jp.techo.notebook.presentation.platform.PrintPage
import jp.techo.notebook.presentation.platform.Saved
import jp.techo.notebook.presentation.today
import jp.techo.notebook.presentation.trouble
import java.io.File

/** What somebody else is to see of a person: for an occasion, or what the person chose. */
data class ToShow(
    /** Null where the person chooses the parts. */
    val occasion: String? = null,
    /** Parts and quantities in place of the occasion's. */
    val items: Set<String> = emptySet(),
    val from: String = "",
    val until: String = "",
    /** What is sensitive is shown as well. */
    val sensitive: Boolean = false,
    /** For whoever is shown it. */
    val language: Language = Language.JAPANESE,
    val on: String = today(),
) {
    val isReady: Boolean get() = occasion != null || items.isNotEmpty()

    /** Null where a day is none. */
    internal fun choice(person: String): ClinicChoice? {
        val (begin, end) = listOf(from, until).map { typed -> typed.trim().ifEmpty { null }?.let { dateOf(it) ?: return null } }
        return ClinicChoice(person, occasion, items.toList(), begin, end, sensitive, language, on)
    }
}

/** What there is to choose from, in the person's language. */
data class ToShowNames(
    val name: String = "",
    val occasions: List<ClinicName> = emptyList(),
    val parts: List<ClinicName> = emptyList(),
)

/** A screen on which the person chooses what somebody else sees. */
abstract class ToShowPresenter<S : Any>(
    desk: Desk,
    entry: Entry,
    first: S,
    private val person: String,
) : Presenter<S>(desk, entry, first) {
    protected suspend fun names() =
        ToShowNames(
            vault { it.people() }.find { it.id == person }?.name.orEmpty(),
            desk.library.occasions(desk.language),
            desk.library.parts(desk.language),
        )

    /** What was chosen; null where that is nothing yet, or a day is none, which is said. */
    protected fun choice(asked: ToShow): ClinicChoice? {
        if (!asked.isReady) return null.also { say(trouble(Word.NOTHING_CHOSEN, Word.NOTHING_CHOSEN_TODO)) }
        return asked.choice(person) ?: null.also { say(trouble(Word.DAY_UNCLEAR, Word.DAY_UNCLEAR_TODO)) }
    }
}

/** Showing at a clinic: the choice, and what is being shown. */
data class Clinic(
    val names: ToShowNames = ToShowNames(),
    val asked: ToShow = ToShow(),
    val minutes: Int = MIDDLING,
    /** What is being shown, in each language; null while nobody is shown anything. */
    val shown: Map<Language, ClinicScreen>? = null,
    /** Which language stands on the screen. */
    val language: Language = Language.JAPANESE,
    /** The codes that belong beside it, once they were asked for. */
    val codes: InTurn? = null,
) {
    val screen: ClinicScreen? get() = shown?.get(language)

    /** Never prints what is shown. */
    override fun toString() = "Clinic(${asked.occasion}, ${if (shown == null) "choosing" else "showing"})"

    companion object {
        const val MIDDLING = 5
        val MINUTES = listOf(3, MIDDLING, 10)
    }
}

/**
 * The screen for a doctor. First the ledger's line, then the screen; it ends after its minutes, by turning the phone on its face, by
 * leaving the app, by the way back. Afterwards the notebook is locked ([Desk.endShowing]).
 */
class ClinicPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Clinic,
) : ToShowPresenter<Clinic>(
        desk,
        entry,
        Clinic(asked = ToShow(FIRST_OCCASION, language = desk.language), language = desk.language),
        screen.person,
    ) {
    private var begun: ClinicChoice? = null

    override fun read() =
        reading {
            val names = names()
            show { it.copy(names = names) }
        }

    fun fill(asked: ToShow) = show { it.copy(asked = asked) }

    fun minutes(minutes: Int) = show { it.copy(minutes = minutes) }

    /** Shows it to somebody from now on. */
    fun begin() {
        if (now.shown != null) return
        val choice = choice(now.asked) ?: return
        val minutes = now.minutes
        work {
            present(ConfirmedAct.SHOW) {
                val screens = vault { notebook -> Language.entries.associateWith { notebook.clinic(choice.copy(language = it)) } }
                // Before anything is to be seen: who dies in between leaves a line too many, never one too few.
                val begun = vault { it.beginShowing(choice) }
                desk.beginShowing(screen.person, begun, minutes, ::over)
                this.begun = choice
                show { it.copy(shown = screens, language = choice.language) }
            }
        }
    }

    /** The other language, for who looks on. */
    fun turn() = show { it.copy(language = if (it.language == Language.JAPANESE) Language.ENGLISH else Language.JAPANESE) }

    /** The QR codes of what is on the screen, where it has some. Made while it is shown, and by the choice that was confirmed. */
    fun codes() {
        val choice = begun ?: return
        if (now.screen?.code != true) return
        work {
            val made = write { it.clinicCodes(choice) }
            if (made.codes.isNotEmpty()) show { it.copy(codes = InTurn(made)) }
        }
    }

    fun turnCode(by: (InTurn) -> InTurn) = show { it.copy(codes = it.codes?.let(by)) }

    /** Back from the codes to what they are of. */
    fun closeCodes() = show { it.copy(codes = null) }

    fun end() = desk.endShowing()

    override fun back() {
        when {
            now.codes != null -> closeCodes()
            now.shown != null -> end()
            else -> super.back()
        }
    }

    override fun gone() {
        if (now.shown != null) end()
        super.gone()
    }

    private fun over() {
        begun = null
        show { it.copy(shown = null, codes = null) }
    }
}

/** The report for a visit. */
data class Report(
    val names: ToShowNames = ToShowNames(),
    val asked: ToShow = ToShow(),
    /** What was written, in words; null until something was. */
    val done: String? = null,
)

/** What a doctor would be shown, on paper: one page of HTML, saved, handed to another app or printed. */
class ReportPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Report,
) : ToShowPresenter<Report>(desk, entry, Report(asked = ToShow(FIRST_OCCASION, language = desk.language)), screen.person) {
    override fun read() =
        reading {
            val names = names()
            show { it.copy(names = names) }
        }

    fun fill(asked: ToShow) = show { it.copy(asked = asked, done = null) }

    /** Saves it where the person says. */
    fun save() =
        made { file ->
            val saved = desk.errand { desk.phone.documents.save(file.name, HTML) { out -> file.inputStream().use { it.copyTo(out) } } }
            saved.trouble()?.let(::say)
            saved is Saved.Done
        }

    /** Hands it to another app. */
    fun share() =
        made { file ->
            val shared = desk.sendOut { desk.phone.share.share(file.name, HTML) { out -> file.inputStream().use { it.copyTo(out) } } }
            if (!shared) nothingAnswers()
            shared
        }

    /** Prints it. */
    fun print() =
        made { file ->
            val page = PrintPage(desk.background.run { file.readText() }, Paper.A4)
            val printed = desk.sendOut { desk.phone.printing.print(page) }
            if (!printed) nothingAnswers()
            printed
        }

    private fun made(handOn: suspend (File) -> Boolean) {
        val choice = choice(now.asked) ?: return
        work {
            present(ConfirmedAct.EXPORT) {
                val file = desk.background.run { desk.place.draft("techo-report.html").also { it.delete() } }
                try {
                    val done = write { it.report(choice, file.path) }
                    if (handOn(file)) show { it.copy(done = done.text) }
                } finally {
                    file.delete()
                }
            }
        }
    }

    private fun nothingAnswers() = say(trouble(Word.NOTHING_ANSWERS, Word.NOTHING_ANSWERS_TODO))

    private companion object {
        const val HTML = "text/html"
    }
}

/** What stands there before the person chooses: the most common visit. */
private const val FIRST_OCCASION = "first_visit"
