package jp.techo.notebook.presentation.screens

import jp.techo.core.ConsentLine
import jp.techo.core.Erased
import jp.techo.core.Erasure
import jp.techo.core.LedgerLine
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.ErasedKind
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.platform.ConfirmedAct

/** What will go, before it goes; and that it went. */
data class Erase(
    val text: String? = null,
    /** The person has said that it may go. */
    val isSure: Boolean = false,
    val done: Erased? = null,
)

/** Erasing a record, a document or a person: first what will go, in words, then a yes, then it is gone. */
class ErasePresenter(
    desk: Desk,
    entry: Entry,
    screen: Screen.Erase,
) : Presenter<Erase>(desk, entry, Erase()) {
    private val what =
        when (screen.kind) {
            ErasedKind.RECORD -> Erasure.Record(screen.id)
            ErasedKind.DOCUMENT -> Erasure.Document(screen.id)
            ErasedKind.PERSON -> Erasure.Person(screen.id)
        }

    override fun read() {
        if (now.done != null) return
        reading {
            val text = vault { it.erasureText(what) }
            show { it.copy(text = text) }
        }
    }

    fun sure(on: Boolean) = show { it.copy(isSure = on) }

    fun erase() {
        if (!now.isSure || now.done != null) return
        work {
            present(ConfirmedAct.ERASE) {
                val erased = erasing { it.erase(what) }
                show { Erase(done = erased) }
            }
        }
    }

    override fun back() {
        // What was erased is not there to go back to.
        if (now.done == null) super.back() else desk.inside.reset()
    }
}

/** What happened to the notebook, the newest first. */
data class Ledger(
    val lines: List<LedgerLine> = emptyList(),
    val next: ULong? = null,
)

/** The ledger, page by page. */
class LedgerPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Ledger>(desk, entry, Ledger()) {
    override fun read() =
        reading {
            val page = vault { it.ledger(null, PAGE) }
            show { Ledger(page.lines, page.next) }
        }

    fun more() {
        val before = now.next ?: return
        work {
            val page = vault { it.ledger(before, PAGE) }
            if (now.next == before) show { it.copy(lines = it.lines + page.lines, next = page.next) }
        }
    }

    fun consents() = desk.go(Screen.Consents)

    private companion object {
        const val PAGE = 50u
    }
}

/** What was consented to. */
data class Consents(
    val lines: List<ConsentLine> = emptyList(),
    val isRead: Boolean = false,
)

/** The consents, each with the way to withdraw it. */
class ConsentsPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Consents>(desk, entry, Consents()) {
    override fun read() =
        reading {
            val lines = vault { it.consents() }
            show { Consents(lines, isRead = true) }
        }

    fun withdraw(id: String) = desk.go(Screen.Withdraw(id))
}

/** Withdrawing one consent: what that does here, and what it cannot call back. */
data class Withdraw(
    val lines: List<String> = emptyList(),
    /** What came by this consent is erased with it. */
    val erases: Boolean = false,
    val done: List<String>? = null,
)

/** Withdraws a consent, after saying what that means. */
class WithdrawPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Withdraw,
) : Presenter<Withdraw>(desk, entry, Withdraw()) {
    override fun read() {
        if (now.done != null) return
        reading {
            val lines = vault { it.withdrawalText(screen.id) }
            show { it.copy(lines = lines) }
        }
    }

    fun erases(on: Boolean) = show { it.copy(erases = on) }

    fun withdraw() {
        if (now.done != null) return
        work {
            present(ConfirmedAct.ERASE) {
                val profile = desk.background.run { desk.place.profile() }
                val erases = now.erases
                val done = erasing { it.withdraw(screen.id, erases, profile) }
                show { it.copy(done = done) }
            }
        }
    }
}
