package jp.techo.notebook.presentation.screens

import jp.techo.core.ChangeRow
import jp.techo.core.ImportDraftInterface
import jp.techo.core.TechoException
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.trouble
import java.io.File

/** A picture or a PDF on its way to a record's side. */
data class Attach(
    /** The record's name. */
    val title: String = "",
    /** What the file is called; null before it is picked. */
    val name: String? = null,
    /** What the document is called, as it is typed. */
    val documentTitle: String = "",
    val day: String = "",
    val hasCamera: Boolean = false,
    val done: ChangeRow? = null,
) {
    /** Never prints what was typed. */
    override fun toString() = "Attach(${done != null})"
}

/** Puts a photo of the handbook's page, or a PDF, beside a record: kept as a document of the same person, then attached. */
class AttachPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Attach,
) : Presenter<Attach>(desk, entry, Attach()) {
    private var draft: ImportDraftInterface? = null

    override fun read() {
        if (now.done != null) return
        reading {
            val title = vault { it.record(screen.record).title }
            show { it.copy(title = title, hasCamera = desk.phone.pictures.hasCamera()) }
            val path = kept("path")
            if (path != null && draft == null) {
                look(path, kept("name").orEmpty())
            } else if (path == null) {
                desk.phone.documents.leftOver()?.let { take(it) }
            }
        }
    }

    fun pickFile() = pick { desk.phone.documents.open() }

    fun photograph() = pick { desk.phone.pictures.photograph() }

    fun choosePicture() = pick { desk.phone.pictures.choose() }

    fun name(
        title: String,
        day: String,
    ) = show { it.copy(documentTitle = title, day = day) }

    fun attach() {
        val draft = draft ?: return
        work {
            val person = vault { it.record(screen.record).person }
            val kept = write { draft.keep(person, now.documentTitle, now.day, false) }
            val document = kept.document ?: throw TechoException.NotFound()
            val done = write { it.attach(screen.record, document, Pen().writer()) }
            val change = vault { it.change(person, done) }
            dropCopy()
            show { it.copy(done = change) }
        }
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
        dropCopy()
        keep("path", picked.copy.file.path)
        keep("name", picked.copy.name)
        look(picked.copy.file.path, picked.copy.name)
    }

    private suspend fun look(
        path: String,
        name: String,
    ) {
        val looked = vault { it.look(path, name) }
        if (!looked.view().canKeep) {
            dropCopy()
            show { it.copy(name = null) }
            return say(trouble(Word.NO_DOCUMENT, Word.NO_DOCUMENT_TODO))
        }
        draft = looked
        show { it.copy(name = name) }
    }

    private fun dropCopy() {
        draft = null
        val path = kept("path")
        keep("path", null)
        keep("name", null)
        if (path != null) File(path).delete()
    }
}
