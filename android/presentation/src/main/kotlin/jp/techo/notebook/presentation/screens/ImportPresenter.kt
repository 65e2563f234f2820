package jp.techo.notebook.presentation.screens

import jp.techo.core.ArchiveDone
import jp.techo.core.DraftView
import jp.techo.core.ImportDone
import jp.techo.core.ImportDraftInterface
import jp.techo.core.PersonView
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.TroubleView
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.sizeText
import jp.techo.notebook.presentation.trouble
import java.io.File

/** A file on its way in. */
sealed interface Importing {
    /** Nothing is picked yet. */
    data object Picking : Importing

    /** What is in the file, before anything is filed. */
    data class Draft(
        val view: DraftView,
        val person: String? = null,
        /** The person says that it is theirs although something differs. */
        val anyway: Boolean = false,
        /** The person has looked at the twelve digits: they are no My Number. */
        val digitsChecked: Boolean = false,
        /** It is kept as a document that nobody reads. */
        val asDocument: Boolean = false,
        /** What the document is called, as it is typed. */
        val title: String = "",
        val day: String = "",
        /** The dates of a table begin with the day; null where that is not asked, or not answered. */
        val dayFirst: Boolean? = null,
    ) : Importing {
        val needsAnyway: Boolean get() = view.documents.any { it.differs != null || it.person != null && it.person != person }
        val needsDigits: Boolean get() = view.documents.any { it.question != null }
        val isReady: Boolean
            get() =
                if (asDocument) {
                    person != null
                } else {
                    view.canTake && (view.isArchive || person != null && (!needsAnyway || anyway) && (!needsDigits || digitsChecked))
                }

        /** The person can say that the table is read the right way. */
        val canConfirm: Boolean get() = view.table?.let { it.obstacle == null && (it.orderQuestion == null || dayFirst != null) } ?: false

        /** Never prints what was typed. */
        override fun toString() = "Draft(${view.documents.size})"
    }

    /** It is filed. */
    data class Done(
        val done: ImportDone,
    ) : Importing

    /** An archive is filed. */
    data class ArchiveIn(
        val done: ArchiveDone,
    ) : Importing
}

/** Taking in a file or a picture. */
data class Import(
    val stage: Importing = Importing.Picking,
    val people: List<PersonView> = emptyList(),
    val name: String? = null,
    val hasCamera: Boolean = false,
    /** The third step of the first start. */
    val isFirst: Boolean = false,
)

/**
 * Picks, looks, and files what the person says. Where the process goes in between, the private copy stays and is looked at
 * again; what was filed was filed whole.
 */
class ImportPresenter(
    desk: Desk,
    entry: Entry,
    screen: Screen.Import,
) : Presenter<Import>(desk, entry, Import(isFirst = screen.first)) {
    private var draft: ImportDraftInterface? = null

    override fun read() =
        reading {
            val people = vault { it.people() }
            show { it.copy(people = people, hasCamera = desk.phone.pictures.hasCamera()) }
            val path = kept("path")
            if (now.stage != Importing.Picking) return@reading
            if (path != null) {
                look(path, kept("name"))
            } else {
                desk.phone.documents.leftOver()?.let { take(it) }
            }
        }

    fun pickFile() = pick { desk.phone.documents.open() }

    fun photograph() = pick { desk.phone.pictures.photograph() }

    fun choosePicture() = pick { desk.phone.pictures.choose() }

    fun person(id: String) = onDraft { it.copy(person = id, anyway = false) }

    fun anyway(on: Boolean) = onDraft { it.copy(anyway = on) }

    fun digitsChecked(on: Boolean) = onDraft { it.copy(digitsChecked = on) }

    /** Keeps a picture or a PDF as it is, by a title and of a day. */
    fun asDocument(on: Boolean) = onDraft { it.copy(asDocument = on) }

    fun name(
        title: String,
        day: String,
    ) = onDraft { it.copy(title = title, day = day) }

    fun dayFirst(on: Boolean) = onDraft { it.copy(dayFirst = on) }

    /** The table is read the right way: what is in it then. */
    fun confirmTable() {
        val stage = now.stage as? Importing.Draft ?: return
        val draft = draft ?: return
        if (!stage.canConfirm) return
        work { drafted(write { draft.confirmTable(stage.dayFirst) }) }
    }

    /** Files it: all or nothing. [passphrase] is that of an archive. */
    fun file(passphrase: String? = null) {
        val stage = now.stage as? Importing.Draft ?: return
        val draft = draft ?: return
        val path = kept("path") ?: return
        work {
            val end =
                if (stage.view.isArchive) {
                    Importing.ArchiveIn(write { it.importArchive(path, passphrase?.ifEmpty { null }) })
                } else {
                    val person = stage.person ?: return@work say(trouble(Word.NOTHING_CHOSEN, Word.NOTHING_CHOSEN_TODO))
                    Importing.Done(
                        write {
                            if (stage.asDocument) {
                                draft.keep(person, stage.title, stage.day, stage.digitsChecked)
                            } else {
                                draft.take(person, stage.anyway, stage.digitsChecked)
                            }
                        },
                    )
                }
            dropCopy()
            show { it.copy(stage = end) }
        }
    }

    /** Another file instead, or one more. */
    fun again() {
        dropCopy()
        understood()
        show { it.copy(stage = Importing.Picking, name = null) }
    }

    /** To what was just filed. */
    fun see() {
        val first = (now.stage as? Importing.Done)?.done?.firstEvent
        if (first == null) desk.inside.replace(Screen.Timeline()) else desk.inside.replace(Screen.Event(first))
    }

    override fun gone() {
        dropCopy()
        super.gone()
    }

    private fun pick(asking: suspend () -> Picked) {
        work { take(desk.errand(asking)) }
    }

    private suspend fun take(picked: Picked) {
        if (picked !is Picked.Document) {
            picked.trouble()?.let(::say)
            return
        }
        keep("path", picked.copy.file.path)
        keep("name", picked.copy.name)
        look(picked.copy.file.path, picked.copy.name)
    }

    private suspend fun look(
        path: String,
        name: String?,
    ) {
        drafted(vault { it.look(path, name) })
        show { it.copy(name = name) }
    }

    private fun drafted(looked: ImportDraftInterface) {
        draft = looked
        val view = looked.view()
        // Proposed, never decided: the person whom everything fits, or the only one there is.
        val fits = view.person ?: now.people.singleOrNull()?.id
        // What nobody can read can only be kept as it is.
        show { it.copy(stage = Importing.Draft(view, fits, asDocument = view.canKeep && !view.canTake)) }
    }

    private fun onDraft(change: (Importing.Draft) -> Importing.Draft) =
        show { state -> (state.stage as? Importing.Draft)?.let { state.copy(stage = change(it)) } ?: state }

    private fun dropCopy() {
        draft = null
        val path = kept("path")
        keep("path", null)
        keep("name", null)
        if (path != null) File(path).delete()
    }
}

/** What went wrong with picking; null where nothing did. */
internal fun Picked.trouble(): TroubleView? =
    when (this) {
        is Picked.Document, Picked.Cancelled -> null
        is Picked.TooLarge -> trouble(Word.PICK_TOO_LARGE, Word.PICK_TOO_LARGE_TODO, sizeText(limit))
        Picked.NotReadable -> trouble(Word.PICK_NOT_READABLE, Word.PICK_NOT_READABLE_TODO)
        Picked.NoSpace -> trouble(Word.NO_ROOM, Word.NO_ROOM_TODO)
        Picked.NothingAnswers -> trouble(Word.NOTHING_ANSWERS, Word.NOTHING_ANSWERS_TODO)
    }
