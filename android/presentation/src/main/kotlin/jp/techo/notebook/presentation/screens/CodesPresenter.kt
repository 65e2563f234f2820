package jp.techo.notebook.presentation.screens

import jp.techo.core.CodeSquares
import jp.techo.core.CodesForm
import jp.techo.core.CodesView
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.platform.ConfirmedAct

/** Codes that are shown one after the other: which of them stands there, and whether they wait. */
data class InTurn(
    val view: CodesView,
    val at: Int = 0,
    val isPaused: Boolean = false,
) {
    val code: CodeSquares get() = view.codes[at]
    val hasMore: Boolean get() = view.codes.size > 1

    fun next() = copy(at = (at + 1) % view.codes.size)

    fun previous() = copy(at = (at + view.codes.size - 1) % view.codes.size)
}

/** Handing records over by QR codes. */
data class Codes(
    val name: String = "",
    val form: CodesForm = CodesForm.JAHIS,
    val sensitive: Boolean = false,
    /** What was made: first for the person alone. */
    val made: CodesView? = null,
    /** What is shown to somebody else; null while nobody is. */
    val shown: InTurn? = null,
)

/** QR codes without a server: made after the person was asked, looked over by the person, and then shown in turn. */
class CodesPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Codes,
) : Presenter<Codes>(desk, entry, Codes()) {
    override fun read() =
        reading {
            val name = vault { it.people() }.find { it.id == screen.person }?.name.orEmpty()
            show { it.copy(name = name) }
        }

    fun form(form: CodesForm) = show { it.copy(form = form, made = null) }

    fun sensitive(on: Boolean) = show { it.copy(sensitive = on, made = null) }

    /** Makes them; what they could not carry is said before anybody else sees them. */
    fun make() {
        val (form, sensitive) = now.form to now.sensitive
        work {
            present(ConfirmedAct.EXPORT) {
                val made = write { it.codes(screen.person, form, null, null, sensitive) }
                show { it.copy(made = made) }
            }
        }
    }

    /** Shows them to somebody, as bright as the screen can be. */
    fun begin() {
        val made = now.made?.takeIf { it.codes.isNotEmpty() } ?: return
        desk.phone.brightness.raise(true)
        show { it.copy(shown = InTurn(made)) }
    }

    fun next() = turn { it.next() }

    fun previous() = turn { it.previous() }

    fun pause(on: Boolean) = turn { it.copy(isPaused = on) }

    fun end() {
        desk.phone.brightness.raise(false)
        show { it.copy(shown = null) }
    }

    override fun back() {
        when {
            now.shown != null -> end()
            now.made != null -> show { it.copy(made = null) }
            else -> super.back()
        }
    }

    override fun gone() {
        if (now.shown != null) end()
        super.gone()
    }

    override fun locked() {
        if (now.shown != null) end()
        super.locked()
    }

    private fun turn(by: (InTurn) -> InTurn) = show { it.copy(shown = it.shown?.let(by)) }
}
