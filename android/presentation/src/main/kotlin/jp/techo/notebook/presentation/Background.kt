package jp.techo.notebook.presentation

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext

/**
 * The only way from a screen to what the library marks *quick* or *long*: it runs on [dispatcher], and refuses to run at all
 * where [isMain] says that this is the main thread.
 */
class Background(
    private val dispatcher: CoroutineDispatcher,
    private val isMain: () -> Boolean,
) {
    /** Does [call] off the main thread and hands its answer, or its failure, back to the caller's dispatcher. */
    suspend fun <T> run(call: () -> T): T =
        withContext(dispatcher) {
            check(!isMain()) { "the library is not called on the main thread" }
            call()
        }
}
