package jp.techo.notebook.app

import android.content.Intent
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import jp.techo.notebook.app.ui.App
import jp.techo.notebook.presentation.Shell

/** The one activity: attaches the phone's adapters, shows what is on top, and tells the desk when the person comes and goes. */
class MainActivity : ComponentActivity() {
    private val techo get() = application as TechoApplication
    private val clock = Handler(Looper.getMainLooper())
    private lateinit var shell: Shell

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        techo.platform.attach(this)
        shell = techo.shell(savedInstanceState?.getBundle(KEPT)?.let(::plain))
        // A phone whose language was changed makes the activity anew, not the process.
        shell.desk.speak(techo.language())
        // An activity that is made anew was handed its intent before.
        if (savedInstanceState == null) techo.platform.arrived(intent)
        setContent {
            BackHandler { if (!shell.back()) finish() }
            App(shell)
        }
        watch()
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        techo.platform.arrived(intent)
    }

    override fun onUserInteraction() {
        super.onUserInteraction()
        shell.desk.touched()
    }

    override fun onStart() {
        super.onStart()
        shell.desk.returned()
    }

    override fun onResume() {
        super.onResume()
        // What only lies over the app (a share sheet, a print dialogue) lets it go on without having stopped it.
        shell.desk.returned()
    }

    override fun onPause() {
        // Something lies in front: whoever is being shown the screen sees no more of it.
        if (!isChangingConfigurations) shell.desk.covered()
        super.onPause()
    }

    override fun onStop() {
        // Turning the phone is not leaving it.
        if (!isChangingConfigurations) shell.desk.left()
        super.onStop()
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putBundle(KEPT, Bundle().apply { shell.desk.saved.all().forEach { (name, value) -> putString(name, value) } })
    }

    override fun onDestroy() {
        clock.removeCallbacksAndMessages(null)
        techo.platform.detach(this)
        super.onDestroy()
    }

    private fun watch() {
        shell.desk.tick()
        val wait = shell.desk.wait()?.inWholeMilliseconds ?: AT_LEAST
        clock.postDelayed(::watch, wait.coerceAtLeast(AT_LEAST))
    }

    private fun plain(bundle: Bundle): Map<String, String> =
        bundle.keySet().mapNotNull { name -> bundle.getString(name)?.let { name to it } }.toMap()

    private companion object {
        const val KEPT = "kept"

        // How late a lock by time may be, in milliseconds.
        const val AT_LEAST = 1_000L
    }
}
