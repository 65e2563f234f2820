package jp.techo.notebook.app

import android.app.Application
import android.os.Looper
import android.os.SystemClock
import jp.techo.core.Language
import jp.techo.core.version
import jp.techo.notebook.R
import jp.techo.notebook.app.platform.Platform
import jp.techo.notebook.presentation.Background
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Library
import jp.techo.notebook.presentation.Phone
import jp.techo.notebook.presentation.Place
import jp.techo.notebook.presentation.Saved
import jp.techo.notebook.presentation.Shell
import jp.techo.notebook.presentation.TechoLibrary
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** The process: the phone's adapters and the one table that all screens work at, which outlive every activity. */
open class TechoApplication : Application() {
    /** Made at the first use, on the main thread; loading the Rust library is not part of it. */
    val platform: Platform by lazy { Platform(this, packageManager.getPackageInfo(packageName, 0).versionName.orEmpty()) { version() } }

    /** Where the library is called. */
    protected open val background: CoroutineDispatcher = Dispatchers.IO

    /** The Rust library. */
    protected open val library: Library = TechoLibrary

    private var running: Shell? = null

    /** The running app; begun with what was [kept] where the process is new. */
    fun shell(kept: Map<String, String>?): Shell = running ?: begin(kept).also { running = it }

    /** Which language the resources speak now. */
    fun language(): Language = if (resources.getString(R.string.language) == "en") Language.ENGLISH else Language.JAPANESE

    /** The phone, as the presenters know it. */
    protected open fun phone(): Phone =
        with(platform) {
            Phone(
                lock,
                memory,
                documents,
                pictures,
                share,
                printing,
                browser,
                returns,
                notices,
                screen,
                library,
                preferences,
                cardKey,
                brightness,
                faceDown,
                painter,
            )
        }

    /** As if the process had ended; for tests only, which cannot end it. */
    internal fun forget() {
        val desk = running?.desk ?: return
        running = null
        desk.lock()
        desk.scope.launch {
            desk.closed()
            desk.scope.cancel()
        }
    }

    private fun begin(kept: Map<String, String>?): Shell {
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
        val main = Looper.getMainLooper()
        val desk =
            Desk(
                library,
                phone(),
                Place(platform.folder),
                Background(background) { Looper.myLooper() == main },
                scope,
                Saved(kept.orEmpty()),
                language(),
                clock = SystemClock::elapsedRealtime,
            )
        // A picked file outlives the process only where the way back to it does.
        if (kept == null) scope.launch { platform.clean() }
        return Shell(desk).apply { start() }
    }
}
