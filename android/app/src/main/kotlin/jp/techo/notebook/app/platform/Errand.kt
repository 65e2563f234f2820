package jp.techo.notebook.app.platform

import android.content.ActivityNotFoundException
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContract
import kotlinx.coroutines.CompletableDeferred

/**
 * One kind of question to another app, answered some time later: maybe to another activity than the one that asked, because
 * the phone was turned, and maybe in another process, because ours was ended meanwhile. The latter answer is a [leftOver].
 * Main thread only.
 */
internal class Errand<I, O : Any>(
    private val key: String,
    private val contract: ActivityResultContract<I, O?>,
) {
    private var launcher: ActivityResultLauncher<I>? = null
    private var waiting: CompletableDeferred<Answer<O>>? = null
    private var kept: O? = null

    /** What came of an errand. */
    sealed interface Answer<out O> {
        data class Given<O>(
            val value: O,
        ) : Answer<O>

        data object Cancelled : Answer<Nothing>

        /** No app takes the question, or there is no screen to ask from. */
        data object Nobody : Answer<Nothing>
    }

    /** Each activity registers under the same name: the system finds the answer's way by it. Before it is started. */
    fun attach(activity: ComponentActivity) {
        launcher = activity.activityResultRegistry.register(key, activity, contract) { arrived(it) }
    }

    suspend fun run(input: I): Answer<O> {
        waiting?.complete(Answer.Cancelled)
        val answer = CompletableDeferred<Answer<O>>()
        waiting = answer
        try {
            launcher?.launch(input) ?: return Answer.Nobody
            return answer.await()
        } catch (_: ActivityNotFoundException) {
            return Answer.Nobody
        } catch (_: SecurityException) {
            // An app that answers but may not be asked by us.
            return Answer.Nobody
        } catch (_: IllegalStateException) {
            // The launcher's activity is gone and the next has not come.
            return Answer.Nobody
        } finally {
            if (waiting === answer) waiting = null
        }
    }

    /** An answer that nobody waited for; once. */
    fun leftOver(): O? = kept.also { kept = null }

    private fun arrived(value: O?) {
        val asked = waiting
        when {
            asked == null -> kept = value
            value == null -> asked.complete(Answer.Cancelled)
            else -> asked.complete(Answer.Given(value))
        }
    }
}
