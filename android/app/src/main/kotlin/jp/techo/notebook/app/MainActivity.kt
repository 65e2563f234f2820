package jp.techo.notebook.app

import android.content.Intent
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent

/** The one activity: attaches the phone's adapters, then shows the screens. */
class MainActivity : ComponentActivity() {
    private val platform get() = (application as TechoApplication).platform

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        platform.attach(this)
        // An activity that is made anew was handed its intent before.
        if (savedInstanceState == null) platform.arrived(intent)
        setContent { }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        platform.arrived(intent)
    }

    override fun onDestroy() {
        platform.detach(this)
        super.onDestroy()
    }
}
