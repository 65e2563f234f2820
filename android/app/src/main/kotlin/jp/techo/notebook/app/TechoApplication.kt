package jp.techo.notebook.app

import android.app.Application
import jp.techo.notebook.app.platform.Platform

/** The process. */
class TechoApplication : Application() {
    /** Made at the first use, on the main thread; loading the Rust library is not part of it. */
    val platform: Platform by lazy { Platform(this, "0") { "0" } }
}
