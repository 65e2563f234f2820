package jp.techo.notebook.app.platform

import android.content.Context
import android.view.WindowManager
import androidx.activity.ComponentActivity
import jp.techo.notebook.presentation.platform.LibraryState
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 35], application = android.app.Application::class)
class GuardsTest {
    private val context: Context = RuntimeEnvironment.getApplication()

    private fun isProtected(activity: ComponentActivity) = activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0

    private fun check(load: () -> String): LibraryState =
        runBlocking {
            val guard = LoadedLibrary("0.1.0", Dispatchers.Unconfined, load)
            guard.check().also { assertEquals("it is looked at once", it, guard.check()) }
        }

    @Test
    fun `every activity begins protected, and one made anew follows the person's choice`() {
        val stage = Stage()
        val guard = WindowGuard(stage)
        val first = Robolectric.buildActivity(ComponentActivity::class.java).create().get()
        stage.enter(first)
        guard.attach(first)
        assertTrue(isProtected(first))
        guard.protect(false)
        assertFalse(isProtected(first))
        val second = Robolectric.buildActivity(ComponentActivity::class.java).create().get()
        stage.enter(second)
        guard.attach(second)
        assertFalse(isProtected(second))
        // The first goes after the second has come, as when the phone is turned.
        stage.leave(first)
        guard.protect(true)
        assertTrue(isProtected(second))
    }

    @Test
    fun `the library that fits is ready`() = assertEquals(LibraryState.READY, check { "0.1.0" })

    @Test
    fun `a library that is not there is said to be missing, however deep the reason`() {
        assertEquals(LibraryState.MISSING, check { throw UnsatisfiedLinkError("Unable to load library 'techo_bindings'") })
        assertEquals(LibraryState.MISSING, check { throw ExceptionInInitializerError(UnsatisfiedLinkError("dlopen failed")) })
        assertEquals(LibraryState.MISSING, check { throw RuntimeException(ExceptionInInitializerError(UnsatisfiedLinkError("x"))) })
    }

    @Test
    fun `a library of another version is said to be one`() {
        assertEquals(LibraryState.OTHER_VERSION, check { "0.2.0" })
        assertEquals(LibraryState.OTHER_VERSION, check { throw RuntimeException("UniFFI contract version mismatch") })
        val checksum = ExceptionInInitializerError(RuntimeException("UniFFI API checksum mismatch"))
        assertEquals(LibraryState.OTHER_VERSION, check { throw checksum })
        assertEquals(LibraryState.OTHER_VERSION, check { throw UnsatisfiedLinkError("Error looking up function 'uniffi_techo_fn'") })
    }

    @Test
    fun `the library is never loaded on the main thread`() {
        var where: Thread? = null
        runBlocking { LoadedLibrary("1", Dispatchers.IO) { "1".also { where = Thread.currentThread() } }.check() }
        assertNotEquals(Thread.currentThread(), where)
    }

    @Test
    fun `small settings are kept`() {
        fun preferences() = StoredPreferences(context.getSharedPreferences("shell", Context.MODE_PRIVATE))
        assertTrue(preferences().flag("a", true))
        preferences().keep("a", false)
        preferences().keep("n", 15)
        assertFalse(preferences().flag("a", true))
        assertEquals(15, preferences().number("n", 5))
    }
}
