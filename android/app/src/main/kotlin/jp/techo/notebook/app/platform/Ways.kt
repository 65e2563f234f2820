package jp.techo.notebook.app.platform

import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.os.IBinder
import jp.techo.notebook.presentation.platform.Browser
import jp.techo.notebook.presentation.platform.ReturnAddresses
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.receiveAsFlow

/** The person's own browser, as a tab over our app where it can do that. Its cookies and its address bar are the person's. */
internal class SystemBrowser(
    private val stage: Stage,
) : Browser {
    override fun open(address: String): Boolean {
        val uri = Uri.parse(address)
        val activity = stage.activity ?: return false
        if (uri.scheme != "https" || uri.host.isNullOrEmpty()) return false
        val view = Intent(Intent.ACTION_VIEW, uri).addCategory(Intent.CATEGORY_BROWSABLE)
        // An empty session is how a browser is asked for a Custom Tab without a library of its own.
        view.putExtras(Bundle().apply { putBinder(CUSTOM_TAB_SESSION, null as IBinder?) })
        return try {
            activity.startActivity(view)
            true
        } catch (_: ActivityNotFoundException) {
            false
        }
    }

    private companion object {
        const val CUSTOM_TAB_SESSION = "android.support.customtabs.extra.SESSION"
    }
}

/**
 * Addresses that other apps hand us. Nothing is believed of them here: any app can send us any. They are bounded in length
 * and number and go to the core, which takes only the one it is waiting for.
 */
internal class AppLinks : ReturnAddresses {
    private val channel = Channel<String>(capacity = MOST, onBufferOverflow = BufferOverflow.DROP_OLDEST)

    override val arrivals: Flow<String> = channel.receiveAsFlow()

    /** Takes the address out of [intent], so that an activity that is made anew does not hand it on once more. */
    fun take(intent: Intent?) {
        val address = intent?.takeIf { it.action == Intent.ACTION_VIEW }?.dataString ?: return
        intent.data = null
        if (address.length <= LONGEST) channel.trySend(address)
    }

    private companion object {
        const val MOST = 8

        /** Longer than any address that a portal sends back. */
        const val LONGEST = 8 * 1024
    }
}
