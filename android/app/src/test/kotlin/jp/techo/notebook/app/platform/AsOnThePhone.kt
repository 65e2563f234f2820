package jp.techo.notebook.app.platform

import android.app.Activity
import android.content.Intent
import androidx.activity.ComponentActivity
import androidx.core.content.FileProvider
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import org.junit.Assert.assertTrue
import org.robolectric.Shadows.shadowOf

/** Asks something that is answered later, as a presenter does, without a thread of its own. */
internal fun <T> asking(question: suspend () -> T): Deferred<T> = CoroutineScope(Dispatchers.Unconfined).async { question() }

/** What came; fails when nothing has come yet. */
@OptIn(ExperimentalCoroutinesApi::class)
internal fun <T> Deferred<T>.answer(): T {
    assertTrue("no answer yet", isCompleted)
    return getCompleted()
}

/** The other app that was started for an answer gives it. */
internal fun ComponentActivity.answers(
    data: Intent?,
    result: Int = Activity.RESULT_OK,
): Intent {
    val started = shadowOf(this).nextStartedActivityForResult
    activityResultRegistry.dispatchResult(started.requestCode, result, data)
    return started.intent
}

/** FileProvider remembers folders for the whole process; here each test has folders of its own. */
internal fun forgetSharedFolders() {
    val cache = FileProvider::class.java.getDeclaredField("sCache").apply { isAccessible = true }.get(null) as MutableMap<*, *>
    cache.clear()
}
