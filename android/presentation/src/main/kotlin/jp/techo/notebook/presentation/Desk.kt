package jp.techo.notebook.presentation

import jp.techo.core.Language
import jp.techo.core.Position
import jp.techo.core.Settings
import jp.techo.core.TechoException
import jp.techo.core.VaultInterface
import jp.techo.notebook.presentation.platform.AppLock
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.platform.Unsealed
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.time.LocalDate
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** How the notebook is open. */
enum class Opened {
    WHOLE,

    /** Damaged or unproven: to read and export only. */
    RESCUE,

    /** The sample family: goes when it is closed. */
    SAMPLE,
}

/** What the whole app knows of the open notebook; null of [Desk.open] means that it is locked. */
data class Open(
    val how: Opened,
    val hideValues: Boolean,
    val secureScreen: Boolean,
)

/**
 * The table that all presenters work at: the one open notebook, the phone, the way back, and what is remembered. Lives as long
 * as the process, on the main thread.
 */
class Desk(
    val library: Library,
    val phone: Phone,
    val place: Place,
    val background: Background,
    val scope: CoroutineScope,
    val saved: Saved,
    language: Language,
    /** The day where the person is, as `2026-11-22`: what is due depends on it. */
    val today: () -> String = { LocalDate.now().toString() },
    private val clock: () -> Long,
) {
    /** The ways of an open notebook; [outside] is what can be seen without one. */
    val inside = BackStack(saved, "inside", Screen.People)
    val outside = BackStack(saved, "outside", null)

    /** Grows with each write, so that a list knows that it is old. */
    var changes = 0
        private set

    var language = language
        private set

    private var vault: VaultInterface? = null
    private val mutable = MutableStateFlow<Open?>(null)
    private val returned = MutableStateFlow<String?>(null)
    private var appLock = AppLock { lock() }
    private var closing: Job? = null
    private var away: AutoCloseable? = null
    private val remembering = Mutex()
    private var showing: Showing? = null

    /** The cards that are readable without unlocking. */
    val cards = Cards(this)

    val open: StateFlow<Open?> = mutable.asStateFlow()

    /** The address that the browser came back to and nobody has taken yet. */
    val arrival: StateFlow<String?> = returned.asStateFlow()

    init {
        scope.launch { phone.returns.arrivals.collect { returned.value = it } }
    }

    /** Takes the address that came back, once. */
    fun takeArrival(): String? = returned.value.also { returned.value = null }

    /** Calls the open notebook, off the main thread. */
    suspend fun <T> vault(call: (VaultInterface) -> T): T {
        val vault = vault ?: throw TechoException.Locked()
        return background.run { call(vault) }
    }

    /** Something was written. */
    fun changed() {
        changes += 1
        scope.launch { remember() }
    }

    /**
     * Opens by [opening], does [before] while nobody sees the notebook yet, and goes inside, to [screens] where there are
     * any. What was begun is ended even if whoever asked is gone, so that no open notebook is ever without an owner.
     */
    suspend fun take(
        how: Opened,
        screens: List<Screen>? = null,
        before: suspend (VaultInterface) -> Unit = {},
        opening: () -> VaultInterface,
    ) = withContext(NonCancellable) {
        // What was locked a moment ago lets go of its files first.
        closed()
        val opened = background.run(opening)
        try {
            before(opened)
        } catch (error: TechoException) {
            background.run { opened.lock() }
            throw error
        }
        vault?.let { earlier -> background.run { earlier.lock() } }
        vault = opened
        changes += 1
        val settings = vault { it.settings() }
        if (screens != null) inside.reset(*screens.toTypedArray())
        // The browser came back while the notebook was locked, or the process was gone.
        val fetching = inside.entries.value.any { it.screen is Screen.Fetch }
        if (returned.value != null && !fetching && vault { it.unfinished() }.isNotEmpty()) inside.push(Screen.Fetch())
        outside.reset()
        follow(how, settings)
        cards.tidy()
        remember()
    }

    /** The settings were read or changed: screen, lock and blur follow them. */
    fun follow(settings: Settings) = mutable.value?.let { follow(it.how, settings) }

    /** Locks now. What may be said to nobody is gone from memory; the way back stays. */
    fun lock() {
        val leaving = vault ?: return
        val how = mutable.value?.how
        val wasSample = how == Opened.SAMPLE
        val shown = concluded()
        vault = null
        mutable.value = null
        appLock.closed()
        phone.screen.protect(true)
        if (wasSample) inside.reset()
        closing =
            scope.launch {
                val last =
                    background.run {
                        shown?.let(leaving::ended)
                        // A write just before the lock counts too: afterwards nobody can ask how far the notebook had come.
                        val last = if (how == Opened.WHOLE) leaving.lastPosition() else null
                        leaving.lock()
                        place.clean()
                        if (wasSample) place.cleanSample()
                        last
                    }
                if (last != null) remembering.withLock { phone.memory.keep(last.bytes) }
                phone.share.clean()
            }
    }

    /** Waits until what was locked has let go of its files. */
    suspend fun closed() {
        closing?.join()
    }

    /** One step back inside or outside; false where there is none. */
    fun back(): Boolean = if (vault == null) outside.pop() else inside.pop()

    /** One screen further, where the person is. */
    fun go(screen: Screen) = (if (vault == null) outside else inside).push(screen)

    /** The person's language changed. */
    fun speak(to: Language) {
        if (to == language) return
        language = to
        vault?.speak(to)
        changes += 1
    }

    /** An errand outside the app that brings an answer back (picker, camera, prompt): being away does not lock until it is there. */
    suspend fun <T> errand(doing: suspend () -> T): T {
        val errand = appLock.errand()
        return try {
            doing()
        } finally {
            errand.close()
        }
    }

    /** The phone's lock seals [secret]. Its prompt may cover the whole screen: asking is an errand. */
    suspend fun seal(secret: ByteArray): Sealed = errand { phone.lock.seal(secret) }

    /** The phone's lock gives back what [seal] was given; the prompt says what for. An errand like [seal]. */
    suspend fun unseal(
        sealed: ByteArray,
        act: ConfirmedAct? = null,
    ): Unsealed = errand { phone.lock.unseal(sealed, act) }

    /**
     * Sends the person out where no answer comes back (browser, share sheet, print dialogue): being away does not lock until the
     * app is in sight again. Leaving it afterwards does. [sending] says whether there was anywhere to go.
     */
    inline fun sendOut(sending: () -> Boolean): Boolean {
        val out = beginOuting()
        var isOut = false
        try {
            isOut = sending()
            return isOut
        } finally {
            if (!isOut) out.close()
        }
    }

    /** The errand of [sendOut]; what is returned ends it before the app is in sight again. */
    fun beginOuting(): AutoCloseable {
        away?.close()
        return appLock.errand().also { away = it }
    }

    /**
     * From now on somebody else looks on, for [minutes]: bright, awake, and never in a screenshot. [begun] is how the ledger
     * knows it. It ends by [endShowing], which everything that hides the screen comes down to.
     */
    fun beginShowing(
        person: String,
        begun: String,
        minutes: Int,
        over: () -> Unit,
    ) {
        phone.screen.protect(true)
        phone.brightness.raise(true)
        val since = clock()
        showing = Showing(person, begun, since, since + minutes.minutes.inWholeMilliseconds, phone.faceDown.watch(::endShowing), over)
    }

    /** The showing is over: the ledger says so, and the rest of the notebook is locked. */
    fun endShowing() {
        if (showing == null) return
        val open = mutable.value
        // Whoever was shown the sample family may see the rest of it.
        if (open?.how != Opened.SAMPLE) return lock()
        val shown = concluded() ?: return
        phone.screen.protect(open.secureScreen)
        shown.over()
        scope.launch { vault?.let { notebook -> background.run { notebook.ended(shown) } } }
    }

    private fun concluded(): Showing? =
        showing?.also {
            showing = null
            it.watching.close()
            phone.brightness.raise(false)
        }

    fun touched() = appLock.touched(clock())

    fun left() {
        if (showing != null) endShowing()
        appLock.left(clock())
    }

    /** Something else is in front, though the app may still be in sight. */
    fun covered() = endShowing()

    /** The app is in sight again, and in front. */
    fun returned() {
        away?.close()
        away = null
        appLock.returned(clock())
    }

    fun tick() {
        val shown = showing ?: return appLock.tick(clock())
        // Who reads does not touch: the time that was chosen stands in the place of the lock's. A clock that jumped back is late.
        if (clock() !in shown.since until shown.until) endShowing()
    }

    /** How long until [tick] can have something to do; null while locked. */
    fun wait(): Duration? = showing?.let { (it.until - clock()).coerceAtLeast(0).milliseconds } ?: appLock.wait(clock())

    private fun follow(
        how: Opened,
        settings: Settings,
    ) {
        mutable.value = Open(how, settings.hideValues, settings.secureScreen)
        phone.screen.protect(settings.secureScreen)
        appLock = AppLock(settings.lockAfterMinutes.toInt().minutes) { lock() }.apply { opened(clock()) }
    }

    /** Keeps how far the notebook has come, so that an older copy put back is noticed. One at a time: the last one stays. */
    private suspend fun remember() =
        remembering.withLock {
            val open = vault?.takeIf { mutable.value?.how == Opened.WHOLE } ?: return@withLock
            val position = background.run { open.lastPosition() } ?: return@withLock
            phone.memory.keep(position.bytes)
        }

    /** Null where it is locked meanwhile, or cannot be said now. */
    private fun VaultInterface.lastPosition(): Position? =
        try {
            position()
        } catch (_: TechoException) {
            null
        }

    /** How far the notebook had come when this phone last saw it. */
    suspend fun lastSeen(): Position? = phone.memory.last()?.let(::Position)
}

/** A screen that somebody else looks at. [since] and [until] are the desk's clock. */
private class Showing(
    val person: String,
    val begun: String,
    val since: Long,
    val until: Long,
    val watching: AutoCloseable,
    val over: () -> Unit,
)

/** Writes down that it is over. Where that cannot be written, the line of its beginning stands alone. */
private fun VaultInterface.ended(shown: Showing) {
    try {
        endShowing(shown.person, shown.begun)
    } catch (_: TechoException) {
        return
    }
}
