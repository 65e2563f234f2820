package jp.techo.notebook.presentation.platform

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class AppLockTest {
    private var locked = 0
    private val lock = AppLock(5.minutes) { locked += 1 }

    private fun at(duration: Duration) = duration.inWholeMilliseconds

    @Test
    fun `leaving the app locks at once, and only once`() {
        lock.opened(0)
        lock.left(1)
        lock.left(2)
        lock.returned(3)
        assertEquals(1, locked)
    }

    @Test
    fun `a locked notebook is not locked again`() {
        lock.left(1)
        lock.tick(at(10.minutes))
        assertEquals(0, locked)
        assertNull(lock.wait(0))
    }

    @Test
    fun `it locks after the time without a touch, and a touch begins the time anew`() {
        lock.opened(0)
        lock.touched(at(4.minutes))
        lock.tick(at(5.minutes))
        assertEquals(0, locked)
        assertEquals(4.minutes, lock.wait(at(5.minutes)))
        lock.tick(at(9.minutes))
        assertEquals(1, locked)
    }

    @Test
    fun `a touch that comes too late locks instead of keeping it open`() {
        lock.opened(0)
        lock.touched(at(6.minutes))
        assertEquals(1, locked)
    }

    @Test
    fun `an errand does not lock when it leaves the app, but the time does`() {
        lock.opened(0)
        val errand = lock.errand()
        lock.left(at(1.minutes))
        lock.returned(at(4.minutes))
        assertEquals(0, locked)
        lock.left(at(4.minutes))
        lock.returned(at(5.minutes))
        assertEquals(1, locked)
        errand.close()
    }

    @Test
    fun `an errand ends once, however often it is ended`() {
        lock.opened(0)
        val first = lock.errand()
        val second = lock.errand()
        first.close()
        first.close()
        lock.left(1)
        assertEquals(0, locked, "the second errand is still under way")
        second.close()
        lock.left(2)
        assertEquals(1, locked)
    }

    @Test
    fun `a clock that jumps back is not believed`() {
        lock.opened(at(10.minutes))
        lock.tick(at(9.minutes + 59.seconds))
        assertEquals(1, locked)
    }
}
