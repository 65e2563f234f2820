package jp.techo.notebook.app.platform

import android.content.SharedPreferences
import android.view.WindowManager
import androidx.activity.ComponentActivity
import jp.techo.notebook.presentation.platform.LibraryGuard
import jp.techo.notebook.presentation.platform.LibraryState
import jp.techo.notebook.presentation.platform.Preferences
import jp.techo.notebook.presentation.platform.ScreenGuard
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** `FLAG_SECURE` on whichever activity there is. Starts protected, before anybody could have read a setting. */
internal class WindowGuard(
    private val stage: Stage,
) : ScreenGuard {
    private var on = true

    /** Before the activity shows anything. */
    fun attach(activity: ComponentActivity) = apply(activity)

    override fun protect(on: Boolean) {
        this.on = on
        stage.activity?.let(::apply)
    }

    private fun apply(activity: ComponentActivity) {
        val flag = WindowManager.LayoutParams.FLAG_SECURE
        if (on) activity.window.addFlags(flag) else activity.window.clearFlags(flag)
    }
}

/**
 * Loads the library once, off the main thread, and says in a word what is wrong with it. [load] makes the first call into
 * the generated code and gives the library's version; [expected] is the version that this app was built with.
 */
internal class LoadedLibrary(
    private val expected: String,
    private val background: CoroutineDispatcher,
    private val load: () -> String,
) : LibraryGuard {
    private val once = Mutex()
    private var known: LibraryState? = null

    // The first failure is kept: the virtual machine answers every later call with NoClassDefFoundError and no reason.
    override suspend fun check(): LibraryState = once.withLock { known ?: withContext(background) { look() }.also { known = it } }

    // Whatever is thrown here would end the app before it could say a sentence. Errors of the virtual machine itself
    // (memory) are none of LinkageError and go on.
    private fun look(): LibraryState =
        try {
            if (load() == expected) LibraryState.READY else LibraryState.OTHER_VERSION
        } catch (error: LinkageError) {
            reason(error)
        } catch (error: RuntimeException) {
            reason(error)
        }

    private fun reason(error: Throwable): LibraryState {
        val link = generateSequence(error) { it.cause }.take(DEPTH).firstOrNull { it is UnsatisfiedLinkError }
        // JNA says so when the library is there and one of its functions is not; UniFFI throws a plain exception when the
        // library's checksums are not those of the generated code.
        val hasNoFunction = link?.message.orEmpty().contains("looking up function")
        return if (link != null && !hasNoFunction) LibraryState.MISSING else LibraryState.OTHER_VERSION
    }

    private companion object {
        const val DEPTH = 8
    }
}

/** Small settings in the app's private preferences, which no backup takes along. */
internal class StoredPreferences(
    private val stored: SharedPreferences,
) : Preferences {
    override fun flag(
        name: String,
        otherwise: Boolean,
    ): Boolean = stored.getBoolean(name, otherwise)

    override fun keep(
        name: String,
        value: Boolean,
    ) = stored.edit().putBoolean(name, value).apply()

    override fun number(
        name: String,
        otherwise: Int,
    ): Int = stored.getInt(name, otherwise)

    override fun keep(
        name: String,
        value: Int,
    ) = stored.edit().putInt(name, value).apply()
}
