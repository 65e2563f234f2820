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
            val event = vault { it.event(screen.id) }
            show { Event(event) }
        }

    fun record(id: String) = desk.go(Screen.Record(id))

    /** The next records, where there are more. */
    fun more() {
        val view = now.view ?: return
        val after = view.next ?: return
        work {
            val page = vault { it.eventRecords(screen.id, after) }
            if (now.view === view) show { Event(view.copy(records = view.records + page.records, next = page.next)) }
        }
    }

    fun eraseDocument() {
        now.view?.let { desk.go(Screen.Erase(ErasedKind.DOCUMENT, it.row.document)) }
    }
}

/** One record; null until it is read. */
data class Record(
    val view: RecordView? = null,
    val historyKey: String? = null,
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
            val key = vault { notebook -> notebook.quantities(record.person).find { it.name == record.title }?.key }
            show { Record(record, key) }
        }

    /** How the value went over the years. */
    fun history() {
        val view = now.view ?: return
        now.historyKey?.let { desk.go(Screen.History(view.person, it)) }
    }

    fun erase() = desk.go(Screen.Erase(ErasedKind.RECORD, screen.id))

    /** Saves the original document, byte for byte, where the person says. */
    fun saveOriginal() {
        val document = now.view?.document ?: return
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
