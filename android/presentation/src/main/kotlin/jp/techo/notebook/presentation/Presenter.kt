package jp.techo.notebook.presentation

import jp.techo.core.InternalException
import jp.techo.core.Key
import jp.techo.core.TechoException
import jp.techo.core.VaultInterface
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.Unsealed
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.IOException

/** A screen as it stands: its own [content], and what every screen can be in. */
data class Shown<out S>(
    val content: S,
    val isBusy: Boolean = false,
    val trouble: TroubleView? = null,
    /** The person has to show who they are, and this phone's lock cannot do it: the passphrase is asked for. */
    val asksPassphrase: Boolean = false,
)

/**
 * One screen without its pixels. [state] is what is drawn; functions are what is tapped. Lives on the main thread; what the
 * library does, it does in the [Background].
 */
abstract class Presenter<S : Any>(
    protected val desk: Desk,
    private val entry: Entry,
    first: S,
) {
    private val mutable = MutableStateFlow(Shown(first))
    private var asked: CompletableDeferred<String?>? = null
    private var seen = -1
    private var busy = 0
    private var working: Job? = null
    private var reading: Job? = null

    protected val scope = CoroutineScope(desk.scope.coroutineContext + SupervisorJob(desk.scope.coroutineContext[Job]))

    val state: StateFlow<Shown<S>> = mutable.asStateFlow()

    protected val now: S get() = mutable.value.content

    /** The screen came into sight. Reads anew where something was written since it was last read. */
    fun shown() {
        if (seen != desk.changes) {
            seen = desk.changes
            read()
        }
    }

    /** Reads what the screen shows. */
    protected open fun read() = Unit

    /** The way back. */
    open fun back() {
        desk.back()
    }

    /** The person has read what went wrong. */
    fun understood() = mutable.update { it.copy(trouble = null) }

    /** The passphrase that was asked for; null when the person would rather not. */
    fun passphrase(text: String?) {
        asked?.complete(text)
    }

    /** The screen is gone for good. */
    open fun gone() {
        scope.cancel()
        desk.saved.forget("${entry.key}.")
    }

    /** The screen goes because the notebook was locked; what it [kept] stays. */
    open fun locked() = scope.cancel()

    protected fun show(change: (S) -> S) = mutable.update { it.copy(content = change(it.content)) }

    protected fun say(trouble: TroubleView?) = mutable.update { it.copy(trouble = trouble) }

    protected fun kept(name: String): String? = desk.saved["${entry.key}.$name"]

    protected fun keep(
        name: String,
        value: String?,
    ) {
        desk.saved["${entry.key}.$name"] = value
    }

    /** Does [act] while the screen says that it is busy. A second tap meanwhile does nothing. */
    protected fun work(act: suspend () -> Unit): Job? {
        if (working?.isActive == true) return null
        say(null)
        return started(act).also { working = it }
    }

    /** Reads by [act]; an earlier reading that is still under way is given up. */
    protected fun reading(act: suspend () -> Unit) {
        reading?.cancel()
        reading = started(act)
    }

    private fun started(act: suspend () -> Unit): Job {
        busy(1)
        return scope.launch {
            try {
                act()
            } catch (stop: CancellationException) {
                throw stop
            } catch (error: TechoException) {
                failed(error)
            } catch (_: IOException) {
                say(trouble(Word.NO_ROOM, Word.NO_ROOM_TODO))
            } catch (_: InternalException) {
                unexpected()
            } catch (_: RuntimeException) {
                // A fault of ours must not take the whole app away from the person.
                unexpected()
            }
        }.apply { invokeOnCompletion { busy(-1) } }
    }

    private fun unexpected() = say(trouble(Word.UNEXPECTED, Word.UNEXPECTED_TODO))

    private fun busy(change: Int) {
        busy += change
        mutable.update { it.copy(isBusy = busy > 0) }
    }

    /** What an error means for this screen. */
    protected open fun failed(error: TechoException) {
        if (error is TechoException.Locked) desk.lock() else say(error.told(desk.language))
    }

    /** Reads from the open notebook. */
    protected suspend fun <T> vault(call: (VaultInterface) -> T): T = desk.vault(call)

    /** Writes to the open notebook; lists read anew afterwards. */
    protected suspend fun <T> write(call: (VaultInterface) -> T): T {
        val answer = desk.vault(call)
        desk.changed()
        renewCards()
        return answer
    }

    /**
     * Erases by [call]. The cards that are readable without unlocking go first and are made anew of what is left, so that
     * nothing erased lives on in one, whatever happens in between.
     */
    protected suspend fun <T> erasing(call: (VaultInterface) -> T): T {
        val lay = desk.cards.withdraw()
        try {
            return desk.vault(call).also { desk.changed() }
        } finally {
            withContext(NonCancellable) { if (!desk.cards.renew(lay)) say(trouble(Word.CARD_GONE, Word.CARD_GONE_TODO)) }
        }
    }

    /** The cards that are readable without unlocking follow what was written. One that the person does not confirm goes. */
    protected suspend fun renewCards() {
        val old = desk.cards.outdated()
        if (old.isEmpty()) return
        val isRenewed =
            try {
                present(ConfirmedAct.CARD) { desk.cards.renew(old) }
            } catch (_: TechoException) {
                // A wrong passphrase is no confirmation; what was written before is written all the same.
                null
            }
        if (isRenewed == true) return
        desk.cards.giveUp(old)
        say(trouble(Word.CARD_GONE, Word.CARD_GONE_TODO))
    }

    /** What needs the person's presence: asked of the phone's lock, else by passphrase. Null when the person turned away. */
    protected suspend fun <T : Any> present(
        act: ConfirmedAct,
        call: suspend () -> T,
    ): T? {
        if (vault { it.needsPresence() } && !confirm(act)) return null
        return call()
    }

    private suspend fun confirm(act: ConfirmedAct): Boolean {
        val sealed = desk.background.run { desk.place.sealed() }
        return when (val answer = sealed?.let { desk.unseal(it, act) }) {
            is Unsealed.Key ->
                try {
                    vault { it.confirmPresence(Key.Device(answer.bytes)) }
                    true
                } finally {
                    answer.wipe()
                }
            Unsealed.Cancelled -> false
            Unsealed.LockedOut -> {
                say(trouble(Word.LOCKED_OUT, Word.LOCKED_OUT_TODO))
                false
            }
            else -> confirmByPassphrase()
        }
    }

    private suspend fun confirmByPassphrase(): Boolean {
        val answer = CompletableDeferred<String?>()
        asked = answer
        mutable.update { it.copy(asksPassphrase = true) }
        val text =
            try {
                answer.await()
            } finally {
                mutable.update { it.copy(asksPassphrase = false) }
            }
        if (text == null) return false
        vault { it.confirmPresence(Key.Passphrase(text)) }
        return true
    }
}
