package jp.techo.notebook.presentation

import jp.techo.core.LegalKind
import jp.techo.notebook.presentation.screens.Decision
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import java.net.URLDecoder
import java.net.URLEncoder

/** Where a person can be. Plain data: a name and a few ids, so that a place survives the death of the process. */
sealed interface Screen {
    // Outside: no notebook is open.
    data object FirstStart : Screen

    data object Unlock : Screen

    data object Restore : Screen

    data class Legal(
        val kind: LegalKind,
    ) : Screen

    data object LockedCards : Screen

    // Inside.
    data object People : Screen

    data object NewPerson : Screen

    data class Timeline(
        val person: String? = null,
    ) : Screen

    data class Event(
        val id: String,
    ) : Screen

    data class Record(
        val id: String,
    ) : Screen

    data class History(
        val person: String,
        val asked: String? = null,
    ) : Screen

    data class Search(
        val person: String? = null,
    ) : Screen

    data class Write(
        val person: String,
    ) : Screen

    data class Correct(
        val record: String,
    ) : Screen

    /** About a record, or an event where [isEvent], or an earlier change of [person]. */
    data class Decide(
        val decision: Decision,
        val id: String,
        val isEvent: Boolean = false,
        val person: String? = null,
    ) : Screen

    /** Of a record, an event or a person. */
    data class Changes(
        val of: String,
    ) : Screen

    data class Attach(
        val record: String,
    ) : Screen

    data class Links(
        val event: String,
    ) : Screen

    data class Days(
        val person: String,
        val quantity: String,
    ) : Screen

    data class Day(
        val id: String,
    ) : Screen

    data class Medicines(
        val person: String,
    ) : Screen

    // Families.
    data class Plan(
        val person: String,
    ) : Screen

    data class Due(
        val person: String,
    ) : Screen

    data class Growth(
        val person: String,
    ) : Screen

    /** Of an event or a record. */
    data class Explain(
        val id: String,
    ) : Screen

    /** Of one person, or of everybody. */
    data class Forgets(
        val person: String? = null,
    ) : Screen

    // Clinic: what somebody else is shown or handed.
    data class Clinic(
        val person: String,
    ) : Screen

    data class Report(
        val person: String,
    ) : Screen

    data class Card(
        val person: String,
    ) : Screen

    data class Codes(
        val person: String,
    ) : Screen

    data class Import(
        val first: Boolean = false,
    ) : Screen

    data class Fetch(
        val first: Boolean = false,
    ) : Screen

    data object Export : Screen

    data object Backup : Screen

    data class Erase(
        val kind: ErasedKind,
        val id: String,
    ) : Screen

    data object Ledger : Screen

    data object Consents : Screen

    data class Withdraw(
        val id: String,
    ) : Screen

    data object Settings : Screen

    data object Kit : Screen

    data object Keys : Screen

    data object Check : Screen
}

/** What is erased. */
enum class ErasedKind { RECORD, DOCUMENT, PERSON }

/** A screen in its place in the stack; [key] is its own as long as it is there. */
data class Entry(
    val key: Int,
    val screen: Screen,
)

/** The way back, as plain data. The first entry always stays. */
class BackStack(
    private val saved: Saved,
    private val name: String,
    private val first: Screen?,
) {
    private val mutable = MutableStateFlow(read())
    private var last = mutable.value.maxOfOrNull { it.key } ?: 0

    val entries: StateFlow<List<Entry>> = mutable.asStateFlow()

    /** One screen further. */
    fun push(screen: Screen) = keep(mutable.value + entry(screen))

    /** One screen further, in place of the one that is there. */
    fun replace(screen: Screen) = keep(mutable.value.dropLast(1) + entry(screen))

    /** One screen back; false where there is none. */
    fun pop(): Boolean {
        val enough = mutable.value.size > if (first == null) 0 else 1
        if (enough) keep(mutable.value.dropLast(1))
        return enough
    }

    /** Back to the first screen, and from there to [screens]. */
    fun reset(vararg screens: Screen) = keep((listOfNotNull(first) + screens).map(::entry))

    private fun entry(screen: Screen) = Entry(++last, screen)

    private fun keep(entries: List<Entry>) {
        saved[name] = entries.joinToString("\n") { "${it.key} ${it.screen.written()}" }
        mutable.value = entries
    }

    private fun read(): List<Entry> {
        val kept =
            saved[name]?.lines()?.mapNotNull { line ->
                val (key, screen) = line.split(' ', limit = 2).takeIf { it.size == 2 } ?: return@mapNotNull null
                Entry(key.toIntOrNull() ?: return@mapNotNull null, screenOf(screen) ?: return@mapNotNull null)
            }
        return kept?.takeIf { it.isNotEmpty() } ?: listOfNotNull(first).map { Entry(0, it) }
    }
}

/** A few plain values that outlive the process; never a health value, a name or a secret. */
class Saved(
    kept: Map<String, String> = emptyMap(),
) {
    private val values = kept.toMutableMap()

    operator fun get(name: String): String? = values[name]

    operator fun set(
        name: String,
        value: String?,
    ) {
        if (value == null) values.remove(name) else values[name] = value
    }

    /** Everything, to be put into the system's own keeping. */
    fun all(): Map<String, String> = values.toMap()

    /** Forgets what begins with [prefix]. */
    fun forget(prefix: String) {
        values.keys.removeAll { it.startsWith(prefix) }
    }
}

/**
 * How a place is written down: a word of its own that stays what it is when a class is renamed or shrunk, and its ids behind it.
 * A word that is given once is never given to another place.
 */
private fun Screen.written(): String {
    val words =
        when (this) {
            Screen.FirstStart -> listOf("first-start")
            Screen.Unlock -> listOf("unlock")
            Screen.Restore -> listOf("restore")
            is Screen.Legal -> listOf("legal", kind.word())
            Screen.People -> listOf("people")
            Screen.NewPerson -> listOf("new-person")
            is Screen.Timeline -> listOfNotNull("timeline", person)
            is Screen.Event -> listOf("event", id)
            is Screen.Record -> listOf("record", id)
            is Screen.History -> listOfNotNull("history", person, asked)
            is Screen.Search -> listOfNotNull("search", person)
            is Screen.Write -> listOf("write", person)
            is Screen.Correct -> listOf("correct", record)
            is Screen.Decide -> listOfNotNull("decide", decision.word(), id, isEvent.toString(), person)
            is Screen.Changes -> listOf("changes", of)
            is Screen.Attach -> listOf("attach", record)
            is Screen.Links -> listOf("links", event)
            is Screen.Days -> listOf("days", person, quantity)
            is Screen.Day -> listOf("day", id)
            is Screen.Medicines -> listOf("medicines", person)
            is Screen.Plan -> listOf("plan", person)
            is Screen.Due -> listOf("due", person)
            is Screen.Growth -> listOf("growth", person)
            is Screen.Explain -> listOf("explain", id)
            is Screen.Forgets -> listOfNotNull("forgets", person)
            Screen.LockedCards -> listOf("locked-cards")
            is Screen.Clinic -> listOf("clinic", person)
            is Screen.Report -> listOf("report", person)
            is Screen.Card -> listOf("card", person)
            is Screen.Codes -> listOf("codes", person)
            is Screen.Import -> listOf("import", first.toString())
            is Screen.Fetch -> listOf("fetch", first.toString())
            Screen.Export -> listOf("export")
            Screen.Backup -> listOf("backup")
            is Screen.Erase -> listOf("erase", kind.word(), id)
            Screen.Ledger -> listOf("ledger")
            Screen.Consents -> listOf("consents")
            is Screen.Withdraw -> listOf("withdraw", id)
            Screen.Settings -> listOf("settings")
            Screen.Kit -> listOf("kit")
            Screen.Keys -> listOf("keys")
            Screen.Check -> listOf("check")
        }
    return words.joinToString(" ") { URLEncoder.encode(it, "UTF-8") }
}

private fun LegalKind.word() =
    when (this) {
        LegalKind.PRIVACY -> "privacy"
        LegalKind.TERMS -> "terms"
        LegalKind.CONTACT -> "contact"
    }

private fun ErasedKind.word() =
    when (this) {
        ErasedKind.RECORD -> "record"
        ErasedKind.DOCUMENT -> "document"
        ErasedKind.PERSON -> "person"
    }

private fun Decision.word() =
    when (this) {
        Decision.REMOVE -> "remove"
        Decision.HIDE -> "hide"
        Decision.SHOW -> "show"
        Decision.SENSITIVE -> "sensitive"
        Decision.NOT_SENSITIVE -> "not-sensitive"
        Decision.UNDO -> "undo"
    }

private fun screenOf(text: String): Screen? {
    val words = text.split(' ').map { URLDecoder.decode(it, "UTF-8") }
    val first = words.getOrNull(1)
    return PLAIN[words[0]] ?: when (words[0]) {
        "legal" -> LegalKind.entries.find { it.word() == first }?.let(Screen::Legal)
        "timeline" -> Screen.Timeline(first)
        "event" -> first?.let(Screen::Event)
        "record" -> first?.let(Screen::Record)
        "history" -> first?.let { Screen.History(it, words.getOrNull(2)) }
        "search" -> Screen.Search(first)
        "write" -> first?.let(Screen::Write)
        "correct" -> first?.let(Screen::Correct)
        "decide" ->
            Decision.entries.find { it.word() == first }?.let { decision ->
                val about = words.drop(2)
                about.firstOrNull()?.let { Screen.Decide(decision, it, about.getOrNull(1) == "true", about.getOrNull(2)) }
            }
        "changes" -> first?.let(Screen::Changes)
        "attach" -> first?.let(Screen::Attach)
        "links" -> first?.let(Screen::Links)
        "days" -> first?.let { person -> words.getOrNull(2)?.let { Screen.Days(person, it) } }
        "day" -> first?.let(Screen::Day)
        "medicines" -> first?.let(Screen::Medicines)
        "plan" -> first?.let(Screen::Plan)
        "due" -> first?.let(Screen::Due)
        "growth" -> first?.let(Screen::Growth)
        "explain" -> first?.let(Screen::Explain)
        "forgets" -> Screen.Forgets(first)
        "clinic" -> first?.let(Screen::Clinic)
        "report" -> first?.let(Screen::Report)
        "card" -> first?.let(Screen::Card)
        "codes" -> first?.let(Screen::Codes)
        "import" -> Screen.Import(first == "true")
        "fetch" -> Screen.Fetch(first == "true")
        "erase" -> ErasedKind.entries.find { it.word() == first }?.let { kind -> words.getOrNull(2)?.let { Screen.Erase(kind, it) } }
        "withdraw" -> first?.let(Screen::Withdraw)
        else -> null
    }
}

/** The places that have no ids, by their words. */
private val PLAIN =
    listOf(
        Screen.FirstStart,
        Screen.Unlock,
        Screen.Restore,
        Screen.LockedCards,
        Screen.People,
        Screen.NewPerson,
        Screen.Export,
        Screen.Backup,
        Screen.Ledger,
        Screen.Consents,
        Screen.Settings,
        Screen.Kit,
        Screen.Keys,
        Screen.Check,
    ).associateBy { it.written() }
