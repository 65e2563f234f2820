package jp.techo.notebook.presentation.screens

import jp.techo.core.ChangeRow
import jp.techo.core.EntryDone
import jp.techo.core.FieldTrouble
import jp.techo.core.FieldValue
import jp.techo.core.FormField
import jp.techo.core.KindName
import jp.techo.core.Mark
import jp.techo.core.VaultInterface
import jp.techo.core.Writer
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen

/** What whoever writes is to the person. The ids are the core's. */
enum class Relation(
    val id: String,
) {
    ONESELF("self"),
    PARENT("parent"),
    PROXY("proxy"),
    OTHER("other"),
}

/** Who writes, and why. */
data class Pen(
    val relation: Relation = Relation.ONESELF,
    /** The name of who writes, where it is not the person. */
    val author: String = "",
    val reason: String = "",
    /** Fields whose question was answered with yes. */
    val confirmed: Set<String> = emptySet(),
    /** Places at which twelve digits are no My Number. */
    val digitsChecked: Set<String> = emptySet(),
) {
    /** Whose words these are is known. */
    val isNamed: Boolean get() = relation == Relation.ONESELF || author.isNotBlank()

    fun writer() =
        Writer(
            author.trim().takeIf { relation != Relation.ONESELF },
            relation.id,
            reason.trim().ifEmpty { null },
            confirmed.toList(),
            digitsChecked.toList(),
            java.time.LocalDate.now().toString(),
        )

    /** [trouble]'s question is answered. */
    fun answered(
        trouble: FieldTrouble,
        yes: Boolean,
    ): Pen {
        fun Set<String>.with() = if (yes) this + trouble.field else this - trouble.field
        return if (trouble.isDigits) copy(digitsChecked = digitsChecked.with()) else copy(confirmed = confirmed.with())
    }

    fun isAnswered(trouble: FieldTrouble) = trouble.field in if (trouble.isDigits) digitsChecked else confirmed

    /** Never prints a name or a reason. */
    override fun toString() = "Pen($relation)"
}

/** A form on its way: what is asked for, what was typed, what is wrong or asked, and what was written. */
data class Writing(
    /** What kinds there are; none where a record is put right. */
    val kinds: List<KindName> = emptyList(),
    val kind: String? = null,
    val fields: List<FormField> = emptyList(),
    val values: Map<String, String> = emptyMap(),
    val pen: Pen = Pen(),
    val troubles: List<FieldTrouble> = emptyList(),
    /** What is put right, as it stands. */
    val title: String? = null,
    val done: ChangeRow? = null,
) {
    val isReady: Boolean
        get() =
            fields.isNotEmpty() && pen.isNamed && fields.none { it.isRequired && values[it.id].isNullOrBlank() } &&
                values.values.any { it.isNotBlank() } && troubles.all { !it.isQuestion || pen.isAnswered(it) }

    /** Never prints what was typed. */
    override fun toString() = "Writing($kind, ${fields.size} fields)"
}

/** Writing a record down by hand: the kind first, then what the core's form of it asks for. What was typed is kept nowhere. */
class WritePresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Write,
) : Presenter<Writing>(desk, entry, Writing()) {
    override fun read() {
        if (now.done != null) return
        reading {
            val kind = now.kind ?: kept("kind")
            val (kinds, fields) = vault { it.kinds() to kind?.let(it::form).orEmpty() }
            show { it.copy(kinds = kinds, kind = kind, fields = fields) }
        }
    }

    fun kind(kind: String) {
        keep("kind", kind)
        show { it.copy(kind = kind, fields = emptyList(), values = emptyMap(), troubles = emptyList()) }
        read()
    }

    fun type(
        field: String,
        text: String,
    ) = show { it.copy(values = it.values + (field to text)) }

    fun pen(pen: Pen) = show { it.copy(pen = pen) }

    fun answer(
        trouble: FieldTrouble,
        yes: Boolean,
    ) = show { it.copy(pen = it.pen.answered(trouble, yes)) }

    fun write() {
        val kind = now.kind ?: return
        work {
            val done = write { it.addEntry(screen.person, kind, now.typed(), now.pen.writer()) }
            val change = vault { it.change(screen.person, done) }
            show { it.copy(troubles = done.troubles, done = change) }
        }
    }

    /** To what was just written. */
    fun see() {
        now.done?.records?.firstOrNull()?.let { desk.inside.replace(Screen.Record(it)) }
    }

    /** One more of the same kind. */
    fun again() = show { Writing(it.kinds, it.kind, it.fields, pen = it.pen.copy(confirmed = emptySet(), digitsChecked = emptySet())) }
}

/** Putting a record right: what is typed stands in its place, and what came stays. */
class CorrectPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Correct,
) : Presenter<Writing>(desk, entry, Writing()) {
    override fun read() {
        if (now.done != null) return
        reading {
            val (record, fields) = vault { it.record(screen.record) to it.formOf(screen.record) }
            show { it.copy(kind = record.kind, fields = fields, title = record.title) }
        }
    }

    fun type(
        field: String,
        text: String,
    ) = show { it.copy(values = it.values + (field to text)) }

    fun pen(pen: Pen) = show { it.copy(pen = pen) }

    fun answer(
        trouble: FieldTrouble,
        yes: Boolean,
    ) = show { it.copy(pen = it.pen.answered(trouble, yes)) }

    fun write() {
        work {
            val person = vault { it.record(screen.record).person }
            val done = write { it.correct(screen.record, now.typed(), now.pen.writer()) }
            val change = vault { it.change(person, done) }
            show { it.copy(troubles = done.troubles, done = change) }
        }
    }

    /** To what stands there now. */
    fun see() {
        now.done?.records?.firstOrNull()?.let { desk.inside.replace(Screen.Record(it)) }
    }
}

private fun Writing.typed() = values.filterValues { it.isNotBlank() }.map { (field, text) -> FieldValue(field, text) }

/** What was just written, as the list of changes tells it; null where nothing was. */
internal fun VaultInterface.change(
    person: String,
    done: EntryDone,
): ChangeRow? = done.entry?.let { entry -> changes(person, null).rows.find { it.entry == entry } }

/** What can be decided about a record or an event, each with its reason, and each undone again. */
enum class Decision { REMOVE, HIDE, SHOW, SENSITIVE, NOT_SENSITIVE, UNDO }

/** A decision before it is taken, and what was written about it. */
data class Deciding(
    val decision: Decision,
    /** What it is about, by its name. */
    val title: String = "",
    val pen: Pen = Pen(),
    val troubles: List<FieldTrouble> = emptyList(),
    val done: ChangeRow? = null,
) {
    val isReady: Boolean get() = pen.isNamed && troubles.all { !it.isQuestion || pen.isAnswered(it) }

    /** Never prints what it is about. */
    override fun toString() = "Deciding($decision)"
}

/** Deciding about a record, an event or an earlier change. */
class DecidePresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Decide,
) : Presenter<Deciding>(desk, entry, Deciding(screen.decision)) {
    override fun read() {
        if (now.done != null) return
        reading {
            val title = vault { it.about().second }
            show { it.copy(title = title) }
        }
    }

    fun pen(pen: Pen) = show { it.copy(pen = pen) }

    fun answer(
        trouble: FieldTrouble,
        yes: Boolean,
    ) = show { it.copy(pen = it.pen.answered(trouble, yes)) }

    fun decide() {
        if (now.done != null) return
        val writer = now.pen.writer()
        work {
            val (person, _) = vault { it.about() }
            val done =
                write {
                    when (screen.decision) {
                        Decision.REMOVE -> it.remove(screen.id, writer)
                        Decision.HIDE -> it.mark(screen.id, Mark.HIDDEN, true, writer)
                        Decision.SHOW -> it.mark(screen.id, Mark.HIDDEN, false, writer)
                        Decision.SENSITIVE -> it.mark(screen.id, Mark.SENSITIVE, true, writer)
                        Decision.NOT_SENSITIVE -> it.mark(screen.id, Mark.SENSITIVE, false, writer)
                        Decision.UNDO -> it.undo(person, screen.id, writer)
                    }
                }
            val change = vault { it.change(person, done) }
            show { it.copy(troubles = done.troubles, done = change) }
        }
    }

    /** Whose it is, and what it is called. */
    private fun VaultInterface.about(): Pair<String, String> {
        val person = screen.person
        if (person != null) return person to changes(person, null).rows.find { it.entry == screen.id }?.text.orEmpty()
        if (screen.isEvent) return event(screen.id).row.let { it.person to it.title }
        return record(screen.id).let { it.person to it.title }
    }
}

/** What was written and changed by hand. */
data class Changes(
    val rows: List<ChangeRow> = emptyList(),
    val next: String? = null,
    val isRead: Boolean = false,
)

/** The changes of a person, an event or a record, the newest first, each with the way to undo it. */
class ChangesPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Changes,
) : Presenter<Changes>(desk, entry, Changes()) {
    override fun read() =
        reading {
            val page = vault { it.changes(screen.of, null) }
            show { Changes(page.rows, page.next, isRead = true) }
        }

    fun more() {
        val after = now.next ?: return
        work {
            val page = vault { it.changes(screen.of, after) }
            if (now.next == after) show { it.copy(rows = it.rows + page.rows, next = page.next) }
        }
    }

    fun open(row: ChangeRow) {
        val record = row.records.firstOrNull() ?: row.record
        when {
            record != null -> desk.go(Screen.Record(record))
            row.event != null -> desk.go(Screen.Event(row.event!!))
        }
    }

    fun undo(row: ChangeRow) = desk.go(Screen.Decide(Decision.UNDO, row.entry, person = row.person))
}
