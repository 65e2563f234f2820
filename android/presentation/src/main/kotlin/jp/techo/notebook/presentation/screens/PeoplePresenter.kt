package jp.techo.notebook.presentation.screens

import jp.techo.core.BoardRow
import jp.techo.core.PersonView
import jp.techo.core.TechoException
import jp.techo.core.UnfinishedFetch
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.Notice
import jp.techo.notebook.presentation.trouble

/** Whose notebooks there are: the first screen after unlocking. */
data class People(
    val people: List<PersonView> = emptyList(),
    val opened: Opened = Opened.WHOLE,
    val needsKit: Boolean = false,
    val unfinished: List<UnfinishedFetch> = emptyList(),
    val isRead: Boolean = false,
    /** What stands with each of them: last checkup, what is next, what came last, growth. */
    val board: List<BoardRow> = emptyList(),
)

/** The people of the notebook, and the ways from there. */
class PeoplePresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<People>(desk, entry, People()) {
    override fun read() =
        reading {
            val how = desk.open.value?.how ?: Opened.WHOLE
            val today = desk.today()
            val people =
                vault { notebook ->
                    People(
                        notebook.people(),
                        how,
                        how == Opened.WHOLE && notebook.needsRecoveryKit(),
                        if (how == Opened.WHOLE) notebook.unfinished() else emptyList(),
                        isRead = true,
                        board = notebook.board(today),
                    )
                }
            // The kit is asked for once there is something to lose.
            val needsKit = people.needsKit && people.people.any { it.records > 0uL }
            if (needsKit) desk.phone.notices.show(Notice.RECOVERY_KIT_MISSING)
            show { people.copy(needsKit = needsKit) }
        }

    fun timeline(person: String?) = desk.go(Screen.Timeline(person))

    fun add() = desk.go(Screen.NewPerson)

    fun go(screen: Screen) = desk.go(screen)

    fun erase(person: String) = desk.go(Screen.Erase(jp.techo.notebook.presentation.ErasedKind.PERSON, person))

    /** Not now: asked again in some days. */
    fun postponeKit() {
        work {
            write { it.postponeRecoveryKit() }
            desk.phone.notices.withdraw(Notice.RECOVERY_KIT_MISSING)
            show { it.copy(needsKit = false) }
        }
    }

    fun lock() = desk.lock()
}

/** Somebody more in the notebook. */
class NewPersonPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<PersonForm>(desk, entry, PersonForm()) {
    fun fill(form: PersonForm) = show { form }

    fun add() {
        if (now.name.isBlank()) return say(trouble(Word.NAME_MISSING, Word.NAME_MISSING_TODO))
        val person = now.person() ?: return say(trouble(Word.DATE_UNCLEAR, Word.DATE_UNCLEAR_TODO))
        work {
            write { it.addPerson(person) }
            back()
        }
    }

    override fun failed(error: TechoException) {
        // The form's own word: the core's is about the two things that everybody needs.
        val isGestation = error is TechoException.PersonInvalid && error.field == "gestation"
        if (isGestation) say(trouble(Word.GESTATION_UNCLEAR, Word.GESTATION_UNCLEAR_TODO)) else super.failed(error)
    }
}
