package jp.techo.notebook.presentation.screens

import jp.techo.core.EventView
import jp.techo.core.RecordView
import jp.techo.core.TechoException
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.ErasedKind
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.Saved
import jp.techo.notebook.presentation.trouble

/** One event with its records; null until it is read. */
data class Event(
    val view: EventView? = null,
    /** There is something to say about other tellings of it: the same event, perhaps the same, or one story. */
    val hasLinks: Boolean = false,
    /** It has items that can be explained. */
    val hasWords: Boolean = false,
) {
    val hasMore: Boolean get() = view?.next != null
}

/** What belongs together: a checkup, a visit, a dose. */
class EventPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Event,
) : Presenter<Event>(desk, entry, Event()) {
    override fun read() =
        reading {
            val (event, same) = vault { it.event(screen.id) to it.links(screen.id) }
            // One of them is enough to ask about: a large event would take its time.
            val first = event.records.firstOrNull { it.id != null && it.value != null }?.id
            val hasWords = first != null && vault { it.explain(first, 0u) }.count > 0u
            val hasLinks = same.sources.size > 1 || same.questions.isNotEmpty() || same.stories.isNotEmpty()
            show { Event(event, hasLinks, hasWords) }
        }

    fun record(id: String) = desk.go(Screen.Record(id))

    /** The next records, where there are more. */
    fun more() {
        val view = now.view ?: return
        val after = view.next ?: return
        work {
            val page = vault { it.eventRecords(screen.id, after) }
            if (now.view === view) show { it.copy(view = view.copy(records = view.records + page.records, next = page.next)) }
        }
    }

    /** Who else tells of it, and why they are one. */
    fun links() = desk.go(Screen.Links(screen.id))

    fun changes() = desk.go(Screen.Changes(screen.id))

    /** In plain words, item by item. */
    fun explain() = desk.go(Screen.Explain(screen.id))

    fun decide(decision: Decision) = desk.go(Screen.Decide(decision, screen.id, isEvent = true))

    fun eraseDocument() {
        now.view?.let { desk.go(Screen.Erase(ErasedKind.DOCUMENT, it.row.document)) }
    }
}

/** One record; null until it is read. */
data class Record(
    val view: RecordView? = null,
    val historyKey: String? = null,
    /** It can be explained. */
    val hasWords: Boolean = false,
)

/** One record with its source. */
class RecordPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Record,
) : Presenter<Record>(desk, entry, Record()) {
    override fun read() =
        reading {
            val record = vault { it.record(screen.id) }
            val (key, words) =
                vault { notebook ->
                    notebook.quantities(record.person).find { it.name == record.title }?.key to notebook.explain(screen.id, 0u)
                }
            show { Record(record, key, words.items.any { it.what != null || it.band != null }) }
        }

    /** How the value went over the years. */
    fun history() {
        val view = now.view ?: return
        now.historyKey?.let { desk.go(Screen.History(view.person, it)) }
    }

    fun explain() = desk.go(Screen.Explain(screen.id))

    fun erase() = desk.go(Screen.Erase(ErasedKind.RECORD, screen.id))

    fun correct() = desk.go(Screen.Correct(screen.id))

    fun changes() = desk.go(Screen.Changes(screen.id))

    fun decide(decision: Decision) = desk.go(Screen.Decide(decision, screen.id))

    fun attach() = desk.go(Screen.Attach(screen.id))

    /** To the record that this one stands in the place of, or that stands in its place. */
    fun other() {
        now.view?.written?.other?.let { desk.go(Screen.Record(it)) }
    }

    /** Saves the original document, byte for byte, where the person says. */
    fun saveOriginal() {
        now.view?.document?.let(::saveDocument)
    }

    /** Saves a document that is attached. */
    fun saveDocument(document: String) {
        work {
            present(ConfirmedAct.EXPORT) {
                val original = vault { it.original(document) }
                val name = original.name ?: "original"
                if (original.parts.isEmpty()) throw TechoException.NotFound()
                // A document that came in several parts is saved as several files, in their order.
                for (part in original.parts) {
                    val saved = desk.errand { desk.phone.documents.save(name, original.mediaType) { it.write(part) } }
                    say(saved.trouble())
                    if (saved !is Saved.Done) break
                }
            }
        }
    }
}

/** What went wrong with saving; null where nothing did. */
internal fun Saved.trouble() =
    when (this) {
        is Saved.Done, Saved.Cancelled -> null
        Saved.NoSpace -> trouble(Word.NO_ROOM, Word.NO_ROOM_TODO)
        Saved.Failed -> trouble(Word.SAVE_FAILED, Word.SAVE_FAILED_TODO)
        Saved.NothingAnswers -> trouble(Word.NOTHING_ANSWERS, Word.NOTHING_ANSWERS_TODO)
    }
