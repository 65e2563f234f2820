package jp.techo.notebook.presentation.platform

import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/**
 * When the notebook locks by itself: as soon as the app is left, and after [after] without a touch.
 *
 * An errand the person was sent on by us (the file picker, the browser, the camera, printing) also leaves the app. While one
 * is under way the time alone counts, not the leaving: otherwise nobody could ever import a file.
 * Not thread-safe: everything happens on the main thread. Time is a parameter: milliseconds of a clock that runs while the phone sleeps.
 */
class AppLock(
    private val after: Duration = DEFAULT,
    private val lock: () -> Unit,
) {
    private var unlocked = false
    private var seen = 0L
    private var errands = 0

    /** The notebook was opened at [now]. */
    fun opened(now: Long) {
        unlocked = true
        seen = now
    }

    /** The notebook was locked by somebody else. */
    fun closed() {
        unlocked = false
    }

    /** The person touched the screen at [now]. Too late counts as too late: the touch does not keep it open. */
    fun touched(now: Long) {
        if (!late(now)) seen = now
    }

    /** The app went out of sight at [now]. */
    fun left(now: Long) {
        if (unlocked && (errands == 0 || overdue(now))) close()
    }

    /** The app came back into sight at [now]. */
    fun returned(now: Long) {
        late(now)
    }

    /** The clock says [now]; asked every so often, with [wait] between. */
    fun tick(now: Long) {
        late(now)
    }

    /** How long from [now] until [tick] can have something to do; null while locked. */
    fun wait(now: Long): Duration? = if (unlocked) Duration.ZERO.coerceAtLeast(after - elapsed(now)) else null

    /** An errand begins; what is returned ends it, once. */
    fun errand(): AutoCloseable {
        errands += 1
        val open = AtomicBoolean(true)
        return AutoCloseable { if (open.getAndSet(false)) errands -= 1 }
    }

    private fun late(now: Long): Boolean {
        if (unlocked && overdue(now)) close()
        return !unlocked
    }

    private fun close() {
        unlocked = false
        lock()
    }

    private fun overdue(now: Long) = elapsed(now) >= after

    // A clock that jumped back is a clock that is not believed: it counts as late.
    private fun elapsed(now: Long): Duration = if (now < seen) Duration.INFINITE else with(Duration) { (now - seen).milliseconds }

    companion object {
        val DEFAULT: Duration = 5.minutes
    }
}
